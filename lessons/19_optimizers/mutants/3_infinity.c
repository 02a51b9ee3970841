// SPDX-License-Identifier: BSD-3-Clause
// Wrong: takes infinity minus infinity for no change.
#include "lessons/19_optimizers/optimizers.h"

static bool met(const double *cost, size_t g, double tolerance)
{
    if (g < STOPS_WINDOW) return false;
    return !(cost[g - STOPS_WINDOW + 1] - cost[g] > tolerance);
}

gr_status exercise(void *problem, int workers)
{
    stops *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) {
        const double *cost = p->cost + i * STOPS_LONGEST;
        size_t g = 0;
        while (g < STOPS_LONGEST && !met(cost, g, p->tolerance)) g++;
        p->stop[i] = g < STOPS_LONGEST ? (int64_t)g : -1;
    }
    return GR_OK;
}
