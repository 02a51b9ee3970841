// SPDX-License-Identifier: BSD-3-Clause
// lagrangian_part -- the augmented Lagrangian as a problem that any solver takes, with its
// gradient, and how far a point is from fulfilling the conditions of a minimum. Its rounds:
// augmented.c.
//
//   F(x) + sum (m / 2) (C + l / m)^2, where of an inequality only what is above 0 counts.
// F and C are the cost and the constraints, scaled so that no gradient is longer than 1 where they
// were scaled. Slopes are differences of cost and constraints apart: of their squares, times m,
// they would lose the digits that the conditions are judged by. Source: E. Birgin and J. Martinez,
// Practical Augmented Lagrangian Methods (SIAM, 2014).
#pragma once
#include "solvers/constraints.h"

typedef struct gr_lagrangian {
    const gr_problem *p;
    const gr_constraints *c;
    volatile sig_atomic_t *asked; // may be NULL
    int64_t evaluations, most;    // of the cost, slopes included
    gr_stop cut;                  // why GR_ECANCEL was returned: EVALUATIONS or ASKED
    bool sharp;                   // slopes of the cost by four points a coordinate, not by two
    size_t n, m;
    double weight;        // m
    double scale;         // of the cost
    double *scales;       // (m) of the constraints
    double *length;       // (m) of their scaled gradients, where they were scaled
    double *multiplier;   // (m) of the scaled ones
    double *slope;        // (n) of the scaled cost, minimised, where it was last asked for ...
    double *normal;       // (m, n) ... and of the scaled constraints
    double *at;           // (n) that is here
    bool known, blind;    // is it known; was a component of the slope no number, and taken for 0?
    double *probe, *side; // (n), (m) scratch
} gr_lagrangian;

// Scales of 1, multipliers of 0. GR_ENOMEM; to be freed in any case.
gr_status gr_lagrangian_new(gr_lagrangian *l, const gr_problem *p, const gr_constraints *c);
void gr_lagrangian_end(gr_lagrangian *l);

// Scales as the gradients at x need them.
gr_status gr_lagrangian_rescale(gr_lagrangian *l, const double *x);

// The problem, with bounds and name of the one inside; its context is l.
gr_problem gr_lagrangian_problem(gr_lagrangian *l);

// What they are at x; GR_ECANCEL: see cut.
gr_status gr_lagrangian_cost(const double *x, size_t n, void *l, double *f);
gr_status gr_lagrangian_gradient(const double *x, size_t n, void *l, double *g);

// l + m C of constraint i at x, and the multiplier that this makes: max(0, v) of an inequality.
double gr_lagrangian_push(const gr_lagrangian *l, size_t i, const double *x);
double gr_lagrangian_force(const gr_lagrangian *l, size_t i, double push);

// g (n), but for what leads out of the bounds; returns its largest component.
double gr_lagrangian_project(const gr_lagrangian *l, const double *x, double *g);

// The multipliers' step at x. Returns how far constraints are from holding with their multipliers:
// the largest |C|, or |max(C, -l / m)| of inequalities, before it.
double gr_lagrangian_update(gr_lagrangian *l, const double *x);

// broken, stationarity and slack at x, with the multipliers of now.
gr_status gr_lagrangian_judge(gr_lagrangian *l, const double *x, gr_constrained *r);

// How independent the gradients of the constraints that hold x are, apart from what its bounds
// hold: the least singular value of the matrix whose rows they are, each at most 1 long; near 0
// they need not have multipliers. NAN without memory. After gr_lagrangian_judge at x.
double gr_lagrangian_rank(const gr_lagrangian *l, const double *x);

// Steps in a trust region, from the slopes of cost and constraints, and a quasi-Newton matrix of
// the Lagrangian that is kept from round to round: the m C^2 are not learnt, but known.
typedef struct gr_newton {
    double *b;                        // (n, n) the Lagrangian's matrix
    double *h, *g;                    // (n, n), (n) of the quadratic model of a step
    double *slope;                    // (n) before the step, as are ...
    double *normal, *push;            // (m, n), (m)
    double *d, *to, *lo, *hi, *trial; // (n) the step, its end, its bounds, one that is tried
    bool *on;                         // (m) does this constraint push in the model?
    double *scratch;
    double radius;
} gr_newton;

gr_status gr_newton_new(gr_newton *q, const gr_lagrangian *l);
void gr_newton_free(gr_newton *q);

// x (n) to where no component of the gradient, projected onto the bounds, is above tolerance, or as
// far as steps lead.
gr_status gr_newton_descend(gr_newton *q, gr_lagrangian *l, double *x, double tolerance);
