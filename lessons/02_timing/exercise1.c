// SPDX-License-Identifier: BSD-3-Clause
// Step 1: how fine is this clock?
//
// Each machine of the laboratory has a clock of its own: timing_now(m) gives nanoseconds, but only
// in whole ticks. Find the smallest step that each clock can show: read it again and again, and
// keep the smallest difference of two readings in a row that is greater than 0. Watch at least a
// hundred such steps. Below, two readings are taken and their difference is believed.
#include "lessons/02_timing/timing.h"

static int64_t smallest_step(timing_machine *m)
{
    // TODO: many readings, and the smallest difference that is not 0
    int64_t before = timing_now(m);
    int64_t after = timing_now(m);
    return after - before;
}

gr_status exercise(void *problem, int workers)
{
    timing_lab *lab = problem;
    (void)workers;
    for (size_t i = 0; i < lab->n; i++) lab->resolution[i] = smallest_step(lab->machine[i]);
    return GR_OK;
}
