// SPDX-License-Identifier: BSD-3-Clause
// Wrong: multiplies in single precision.
#include "lessons/02_timing/timing.h"

gr_status exercise(void *problem, int workers)
{
    timing_powers *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) p->y[i] = (double)((float)p->a[i] * (float)p->a[i]);
    return GR_OK;
}
