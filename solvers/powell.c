// SPDX-License-Identifier: BSD-3-Clause
// powell -- line searches along a set of directions, which learns the direction that pays.
//
// Generation 0 is x0; each later one is a sweep: a line search along each direction in turn. Before
// a sweep, the last one's whole step is tried once more, and where that promises much the direction
// that gained most gives way to it. In bounds a line ends at its last point inside.
// Source: M. Powell, Computer J. 7 (1964) 155; replacing directions as in W. Press et al.,
// Numerical Recipes, section 10.5.
#include "solvers/line.h"
#include <math.h>
#include <string.h>

enum { XTOL };

static const gr_solver_option options[] = {
    {"xtol", "a hundredth of a line search's tolerance", 1e-4, 1e-14, 1, NULL, false},
    {0},
};

typedef struct sweep {
    double *x, *before; // (n) now, and before the last sweep
    double *direction;  // (n, n), rows
    double *f;          // the cost at x
    double *started;    // and before the last sweep
    double *most;       // what the best direction of the last sweep gained
    int64_t *which;     // and which that was
    double *step, *probe;
} sweep;

static sweep sweep_of(const gr_solver *s)
{
    size_t n = s->n;
    double *r = s->real, *scalars = r + 2 * n + n * n;
    return (sweep){.x = r,
                   .before = r + n,
                   .direction = r + 2 * n,
                   .f = scalars,
                   .started = scalars + 1,
                   .most = scalars + 2,
                   .which = s->integer,
                   .step = s->scratch,
                   .probe = s->scratch + n};
}

static gr_status init(gr_solver *s)
{
    size_t n = s->n;
    GR_TRY(gr_solver_room(s, 2 * n + n * n + 3, 1, 2 * n, 128 * (n + 1)));
    sweep q = sweep_of(s);
    memcpy(q.x, s->x0, n * sizeof *q.x);
    memcpy(q.before, s->x0, n * sizeof *q.x);
    for (size_t i = 0; i < n; i++) q.direction[i * n + i] = 1;
    s->index_most = (int64_t)n - 1;
    return GR_OK;
}

static gr_status begin(gr_solver *s)
{
    sweep q = sweep_of(s);
    GR_TRY(gr_solver_eval(s, q.x, q.f, 1));
    *q.started = *q.f;
    return GR_OK;
}

// Powell's criterion: is the sweep's whole step, which `further` is twice of, worth a direction?
static bool is_worth(const sweep *q, double further)
{
    double a = *q->started - *q->f - *q->most, b = *q->started - further;
    return *q->started > further &&
           2 * (*q->started + further - 2 * *q->f) * (a * a) - *q->most * (b * b) < 0;
}

static gr_status extrapolate(gr_solver *s, const sweep *q)
{
    size_t n = s->n;
    double lo, hi, further;
    for (size_t k = 0; k < n; k++) q->step[k] = q->x[k] - q->before[k];
    gr_line_range(s, q->x, q->step, &lo, &hi);
    for (size_t k = 0; k < n; k++) q->probe[k] = q->x[k] + fmin(hi, 1) * q->step[k];
    gr_solver_clip(s, q->probe);
    memcpy(q->before, q->x, n * sizeof *q->x);
    GR_TRY(gr_solver_eval(s, q->probe, &further, 1));
    if (!is_worth(q, further)) return GR_OK;
    GR_TRY(gr_line_search(s, q->x, q->step, q->f, 100 * s->option[XTOL], q->probe));
    bool moved = false;
    for (size_t k = 0; k < n; k++) moved |= q->step[k] != 0;
    if (!moved) return GR_OK;
    double *last = q->direction + (n - 1) * n;
    memmove(q->direction + (size_t)*q->which * n, last, n * sizeof *last);
    memcpy(last, q->step, n * sizeof *last);
    return GR_OK;
}

static gr_status step(gr_solver *s)
{
    sweep q = sweep_of(s);
    size_t n = s->n;
    if (s->at.generation > 0) GR_TRY(extrapolate(s, &q));
    *q.started = *q.f, *q.most = 0, *q.which = 0;
    for (size_t i = 0; i < n; i++) {
        double before = *q.f;
        memcpy(q.step, q.direction + i * n, n * sizeof *q.step);
        GR_TRY(gr_line_search(s, q.x, q.step, q.f, 100 * s->option[XTOL], q.probe));
        if (before - *q.f > *q.most) *q.most = before - *q.f, *q.which = (int64_t)i;
    }
    return GR_OK;
}

static double gain(const gr_solver *s)
{
    sweep q = sweep_of(s);
    return *q.started - *q.f;
}

const gr_solver_type gr_solver_powell = {
    .name = "powell",
    .about = "line searches along directions that it learns; needs no gradient",
    .source = "Powell (1964)",
    .options = options,
    .stop = "reduction(1e-4)",
    .evaluations = 1000,
    .generations = 1000,
    .init = init,
    .begin = begin,
    .step = step,
    .gain = gain,
};
