// SPDX-License-Identifier: BSD-3-Clause
// Two calls side by side see the same speed, so the drift cancels in their ratio; the median of the
// ratios lets an interrupted pair count for one place in the row, not for its length.
#include "lessons/02_timing/timing.h"
#include "lib/stats.h"

enum { PAIRS = 24 };

static double time_call(timing_machine *m, int function)
{
    int64_t before = timing_now(m);
    timing_call(m, function, 1);
    return (double)(timing_now(m) - before);
}

static double ratio_of_times(timing_machine *m)
{
    double ratio[PAIRS];
    for (int k = 0; k < PAIRS; k++) {
        double a = time_call(m, 0), b = time_call(m, 1); // in this order
        ratio[k] = a / b;
    }
    return gr_median(ratio, PAIRS);
}

gr_status exercise(void *problem, int workers)
{
    timing_lab *lab = problem;
    (void)workers;
    for (size_t i = 0; i < lab->n; i++) lab->ratio[i] = ratio_of_times(lab->machine[i]);
    return GR_OK;
}
