// SPDX-License-Identifier: BSD-3-Clause
// simplex -- Nelder and Mead's method, one generation after the other, on Rosenbrock's function cut
// into steps. The truth is the library's solver: same points, same costs, same number of
// evaluations.
// Source: J. Nelder and R. Mead, Computer J. 7 (1965) 308; J. Lagarias et al., SIAM J. Optim. 9
// (1998) 112.
#include "lessons/19_optimizers/optimizers.h"
#include "solvers/solver_type.h"
#include <stdlib.h>
#include <string.h>

static void teardown(void *problem)
{
    simplex *q = problem;
    if (!q) return;
    free(q->x), free(q->evaluations);
    free(q);
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    *problem = NULL;
    if (size.n > 1000) return gr_fail(GR_EARG, "%zu dimensions: expected at most 1000", size.n);
    size_t n = size.n, vertices = n + 1;
    simplex *q = calloc(1, sizeof *q);
    double *room = calloc(vertices * (n + 1) + 4 * n, sizeof *room);
    int64_t *evaluations = calloc(1, sizeof *evaluations);
    if (!q || !room || !evaluations) {
        free(q), free(room), free(evaluations);
        return gr_fail(GR_ENOMEM, "simplex: out of memory");
    }
    double *f = room + vertices * n, *x0 = f + vertices;
    gr_rng rng = gr_rng_of(seed, 0);
    for (size_t k = 0; k < n; k++) x0[k] = k % 4 == 3 ? 0 : 4 * gr_rng_unit(&rng) - 2;
    *q = (simplex){n, size.steps, room, f, x0 + n, x0 + 2 * n, x0 + 3 * n, x0, evaluations};
    *problem = q;
    return GR_OK;
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    static const size_t one = 1;
    simplex *q = problem;
    size_t shape[] = {q->n + 1, q->n};
    out[0] = (gr_output){"cost", gr_array_of(q->f, GR_F64, 1, shape), true};
    out[1] = (gr_output){"vertex", gr_array_of(q->x, GR_F64, 2, shape), true};
    out[2] = (gr_output){"evaluations", gr_array_of(q->evaluations, GR_I64, 1, &one), true};
    return 3;
}

static double steps(const void *problem) { return (double)((const simplex *)problem)->generations; }

// ---- what the exercise is given ----

static double rosen(const double *x, size_t n)
{
    double sum = n == 1 ? x[0] * x[0] : 0;
    for (size_t i = 0; i + 1 < n; i++) {
        double a = x[i + 1] - x[i] * x[i], b = 1 - x[i];
        sum += 100 * (a * a) + b * b;
    }
    return floor(16 * sum) / 16; // in steps, as a cost that counts something: some costs are equal
}

double simplex_cost(simplex *q, const double *x)
{
    ++*q->evaluations;
    return rosen(x, q->n);
}

double simplex_try(simplex *q, double a, double *x)
{
    const double *worst = q->x + q->n * q->n;
    for (size_t k = 0; k < q->n; k++) x[k] = (1 + a) * q->middle[k] - a * worst[k];
    return simplex_cost(q, x);
}

void simplex_replace(simplex *q, const double *x, double f)
{
    memcpy(q->x + q->n * q->n, x, q->n * sizeof *x);
    q->f[q->n] = f;
}

void simplex_shrink(simplex *q)
{
    for (size_t j = 1; j <= q->n; j++) {
        double *x = q->x + j * q->n;
        for (size_t k = 0; k < q->n; k++) x[k] = q->x[k] + 0.5 * (x[k] - q->x[k]);
        q->f[j] = simplex_cost(q, x);
    }
}

// Insertion: nearly sorted already, and equals keep their order.
static void sort(simplex *q)
{
    size_t n = q->n;
    for (size_t j = 1; j <= n; j++) {
        double f = q->f[j];
        size_t to = j;
        while (to > 0 && q->f[to - 1] > f) to--;
        memcpy(q->other, q->x + j * n, n * sizeof *q->x);
        memmove(q->x + (to + 1) * n, q->x + to * n, (j - to) * n * sizeof *q->x);
        memmove(q->f + to + 1, q->f + to, (j - to) * sizeof *q->f);
        memcpy(q->x + to * n, q->other, n * sizeof *q->x);
        q->f[to] = f;
    }
}

// Each further vertex is x0 with one coordinate changed.
static void build(simplex *q)
{
    size_t n = q->n;
    *q->evaluations = 0;
    for (size_t j = 0; j <= n; j++) {
        double *x = q->x + j * n;
        memcpy(x, q->x0, n * sizeof *x);
        if (j > 0) x[j - 1] = x[j - 1] != 0 ? (1 + 0.05) * x[j - 1] : 0.1 * 0.05 * 0.05;
        q->f[j] = simplex_cost(q, x);
    }
    sort(q);
}

static void find_middle(simplex *q)
{
    size_t n = q->n;
    memset(q->middle, 0, n * sizeof *q->middle);
    for (size_t j = 0; j < n; j++)
        for (size_t k = 0; k < n; k++) q->middle[k] += q->x[j * n + k];
    for (size_t k = 0; k < n; k++) q->middle[k] /= (double)n;
}

static gr_status nowhere(simplex *q)
{
    *q->evaluations = 0;
    q->f[0] = 0;
    return GR_OK;
}

gr_status simplex_run(simplex *q, simplex_move *move)
{
    if (q->n == 0) return nowhere(q);
    build(q);
    for (size_t g = 1; g < q->generations; g++) {
        find_middle(q);
        move(q);
        sort(q);
    }
    return GR_OK;
}

// ---- the rungs ----

static gr_status library_cost(const double *x, size_t n, void *context, double *f)
{
    (void)context;
    *f = rosen(x, n);
    return GR_OK;
}

// Generation 0 is x0 alone, generation 1 builds the simplex: so the last is number q->generations.
static gr_status library(void *problem, int workers)
{
    simplex *q = problem;
    (void)workers;
    if (q->n == 0) return nowhere(q);
    gr_solver *s;
    gr_stop stop;
    gr_cloud cloud;
    char rule[60];
    gr_problem p = {.name = "rosen", .cost = library_cost, .n = q->n};
    snprintf(rule, sizeof rule, "generations(%zu)", q->generations);
    GR_TRY(gr_solver_new(&s, &p, &(gr_solver_options){.x0 = q->x0, .stop = rule}));
    gr_status status = gr_solver_solve(s, &stop);
    s->type->cloud(s, &cloud);
    memcpy(q->x, cloud.x, (q->n + 1) * q->n * sizeof *q->x);
    memcpy(q->f, cloud.f, (q->n + 1) * sizeof *q->f);
    *q->evaluations = gr_solver_evaluations(s);
    gr_solver_free(s);
    return status;
}

static void move(simplex *q)
{
    double best = q->f[0], second_worst = q->f[q->n - 1], worst = q->f[q->n];
    double f = simplex_try(q, 1, q->reflected);
    if (f < best) {
        double further = simplex_try(q, 2, q->other);
        if (further < f)
            simplex_replace(q, q->other, further);
        else
            simplex_replace(q, q->reflected, f);
    } else if (f < second_worst) {
        simplex_replace(q, q->reflected, f);
    } else {
        bool outside = f < worst;
        double nearer = simplex_try(q, outside ? 0.5 : -0.5, q->other);
        if (outside ? nearer <= f : nearer < worst)
            simplex_replace(q, q->other, nearer);
        else
            simplex_shrink(q);
    }
}

static gr_status textbook(void *problem, int workers)
{
    (void)workers;
    return simplex_run(problem, move);
}

static const gr_size no_sizes[] = {{0, 0}}; // judged, not timed

static const gr_rung rungs[] = {
    {.name = "library",
     .idea = "gr_solver neldermead, which is scipy's to the bit",
     .run = library},
    {.name = "textbook", .idea = "the same, as one would write it", .run = textbook},
    {0},
};

const gr_ladder gr_ladder_simplex = {
    .name = "simplex",
    .title = "Nelder and Mead, step by step",
    .lesson = "19_optimizers",
    .n_name = "dimensions",
    .steps_name = "generations",
    .sizes = no_sizes,
    .rungs = rungs,
    .setup = setup,
    .teardown = teardown,
    .outputs = outputs,
    .unit = "generation",
    .work = steps,
};
