// SPDX-License-Identifier: BSD-3-Clause
#include "bench/map_spin.h"
#include "lib/stats.h"
#include "lib/timer.h"
#include <math.h>

// A linear congruential step (Knuth's MMIX): each needs the one before, a product and a sum.
static uint64_t spin(int64_t steps)
{
    uint64_t x = (uint64_t)steps;
    for (int64_t k = 0; k < steps; k++) x = x * 6364136223846793005u + 1442695040888963407u;
    return x;
}

static gr_status spin_task(gr_call *call)
{
    int64_t steps = *(const int64_t *)call->in;
    if (steps < 0) return gr_fail(GR_EARG, "spin %lld: expected 0 or more steps", (long long)steps);
    *(uint64_t *)call->out = spin(steps);
    return GR_OK;
}

static gr_status no_task(gr_call *call)
{
    *(int64_t *)call->out = *(const int64_t *)call->in;
    return GR_OK;
}

const gr_func gr_func_spin = {
    .name = "spin",
    .about = "computes for so many steps, a nanosecond or two each",
    .call = spin_task,
    .in_size = sizeof(int64_t),
    .out_size = sizeof(int64_t),
};

const gr_func gr_func_nothing = {
    .name = "nothing",
    .about = "hands its record back",
    .call = no_task,
    .in_size = sizeof(int64_t),
    .out_size = sizeof(int64_t),
};

double gr_spin_step(void)
{
    enum { TRIES = 31, STEPS = 200000 };
    double seconds[TRIES];
    volatile uint64_t kept = 0;
    for (int k = 0; k < TRIES; k++) {
        double start = gr_now();
        kept = spin(STEPS + (int64_t)(kept % 2));
        seconds[k] = gr_now() - start;
    }
    return gr_median(seconds, TRIES) / STEPS;
}

// ---- lengths -----------------------------------------------------------------------------------

const char *gr_skew_name(gr_skew skew)
{
    static const char *const names[] = {[GR_SKEW_EQUAL] = "equal",
                                        [GR_SKEW_SPREAD] = "spread",
                                        [GR_SKEW_HEAVY] = "heavy",
                                        [GR_SKEW_ROWS] = "rows"};
    return names[skew];
}

// Iterations of one point of the Mandelbrot set, at most 100.
static int iterations(double x, double y)
{
    double zx = x, zy = y;
    for (int k = 0; k < 100; k++) {
        double next = zx * zx - zy * zy + x;
        zy = 2 * zx * zy + y, zx = next;
        if (zx * zx + zy * zy >= 4) return k + 1;
    }
    return 100;
}

// The mean over a row at height u of the picture, 0 to 1.
static double row_work(double u)
{
    enum { POINTS = 60 };
    double sum = 0;
    for (int i = 0; i < POINTS; i++) sum += iterations(-2 + 3.0 * i / (POINTS - 1), 3 * u - 1.5);
    return sum / POINTS;
}

static double quantile(gr_skew skew, double u)
{
    switch (skew) {
    case GR_SKEW_SPREAD:
        return -log1p(-u);
    case GR_SKEW_HEAVY:
        return pow(1 - u, -1 / 1.5);
    case GR_SKEW_ROWS:
        return row_work(u);
    default:
        return 1;
    }
}

void gr_skew_lengths(gr_skew skew, size_t n, double mean, gr_rng rng, double *length)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        length[i] = quantile(skew, ((double)i + 0.5) / (double)n);
        sum += length[i];
    }
    for (size_t i = 0; i < n; i++) length[i] *= mean * (double)n / sum;
    for (size_t i = n; i > 1 && skew != GR_SKEW_ROWS; i--) {
        size_t k = gr_rng_below(&rng, i);
        double kept = length[i - 1];
        length[i - 1] = length[k], length[k] = kept;
    }
}
