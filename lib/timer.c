// SPDX-License-Identifier: BSD-3-Clause
#include "lib/timer.h"
#include "lib/stats.h"
#include <math.h>
#include <time.h>

double gr_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static long long now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

gr_clock gr_clock_measure(void)
{
    enum { READINGS = 10000, GROUPS = 100 };
    double medians[GROUPS], steps[READINGS / GROUPS];
    long long smallest = 1000000000, before = now_ns();
    for (int g = 0; g < GROUPS; g++) {
        for (int k = 0; k < READINGS / GROUPS; k++) {
            long long after = now_ns();
            if (after > before && after - before < smallest) smallest = after - before;
            steps[k] = 1e-9 * (double)(after - before);
            before = after;
        }
        medians[g] = gr_median(steps, READINGS / GROUPS);
    }
    return (gr_clock){.resolution = 1e-9 * (double)smallest,
                      .overhead = gr_median(medians, GROUPS)};
}

double gr_sample_floor(gr_clock clock)
{
    return fmax(1e-3, fmax(1000 * clock.resolution, 20 * clock.overhead));
}

size_t gr_batch_size(double (*time_calls)(size_t k, void *context), void *context, double floor)
{
    size_t largest = (size_t)1 << 40;
    for (size_t k = 1;; k *= 2) {
        double first = time_calls(k, context);
        if (isnan(first)) return 0;
        if (k >= largest) return k;
        if (first < floor) continue;
        double second = time_calls(k, context);
        if (isnan(second)) return 0;
        if (second >= floor) return k;
    }
}
