// SPDX-License-Identifier: BSD-3-Clause
// Step 3: two hard constraints at once.
// Points from[i] are to be moved, not fined: their TURNS_DIMENSIONS coordinates should have the
// sum sum[i], and each should lie in [0, 1]. A shift of all coordinates by the same amount
// restores the sum, and may push some out of [0, 1]; moving those back spoils the sum. Let the
// two take turns until neither is broken: the sum within 1e-10, and all within the bounds. Some
// sums cannot be had: after TURNS_MOST turns give up, and say so with holds = 0 and all
// coordinates 0.
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
    double shift = (sum - sum_of(x)) / TURNS_DIMENSIONS;
    for (int k = 0; k < TURNS_DIMENSIONS; k++) x[k] = fmin(fmax(x[k] + shift, 0), 1);
    return true; // TODO: once is not enough, and sometimes never is
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
