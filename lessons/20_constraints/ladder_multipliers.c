// SPDX-License-Identifier: BSD-3-Clause
// multipliers -- rounds of an augmented Lagrangian: the multiplier learns what the constraint is
// worth, and the weight stays where it was.
// Source: M. Powell and M. Hestenes (1969); J. Nocedal and S. Wright, Numerical Optimization
// (2006), chapter 17.
#include "lessons/20_constraints/constrained.h"
#include <stdlib.h>

static void teardown(void *problem)
{
    multipliers *p = problem;
    if (!p) return;
    free(p->x), free(p->rounds), free((void *)p->equality);
    free(p);
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    size_t n = size.n;
    *problem = NULL;
    if (n > 1000000) return gr_fail(GR_EARG, "%zu problems: expected at most 1000000", n);
    multipliers *p = calloc(1, sizeof *p);
    double *room = calloc(4 * n + 1, sizeof *room);
    int64_t *rounds = calloc(n + 1, sizeof *rounds);
    uint8_t *equality = calloc(n + 1, 1);
    if (!p || !room || !rounds || !equality) {
        free(p), free(room), free(rounds), free(equality);
        return gr_fail(GR_ENOMEM, "multipliers: out of memory");
    }
    double *target = room + 2 * n, *limit = room + 3 * n;
    gr_rng rng = gr_rng_of(seed, 0);
    for (size_t i = 0; i < n; i++) {
        limit[i] = 2 * gr_rng_unit(&rng) - 1;
        target[i] = limit[i] + (i % 2 ? -1 : 1) * (0.5 + 4 * gr_rng_unit(&rng));
        equality[i] = i % 4 < 2;
    }
    *p = (multipliers){n, target, limit, equality, 6, 1e-9, room, room + n, rounds};
    *problem = p;
    return GR_OK;
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    multipliers *p = problem;
    out[0] = (gr_output){"x", gr_array_of(p->x, GR_F64, 1, &p->n), false};
    out[1] = (gr_output){"multiplier", gr_array_of(p->multiplier, GR_F64, 1, &p->n), false};
    out[2] = (gr_output){"rounds", gr_array_of(p->rounds, GR_I64, 1, &p->n), true};
    return 3;
}

static double problems(const void *problem) { return (double)((const multipliers *)problem)->n; }

double multipliers_least(const multipliers *p, size_t i, double k, double l)
{
    double a = p->target[i], b = p->limit[i];
    if (!p->equality[i] && l + k * (a - b) <= 0) return a; // the wall is not felt
    return (2 * a - l + k * b) / (2 + k);
}

// ---- the rungs ----

static gr_status in_rounds(void *problem, int workers)
{
    multipliers *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) {
        double x = 0, l = 0, broken = INFINITY;
        int64_t round = 0;
        while (round < MULTIPLIERS_ROUNDS && !(broken <= p->tolerance)) {
            x = multipliers_least(p, i, p->weight, l);
            double off = x - p->limit[i];
            l += p->weight * off;
            if (!p->equality[i] && l < 0) l = 0;
            broken = p->equality[i] ? fabs(off) : off;
            round++;
        }
        p->x[i] = x, p->multiplier[i] = l, p->rounds[i] = round;
    }
    return GR_OK;
}

// Each round leaves 2 / (2 + k) of what was broken: the end can be written down.
static gr_status formula(void *problem, int workers)
{
    multipliers *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) {
        double off = p->target[i] - p->limit[i], share = 2 / (2 + p->weight);
        bool felt = p->equality[i] || off > 0;
        p->rounds[i] = felt ? (int64_t)ceil(log(p->tolerance / fabs(off)) / log(share)) : 1;
        p->x[i] = felt ? p->limit[i] : p->target[i];
        p->multiplier[i] = felt ? 2 * off : 0;
    }
    return GR_OK;
}

static const gr_size no_sizes[] = {{0, 0}}; // judged, not timed

static const gr_rung rungs[] = {
    {.name = "rounds",
     .idea = "minimise, move the multiplier, until nothing is broken",
     .run = in_rounds},
    {.name = "formula",
     .idea = "the multiplier is the slope of the cost at the wall, known beforehand here",
     .run = formula,
     .tolerance = 1e-8},
    {0},
};

const gr_ladder gr_ladder_multipliers = {
    .name = "multipliers",
    .title = "How many rounds until a multiplier knows its wall?",
    .lesson = "20_constraints",
    .n_name = "problems",
    .sizes = no_sizes,
    .rungs = rungs,
    .setup = setup,
    .teardown = teardown,
    .outputs = outputs,
    .unit = "problem",
    .work = problems,
};
