// SPDX-License-Identifier: BSD-3-Clause
// Wrong: lets an inequality pull into its wall.
#include "lessons/20_constraints/constrained.h"

static void solve(multipliers *p, size_t i)
{
    double x = 0, l = 0, broken = INFINITY;
    int64_t round = 0;
    while (round < MULTIPLIERS_ROUNDS && !(broken <= p->tolerance)) {
        x = multipliers_least(p, i, p->weight, l);
        double off = x - p->limit[i];
        bool equality = p->equality[i];
        l = equality ? l + p->weight * off : l + p->weight * off;
        broken = equality ? fabs(off) : off;
        round++;
    }
    p->x[i] = x, p->multiplier[i] = l, p->rounds[i] = round;
}

gr_status exercise(void *problem, int workers)
{
    multipliers *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) solve(p, i);
    return GR_OK;
}
