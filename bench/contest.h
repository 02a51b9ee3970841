// SPDX-License-Identifier: BSD-3-Clause
// contest -- how many evaluations solvers need: functions, each moved and turned by a seed, and the
// evaluation at which each solver reached each target. Counts depend on the seed alone.
//
// A run ends at the last target, at the budget, or where its solver does. The
// expected running time (ERT) of a target is the evaluations of all runs, up to the target where
// they reached it, over the number of runs that did: what it costs to start again until one does.
// Source: N. Hansen, A. Auger, R. Ros, O. Mersmann, T. Tusar and D. Brockhoff, COCO: a platform for
// comparing continuous optimizers in a black-box setting, Optim. Methods Softw. 36 (2021) 114.
#pragma once
#include "lib/map.h"
#include "lib/status.h"
#include <jansson.h>
#include <signal.h>

enum { GR_CONTEST_TARGETS = 11, GR_CONTEST_DIM = 40 };

// Above the least cost: 100, 10, 1, ... 1e-8.
double gr_contest_target(size_t i);

// A function of z, least at z = 0, where it is 0.
typedef struct gr_contest_function {
    const char *name, *formula;
    double (*value)(const double *z, size_t n);
} gr_contest_function;

extern const gr_contest_function gr_contest_functions[]; // name NULL ends

// A function on its way: z = turn (x - shift), and what was reached so far.
typedef struct gr_instance {
    const gr_contest_function *function;
    size_t n;
    double shift[GR_CONTEST_DIM], turn[GR_CONTEST_DIM * GR_CONTEST_DIM], x0[GR_CONTEST_DIM];
    int64_t spent, budget;           // evaluations; at most
    int64_t hit[GR_CONTEST_TARGETS]; // the evaluation that reached it; 0: none did
    volatile sig_atomic_t done;      // the last one was reached, or all is spent
} gr_instance;

// Instance `seed` in n dimensions (2 to GR_CONTEST_DIM): shift and x0 uniform in [-4, 4], bounds
// are -5 and 5, turn is a random rotation.
void gr_instance_make(gr_instance *instance, const gr_contest_function *function, size_t n,
                      uint64_t seed);

// A gr_cost; context is the instance.
gr_status gr_instance_cost(const double *x, size_t n, void *context, double *f);

typedef struct gr_contest_options {
    size_t dim, instances, seed;
    size_t budget;        // evaluations of a run
    char **specs;         // solvers, NULL-ended; NULL or empty: those of the table
    const char *function; // one of them; NULL: all
    const char *stop;     // a rule for all solvers; NULL: their own
    gr_map *map;          // NULL: serial
    gr_listener listener; // told of the runs as tasks
} gr_contest_options;

// Runs all and returns a new document; GR_ECANCEL if gr_interrupted() (bench/child.h) says so;
// GR_EARG names a bad solver, rule, function or dimension:
// {"dim", "instances", "budget", "seed", "targets": [...], "functions": [{"name", "formula"}],
//  "skipped": [{"solver", "why"}], "runs": [{"solver", "function", "spent": [for each instance],
//  "hits": [[for each target, 0: not reached] for each instance]}]}
gr_status gr_contest_run(const gr_contest_options *options, json_t **document);

// ---- of such a document ----

// The run of a solver on a function, or NULL.
const json_t *gr_contest_find(const json_t *document, const char *solver, const char *function);
// Expected running time to the last target: INFINITY if no instance reached it, NAN for a run that
// is none. How many did.
double gr_contest_ert(const json_t *run);
size_t gr_contest_reached(const json_t *run);
// The part of all targets of all functions and instances that a solver reached within so many
// evaluations.
double gr_contest_share(const json_t *document, const char *solver, double evaluations);
// What a solver is called in tables: "cma", "bobyqa (NLopt)".
enum { GR_CONTEST_LABEL = 64 };
void gr_contest_label(const char *solver, char label[GR_CONTEST_LABEL]);
// The i-th solver that has runs, in the order of the document; NULL after the last one.
const char *gr_contest_solver(const json_t *document, size_t i);
