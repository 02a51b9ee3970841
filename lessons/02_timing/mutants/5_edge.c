// SPDX-License-Identifier: BSD-3-Clause
// Wrong: leaves out the last number.
#include "lessons/02_timing/timing.h"

gr_status exercise(void *problem, int workers)
{
    timing_powers *p = problem;
    (void)workers;
    for (size_t i = 0; i + 1 < p->n; i++) p->y[i] = p->a[i] * p->a[i];
    return GR_OK;
}
