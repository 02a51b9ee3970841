// SPDX-License-Identifier: BSD-3-Clause
// constraints -- "x0 + 2*x1 <= 5; x2 == mean(x)": read from text, and kept by an augmented
// Lagrangian.
//
//   gr_constraints *c;
//   gr_constrained r;
//   GR_TRY(gr_constraints_read(&c, "x0*x1 >= 25; sum(x) == 10", 2));
//   GR_TRY(gr_solve_constrained(&problem, c, &(gr_constrained_options){.x0 = x0}, x, &r));
// Sides are expressions (solvers/expression.h), joined by <= < >= > == =, where < means <=.
// Constraints are joined by semicolons, and, or, not and brackets (solvers/logic.h). Constraint i
// is fulfilled where its value, left side minus right side (or the other way for >=), is at most 0,
// or is 0. To keep them in other ways: solvers/penalty.h, solvers/transform.h.
#pragma once
#include "solvers/logic.h"
#include "solvers/problem.h"
#include "solvers/stop.h"
#include <signal.h>

typedef struct gr_constraints gr_constraints;

// GR_EARG points at the column of the bad token. *c is new; free it.
gr_status gr_constraints_read(gr_constraints **c, const char *text, size_t n);
void gr_constraints_free(gr_constraints *c); // NULL is fine

size_t gr_constraints_count(const gr_constraints *c);
bool gr_constraints_equality(const gr_constraints *c, size_t i);
double gr_constraints_value(const gr_constraints *c, size_t i, const double *x);

// Must all of them hold: no `or`, no `not`? And how they are joined otherwise.
bool gr_constraints_plain(const gr_constraints *c);
const gr_logic *gr_constraints_logic(const gr_constraints *c);

// The words of constraint i; borrowed, not ended by a zero.
const char *gr_constraints_text(const gr_constraints *c, size_t i, size_t *length);

// How far the worst of them is broken at x: 0 if none is; NAN if one has no value there. Of what
// `or` joins the least counts; `not` asks for the opposite, where an equality that is to be none is
// broken by 1.
double gr_constraints_broken(const gr_constraints *c, const double *x);
size_t gr_constraints_worst(const gr_constraints *c, const double *x); // which; of the first of 0

typedef struct gr_constrained_options {
    const double *x0; // (n) where to start; NULL: drawn from the seed
    uint64_t seed;
    double tolerance;    // how far constraints may be broken; 0: 1e-8, with a spec 1e-6
    int64_t evaluations; // at most; 0: 1000000
    const char *spec; // the solver of each round (solvers/solver.h); NULL: quasi-Newton steps in a
                      // trust region, above 200 dimensions lbfgs
    const char *stop; // its rule; NULL: as tight as the conditions need. Only beside a spec
    volatile sig_atomic_t *asked; // not 0: stop before the next evaluation; may be NULL
} gr_constrained_options;

typedef struct gr_constrained {
    double f;            // the cost at x, without any penalty
    double broken;       // as gr_constraints_broken
    double stationarity; // the largest |component| of the Lagrangian's gradient, projected onto the
                         // bounds; NAN where the cost has no slope; over s
    double slack;        // the largest |multiplier * value| of an inequality, over s
    int64_t evaluations; // those of slopes included
    int rounds;
    gr_stop stop; // GR_STOP_CONVERGED, GR_STOP_EVALUATIONS, GR_STOP_ASKED; GR_STOP_ENDED: no round
                  // mends what is broken
    char why[GR_WHY];
} gr_constrained;

// The least cost that fulfils the constraints: rounds of a solver on
//   f + sum (m / 2) (h + l / m)^2 + sum (m / 2) max(0, g + l / m)^2,
// after each of which l becomes l + m h, or max(0, l + m g); m grows tenfold when what is broken,
// or held by a multiplier in vain, did not become two times less. f, g and h are scaled, so that no
// component of a gradient at x0 is above 1; slopes are differences of the cost, and of the
// constraints apart.
// It has converged where the conditions of a minimum (Karush, Kuhn, Tucker) hold: constraints to
// `tolerance`, stationarity and slack to 1e-6, over s = max(1, mean |multiplier| / 100), with those
// of the bounds, as in Ipopt. That is looked at after each round, whatever solver made it, by 2 n
// evaluations, and in the end by 4 n of a higher order. A solver whose rule is loose ends its
// rounds too far away, and then no round mends it. Where gradients of constraints depend on each
// other multipliers need not exist: m grows, x comes near, and `why` says so. x (n) is where it
// ended. Infeasible constraints are an outcome, not an error; GR_EARG for constraints that are not
// plain. Source: M. Powell and M. Hestenes (1969); R. Rockafellar, SIAM J. Control 12 (1974) 268;
// E. Birgin and J. Martinez, Practical Augmented Lagrangian Methods (SIAM, 2014); the measure: A.
// Waechter and L. Biegler, Math. Program. 106 (2006) 25.
gr_status gr_solve_constrained(const gr_problem *p, const gr_constraints *c,
                               const gr_constrained_options *options, double *x,
                               gr_constrained *result);
