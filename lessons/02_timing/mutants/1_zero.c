// SPDX-License-Identifier: BSD-3-Clause
// Wrong: counts a difference of 0 as a step
#include "lessons/02_timing/timing.h"

static int64_t smallest_step(timing_machine *m)
{
    int64_t before = timing_now(m), smallest = INT64_MAX;
    for (int i = 0; i < 100000; i++) {
        int64_t after = timing_now(m);
        if (after - before < smallest) smallest = after - before;
        before = after;
    }
    return smallest;
}

gr_status exercise(void *problem, int workers)
{
    timing_lab *lab = problem;
    (void)workers;
    for (size_t i = 0; i < lab->n; i++) lab->resolution[i] = smallest_step(lab->machine[i]);
    return GR_OK;
}
