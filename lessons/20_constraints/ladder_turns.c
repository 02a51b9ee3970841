// SPDX-License-Identifier: BSD-3-Clause
// turns -- two hard constraints at once: a sum, and bounds. Each of them is easily restored, and
// breaks the other. Source: J. von Neumann, Functional Operators II (1950): alternating
// projections.
#include "lessons/20_constraints/constrained.h"
#include "solvers/transform.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { D = TURNS_DIMENSIONS };

static void teardown(void *problem)
{
    turns *p = problem;
    if (!p) return;
    free(p->x), free(p->holds);
    free(p);
}

// Every fifth sum cannot be had in [0, 1]^4; another one in the corner only.
static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    size_t n = size.n;
    *problem = NULL;
    if (n > 100000) return gr_fail(GR_EARG, "%zu points: expected at most 100000", n);
    turns *p = calloc(1, sizeof *p);
    double *room = calloc((2 * D + 1) * n + 1, sizeof *room);
    int64_t *holds = calloc(n + 1, sizeof *holds);
    if (!p || !room || !holds) {
        free(p), free(room), free(holds);
        return gr_fail(GR_ENOMEM, "turns: out of memory");
    }
    double *from = room + D * n, *sum = room + 2 * D * n;
    gr_rng rng = gr_rng_of(seed, 0);
    for (size_t i = 0; i < D * n; i++) from[i] = 4 * gr_rng_unit(&rng) - 1.5;
    for (size_t i = 0; i < n; i++)
        sum[i] = i % 5 == 3    ? 4.5
                 : i % 10 == 9 ? -0.25
                 : i % 5 == 1  ? 4
                               : 0.2 + 3 * gr_rng_unit(&rng);
    *p = (turns){n, from, sum, room, holds};
    *problem = p;
    return GR_OK;
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    turns *p = problem;
    size_t shape[] = {p->n, D};
    out[0] = (gr_output){"holds", gr_array_of(p->holds, GR_I64, 1, shape), true};
    out[1] = (gr_output){"x", gr_array_of(p->x, GR_F64, 2, shape), false};
    return 2;
}

static double points(const void *problem) { return (double)((const turns *)problem)->n; }

// ---- the rungs ----

static void conclude(turns *p, size_t i, bool holds)
{
    p->holds[i] = holds;
    if (!holds) memset(p->x + D * i, 0, D * sizeof *p->x);
}

static gr_status move_one(turns *p, size_t i)
{
    char text[80];
    gr_transform *t;
    bool holds;
    snprintf(text, sizeof text, "sum(%.17g) and bounded(0, 1)", p->sum[i]);
    memcpy(p->x + D * i, p->from + D * i, D * sizeof *p->x);
    GR_TRY(gr_transform_read(&t, text, D));
    gr_status status = gr_transform_apply(t, p->x + D * i, &holds);
    if (!status) conclude(p, i, holds);
    gr_transform_free(t);
    return status;
}

static gr_status library(void *problem, int workers)
{
    turns *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) GR_TRY(move_one(p, i));
    return GR_OK;
}

static double sum_of(const double x[D]) { return x[0] + x[1] + x[2] + x[3]; }

static gr_status plain(void *problem, int workers)
{
    turns *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) {
        double *x = p->x + D * i;
        bool holds = false;
        memcpy(x, p->from + D * i, D * sizeof *x);
        for (int turn = 0; turn < TURNS_MOST && !holds; turn++) {
            double shift = (p->sum[i] - sum_of(x)) / D;
            for (int k = 0; k < D; k++) x[k] = fmin(fmax(x[k] + shift, 0), 1);
            holds = fabs(sum_of(x) - p->sum[i]) <= 1e-10;
        }
        conclude(p, i, holds);
    }
    return GR_OK;
}

static const gr_size no_sizes[] = {{0, 0}}; // judged, not timed

static const gr_rung rungs[] = {
    {.name = "library", .idea = "gr_transform: \"sum(s) and bounded(0, 1)\"", .run = library},
    {.name = "plain", .idea = "shift, clip, and look", .run = plain, .tolerance = 1e-7},
    {0},
};

const gr_ladder gr_ladder_turns = {
    .name = "turns",
    .title = "A sum and bounds at once",
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
