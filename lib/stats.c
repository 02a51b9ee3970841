// SPDX-License-Identifier: BSD-3-Clause
#include "lib/stats.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static bool sort_samples(double *samples, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (isnan(samples[i])) return false;
    qsort(samples, n, sizeof *samples, ascending);
    return n > 0;
}

static double middle(const double *sorted, size_t n)
{
    return n % 2 ? sorted[n / 2] : 0.5 * (sorted[n / 2 - 1] + sorted[n / 2]);
}

double gr_median(double *samples, size_t n)
{
    return sort_samples(samples, n) ? middle(samples, n) : NAN;
}

double gr_quantile(const double *sorted, size_t n, double q)
{
    if (n == 0) return NAN;
    double place = q * (double)(n - 1);
    size_t below = (size_t)place;
    if (below + 1 >= n) return sorted[n - 1];
    double part = place - (double)below;
    return sorted[below] + part * (sorted[below + 1] - sorted[below]);
}

// log of the binomial coefficient n over k
static double log_choose(size_t n, size_t k)
{
    return lgamma((double)n + 1) - lgamma((double)k + 1) - lgamma((double)(n - k) + 1);
}

double gr_sign_coverage(size_t n, size_t k)
{
    double below = 0; // P(X < k), X ~ Binomial(n, 1/2)
    for (size_t i = 0; i < k && i <= n; i++) below += exp(log_choose(n, i) - (double)n * log(2.0));
    return 1 - 2 * below;
}

size_t gr_sign_rank(size_t n, double confidence)
{
    size_t k = 0;
    while (2 * (k + 1) <= n && gr_sign_coverage(n, k + 1) >= confidence) k++;
    return k;
}

gr_interval gr_median_interval(double *samples, size_t n, double confidence)
{
    if (!sort_samples(samples, n)) return (gr_interval){NAN, NAN, NAN, n, false};
    size_t k = gr_sign_rank(n, confidence);
    size_t skip = k > 0 ? k - 1 : 0;
    return (gr_interval){.mid = middle(samples, n),
                         .lo = samples[skip],
                         .hi = samples[n - 1 - skip],
                         .n = n,
                         .bounded = k > 0};
}

gr_interval gr_ratio_interval(double *a, const double *b, size_t n, double confidence)
{
    for (size_t i = 0; i < n; i++) a[i] = log(a[i] / b[i]);
    gr_interval r = gr_median_interval(a, n, confidence);
    r.mid = exp(r.mid);
    r.lo = exp(r.lo);
    r.hi = exp(r.hi);
    return r;
}

gr_interval gr_ratio_of(gr_interval a, gr_interval b)
{
    return (gr_interval){.mid = a.mid / b.mid,
                         .lo = a.lo / b.hi,
                         .hi = a.hi / b.lo,
                         .n = a.n < b.n ? a.n : b.n,
                         .bounded = a.bounded && b.bounded};
}

double gr_half_width(gr_interval interval)
{
    return 0.5 * (interval.hi - interval.lo) / interval.mid;
}

bool gr_samples_enough(const double *samples, size_t n, double half_width)
{
    double copy[GR_MOST_SAMPLES];
    if (n != 12 && n != 24 && n != 48) return n >= GR_MOST_SAMPLES;
    memcpy(copy, samples, n * sizeof *copy);
    return gr_half_width(gr_median_interval(copy, n, 0.95)) <= half_width;
}

size_t gr_outliers(double *samples, size_t n)
{
    if (!sort_samples(samples, n)) return 0;
    double q1 = gr_quantile(samples, n, 0.25), q3 = gr_quantile(samples, n, 0.75);
    double fence = 1.5 * (q3 - q1);
    size_t outside = 0;
    for (size_t i = 0; i < n; i++) outside += samples[i] < q1 - fence || samples[i] > q3 + fence;
    return outside;
}

void gr_shuffle(gr_rng *rng, size_t n, size_t *order)
{
    for (size_t i = n; i > 1; i--) {
        size_t j = gr_rng_below(rng, i), kept = order[i - 1];
        order[i - 1] = order[j];
        order[j] = kept;
    }
}

void gr_latin_row(gr_rng rng, size_t n, size_t round, size_t *order)
{
    if (n == 0) return;
    gr_rng block = gr_rng_of(gr_rng_u64(&rng), round / n); // one rotation order for n rounds
    for (size_t i = 0; i < n; i++) order[i] = i;
    gr_shuffle(&block, n, order);
    size_t turn = order[round % n]; // rows of the square in random order, too
    for (size_t i = 0; i < n; i++) order[i] = (i + turn) % n;
}

gr_verdict gr_judge(gr_interval ratio, double target)
{
    if (!ratio.bounded) return GR_NOT_JUDGED;
    if (ratio.lo >= target) return GR_PASS;
    if (ratio.hi < target) return GR_NOT_YET;
    return GR_NOT_JUDGED;
}
