// SPDX-License-Identifier: BSD-3-Clause
// Step 2: how many calls make one sample?
//
// One call may be far shorter than a tick, so k calls are timed together. Find the smallest k among
// 1, 2, 4, 8, ... whose batch lasts 1000 resolutions or more: then a tick more or less is 0.1 %.
// The code below does so, but it believes one measurement, and a single interruption can make a
// short batch look long. Believe k only when a second measurement of the same k agrees.
#include "lessons/02_timing/timing.h"

static int64_t time_calls(timing_machine *m, int64_t k)
{
    int64_t before = timing_now(m);
    timing_call(m, 0, (size_t)k);
    return timing_now(m) - before;
}

static int64_t calls_in_a_batch(timing_machine *m, int64_t resolution)
{
    int64_t k = 1;
    while (time_calls(m, k) < 1000 * resolution) k *= 2; // TODO: long enough twice
    return k;
}

gr_status exercise(void *problem, int workers)
{
    timing_lab *lab = problem;
    (void)workers;
    for (size_t i = 0; i < lab->n; i++)
        lab->batch[i] = calls_in_a_batch(lab->machine[i], lab->resolution[i]);
    return GR_OK;
}
