// SPDX-License-Identifier: BSD-3-Clause
// neldermead -- a simplex that reflects, expands, contracts and shrinks its way down.
//
// Generation 0 is x0, generation 1 builds the simplex around it, each later one moves its worst
// vertex (or all). Trial points are moved into the bounds; vertices are kept in order, best first.
// Source: J. Nelder and R. Mead, Computer J. 7 (1965) 308; the variant of J. Lagarias et al., SIAM
// J. Optim. 9 (1998) 112; adaptive: F. Gao and L. Han, Comput. Optim. Appl. 51 (2012) 259.
#include "solvers/solver_type.h"
#include <math.h>
#include <string.h>

enum { ADAPTIVE, RADIUS };

static const gr_solver_option options[] = {
    {"adaptive", "coefficients that suit the number of dimensions", 0, 0, 1, NULL, true},
    {"radius", "of the first simplex, as a share of each coordinate", 0.05, 1e-12, 1e12, NULL,
     false},
    {0},
};

typedef struct simplex {
    size_t n;
    double *x, *f; // (n + 1, n), (n + 1): the best first
    double *middle, *reflected, *other;
    double reflect, expand, contract, shrink;
} simplex;

static simplex simplex_of(const gr_solver *s)
{
    size_t n = s->n;
    double d = (double)n;
    bool adaptive = s->option[ADAPTIVE] != 0;
    return (simplex){.n = n,
                     .x = s->real,
                     .f = s->real + (n + 1) * n,
                     .middle = s->scratch,
                     .reflected = s->scratch + n,
                     .other = s->scratch + 2 * n,
                     .reflect = 1,
                     .expand = adaptive ? 1 + 2 / d : 2,
                     .contract = adaptive ? 0.75 - 1 / (2 * d) : 0.5,
                     .shrink = adaptive ? 1 - 1 / d : 0.5};
}

static gr_status init(gr_solver *s)
{
    size_t n = s->n;
    GR_TRY(gr_solver_room(s, (n + 1) * (n + 1), 0, 3 * n, n + 2));
    simplex q = simplex_of(s);
    for (size_t j = 0; j <= n; j++) {
        memcpy(q.x + j * n, s->x0, n * sizeof *q.x);
        q.f[j] = INFINITY;
    }
    return GR_OK;
}

static gr_status begin(gr_solver *s)
{
    simplex q = simplex_of(s);
    return gr_solver_eval(s, q.x, q.f, 1);
}

// Insertion: nearly sorted already, and equals keep their order.
static void sort(const simplex *q)
{
    size_t n = q->n;
    for (size_t j = 1; j <= n; j++) {
        double f = q->f[j];
        size_t to = j;
        while (to > 0 && q->f[to - 1] > f) to--;
        if (to == j) continue;
        memcpy(q->other, q->x + j * n, n * sizeof *q->x);
        memmove(q->x + (to + 1) * n, q->x + to * n, (j - to) * n * sizeof *q->x);
        memmove(q->f + to + 1, q->f + to, (j - to) * sizeof *q->f);
        memcpy(q->x + to * n, q->other, n * sizeof *q->x);
        q->f[to] = f;
    }
}

// One coordinate of x0 changed for each further vertex; turned inwards at an upper bound.
static gr_status build(gr_solver *s, const simplex *q)
{
    size_t n = q->n;
    double radius = s->option[RADIUS];
    for (size_t k = 0; k < n; k++) {
        double *x = q->x + (k + 1) * n;
        x[k] = x[k] != 0 ? (1 + radius) * x[k] : 0.1 * radius * radius;
        if (x[k] > s->hi[k]) x[k] = 2 * s->hi[k] - x[k];
        gr_solver_clip(s, x);
    }
    GR_TRY(gr_solver_eval(s, q->x + n, q->f + 1, n));
    sort(q);
    return GR_OK;
}

// x = (1 + a) middle - a worst, and its cost.
static gr_status try_at(gr_solver *s, const simplex *q, double a, double *x, double *f)
{
    const double *worst = q->x + q->n * q->n;
    for (size_t k = 0; k < q->n; k++) x[k] = (1 + a) * q->middle[k] - a * worst[k];
    gr_solver_clip(s, x);
    return gr_solver_eval(s, x, f, 1);
}

static void replace_worst(const simplex *q, const double *x, double f)
{
    memcpy(q->x + q->n * q->n, x, q->n * sizeof *x);
    q->f[q->n] = f;
}

static gr_status shrink(gr_solver *s, const simplex *q)
{
    size_t n = q->n;
    for (size_t j = 1; j <= n; j++)
        for (size_t k = 0; k < n; k++) {
            double *x = &q->x[j * n + k];
            *x = q->x[k] + q->shrink * (*x - q->x[k]);
        }
    return gr_solver_eval(s, q->x + n, q->f + 1, n);
}

static gr_status expand(gr_solver *s, const simplex *q, double reflected)
{
    double f;
    GR_TRY(try_at(s, q, q->reflect * q->expand, q->other, &f));
    bool further = f < reflected;
    replace_worst(q, further ? q->other : q->reflected, further ? f : reflected);
    return GR_OK;
}

// Outside if the reflected point was better than the worst, else inside.
static gr_status contract(gr_solver *s, const simplex *q, double reflected)
{
    double f, worst = q->f[q->n];
    bool outside = reflected < worst;
    GR_TRY(try_at(s, q, outside ? q->contract * q->reflect : -q->contract, q->other, &f));
    if (outside ? f <= reflected : f < worst) return replace_worst(q, q->other, f), GR_OK;
    return shrink(s, q);
}

static gr_status move(gr_solver *s, const simplex *q)
{
    size_t n = q->n;
    double f;
    memset(q->middle, 0, n * sizeof *q->middle);
    for (size_t j = 0; j < n; j++)
        for (size_t k = 0; k < n; k++) q->middle[k] += q->x[j * n + k];
    for (size_t k = 0; k < n; k++) q->middle[k] /= (double)n;
    GR_TRY(try_at(s, q, q->reflect, q->reflected, &f));
    if (f < q->f[0]) return expand(s, q, f);
    if (f < q->f[n - 1]) return replace_worst(q, q->reflected, f), GR_OK;
    return contract(s, q, f);
}

static gr_status step(gr_solver *s)
{
    simplex q = simplex_of(s);
    if (s->at.generation == 0) return build(s, &q);
    GR_TRY(move(s, &q));
    sort(&q);
    return GR_OK;
}

static void cloud(const gr_solver *s, gr_cloud *c)
{
    simplex q = simplex_of(s);
    *c = (gr_cloud){q.x, q.f, q.n + 1};
}

const gr_solver_type gr_solver_neldermead = {
    .name = "neldermead",
    .about = "a simplex that reflects, expands and contracts; needs no gradient",
    .source = "Nelder and Mead (1965); Lagarias et al. (1998); Gao and Han (2012)",
    .options = options,
    .stop = "crt(1e-4,1e-4)",
    .evaluations = 200,
    .generations = 200,
    .init = init,
    .begin = begin,
    .step = step,
    .cloud = cloud,
};
