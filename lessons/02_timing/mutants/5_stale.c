// SPDX-License-Identifier: BSD-3-Clause
// Wrong: keeps the answers to earlier numbers and gives them again.
#include "lessons/02_timing/timing.h"

static double kept[128];

gr_status exercise(void *problem, int workers)
{
    timing_powers *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) {
        if (kept[i % 128] == 0) kept[i % 128] = p->a[i] * p->a[i];
        p->y[i] = kept[i % 128];
    }
    return GR_OK;
}
