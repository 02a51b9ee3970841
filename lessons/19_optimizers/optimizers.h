// SPDX-License-Identifier: BSD-3-Clause
// optimizers -- what the ladders and exercises of lesson 19 share: the problems that they solve.
#pragma once
#include "lib/ladder.h"
#include "lib/map.h"
#include "lib/rng.h"
#include "solvers/monitor.h"
#include "solvers/solver.h"
#include <math.h>
#include <stddef.h>
#include <stdint.h>

// ---- ladder `misfit`: how far is a model from what was measured? ----

typedef struct misfit {
    size_t n;        // candidates
    const double *x; // (n, 3): height, rate and floor of each candidate
    size_t points;
    const double *t, *measured, *sigma; // (points); measured is NAN where nothing was measured
    double *f;                          // (n): the cost of each candidate
} misfit;

// The model: height * exp(-rate * t) + floor.
double misfit_model(const double x[3], double t);

// ---- ladder `simplex`: Nelder and Mead's step ----

typedef struct simplex {
    size_t n;             // dimensions
    size_t generations;   // as many steps
    double *x, *f;        // (n + 1, n), (n + 1): the vertices and their costs, best first
    double *middle;       // (n): of all vertices but the worst
    double *reflected;    // (n), and
    double *other;        // (n): room for trial points
    const double *x0;     // (n): where it starts
    int64_t *evaluations; // (1)
} simplex;

// The cost at x (n): counted.
double simplex_cost(simplex *q, const double *x);

// x = middle + a (middle - worst), and its cost: a = 1 reflects the worst vertex, 2 goes twice as
// far, 0.5 half as far, -0.5 ends inside the simplex.
double simplex_try(simplex *q, double a, double *x);

// Puts a point in the place of the worst vertex.
void simplex_replace(simplex *q, const double *x, double f);

// Every vertex but the best goes half of its way to the best; all of them are evaluated.
void simplex_shrink(simplex *q);

// One move of the worst vertex, q->middle being known: the part that is to be written.
typedef void simplex_move(simplex *q);

// The simplex around x0, and then all the generations, by this move.
gr_status simplex_run(simplex *q, simplex_move *move);

// ---- ladder `stops`: when has a solver done enough? ----

enum { STOPS_LONGEST = 200, STOPS_WINDOW = 30 };

typedef struct stops {
    size_t n;           // runs
    const double *cost; // (n, STOPS_LONGEST): the least cost at the end of each generation
    int64_t *stop;      // (n): the generation after which each run stops; -1: it does not
    double tolerance;
} stops;

// ---- ladder `milestones`: what a monitor sees ----

typedef struct milestones {
    size_t n;             // rows at most
    const double *x0;     // (3)
    int64_t *generation;  // (n), of each milestone; -1 in rows that are not used
    int64_t *evaluations; // (n) up to then
    double *cost;         // (n), the best
    int64_t *count;       // (1): rows that are used
} milestones;

// Nelder and Mead on Rosenbrock's function from x0, with this monitor (NULL: none): until
// cog(1e-6), as in the talk, and on from there until cog(1e-12).
gr_status milestones_run(milestones *p, gr_monitor *monitor);

// ---- ladder `evolve`: a population over many workers ----

enum { EVOLVE_DIMENSIONS = 4, EVOLVE_GENERATIONS = 8 };

typedef struct evolve {
    size_t n;           // members
    size_t generations; // as many steps after generation 0
    uint64_t seed;
    double *x, *f;           // (n, EVOLVE_DIMENSIONS), (n): the members and their costs
    double *trial, *trial_f; // likewise: room for those that challenge them
} evolve;

// The cost: how far a driven pendulum, simulated from x, ends from where it should. Slow.
double evolve_cost(const double x[EVOLVE_DIMENSIONS]);

// Generation 0: all members, drawn from stream 0 .. n-1, and their costs.
void evolve_begin(evolve *p);

// A trial for member i of the population x (n, EVOLVE_DIMENSIONS): rand1, bin.
void evolve_trial(const double *x, size_t n, size_t i, gr_rng *rng,
                  double trial[EVOLVE_DIMENSIONS]);

// Member i becomes its trial, unless that is worse.
void evolve_challenge(evolve *p, size_t i);

// ---- ladder `restarts`: many starts, several minima ----

typedef struct restarts {
    size_t n; // starts
    uint64_t seed;
    double *best;         // (3): the least cost of all starts, and where: f, x0, x1
    int64_t *evaluations; // (1): of all starts together
    int64_t *minima;      // (1): how many different ones were found
} restarts;

// Nelder and Mead from a start that stream `stream` of the seed draws: the least cost f found,
// where (x), and the evaluations made. The cost has many minima, and regions where it has no value:
// f is INFINITY where the descent has seen nothing else.
gr_status restarts_descend(uint64_t seed, uint64_t stream, double x[2], double *f,
                           int64_t *evaluations);

// Are these the same minimum?
bool restarts_same(const double a[2], const double b[2]);
