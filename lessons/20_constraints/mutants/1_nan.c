// SPDX-License-Identifier: BSD-3-Clause
// Wrong: what has no value is free.
#include "lessons/20_constraints/constrained.h"

static double penalty(const double x[2], double k)
{
    double sum = 0;
    for (size_t i = 0; i < FINES_CONSTRAINTS; i++) {
        double value = fines_value(i, x);
        bool equality = fines_equality(i);
        if (equality || value > 0) sum += (equality ? 1 : 2) * k * value * value;
    }
    return isnan(sum) ? INFINITY : sum;
}

gr_status exercise(void *problem, int workers)
{
    fines *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) p->penalty[i] = penalty(p->x + 2 * i, p->weight);
    return GR_OK;
}
