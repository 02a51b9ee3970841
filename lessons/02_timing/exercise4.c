// SPDX-License-Identifier: BSD-3-Clause
// Step 4: which of two functions is faster, while the machine drifts?
//
// Find how many times as long as function 1 function 0 takes, within 1 %. The speed of these
// machines drifts by up to a quarter, slowly, and they are interrupted now and then. Below, 24
// calls of the one are timed and then 24 of the other: what drifted in between counts as a
// difference of the functions. Time them in turn, and take the median of the 24 ratios.
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
    // TODO: 0, 1, 0, 1, ... and the median of a[k] / b[k]: gr_median(samples, n) sorts samples
    double a[PAIRS], b[PAIRS];
    for (int k = 0; k < PAIRS; k++) a[k] = time_call(m, 0);
    for (int k = 0; k < PAIRS; k++) b[k] = time_call(m, 1);
    return gr_median(a, PAIRS) / gr_median(b, PAIRS);
}

gr_status exercise(void *problem, int workers)
{
    timing_lab *lab = problem;
    (void)workers;
    for (size_t i = 0; i < lab->n; i++) lab->ratio[i] = ratio_of_times(lab->machine[i]);
    return GR_OK;
}
