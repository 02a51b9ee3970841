// SPDX-License-Identifier: BSD-3-Clause
// A product per number and nothing else in the loop: no call, no branch, so that the compiler can
// multiply several numbers in one instruction. `restrict` promises that a and y do not overlap.
#include "lessons/02_timing/timing.h"

static void square(const double *restrict a, double *restrict y, size_t n)
{
    for (size_t i = 0; i < n; i++) y[i] = a[i] * a[i];
}

gr_status exercise(void *problem, int workers)
{
    timing_powers *p = problem;
    (void)workers;
    square(p->a, p->y, p->n);
    return GR_OK;
}
