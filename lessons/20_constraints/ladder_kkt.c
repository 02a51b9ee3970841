// SPDX-License-Identifier: BSD-3-Clause
// kkt -- is this a minimum within constraints? The conditions of Karush, Kuhn and Tucker, for
// points of a plane with two inequalities. Source: W. Karush (1939); H. Kuhn and A. Tucker, 2nd
// Berkeley Symposium (1951); J. Nocedal and S. Wright, Numerical Optimization (2006), chapter 12.
#include "lessons/20_constraints/constrained.h"
#include <stdlib.h>

static void teardown(void *problem)
{
    kkt *p = problem;
    if (!p) return;
    free((void *)p->point), free(p->verdict);
    free(p);
}

// A point where all holds; then one thing is spoilt. Wall 0 is touched, wall 1 is in every second
// one.
static kkt_point point_of(size_t i, gr_rng *rng)
{
    kkt_point q = {.multiplier = {0.5 + gr_rng_unit(rng), i % 2 ? 1 + gr_rng_unit(rng) : 0},
                   .value = {0, i % 2 ? 0 : -1}};
    for (int k = 0; k < 4; k++) q.normal[k / 2][k % 2] = 2 * gr_rng_unit(rng) - 1;
    for (int k = 0; k < 2; k++)
        q.slope[k] = -q.multiplier[0] * q.normal[0][k] - q.multiplier[1] * q.normal[1][k];
    switch (i % 13) {
    case 1:
        q.value[1] = 3e-6; // broken by more than the tolerance
        break;
    case 2:
        q.value[0] = 5e-7; // ... by less
        break;
    case 3:
        q.multiplier[0] = -q.multiplier[0], q.normal[0][0] *= -1, q.normal[0][1] *= -1;
        break;
    case 4:
        q.value[0] = -0.5; // not touched, and has a multiplier
        break;
    case 5:
        q.slope[1] += 2e-6;
        break;
    case 6:
        q.slope[0] = NAN;
        break;
    case 7:
        q.value[0] = NAN;
        break;
    case 8:
        q.multiplier[1] = NAN;
        break;
    case 9:
        q.value[0] = 1, q.multiplier[0] = -1; // two things: the first counts
        break;
    case 10:
        q.slope[0] = -q.slope[0], q.slope[1] = -q.slope[1];
        break;
    case 11:
        q = (kkt_point){.value = {-1, -2}, .normal = {{1, 0}, {0, 1}}}; // an inner minimum
        break;
    }
    return q;
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    *problem = NULL;
    if (size.n > 100000) return gr_fail(GR_EARG, "%zu points: expected at most 100000", size.n);
    kkt *p = calloc(1, sizeof *p);
    kkt_point *point = calloc(size.n + 1, sizeof *point);
    int64_t *verdict = calloc(size.n + 1, sizeof *verdict);
    if (!p || !point || !verdict) {
        free(p), free(point), free(verdict);
        return gr_fail(GR_ENOMEM, "kkt: out of memory");
    }
    gr_rng rng = gr_rng_of(seed, 0);
    for (size_t i = 0; i < size.n; i++) point[i] = point_of(i, &rng);
    *p = (kkt){size.n, point, 1e-6, verdict};
    *problem = p;
    return GR_OK;
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    kkt *p = problem;
    out[0] = (gr_output){"verdict", gr_array_of(p->verdict, GR_I64, 1, &p->n), true};
    return 1;
}

static double points(const void *problem) { return (double)((const kkt *)problem)->n; }

// ---- the rungs ----

// The worst of each kind; a NaN is worse than all.
static double worse(double a, double b) { return isnan(a) || isnan(b) ? NAN : fmax(a, b); }

static kkt_verdict judge(const kkt_point *q, double tolerance)
{
    double broken = worse(q->value[0], q->value[1]);
    double sign = worse(-q->multiplier[0], -q->multiplier[1]);
    double slack =
        worse(fabs(q->multiplier[0] * q->value[0]), fabs(q->multiplier[1] * q->value[1]));
    double slope[2];
    for (int k = 0; k < 2; k++)
        slope[k] = fabs(q->slope[k] + q->multiplier[0] * q->normal[0][k] +
                        q->multiplier[1] * q->normal[1][k]);
    return !(broken <= tolerance)                      ? KKT_BROKEN
           : !(sign <= tolerance)                      ? KKT_SIGN
           : !(slack <= tolerance)                     ? KKT_SLACK
           : !(worse(slope[0], slope[1]) <= tolerance) ? KKT_SLOPE
                                                       : KKT_HOLDS;
}

static gr_status by_worst(void *problem, int workers)
{
    kkt *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) p->verdict[i] = judge(&p->point[i], p->tolerance);
    return GR_OK;
}

static kkt_verdict judge_each(const kkt_point *q, double tolerance)
{
    for (int j = 0; j < 2; j++)
        if (!(q->value[j] <= tolerance)) return KKT_BROKEN;
    for (int j = 0; j < 2; j++)
        if (!(q->multiplier[j] >= -tolerance)) return KKT_SIGN;
    for (int j = 0; j < 2; j++)
        if (!(fabs(q->multiplier[j] * q->value[j]) <= tolerance)) return KKT_SLACK;
    for (int k = 0; k < 2; k++) {
        double slope = q->slope[k];
        for (int j = 0; j < 2; j++) slope += q->multiplier[j] * q->normal[j][k];
        if (!(fabs(slope) <= tolerance)) return KKT_SLOPE;
    }
    return KKT_HOLDS;
}

static gr_status one_by_one(void *problem, int workers)
{
    kkt *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) p->verdict[i] = judge_each(&p->point[i], p->tolerance);
    return GR_OK;
}

static const gr_size no_sizes[] = {{0, 0}}; // judged, not timed

static const gr_rung rungs[] = {
    {.name = "worst", .idea = "the worst of each kind against the tolerance", .run = by_worst},
    {.name = "one-by-one", .idea = "each condition as it stands in the book", .run = one_by_one},
    {0},
};

const gr_ladder gr_ladder_kkt = {
    .name = "kkt",
    .title = "Is it a minimum within constraints?",
    .lesson = "20_constraints",
    .n_name = "points",
    .sizes = no_sizes,
    .rungs = rungs,
    .setup = setup,
    .teardown = teardown,
    .outputs = outputs,
    .unit = "point",
    .work = points,
};
