// SPDX-License-Identifier: BSD-3-Clause
// median -- the median of a set of samples, and an interval that holds the true median in 95 of 100
// repetitions whatever the distribution: two of the samples themselves, chosen by the sign test.
// Source: David & Nagaraja, Order Statistics, 3rd ed. (2003), section 7.1.
#include "lessons/02_timing/timing.h"
#include "lib/rng.h"
#include "lib/stats.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const size_t counts[] = {6, 12, 9, 24, 3, 48, 96, 1, 5};
enum { COUNTS = sizeof counts / sizeof counts[0], MOST = 96 };

static void teardown(void *problem)
{
    timing_samples *p = problem;
    if (!p) return;
    for (size_t i = 0; p->set && i < p->n; i++) free(p->set[i]);
    free(p->count);
    free(p->set);
    free(p->out);
    free(p);
}

static gr_status new_sets(timing_samples *p)
{
    size_t some = p->n ? p->n : 1;
    p->count = calloc(some, sizeof *p->count);
    p->set = calloc(some, sizeof *p->set);
    p->out = calloc(some, 3 * sizeof *p->out);
    bool made = p->count && p->set && p->out;
    for (size_t i = 0; made && i < p->n; i++) {
        p->count[i] = counts[i % COUNTS];
        p->set[i] = calloc(p->count[i], sizeof **p->set);
        made = p->set[i] != NULL;
    }
    return made ? GR_OK : gr_fail(GR_ENOMEM, "%zu sets of samples: out of memory", p->n);
}

// Times as benchmarks give them: about 1 ms, skewed to the right, one in ten far too long, and
// with as few digits as a clock of 1 us shows, so that some are equal.
static void draw(double *set, size_t count, gr_rng *rng)
{
    for (size_t k = 0; k < count; k++) {
        double us = 1000 + 20 * exp(gr_rng_normal(rng));
        if (gr_rng_below(rng, 10) == 0) us *= 1 + 9 * gr_rng_unit(rng);
        set[k] = 1e-6 * floor(us);
    }
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    *problem = NULL;
    if (size.n > 1000000) return gr_fail(GR_EARG, "%zu sets: expected at most 1000000", size.n);
    timing_samples *p = calloc(1, sizeof *p);
    if (!p) return gr_fail(GR_ENOMEM, "sets of samples: out of memory");
    p->n = size.n;
    gr_status status = new_sets(p);
    if (status) {
        teardown(p);
        return status;
    }
    for (size_t i = 0; i < p->n; i++) {
        gr_rng rng = gr_rng_of(seed, size.n << 32 | i);
        draw(p->set[i], p->count[i], &rng);
    }
    *problem = p;
    return GR_OK;
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    timing_samples *p = problem;
    out[0] = (gr_output){"interval", gr_array_of(p->out, GR_F64, 2, (size_t[]){p->n, 3}), true};
    return 1;
}

static double sets(const void *problem) { return (double)((const timing_samples *)problem)->n; }

static gr_status by_sign_test(void *problem, int workers)
{
    timing_samples *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) {
        double sorted[MOST];
        memcpy(sorted, p->set[i], p->count[i] * sizeof *sorted);
        gr_interval interval = gr_median_interval(sorted, p->count[i], 0.95);
        double *out = p->out + 3 * i;
        out[0] = interval.mid;
        out[1] = interval.lo;
        out[2] = interval.hi;
    }
    return GR_OK;
}

static const gr_size no_sizes[] = {{0, 0}}; // judged, not timed

static const gr_rung rungs[] = {
    {.name = "sign-test",
     .idea = "two of the sorted samples, chosen by counting heads and tails",
     .run = by_sign_test},
    {0},
};

const gr_ladder gr_ladder_median = {
    .name = "median",
    .title = "What do these samples say, and how surely?",
    .lesson = "02_timing",
    .n_name = "sets of samples",
    .sizes = no_sizes,
    .rungs = rungs,
    .setup = setup,
    .teardown = teardown,
    .outputs = outputs,
    .unit = "set",
    .work = sets,
};
