// SPDX-License-Identifier: BSD-3-Clause
// stats -- medians and what can be said of them without assuming any distribution.
//
// Every interval is exact and distribution-free: order statistics by the sign test (David &
// Nagaraja, Order Statistics, 3rd ed., section 7.1). Nothing is deleted; nothing is averaged that
// is a ratio. A NaN among the samples makes every result NaN. docs/method.md says how they are
// used.
#pragma once
#include "lib/rng.h"
#include <stdbool.h>
#include <stddef.h>

typedef struct gr_interval {
    double mid;    // the median
    double lo, hi; // the interval; without one (too few samples) the whole range
    size_t n;      // samples behind it
    bool bounded;  // false: n is too small for an interval, lo and hi are smallest and largest
} gr_interval;

// The median of n >= 1 samples, which are sorted by the call. n == 0 gives NaN.
double gr_median(double *samples, size_t n);

// The quantile q in [0, 1] of n sorted samples, linear between neighbours.
double gr_quantile(const double *sorted, size_t n, double q);

// The largest rank k (1-based) so that [k-th smallest, k-th largest] of n samples holds the median
// with probability `confidence` or more; 0 if even smallest to largest does not.
size_t gr_sign_rank(size_t n, double confidence);

// That probability: 1 - 2 P(Binomial(n, 1/2) < k).
double gr_sign_coverage(size_t n, size_t k);

// The median of n samples and its interval. Sorts the samples.
gr_interval gr_median_interval(double *samples, size_t n, double confidence);

// The ratio a/b of n pairs measured side by side: the median of log(a[i]/b[i]) and its interval, as
// a ratio. Writes over `a`.
gr_interval gr_ratio_interval(double *a, const double *b, size_t n, double confidence);

// The ratio of two medians that were not measured in pairs: [a.lo/b.hi, a.hi/b.lo]. With two 97.5 %
// intervals it holds with 95 % or more (Bonferroni).
gr_interval gr_ratio_of(gr_interval a, gr_interval b);

// Half the width of the interval over its middle: 0.02 is "2 %".
double gr_half_width(gr_interval interval);

enum { GR_MOST_SAMPLES = 96 };

// Are n samples enough? Looked at only when n is 12, 24 or 48: yes, if the 95 % interval of the
// median is no wider than +/- half_width of it; and always at 96. Looking after every sample would
// stop at lucky moments and make the interval hold less often than it says.
bool gr_samples_enough(const double *samples, size_t n, double half_width);

// How many samples lie outside Tukey's fences (1.5 quartile distances). Sorts the samples.
size_t gr_outliers(double *samples, size_t n);

// Fills order[0 .. n-1] with a random cyclic Latin row: block `round` of a random rotation order,
// so that over n rounds each variant stands once at each place. The same rng state gives the same
// order.
void gr_latin_row(gr_rng rng, size_t n, size_t round, size_t *order);

// Shuffles order[0 .. n-1] (Fisher-Yates).
void gr_shuffle(gr_rng *rng, size_t n, size_t *order);

typedef enum gr_verdict { GR_PASS, GR_NOT_YET, GR_NOT_JUDGED } gr_verdict;

// Is the ratio at least `target`? Only an interval that lies wholly on one side is a verdict.
gr_verdict gr_judge(gr_interval ratio, double target);
