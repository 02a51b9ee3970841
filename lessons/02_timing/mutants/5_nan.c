// SPDX-License-Identifier: BSD-3-Clause
// Wrong: writes a NaN in one place.
#include "lessons/02_timing/timing.h"

gr_status exercise(void *problem, int workers)
{
    timing_powers *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) p->y[i] = p->a[i] * p->a[i];
    if (p->n == 31) p->y[17] = 0.0 / (p->y[17] - p->y[17]);
    return GR_OK;
}
