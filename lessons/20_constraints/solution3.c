// SPDX-License-Identifier: BSD-3-Clause
// Each turn goes to the nearest point of one set. If the two sets meet, the points come to where
// they do; if not, they end up going to and fro between the two nearest points for ever, and only
// a count ends that.
#include "lessons/20_constraints/constrained.h"
#include <string.h>

static double sum_of(const double *x)
{
    double sum = 0;
    for (int k = 0; k < TURNS_DIMENSIONS; k++) sum += x[k];
    return sum;
}

// Moves x; can it be had?
static bool move(double *x, double sum)
{
    for (int turn = 0; turn < TURNS_MOST; turn++) {
        double shift = (sum - sum_of(x)) / TURNS_DIMENSIONS;
        for (int k = 0; k < TURNS_DIMENSIONS; k++) x[k] = fmin(fmax(x[k] + shift, 0), 1);
        if (fabs(sum_of(x) - sum) <= 1e-10) return true;
    }
    return false;
}

gr_status exercise(void *problem, int workers)
{
    turns *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) {
        double *x = p->x + TURNS_DIMENSIONS * i;
        memcpy(x, p->from + TURNS_DIMENSIONS * i, TURNS_DIMENSIONS * sizeof *x);
        p->holds[i] = move(x, p->sum[i]);
        if (!p->holds[i]) memset(x, 0, TURNS_DIMENSIONS * sizeof *x);
    }
    return GR_OK;
}
