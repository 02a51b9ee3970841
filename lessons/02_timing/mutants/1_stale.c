// SPDX-License-Identifier: BSD-3-Clause
// Wrong: keeps the answers of an earlier laboratory and gives them again.
#include "lessons/02_timing/timing.h"

static int64_t smallest_step(timing_machine *m)
{
    int64_t before = timing_now(m), smallest = INT64_MAX;
    for (int steps = 0; steps < 100;) {
        int64_t after = timing_now(m), step = after - before;
        steps += step > 0;
        if (step > 0 && step < smallest) smallest = step;
        before = after;
    }
    return smallest;
}

static int64_t kept[128];

gr_status exercise(void *problem, int workers)
{
    timing_lab *lab = problem;
    (void)workers;
    for (size_t i = 0; i < lab->n; i++) {
        if (!kept[i]) kept[i] = smallest_step(lab->machine[i]);
        lab->resolution[i] = kept[i];
    }
    return GR_OK;
}
