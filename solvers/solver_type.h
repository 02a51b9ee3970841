// SPDX-License-Identifier: BSD-3-Clause
// solver_type -- what is behind a solver: what an algorithm implements, and what all of them share.
//
// An algorithm has one constant of gr_solver_type. Its state is two blocks that it asks for in
// init, numbers and indices, and nothing else: so any state can be undone, kept, saved and restored
// by code that knows nothing of it. It minimises; the sign of a problem to maximise is changed for
// it. To use solvers, include solvers/solver.h; this is for those who write one.
#pragma once
#include "lib/array.h"
#include "lib/rng.h"
#include "solvers/solver.h"

typedef struct gr_solver_type gr_solver_type;

enum { GR_SOLVER_OPTIONS = 12 };

// A number that the spec may set: name=VALUE. Where it chooses among words, `words` holds them in
// the order of their numbers.
typedef struct gr_solver_option {
    const char *name, *about; // name NULL ends a table
    double usual, least, most;
    const char *const *words; // NULL-ended; NULL: a number
    bool whole;               // a whole number?
} gr_solver_option;

// Points that belong together: a simplex, a population.
typedef struct gr_cloud {
    const double *x; // (m, n)
    const double *f; // (m)
    size_t m;
} gr_cloud;

struct gr_solver_type {
    const char *name, *about, *source; // one line each
    const gr_solver_option *options;   // NULL: none
    const char *stop;                  // the rule that its literature uses
    double evaluations, generations;   // usual limits, for each dimension; 0: none
    const char *missing;               // why this build cannot use it; NULL: it can
    bool replays; // every step asks for all costs again, from the first on: they are all kept
    // Asks for room (gr_solver_room) and fills in the state before the first evaluation.
    gr_status (*init)(gr_solver *s);
    // Generation 0 evaluates where it starts; each step is one more generation. GR_ECANCEL from
    // gr_solver_eval is handed up as it is. A step does not look at tolerances, nor allocate.
    gr_status (*begin)(gr_solver *s);
    gr_status (*step)(gr_solver *s);
    // NULL: not for this algorithm. What stop rules look at.
    void (*cloud)(const gr_solver *s, gr_cloud *cloud);
    double (*gain)(const gr_solver *s); // how much the last step lowered the cost it is at
    const double *(*gradient)(const gr_solver *s); // (n)
};

extern const gr_solver_type *const gr_solver_types[];      // made by the Makefile; NULL ends
const gr_solver_type *gr_solver_type_of(const char *name); // NULL if there is none of that name

// All that is saved, but for names.
typedef struct gr_solver_state {
    int64_t generation;  // -1: nothing was evaluated
    int64_t evaluations; // costs computed
    int64_t not_numbers; // that were NaN
    int64_t drawn;       // random numbers
    int64_t traced;      // generations in trace and path, the newest at (generation % window)
    double f;            // the least cost so far; INFINITY
    double moved;        // sum |dx| of the last generation that found a better point; INFINITY
    double seconds;
    gr_array x;       // (n) where that cost was found; x0 before
    gr_array trace;   // (window) least cost at the end of each of the last generations
    gr_array path;    // (window, n) and where
    int64_t seen;     // rows in `points`, the newest at ((evaluations - 1) % rows)
    gr_array points;  // (rows, n + 1) the last points that were evaluated, each with its cost
    gr_array real;    // the algorithm's numbers
    gr_array integer; // and its indices, in 0 .. index_most
    gr_array known;   // costs of the step that was cut, to be used again
} gr_solver_state;

struct gr_solver {
    const gr_solver_type *type;
    const gr_problem *problem;
    size_t n;
    gr_map *map;
    gr_cache *cache;   // NULL: none
    size_t cache_size; // as it was asked for
    uint64_t seed;
    volatile sig_atomic_t *asked;
    double sign; // -1: maximise
    char spec[160];
    double option[GR_SOLVER_OPTIONS]; // in the order of the type's table
    double *x0;                       // (n)
    bool given;                       // was x0 given by the user?
    double *lo, *hi;                  // (n) bounds, infinite where there are none

    // the algorithm's
    double *real;       // saved, undone when a step is cut
    int64_t *integer;   // likewise
    double *scratch;    // neither
    gr_rng rng;         // stream 0 of the seed
    int64_t index_most; // what integers may be at most

    gr_solver_state at;
    char *rule_text; // NULL: the type's own
    gr_rule *rule;
    double most_evaluations, most_generations, most_seconds;
    double began; // gr_now() when gr_solver_solve did

    // the step under way
    double *undo_real; // as of its beginning
    int64_t *undo_integer;
    double *known; // its costs so far, then, after a cut, those to be used again
    size_t knows, known_room;
    size_t used; // how many of them have been
    gr_stop cut; // why it is being cut

    // populations over a map
    gr_func func;
    gr_outcome *outcomes;
    size_t outcomes_room;

    gr_monitor **monitor;
    size_t monitors;
    gr_solver_state *kept; // (kept_count) after each generation, with .history
    size_t kept_count, kept_room;
    bool history;
    gr_stop stop;
    char why[GR_WHY];
};

// Zeroed: s->real, s->integer, s->scratch. costs: how many a step computes at most, as a rule.
gr_status gr_solver_room(gr_solver *s, size_t reals, size_t integers, size_t scratch, size_t costs);

// f[i] = the cost at x[i], of m points (m, n) that lie within the bounds. GR_ECANCEL: the step is
// cut.
gr_status gr_solver_eval(gr_solver *s, const double *x, double *f, size_t m);

// A point drawn uniformly within the bounds; where one is infinite, within 1 of x0 or of the other.
void gr_solver_draw(gr_solver *s, double *x);

// x (n) moved to the nearest point within the bounds.
void gr_solver_clip(const gr_solver *s, double *x);

// Coordinate k, brought into its bounds by mirrors at both of them: what keeps moves symmetric.
double gr_solver_mirror(const gr_solver *s, double x, size_t k);

// ---- between the files of solver_*.c ----

gr_status gr_solver_read_spec(gr_solver *s, const char *spec);
gr_status gr_state_copy(gr_solver_state *to, const gr_solver_state *from);
void gr_state_free(gr_solver_state *state);

// What gr_solver_new does, with a window of at least so many generations.
gr_status gr_solver_set_rule(gr_solver *s, const char *rule);

// Rings as long as the rule looks back; of what was not kept, nothing can be seen.
gr_status gr_solver_lengthen(gr_solver *s, const gr_rule *rule);

// Costs through the map: how many of the m were computed, from the first on.
gr_status gr_solver_map(gr_solver *s, const double *x, double *f, size_t m, size_t *done);
