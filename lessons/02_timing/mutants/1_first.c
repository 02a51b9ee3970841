// SPDX-License-Identifier: BSD-3-Clause
// Wrong: believes the first step, and the first reading is slow.
#include "lessons/02_timing/timing.h"

static int64_t smallest_step(timing_machine *m)
{
    int64_t before = timing_now(m), after = before;
    while (after == before) after = timing_now(m);
    return after - before;
}

gr_status exercise(void *problem, int workers)
{
    timing_lab *lab = problem;
    (void)workers;
    for (size_t i = 0; i < lab->n; i++) lab->resolution[i] = smallest_step(lab->machine[i]);
    return GR_OK;
}
