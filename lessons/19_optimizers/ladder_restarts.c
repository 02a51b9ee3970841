// SPDX-License-Identifier: BSD-3-Clause
// restarts -- a descent ends in the valley in which it begins. From many starts: how many different
// minima, which is the least, and what did all of that cost?
#include "lessons/19_optimizers/optimizers.h"
#include "parallel/team.h"
#include <stdlib.h>
#include <string.h>

static void teardown(void *problem)
{
    restarts *p = problem;
    if (!p) return;
    free(p->best), free(p->evaluations);
    free(p);
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    *problem = NULL;
    if (size.n > 100000) return gr_fail(GR_EARG, "%zu starts: expected at most 100000", size.n);
    restarts *p = calloc(1, sizeof *p);
    double *best = calloc(3, sizeof *best);
    int64_t *counts = calloc(2, sizeof *counts);
    if (!p || !best || !counts) {
        free(p), free(best), free(counts);
        return gr_fail(GR_ENOMEM, "restarts: out of memory");
    }
    *p = (restarts){size.n, seed, best, counts, counts + 1};
    *problem = p;
    return GR_OK;
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    static const size_t one = 1, three = 3;
    restarts *p = problem;
    out[0] = (gr_output){"evaluations", gr_array_of(p->evaluations, GR_I64, 1, &one), true};
    out[1] = (gr_output){"minima", gr_array_of(p->minima, GR_I64, 1, &one), true};
    out[2] = (gr_output){"best", gr_array_of(p->best, GR_F64, 1, &three), true};
    return 3;
}

static double starts(const void *problem) { return (double)((const restarts *)problem)->n; }

// ---- what the exercise is given ----

// Rastrigin's egg box; in a corner of it the root has no value.
static gr_status cost(const double *x, size_t n, void *context, double *f)
{
    (void)n, (void)context;
    double waves = cos(2 * M_PI * x[0]) + cos(2 * M_PI * x[1]);
    *f = 20 + x[0] * x[0] + x[1] * x[1] - 10 * waves + 0 * sqrt(1.5 - x[0] - x[1]);
    return GR_OK;
}

gr_status restarts_descend(uint64_t seed, uint64_t stream, double x[2], double *f,
                           int64_t *evaluations)
{
    static const double lo[] = {-2, -2}, hi[] = {2, 2};
    const gr_problem p = {.name = "egg box", .cost = cost, .n = 2, .lo = lo, .hi = hi};
    gr_rng rng = gr_rng_of(seed, stream);
    gr_solver *s;
    gr_stop stop;
    for (int k = 0; k < 2; k++) x[k] = lo[k] + (hi[k] - lo[k]) * gr_rng_unit(&rng);
    gr_solver_options o = {.x0 = x, .stop = "crt(1e-6,1e-6) or evaluations(200)"};
    GR_TRY(gr_solver_new(&s, &p, &o));
    gr_status status = gr_solver_solve(s, &stop);
    *f = gr_solver_best(s, x);
    *evaluations = gr_solver_evaluations(s);
    gr_solver_free(s);
    return status;
}

bool restarts_same(const double a[2], const double b[2])
{
    return fabs(a[0] - b[0]) < 1e-3 && fabs(a[1] - b[1]) < 1e-3;
}

// ---- the rungs ----

typedef struct descent {
    double x[2], f;
    int64_t evaluations;
    gr_status status;
} descent;

// In the order of the starts, whoever made them.
static gr_status collect(restarts *p, const descent *d)
{
    double(*seen)[2] = calloc(p->n + 1, sizeof *seen);
    if (!seen) return gr_fail(GR_ENOMEM, "restarts: out of memory");
    p->best[0] = INFINITY, p->best[1] = p->best[2] = 0;
    *p->evaluations = *p->minima = 0;
    for (size_t i = 0; i < p->n; i++) {
        size_t k = 0, minima = (size_t)*p->minima;
        *p->evaluations += d[i].evaluations;
        if (!isfinite(d[i].f)) continue;
        while (k < minima && !restarts_same(seen[k], d[i].x)) k++;
        if (k == minima) memcpy(seen[(*p->minima)++], d[i].x, sizeof *seen);
        if (d[i].f < p->best[0])
            p->best[0] = d[i].f, p->best[1] = d[i].x[0], p->best[2] = d[i].x[1];
    }
    free(seen);
    return GR_OK;
}

typedef struct crew {
    restarts *p;
    descent *all;
} crew;

static void descend(int member, int size, void *context)
{
    const crew *c = context;
    for (size_t i = (size_t)member; i < c->p->n; i += (size_t)size) {
        descent *d = &c->all[i];
        d->status = restarts_descend(c->p->seed, i, d->x, &d->f, &d->evaluations);
    }
}

static gr_status by(int workers, restarts *p)
{
    crew c = {p, calloc(p->n + 1, sizeof *c.all)};
    if (!c.all) return gr_fail(GR_ENOMEM, "restarts: out of memory");
    gr_status status = gr_team_run(workers, descend, &c);
    for (size_t i = 0; i < p->n && !status; i++) status = c.all[i].status;
    if (!status) status = collect(p, c.all);
    free(c.all);
    return status;
}

static gr_status serial(void *problem, int workers)
{
    (void)workers;
    return by(1, problem);
}

static gr_status threads(void *problem, int workers) { return by(workers, problem); }

static const gr_size no_sizes[] = {{0, 0}}; // judged, not timed

static const gr_rung rungs[] = {
    {.name = "serial", .idea = "one descent after the other", .run = serial},
    {.name = "threads",
     .idea = "descents side by side, looked at in the order of their starts",
     .run = threads,
     .launcher = GR_LAUNCH_THREADS},
    {0},
};

const gr_ladder gr_ladder_restarts = {
    .name = "restarts",
    .title = "How many minima do many starts find?",
    .lesson = "19_optimizers",
    .n_name = "starts",
    .sizes = no_sizes,
    .rungs = rungs,
    .setup = setup,
    .teardown = teardown,
    .outputs = outputs,
    .unit = "start",
    .work = starts,
};
