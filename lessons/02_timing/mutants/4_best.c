// SPDX-License-Identifier: BSD-3-Clause
// Wrong: one block after the other, the best of each.
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
    double a[PAIRS], b[PAIRS];
    for (int k = 0; k < PAIRS; k++) a[k] = time_call(m, 0);
    for (int k = 0; k < PAIRS; k++) b[k] = time_call(m, 1);
    double best = a[0], other = b[0];
    for (int k = 0; k < PAIRS; k++) {
        if (a[k] < best) best = a[k];
        if (b[k] < other) other = b[k];
    }
    return best / other;
}

gr_status exercise(void *problem, int workers)
{
    timing_lab *lab = problem;
    (void)workers;
    for (size_t i = 0; i < lab->n; i++) lab->ratio[i] = ratio_of_times(lab->machine[i]);
    return GR_OK;
}
