// SPDX-License-Identifier: BSD-3-Clause
// Wrong: works in fours and leaves out the rest.
#include "lessons/02_timing/timing.h"

gr_status exercise(void *problem, int workers)
{
    timing_powers *p = problem;
    (void)workers;
    for (size_t i = 0; i + 4 <= p->n; i += 4)
        for (size_t k = i; k < i + 4; k++) p->y[k] = p->a[k] * p->a[k];
    return GR_OK;
}
