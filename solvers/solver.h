// SPDX-License-Identifier: BSD-3-Clause
// solver -- step until a reason: an optimizer, its counters, and how it is saved and gone on with.
//
//   gr_solver *s;
//   gr_stop stop;
//   GR_TRY(gr_solver_new(&s, &problem, &(gr_solver_options){.spec = "neldermead", .x0 = x0}));
//   GR_TRY(gr_solver_solve(s, &stop));       // and why: gr_solver_why(s)
//   ... gr_solver_best(s, x); gr_solver_stop_at(s, "cog(1e-8)"); gr_solver_solve(s, &stop);  ...
//   gr_solver_free(s);
//
// A step is a generation, and a function of the solver's state and of costs alone. A step that must
// end in the middle (a limit, ^C, a cost that fails) is undone, but its costs are kept and used
// when it is made again: no limit is overstepped by one evaluation, no evaluation is lost or made
// twice, and a run that was interrupted, killed and restored ends as one that was not, bit for bit.
// Solvers register by being defined, `const gr_solver_type gr_solver_NAME = {`, in solvers/.
#pragma once
#include "lib/map.h"
#include "solvers/cache.h"
#include "solvers/problem.h"
#include "solvers/stop.h"
#include <signal.h>

typedef struct gr_monitor gr_monitor;

typedef struct gr_solver_options {
    const char *spec; // NAME[,option=value]...; NULL: "neldermead"
    const double *x0; // (n) where to start, copied; NULL: drawn within the bounds
    uint64_t seed;    // of all random numbers
    gr_map *map;      // evaluates populations; borrowed; NULL: here, one after the other
    const char *stop; // a rule (solvers/stop.h); NULL: the solver's own
    bool history;     // keep the state of every generation, for gr_solver_reset
    size_t
        cache; // remember so many costs, up to GR_CACHE_MOST: no point is computed twice; 0: none
    volatile sig_atomic_t *asked; // not 0: stop before the next evaluation; may be NULL
} gr_solver_options;

// GR_EARG names the bad word, coordinate or rule; GR_ENOMEM if the solver's state does not fit;
// GR_EUNSUP if this build lacks what the solver needs.
// The problem is borrowed. Without bounds on a coordinate, and without x0, starts are drawn in
// [-1, 1] there.
gr_status gr_solver_new(gr_solver **s, const gr_problem *p, const gr_solver_options *options);
void gr_solver_free(gr_solver *s); // NULL is fine

// ---- go on ----

// One generation; the first, generation 0, evaluates where it starts. *stop: GR_STOP_NOT, or why it
// was not made. A failure is the cost's, or the map's, or memory's; the state is as before it.
gr_status gr_solver_step(gr_solver *s, gr_stop *stop);

// Steps until the rule is met, a limit is reached or somebody asks. May be called again, after a
// change of rules or a failure: counters go on.
gr_status gr_solver_solve(gr_solver *s, gr_stop *stop);

// Of a program on MPI ranks, rank 0 makes the map and solves; where it makes the map, the others
// call this with the same spec and the same problem: they compute its costs until rank 0 frees the
// map.
gr_status gr_solver_serve(const char *spec, const gr_problem *problem);

// Another rule from now on. GR_EARG as for gr_rule_read; the old one is kept then. NULL: the
// solver's own. Limits count from the beginning, not from now.
gr_status gr_solver_stop_at(gr_solver *s, const char *rule);

// Is the rule met now? For loops of one's own.
gr_stop gr_solver_met(gr_solver *s);

// Monitors are told of each generation, in the order of their adding; borrowed.
gr_status gr_solver_watch(gr_solver *s, gr_monitor *monitor);

// ---- look ----

// The best point so far into x (n; NULL: not wanted); returns its cost, in the problem's own sign:
// NAN before the first evaluation.
double gr_solver_best(const gr_solver *s, double *x);
int64_t gr_solver_evaluations(const gr_solver *s); // costs asked for since the beginning
int64_t
gr_solver_generation(const gr_solver *s); // steps made after generation 0; -1: not even that
// Of these, how many were not computed but found in its cache; -1: it has none. Saved and restored
// with what the cache knows; of a cache that a restored run did not have before, from there on.
int64_t gr_solver_repeated(const gr_solver *s);
int64_t gr_solver_not_numbers(const gr_solver *s); // evaluations that gave NaN
double gr_solver_seconds(const gr_solver *s);      // spent in gr_solver_solve, restarts included
double gr_solver_part(const gr_solver *s);         // of its limits that is used up, 0 to 1
uint64_t gr_solver_seed(const gr_solver *s);
const char *gr_solver_why(const gr_solver *s); // the last reason, in words; "" if none
const char *gr_solver_spec(const gr_solver *s);
const gr_problem *gr_solver_problem(const gr_solver *s);

// ---- restart ----

// Back to the end of generation k: best, counters and all. GR_EARG without .history, or if k is not
// among the generations that are kept.
gr_status gr_solver_reset(gr_solver *s, int64_t generation);

// The whole state, with what its cache knows, in a framed file (lib/pack.h); the older file stays
// if that fails.
gr_status gr_solver_save(const gr_solver *s, const char *path);

// What a file says: enough to make the solver that can load it.
typedef struct gr_saved gr_saved;
gr_status gr_saved_open(gr_saved **saved, const char *path); // GR_EDATA, GR_ESYS, GR_EUNSUP
void gr_saved_close(gr_saved *saved);                        // NULL is fine
const char *gr_saved_problem(const gr_saved *saved);
size_t gr_saved_dimensions(const gr_saved *saved);
bool gr_saved_maximise(const gr_saved *saved);
const double *gr_saved_lo(const gr_saved *saved); // (n), infinite where there was no bound
const double *gr_saved_hi(const gr_saved *saved);
uint64_t gr_saved_seed(const gr_saved *saved);
const char *gr_saved_rule(const gr_saved *saved);
const char *gr_saved_recipe(const gr_saved *saved); // of the problem; "": it has none

// A solver for the same problem, in the state that was saved. options: only .map, .stop (NULL: the
// saved rule), .history, .cache (0: as large as it was) and .asked are used. A cache knows what it
// knew, as far as there is room. GR_EARG if the problem is another one, or,
// where it has a recipe, if its cost has changed.
gr_status gr_solver_restore(gr_solver **s, const gr_problem *p, const gr_saved *saved,
                            const gr_solver_options *options);
