// SPDX-License-Identifier: BSD-3-Clause
// Wrong: reads one number too many, which only the sanitizer sees.
#include "lessons/02_timing/timing.h"

gr_status exercise(void *problem, int workers)
{
    timing_powers *p = problem;
    (void)workers;
    volatile double last = 0;
    for (size_t i = 0; i <= p->n; i++) {
        last = p->a[i];
        if (i < p->n) p->y[i] = last * last;
    }
    return GR_OK;
}
