// SPDX-License-Identifier: BSD-3-Clause
// Step 3: what do these samples say, and how surely?
//
// For each set write three numbers: the median (of an even count: the mean of the two in the
// middle) and the lower and upper end of its 95 % interval. The interval needs no formula: it goes
// from the k-th smallest sample to the k-th largest, with k by the count of samples:
//     count  6   9  12  24  48  96          fewer than 6: no interval is possible;
//     k      1   2   3   7  17  38          write the smallest and the largest sample
// Below are the mean and two standard errors, as many reports have them. The counts are 1, 3, 5 and
// those of the table, never more than 96; the samples come sorted.
#include "lessons/02_timing/timing.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

// sorted: (count), in ascending order. out: median, lower end, upper end.
static void summarize(const double *sorted, size_t count, double out[3])
{
    // TODO: median and ranks in place of mean and deviation
    double sum = 0, squares = 0, n = (double)count;
    for (size_t i = 0; i < count; i++) sum += sorted[i];
    out[0] = sum / n;
    for (size_t i = 0; i < count; i++) squares += (sorted[i] - out[0]) * (sorted[i] - out[0]);
    double error = count > 1 ? sqrt(squares / (n - 1) / n) : 0;
    out[1] = out[0] - 2 * error;
    out[2] = out[0] + 2 * error;
}

gr_status exercise(void *problem, int workers)
{
    timing_samples *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) {
        double sorted[96];
        memcpy(sorted, p->set[i], p->count[i] * sizeof *sorted);
        qsort(sorted, p->count[i], sizeof *sorted, ascending);
        summarize(sorted, p->count[i], p->out + 3 * i);
    }
    return GR_OK;
}
