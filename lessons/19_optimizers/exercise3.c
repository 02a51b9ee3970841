// SPDX-License-Identifier: BSD-3-Clause
// Step 3: a rule to stop.
// The talk stops by ChangeOverGeneration(1e-6, 30). cost[g] is the least cost at the end of
// generation g; it never rises. The rule is met after generation g if there were more than 30
// generations (g >= STOPS_WINDOW), and the first and the last cost of the latest 30 of them, that
// is cost[g - 29] and cost[g], differ by at most the tolerance. As long as nothing was found the
// least cost is INFINITY: that is no reason to stop.
#include "lessons/19_optimizers/optimizers.h"

static bool met(const double *cost, size_t g, double tolerance)
{
    // TODO: over 30 generations, not from one to the next
    return g > 0 && !(cost[g - 1] - cost[g] > tolerance);
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
