// SPDX-License-Identifier: BSD-3-Clause
// Step 1: a penalty.
// A solver that knows of costs only can be told of constraints by a price for what is broken.
// Constraint i has a value at x: fines_value(i, x). An equality (fines_equality(i)) holds where
// it is 0, an inequality where it is at most 0. The quadratic penalty is k h^2 for an equality of
// value h, and 2 k g^2 for an inequality of value g that is broken, summed over all
// FINES_CONSTRAINTS. Where a constraint has no value (NAN), no price is high enough: INFINITY.
#include "lessons/20_constraints/constrained.h"

static double penalty(const double x[2], double k)
{
    double sum = 0;
    for (size_t i = 0; i < FINES_CONSTRAINTS; i++) {
        double value = fines_value(i, x);
        sum += k * value * value; // TODO: inequalities that hold cost nothing; NAN
    }
    return sum;
}

gr_status exercise(void *problem, int workers)
{
    fines *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) p->penalty[i] = penalty(p->x + 2 * i, p->weight);
    return GR_OK;
}
