// SPDX-License-Identifier: BSD-3-Clause
// map_cost -- how long a map will take, from what its parts cost on this machine.
//
// A map's time is its tasks' time shared by the workers, plus what dealing costs, plus waiting for
// the last worker. The first two are sums; the third depends on the strategy and on how unequal the
// tasks are, so the dealing is played through with lengths alone: each worker a clock, each chunk
// to the worker that the strategy says. Nothing is measured here; bench/map_costs.h does that.
//
// Interface:
//   gr_map_predict      one job's time on one kind of pool
//   gr_map_break_even   the shortest tasks for which a pool beats one core
// Source: R. L. Graham, Bounds on Multiprocessing Timing Anomalies, SIAM J. Appl. Math. 17 (1969):
// dealing to whoever is free ends at most one longest task later than the ideal. C. Kruskal,
// A. Weiss, Allocating Independent Subtasks on Parallel Processors, IEEE TSE 11 (1985): chunks.
#pragma once
#include "lib/map.h"

// What one launcher costs with so many workers. All in seconds; 0 is "nothing".
typedef struct gr_map_costs {
    int workers;
    double start;   // from a closed map to workers that wait
    double job;     // a job's own: waking the workers, hearing of the last result
    double chunk;   // a worker's, for each chunk: fetching it
    double task;    // a worker's, for each task: calling the function, handing its result over
    double byte;    // the caller's: one byte of a record or result that lies outside map memory
    double stretch; // a task's time while all workers run, over its time alone; 0: 1
} gr_map_costs;

// What is to be done. Lengths are the function's time alone on a core, known for a sample of the
// tasks or for all.
typedef struct gr_map_load {
    size_t n;
    const double *length; // (lengths), s
    size_t lengths;       // >= 1 if n > 0
    bool in_order;        // length[i * lengths / n] is task i's; else the order is unknown
    double bytes;         // of one task's record and result; 0 if they lie in map memory
} gr_map_load;

typedef struct gr_map_forecast {
    double seconds; // of the whole job; if the order is unknown, the mean over orders
    double work;    // of all tasks on one core, one after the other, without any map
    double ideal;   // the least possible on so many cores: the work shared, or the longest task
} gr_map_forecast;

// Plays the job through. `chunk` 0: as a map takes it. `cold`: the pool is started, too. The same
// arguments give the same forecast. GR_EARG without workers or lengths, or if a length is no time.
gr_status gr_map_predict(const gr_map_costs *costs, const gr_map_load *load, gr_strategy strategy,
                         size_t chunk, bool cold, gr_map_forecast *forecast);

// The length in seconds from which on `n` equal tasks take less time on this pool, dealt to whoever
// is free, than one after the other with `serial` seconds of calling for each. NAN if they never do
// below 1000 s.
double gr_map_break_even(const gr_map_costs *costs, size_t n, double serial, bool cold);
