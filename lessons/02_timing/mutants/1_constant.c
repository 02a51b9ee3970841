// SPDX-License-Identifier: BSD-3-Clause
// Wrong: believes that every clock counts nanoseconds.
#include "lessons/02_timing/timing.h"

static int64_t smallest_step(timing_machine *m)
{
    (void)m;
    return 1;
}

gr_status exercise(void *problem, int workers)
{
    timing_lab *lab = problem;
    (void)workers;
    for (size_t i = 0; i < lab->n; i++) lab->resolution[i] = smallest_step(lab->machine[i]);
    return GR_OK;
}
