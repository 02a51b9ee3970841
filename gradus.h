// SPDX-License-Identifier: BSD-3-Clause
// gradus -- the library's contents page: the public headers, in reading order.
#pragma once
#include "lib/status.h"           // how a call says that it could not do its job
#include "lib/timer.h"            // the clock, and how long a sample must be
#include "lib/stats.h"            // medians, exact intervals, verdicts
#include "lib/rng.h"              // random numbers as a value
#include "lib/primes.h"           // is a number prime?
#include "lib/array.h"            // strided arrays and views
#include "lib/npy.h"              // arrays in files that NumPy reads
#include "lib/replace.h"          // a file that is there complete or not at all
#include "lib/value.h"            // numbers, strings, arrays, dictionaries, functions, records
#include "lib/pack.h"             // values to bytes and back: dump and load
#include "lib/stream.h"           // bytes on their way, and their checksum
#include "lib/cpu.h"              // what this process may use of its machine
#include "lib/line.h"             // the straight line through measured times
#include "lib/offset.h"           // how another clock stands to this one
#include "lib/scaling.h"          // laws of Amdahl, Gustafson, Karp and Flatt
#include "lib/ranks.h"            // the same program in several processes
#include "lib/ladder.h"           // one problem, a row of rungs
#include "lib/map.h"              // one named function over many records
#include "lib/map_cost.h"         // how long that will take here
#include "lib/nearest.h"          // the word that was probably meant
#include "solvers/problem.h"      // a cost function, its bounds and its optimum
#include "solvers/cache.h"        // costs that are not computed twice
#include "solvers/solver.h"       // step until a reason
#include "solvers/stop.h"         // when that is: rules, read from text
#include "solvers/monitor.h"      // what sees each generation: words, logs
#include "solvers/control.h"      // ^C is a question
#include "solvers/expression.h"   // arithmetic on x0, x1, ... read from text
#include "solvers/logic.h"        // conditions joined by and, or, not
#include "solvers/constraints.h"  // constraints, kept by an augmented Lagrangian
#include "solvers/penalty.h"      // ... by penalties
#include "solvers/transform.h"    // hard constraints: points are moved to where they hold
#include "solvers/coupled.h"      // a problem, and what is coupled to it
#include "solvers/model.h"        // models, data, and the cost of their difference
#include "parallel/team.h"        // one function on several threads
#include "parallel/fork_team.h"   // one function in several processes
#include "parallel/shm.h"         // memory that several processes see
#include "parallel/shm_sync.h"    // lock, condition, semaphore, event in it
#include "parallel/shm_barrier.h" // nobody goes on before all have come
#include "parallel/shm_queue.h"   // records from process to process
