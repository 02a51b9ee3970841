// SPDX-License-Identifier: BSD-3-Clause
// Wrong: computes k from the time of one call, which is mostly the clock and the slow start.
#include "lessons/02_timing/timing.h"

static int64_t time_calls(timing_machine *m, int64_t k)
{
    int64_t before = timing_now(m);
    timing_call(m, 0, (size_t)k);
    return timing_now(m) - before;
}

static int64_t calls_in_a_batch(timing_machine *m, int64_t resolution)
{
    int64_t one = time_calls(m, 1), k = 1;
    while (one * k < 1000 * resolution && k < 1 << 30) k *= 2;
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
