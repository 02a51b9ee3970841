// SPDX-License-Identifier: BSD-3-Clause
// misfit -- the talk's anatomy of an optimizer has a cost E = |F(x) - G|^2: a model F, what was
// measured G. Here is that cost for n candidates, with what real data have: errors of different
// size, holes, and candidates for which the model has no value.
#include "lessons/19_optimizers/optimizers.h"
#include <stdlib.h>

enum { POINTS = 40 };

double misfit_model(const double x[3], double t) { return x[0] * exp(-x[1] * t) + x[2]; }

static void teardown(void *problem)
{
    misfit *p = problem;
    if (!p) return;
    free(p->f);
    free(p);
}

static void measure(double *t, double *measured, double *sigma, gr_rng *rng)
{
    const double truth[] = {5, 0.7, 1};
    for (size_t k = 0; k < POINTS; k++) {
        t[k] = 0.25 * (double)k;
        sigma[k] = 0.05 + 0.01 * (double)(k % 7);
        measured[k] = misfit_model(truth, t[k]) + sigma[k] * gr_rng_normal(rng);
        if (k % 9 == 4) measured[k] = NAN;
    }
}

// Every fifth has no value: infinitely high at a rate that grows, or nothing times infinity.
static void propose(double *x, size_t i, gr_rng *rng)
{
    x[0] = 10 * gr_rng_unit(rng), x[1] = 2 * gr_rng_unit(rng) - 0.2, x[2] = gr_rng_unit(rng);
    if (i % 5 == 3) x[0] = 0, x[1] = -1000;
    if (i % 5 == 1) x[1] = -1000;
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    *problem = NULL;
    if (size.n > 1000000)
        return gr_fail(GR_EARG, "%zu candidates: expected at most 1000000", size.n);
    misfit *p = calloc(1, sizeof *p);
    double *room = calloc(4 * size.n + 3 * POINTS, sizeof *room);
    if (!p || !room) {
        free(p), free(room);
        return gr_fail(GR_ENOMEM, "misfit: out of memory");
    }
    double *x = room + size.n, *t = x + 3 * size.n, *measured = t + POINTS;
    gr_rng rng = gr_rng_of(seed, 0);
    measure(t, measured, measured + POINTS, &rng);
    for (size_t i = 0; i < size.n; i++) propose(x + 3 * i, i, &rng);
    *p = (misfit){size.n, x, POINTS, t, measured, measured + POINTS, room};
    *problem = p;
    return GR_OK;
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    misfit *p = problem;
    out[0] = (gr_output){"cost", gr_array_of(p->f, GR_F64, 1, &p->n), false};
    return 1;
}

static double candidates(const void *problem) { return (double)((const misfit *)problem)->n; }

// ---- the rungs ----

static double cost(const misfit *p, const double *x)
{
    double sum = 0;
    for (size_t k = 0; k < p->points; k++) {
        double off = (misfit_model(x, p->t[k]) - p->measured[k]) / p->sigma[k];
        if (!isnan(p->measured[k])) sum += off * off;
    }
    return isnan(sum) ? INFINITY : sum;
}

static gr_status plain(void *problem, int workers)
{
    misfit *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) p->f[i] = cost(p, p->x + 3 * i);
    return GR_OK;
}

// Weights in front of the loop; what was not measured weighs nothing.
static gr_status weights(void *problem, int workers)
{
    misfit *p = problem;
    double weight[POINTS], measured[POINTS];
    (void)workers;
    for (size_t k = 0; k < p->points; k++) {
        bool hole = isnan(p->measured[k]);
        weight[k] = hole ? 0 : 1 / (p->sigma[k] * p->sigma[k]);
        measured[k] = hole ? 0 : p->measured[k];
    }
    for (size_t i = 0; i < p->n; i++) {
        double sum = 0;
        for (size_t k = 0; k < p->points; k++) {
            double off = misfit_model(p->x + 3 * i, p->t[k]) - measured[k];
            sum += off * off * weight[k];
        }
        p->f[i] = isnan(sum) ? INFINITY : sum;
    }
    return GR_OK;
}

static const gr_size no_sizes[] = {{0, 0}}; // judged, not timed

static const gr_rung rungs[] = {
    {.name = "plain", .idea = "squares of (F - G) / sigma, added", .run = plain},
    {.name = "weights",
     .idea = "1 / sigma^2 once for all candidates; 0 where nothing was measured",
     .run = weights,
     .tolerance = 1e-12},
    {0},
};

const gr_ladder gr_ladder_misfit = {
    .name = "misfit",
    .title = "How far is each candidate from what was measured?",
    .lesson = "19_optimizers",
    .n_name = "candidates",
    .sizes = no_sizes,
    .rungs = rungs,
    .setup = setup,
    .teardown = teardown,
    .outputs = outputs,
    .unit = "candidate",
    .work = candidates,
};
