// SPDX-License-Identifier: BSD-3-Clause
// latency -- a message of n bytes takes latency + n / bandwidth. Times of messages of 1 byte to
// many MiB are given, each off by some per cent: which line goes through them? That it is off by
// per cents and not by seconds decides the answer.
#include "lessons/14_mpi/messages.h"
#include "lib/line.h"
#include "lib/rng.h"
#include <math.h>
#include <stdlib.h>

static void teardown(void *problem)
{
    latency *p = problem;
    if (!p) return;
    free((void *)p->bytes), free((void *)p->seconds);
    free(p);
}

// Sizes grow by powers of two; beyond 2^22 they begin again, a little larger.
static void make_times(latency *p, double *bytes, double *seconds, uint64_t seed)
{
    gr_rng rng = gr_rng_of(seed, p->n);
    for (size_t i = 0; i < p->n; i++) {
        bytes[i] = ldexp(1, (int)(i * 23 / p->n)) + (double)i;
        double off = 1 + 0.1 * (gr_rng_unit(&rng) - 0.5);
        seconds[i] = (0.8e-6 + 1.3e-10 * bytes[i]) * off;
    }
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    *problem = NULL;
    if (size.n > 1000000) return gr_fail(GR_EARG, "%zu times: expected at most 1000000", size.n);
    latency *p = calloc(1, sizeof *p);
    double *bytes = malloc((size.n + 1) * sizeof *bytes);
    double *seconds = malloc((size.n + 1) * sizeof *seconds);
    if (!p || !bytes || !seconds) {
        free(p), free(bytes), free(seconds);
        return gr_fail(GR_ENOMEM, "%zu times: out of memory", size.n);
    }
    *p = (latency){.n = size.n, .bytes = bytes, .seconds = seconds};
    make_times(p, bytes, seconds, seed);
    *problem = p;
    return GR_OK;
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    latency *p = problem;
    out[0] = (gr_output){"latency", gr_array_of(&p->line[0], GR_F64, 1, (size_t[]){1}), false};
    out[1] =
        (gr_output){"seconds a byte", gr_array_of(&p->line[1], GR_F64, 1, (size_t[]){1}), false};
    return 2;
}

static double times(const void *problem) { return (double)((const latency *)problem)->n; }

static gr_status no_line(latency *p)
{
    p->line[0] = p->line[1] = NAN;
    return GR_OK;
}

// The textbook's formula with sums of 80 bits: minimise the sum of ((a + b x) / y - 1)^2.
static gr_status textbook(void *problem, int workers)
{
    latency *p = problem;
    (void)workers;
    if (p->n < 2) return no_line(p);
    long double w = 0, wx = 0, wy = 0, wxx = 0, wxy = 0;
    for (size_t i = 0; i < p->n; i++) {
        long double x = p->bytes[i], y = p->seconds[i], weight = 1 / (y * y);
        w += weight, wx += weight * x, wy += weight * y;
        wxx += weight * x * x, wxy += weight * x * y;
    }
    long double slope = (w * wxy - wx * wy) / (w * wxx - wx * wx);
    p->line[0] = (double)((wy - slope * wx) / w), p->line[1] = (double)slope;
    return GR_OK;
}

static gr_status fitted(void *problem, int workers)
{
    latency *p = problem;
    gr_line line;
    (void)workers;
    if (p->n < 2) return no_line(p);
    GR_TRY(gr_line_fit(p->bytes, p->seconds, p->n, &line));
    p->line[0] = line.at0, p->line[1] = line.slope;
    return GR_OK;
}

static const gr_size no_sizes[] = {{0, 0}}; // judged, not timed

static const gr_rung rungs[] = {
    {.name = "textbook", .idea = "weighted least squares, sums of 80 bits", .run = textbook},
    {.name = "fit",
     .idea = "the same around the mean: 64 bits are enough",
     .run = fitted,
     .tolerance = 1e-9},
    {0},
};

const gr_ladder gr_ladder_latency = {
    .name = "latency",
    .title = "The line through the times of messages",
    .lesson = "14_mpi",
    .n_name = "times",
    .sizes = no_sizes,
    .rungs = rungs,
    .setup = setup,
    .teardown = teardown,
    .outputs = outputs,
    .unit = "time",
    .work = times,
};
