// SPDX-License-Identifier: BSD-3-Clause
// solve -- what `gradus solve` is asked, and its parts: words to a problem and a solver, what is
// said of the result, and its plots.
#pragma once
#include "lib/map.h"
#include "solvers/coupled.h"
#include "solvers/model.h"
#include "solvers/monitor.h"
#include "solvers/problem.h"
#include "solvers/solver.h"

typedef struct gr_solve_words {
    const char *problem, *solver, *x0, *bounds, *stop, *map; // NULL: not given
    const char *log, *json, *save, *resume, *plot;
    const char *data, *model, *metric;                             // a fit instead of a problem
    const char *constraint, *penalty, *transform, *ranges, *outer; // what is coupled to it
    size_t dim, seed, every, verbose, cache;                       // SIZE_MAX: seed not given
    bool maximise, show;
} gr_solve_words;

// What is solved, by what.
typedef struct gr_solving {
    gr_problem problem;
    gr_fit *fit;         // NULL: a built-in problem
    gr_coupled *coupled; // NULL: nothing is coupled to it
    char *recipe;        // the words of fit and coupled, as a saved state keeps them
    gr_map *map;
    gr_solver *solver; // NULL where the augmented Lagrangian solves
} gr_solving;

// Makes the problem, the map and the solver that the words ask for, or those that a file of
// --resume holds. To be freed in any case.
gr_status gr_solve_make(const gr_solve_words *w, volatile sig_atomic_t *asked, gr_solving *v);
void gr_solve_free(gr_solving *v);

// The problem with all that is coupled to it.
const gr_problem *gr_solve_problem(const gr_solving *v);

// Only the problem, its bounds and the start; x0 (n) is new.
gr_status gr_solve_make_problem(const gr_solve_words *w, gr_solving *v);

// Constraints without another penalty: the augmented Lagrangian keeps them.
bool gr_solve_is_lagrange(const gr_solve_words *w);

// "0.8,1.2,0.7": exactly n numbers into x. GR_EARG names the bad one.
gr_status gr_solve_numbers(const char *text, const char *what, double *x, size_t n);

// "0:2" for all coordinates, or "0:2,-1:1" for each; "-inf" and "inf" for none.
gr_status gr_solve_bounds(const char *text, double *lo, double *hi, size_t n);

// ---- recipes: fit and couplings as one text ----

// *text is new; free it. "" if there is neither.
gr_status gr_recipe_write(const gr_solve_words *w, char **text);
// The words of a recipe, which are then pointed to.
gr_status gr_recipe_read(char *text, gr_solve_words *w);

// ---- the answer ----

typedef struct gr_answer {
    const char *spec, *why;
    gr_stop stop;
    bool converged; // if nothing is broken
    double *x;      // (n): what the solver's best point stands for; owned
    double f, seconds;
    int64_t evaluations, generations, not_numbers;
    int64_t repeated; // found in a cache; -1: there is none
    uint64_t seed;
    bool held;     // was there anything to hold?
    double broken; // how far the worst constraint is
    char worst[80];
    double stationarity, slack; // of an augmented Lagrangian, as in gr_constrained; NAN: of another
} gr_answer;

gr_status gr_answer_of(const gr_solving *v, gr_stop stop, gr_answer *a);
void gr_answer_free(gr_answer *a);
gr_status gr_answer_say(const gr_solve_words *w, const gr_problem *p, const gr_answer *a);

// By the augmented Lagrangian. GR_EARG names a word that it has no use for.
gr_status gr_solve_lagrange(const gr_solve_words *w, volatile sig_atomic_t *asked, gr_solving *v,
                            gr_answer *a);

// ---- plots ----

// Where plots go: FILE.svg shows the cost over the evaluations, and in two dimensions FILE-map.svg
// the way on the surface. FILE.dat is the log they are drawn from. GR_EARG unless the name ends in
// .svg.
gr_status gr_solve_plot_name(const char *svg, char *data, size_t room);
gr_status gr_solve_plot(const char *svg, const gr_solver *s);

// The way in characters: watched in at most so many points, printed with the surface behind it.
enum { GR_WAY_POINTS = 4096 };

typedef struct gr_way {
    gr_monitor monitor;
    double x[GR_WAY_POINTS][2];
    size_t points;
    int64_t stride; // generations from one point to the next
} gr_way;

gr_status gr_way_watch(gr_way *w, gr_solver *s); // GR_EARG unless there are two dimensions
gr_status gr_way_print(const gr_way *w, const gr_problem *p, FILE *out);
