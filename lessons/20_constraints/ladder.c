// SPDX-License-Identifier: BSD-3-Clause
// fines -- a broken constraint as a cost: the quadratic penalty of n points, by the library and by
// hand.
#include "lessons/20_constraints/constrained.h"
#include "solvers/penalty.h"
#include <stdlib.h>

// The first two may be broken a little; the third has no value at all for x0 below 0.
static const char text[] = "x0 + x1 <= 2; x0*x1 == 1; log(x0) <= 1";

double fines_value(size_t i, const double x[2])
{
    return i == 0 ? x[0] + x[1] - 2 : i == 1 ? x[0] * x[1] - 1 : log(x[0]) - 1;
}

bool fines_equality(size_t i) { return i == 1; }

static void teardown(void *problem)
{
    fines *p = problem;
    if (!p) return;
    free(p->penalty);
    free(p);
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    *problem = NULL;
    if (size.n > 1000000) return gr_fail(GR_EARG, "%zu points: expected at most 1000000", size.n);
    fines *p = calloc(1, sizeof *p);
    double *room = calloc(3 * size.n + 1, sizeof *room);
    if (!p || !room) {
        free(p), free(room);
        return gr_fail(GR_ENOMEM, "fines: out of memory");
    }
    double *x = room + size.n;
    gr_rng rng = gr_rng_of(seed, 0);
    for (size_t i = 0; i < 2 * size.n; i++) x[i] = 4 * gr_rng_unit(&rng);
    for (size_t i = 3; i < size.n; i += 5) x[2 * i] = -x[2 * i];        // no logarithm
    for (size_t i = 2; i < size.n; i += 5) x[2 * i] = x[2 * i + 1] = 1; // nothing is broken
    *p = (fines){size.n, x, 10, room};
    *problem = p;
    return GR_OK;
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    fines *p = problem;
    out[0] = (gr_output){"penalty", gr_array_of(p->penalty, GR_F64, 1, &p->n), false};
    return 1;
}

static double points(const void *problem) { return (double)((const fines *)problem)->n; }

// ---- the rungs ----

static gr_status library(void *problem, int workers)
{
    fines *p = problem;
    gr_constraints *c;
    gr_penalty *penalty = NULL;
    (void)workers;
    GR_TRY(gr_constraints_read(&c, text, 2));
    gr_status status = gr_penalty_read(&penalty, "quadratic,k=10", c);
    for (size_t i = 0; i < p->n && !status; i++)
        p->penalty[i] = gr_penalty_value(penalty, p->x + 2 * i);
    gr_penalty_free(penalty);
    gr_constraints_free(c);
    return status;
}

static gr_status by_hand(void *problem, int workers)
{
    fines *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) {
        double sum = 0;
        for (size_t k = 0; k < FINES_CONSTRAINTS; k++) {
            double v = fines_value(k, p->x + 2 * i);
            bool equality = fines_equality(k);
            double off = equality || !(v <= 0) ? v : 0;
            sum += (equality ? 1 : 2) * p->weight * off * off;
        }
        p->penalty[i] = isnan(sum) ? INFINITY : sum;
    }
    return GR_OK;
}

static const gr_size no_sizes[] = {{0, 0}}; // judged, not timed

static const gr_rung rungs[] = {
    {.name = "library", .idea = "gr_penalty: constraints read from text", .run = library},
    {.name = "by-hand", .idea = "the same in a loop", .run = by_hand, .tolerance = 1e-12},
    {0},
};

const gr_ladder gr_ladder_fines = {
    .name = "fines",
    .title = "What does each point pay for what it breaks?",
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
