// SPDX-License-Identifier: BSD-3-Clause
// coupled -- a problem made of a problem and what is coupled to it: transforms inside, an
// expression outside, penalties added. Any solver takes it as it takes any problem.
//
//   f(x) = outer(cost(inner(x))) + additive(inner(x))
//
//   gr_coupled *c;
//   GR_TRY(gr_coupled_new(&c, &problem, &(gr_couplers){.additive = "x0 + x1 <= 3",
//                                                      .inner = "integers"}));
//   GR_TRY(gr_solver_new(&s, gr_coupled_problem(c), &options));
//   ... gr_coupled_look(c, x, &at)     what a point of the solver stands for
// Where inner(x) cannot be had, or lies outside strict bounds, the cost is worse than all others.
// Source: mystic's coupler module and strict ranges (M. McKerns et al., SciPy 2011).
#pragma once
#include "solvers/problem.h"

typedef struct gr_couplers {
    const char *inner;    // transforms (solvers/transform.h); NULL: none
    const char *outer;    // an expression of the cost, called x0 (solvers/expression.h); NULL: none
    const char *additive; // constraints (solvers/constraints.h); NULL: none
    const char *penalty;  // how those are kept (solvers/penalty.h); NULL: "quadratic"
    const char *ranges;   // what bounds do with inner(x); NULL: "tight"
} gr_couplers;

// How the bounds of the problem and its inner transforms live together:
//   tight   both hold at once: they take turns until neither moves the point
//   clip    the bounds have the last word, though a transform may then not hold
//   strict  a point that the transforms move out of the bounds has no cost
extern const char *const gr_ranges[]; // NULL ends

typedef struct gr_coupled gr_coupled;

// The problem is borrowed; its bounds are those at the time. GR_EARG points at the bad word.
gr_status gr_coupled_new(gr_coupled **c, const gr_problem *p, const gr_couplers *couplers);
void gr_coupled_free(gr_coupled *c);                       // NULL is fine
const gr_problem *gr_coupled_problem(const gr_coupled *c); // the whole; lives as long as c

typedef struct gr_coupled_at {
    double f;       // the problem's own cost there, without outer and additive
    double broken;  // how far the worst constraint is broken; 0: none is
    char worst[80]; // which
} gr_coupled_at;

// x (n) becomes inner(x): what a solver's point stands for. A failure is the cost's.
gr_status gr_coupled_look(const gr_coupled *c, double *x, gr_coupled_at *at);

// The next round: gr_penalty_next at x. Solvers made before see the heavier penalty from now on;
// workers that were forked before do not: gr_map_close lets them be forked again.
void gr_coupled_next(gr_coupled *c, const double *x);
