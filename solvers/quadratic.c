// SPDX-License-Identifier: BSD-3-Clause
// quadratic -- a quadratic through the best points so far, minimised in a trust region.
//
// Made for costs that are smooth and dear. Generation 0 is x0, generation 1 evaluates points around
// it on the axes, in one batch. Where all coordinates together are then least, each by itself, is
// tried, and begun from if it keeps its promise, three times at most; else points between pairs of
// axes are the next batch. Every later generation evaluates one point: where the model is least, or
// where the points lie so badly that the model is not determined. Of all models through the points
// that is taken whose Hessian differs least from the last one's; with (n + 1)(n + 2) / 2 points
// there is only one. Coordinates are scaled by their bounds. When the points are as close as `xtol`
// there is no further step. Source: M. Powell, Math. Programming 92 (2002) 555 (UOBYQA), 100 (2004)
// 183 (least change); A. Conn, K. Scheinberg and L. Vicente, Introduction to Derivative-Free
// Optimization (2009).
#include "solvers/quadratic_part.h"
#include "solvers/rows_part.h"
#include "solvers/trust.h"
#include <math.h>
#include <string.h>

enum { POINTS, RADIUS, XTOL };

static const gr_solver_option options[] = {
    {"points", "of a model, 2n + 1 or more; 0: all that determine it, up to 16 dimensions", 0, 0,
     1e5, NULL, true},
    {"radius", "first distance between points, as a share of the bounds", 0.25, 1e-9, 0.5, NULL,
     false},
    {"xtol", "last distance between them", 1e-8, 1e-15, 1, NULL, false},
    {0},
};

enum { PHASE, BEST, SPREAD, OVER, AGE, TURNS, INTEGERS };
enum { AXES, APART, PAIRS, MODEL }; // phases
enum { APART_MOST = 3 };            // how often coordinates are tried one by one
enum { ERRORS = GR_QUADRATIC_ERRORS, OLD = GR_QUADRATIC_OLD };

typedef gr_quadratic model;

static size_t free_of(const gr_solver *s, double *free)
{
    size_t m = 0;
    for (size_t k = 0; k < s->n; k++)
        if (s->lo[k] < s->hi[k]) {
            if (free) free[m] = (double)k;
            m++;
        }
    return m;
}

static size_t points_of(const gr_solver *s, size_t m)
{
    enum { SMALL = 16 };
    size_t all = (m + 1) * (m + 2) / 2, few = 2 * m + 1, p = (size_t)s->option[POINTS];
    if (p == 0) p = m <= SMALL ? all : few;
    return p < few ? few : p > all ? all : p;
}

static size_t kept_of(size_t n, size_t m, size_t p)
{
    return p * (n + 1) + m + m * m + m + 3 + ERRORS + gr_interpolation_kept(m, p);
}

static size_t scratch_of(size_t n, size_t m, size_t p)
{
    return 9 * m + 2 * p + 2 * m * m + n + 1 + gr_trust_room(m) + gr_interpolation_room(m, p);
}

static void place_scratch(const gr_solver *s, model *q)
{
    size_t n = q->n, m = q->m, p = q->p;
    q->free = s->scratch, q->width = q->free + m, q->lo = q->width + m, q->hi = q->lo + m;
    q->value = q->hi + m, q->far = q->value + p, q->gy = q->far + p, q->hy = q->gy + m;
    q->gl = q->hy + m * m, q->hl = q->gl + m, q->d = q->hl + m * m, q->other = q->d + m;
    q->to = q->other + m, q->to_f = q->to + n, q->to_z = q->to_f + 1, q->room = q->to_z + m;
}

static model model_of(const gr_solver *s)
{
    size_t n = s->n, m = free_of(s, NULL), p = points_of(s, m);
    model q = {.n = n, .m = m, .p = p, .x = s->real, .is = s->integer};
    q.best = q.is + BEST, q.age = q.is + AGE;
    q.f = q.x + p * n, q.g = q.f + p, q.h = q.g + m, q.base = q.h + m * m, q.scale = q.base + m;
    q.delta = q.scale + 1, q.rho = q.delta + 1, q.error = q.rho + 1;
    place_scratch(s, &q);
    q.in = gr_interpolation_of(m, p, q.error + ERRORS, q.room + gr_trust_room(m));
    free_of(s, q.free);
    for (size_t i = 0; i < m; i++) {
        size_t k = (size_t)q.free[i];
        q.width[i] = s->hi[k] - s->lo[k];
        if (!isfinite(q.width[i])) q.width[i] = 10;
    }
    return q;
}

static gr_status init(gr_solver *s)
{
    size_t n = s->n, m = free_of(s, NULL), p = points_of(s, m);
    GR_TRY(gr_solver_room(s, kept_of(n, m, p), INTEGERS, scratch_of(n, m, p), p + 1));
    model q = model_of(s);
    for (size_t j = 0; j < p; j++) {
        memcpy(q.x + j * n, s->x0, n * sizeof *q.x);
        q.f[j] = INFINITY;
    }
    *q.rho = *q.delta = *q.scale = s->option[RADIUS];
    for (size_t i = 0; i < ERRORS; i++) q.error[i] = INFINITY;
    s->index_most = (int64_t)(p > OLD ? p : OLD);
    return GR_OK;
}

static gr_status begin(gr_solver *s)
{
    model q = model_of(s);
    return gr_solver_eval(s, q.x, q.f, 1);
}

// ---- the first points ----

static size_t best_of(const model *q)
{
    size_t best = 0;
    for (size_t j = 1; j < q->p; j++)
        if (q->f[j] < q->f[best]) best = j;
    return best;
}

// The best point moved by `share` of coordinate i's width, the other way or half as far if that
// fits the bounds better.
static double moved(const gr_solver *s, const model *q, size_t i, double share)
{
    size_t k = (size_t)q->free[i];
    double x = q->x[k], far = share * q->width[i];
    if (x + far < s->lo[k] || x + far > s->hi[k]) far *= -2;
    return fmin(fmax(x + far, s->lo[k]), s->hi[k]);
}

// The best point becomes point 0; points 1 .. 2m lie beside it on the axes.
static gr_status axes(gr_solver *s, const model *q)
{
    size_t n = q->n, best = (size_t)*q->best;
    memcpy(q->x, q->x + best * n, n * sizeof *q->x);
    q->f[0] = q->f[best];
    for (size_t j = 1; j < q->p; j++) {
        memcpy(q->x + j * n, q->x, n * sizeof *q->x);
        q->f[j] = INFINITY;
    }
    for (size_t i = 0; i < 2 * q->m; i++)
        q->x[(i + 1) * n + (size_t)q->free[i / 2]] =
            moved(s, q, i / 2, i % 2 ? -*q->delta : *q->delta);
    memset(q->g, 0, (q->m + q->m * q->m) * sizeof *q->g); // and h
    *q->age = 0;
    GR_TRY(gr_solver_eval(s, q->x + n, q->f + 1, 2 * q->m));
    *q->best = (int64_t)best_of(q);
    q->is[PHASE] = q->p > 2 * q->m + 1 ? APART : MODEL;
    return GR_OK;
}

// Where the parabola through the three points of coordinate i is least, within 1.5 radii: how far
// from point 0, and *gain, how much lower it lies there.
static double least_along(const gr_solver *s, const model *q, size_t i, double *gain)
{
    size_t n = q->n, k = (size_t)q->free[i], j = 2 * i + 1;
    const double *x = q->x + k, *f = q->f;
    double a = x[j * n] - x[0], b = x[(j + 1) * n] - x[0], fa = f[j] - f[0], fb = f[j + 1] - f[0];
    double curve = (fa / a - fb / b) / (a - b), slope = fa / a - curve * a;
    double far = 1.5 * *q->delta * q->width[i], t = curve > 0 ? -slope / (2 * curve)
                                                    : fa < fb ? a
                                                              : b;
    t = fmin(fmax(t, fmax(-far, s->lo[k] - x[0])), fmin(far, s->hi[k] - x[0]));
    *gain = -t * (slope + curve * t);
    return *gain > 0 && isfinite(*gain) ? t : (*gain = 0);
}

// As if coordinates had nothing to do with one another: all of them there. True if the cost falls
// by nine tenths of what that promises; then this is point 0, and axes are looked at once more.
static gr_status apart(gr_solver *s, const model *q, bool *fine)
{
    double promised = 0, gain, longest = *q->delta / 10;
    memcpy(q->to, q->x, q->n * sizeof *q->to);
    for (size_t i = 0; i < q->m; i++) {
        double t = least_along(s, q, i, &gain);
        q->to[(size_t)q->free[i]] += t;
        promised += gain;
        longest = fmax(longest, fmin(fabs(t) / q->width[i], *q->delta));
    }
    gr_solver_clip(s, q->to);
    *fine = false;
    if (q->is[TURNS] >= APART_MOST || !(promised > 0) || longest < s->option[XTOL]) return GR_OK;
    GR_TRY(gr_solver_eval(s, q->to, q->to_f, 1));
    *fine = q->f[0] - *q->to_f > 0.9 * promised && *q->to_f < q->f[*q->best];
    if (!*fine) return GR_OK;
    memcpy(q->x, q->to, q->n * sizeof *q->x);
    q->f[0] = *q->to_f, *q->best = 0;
    *q->delta = *q->rho = longest;
    q->is[TURNS]++;
    return GR_OK;
}

// The others have the better of the two values in each of two coordinates.
static gr_status pairs(gr_solver *s, const model *q)
{
    size_t n = q->n, first = 2 * q->m + 1, at = first;
    for (size_t i = 0; i < q->m; i++)
        for (size_t j = 0; j < i && at < q->p; j++, at++) {
            size_t a = 2 * i + 1, b = 2 * j + 1, k = (size_t)q->free[i], l = (size_t)q->free[j];
            a += q->f[a + 1] < q->f[a], b += q->f[b + 1] < q->f[b];
            memcpy(q->x + at * n, q->x, n * sizeof *q->x);
            q->x[at * n + k] = q->x[a * n + k];
            q->x[at * n + l] = q->x[b * n + l];
        }
    GR_TRY(gr_solver_eval(s, q->x + first * n, q->f + first, q->p - first));
    *q->best = (int64_t)best_of(q);
    q->is[PHASE] = MODEL;
    return GR_OK;
}

// ---- points in and out ----

static size_t farthest(const model *q)
{
    size_t far = 0;
    for (size_t j = 1; j < q->p; j++)
        if (q->far[j] > q->far[far]) far = j;
    return far;
}

// The point that is best given up for the new one: the model must stay determined, and points far
// from the best one are worth less. p: none.
static size_t worst_placed(const model *q, bool better)
{
    size_t found = q->p;
    double most = better ? 0 : 1;
    for (size_t j = 0; j < q->p; j++) {
        if (!better && j == (size_t)*q->best) continue;
        double far = better ? gr_quadratic_distance(q, q->in.z + j * q->m, q->to_z) : q->far[j];
        double score = fabs(q->in.weight[j]) * fmax(1, far * far * far * far);
        if (score > most) most = score, found = j;
    }
    return found;
}

// The cost at distance d from the best point: to, to_f; and the weights there.
static gr_status look(gr_solver *s, const model *q, const double *d)
{
    memcpy(q->to, q->x + (size_t)*q->best * q->n, q->n * sizeof *q->to);
    for (size_t i = 0; i < q->m; i++) q->to[(size_t)q->free[i]] += d[i] * q->width[i] * *q->delta;
    gr_solver_clip(s, q->to);
    for (size_t i = 0; i < q->m; i++) q->to_z[i] = gr_quadratic_z(q, q->to, i);
    gr_interpolation_weights(&q->in, q->to_z);
    return gr_solver_eval(s, q->to, q->to_f, 1);
}

// It takes the place of point j.
static void put(const model *q, size_t j)
{
    *q->age = gr_interpolation_exchange(&q->in, j, q->to_z) ? *q->age + 1 : 0;
    memcpy(q->x + j * q->n, q->to, q->n * sizeof *q->x);
    q->f[j] = *q->to_f;
    if (q->f[j] < q->f[*q->best]) *q->best = (int64_t)j;
}

// ---- one step ----

// Closer together; over when they were as close as they should be.
static void shrink(const gr_solver *s, const model *q)
{
    double end = s->option[XTOL], ratio = *q->rho / end, old = *q->rho;
    q->is[OVER] = !(ratio > 1);
    *q->rho = ratio > 250 ? old / 4 : ratio > 16 ? sqrt(old * end) : end;
    *q->delta = fmax(old / 2, *q->rho);
    for (size_t i = 0; i < ERRORS; i++) q->error[i] = INFINITY;
}

static void resize(const model *q, double ratio, double length)
{
    double delta = *q->delta;
    if (ratio < 0.1)
        delta = fmin(delta, length) / 2;
    else if (ratio < 0.7)
        delta = fmax(delta / 2, length);
    else
        delta = fmax(delta / 2, 2 * length);
    *q->delta = fmin(delta <= 1.5 * *q->rho ? *q->rho : delta, 1);
}

// Is a point too far away for the model to be true near the best one?
static bool is_spread(const model *q, double delta)
{
    return q->far[farthest(q)] * delta > fmax(2 * *q->delta, 10 * *q->rho);
}

// To where the model is least, `length` away.
static gr_status descend(gr_solver *s, const model *q, double predicted, double length)
{
    double delta = *q->delta, before = q->f[*q->best];
    GR_TRY(look(s, q, q->d));
    double gain = before - *q->to_f, ratio = gain / -predicted;
    if (!(gain >= -INFINITY)) ratio = gain = -INFINITY;
    memmove(q->error + 1, q->error, (ERRORS - 1) * sizeof *q->error);
    q->error[0] = fabs(gain + predicted);
    size_t out = worst_placed(q, gain > 0);
    resize(q, ratio, length);
    if (out < q->p) put(q, out);
    if (ratio >= 0.1) return GR_OK;
    if (is_spread(q, delta))
        q->is[SPREAD] = 1;
    else if (!(ratio > 0) && fmax(*q->delta, length) <= *q->rho)
        shrink(s, q);
    return GR_OK;
}

// The farthest point moves to where its Lagrange function is largest, near the best one.
static gr_status spread(gr_solver *s, const model *q)
{
    size_t out = farthest(q), m = q->m;
    double curve, least, radius = fmax(fmin(q->far[out] / 10, 0.5), *q->rho / *q->delta);
    gr_interpolation_lagrange(&q->in, out, q->gl, q->hl);
    gr_quadratic_about_best(q, q->gl, q->hl, q->gy, q->hy);
    least = gr_trust_step(m, q->gy, q->hy, q->lo, q->hi, radius, q->d, &curve, q->room);
    for (size_t i = 0; i < m; i++) q->gy[i] = -q->gy[i];
    for (size_t i = 0; i < m * m; i++) q->hy[i] = -q->hy[i];
    if (gr_trust_step(m, q->gy, q->hy, q->lo, q->hi, radius, q->other, &curve, q->room) < least)
        memcpy(q->d, q->other, m * sizeof *q->d);
    q->is[SPREAD] = 0;
    GR_TRY(look(s, q, q->d));
    put(q, out);
    return GR_OK;
}

// Does the model err less than a step of rho would gain?
static bool is_true(const model *q, double curve)
{
    double gain = curve / (*q->delta * *q->delta) * *q->rho * *q->rho / 8;
    bool fine = curve > 0;
    for (size_t i = 0; i < ERRORS; i++) fine = fine && q->error[i] <= gain;
    return fine;
}

static gr_status step(gr_solver *s)
{
    model q = model_of(s);
    if (q.m == 0) return s->cut = GR_STOP_ENDED, GR_ECANCEL;
    if (*q.best >= (int64_t)q.p) *q.best = 0; // from a file
    if (q.is[PHASE] == APART) {
        bool fine;
        GR_TRY(apart(s, &q, &fine));
        q.is[PHASE] = fine ? AXES : PAIRS;
        if (fine) return GR_OK;
    }
    if (q.is[PHASE] == PAIRS) return pairs(s, &q);
    while (q.is[PHASE] == MODEL && !q.is[OVER]) {
        double curve, delta = *q.delta;
        if (!gr_quadratic_fit(s, &q)) break;
        if (q.is[SPREAD]) return spread(s, &q);
        double gain = gr_trust_step(q.m, q.gy, q.hy, q.lo, q.hi, 1, q.d, &curve, q.room);
        double length = sqrt(gr_dot(q.d, q.d, q.m)) * delta;
        if (length >= *q.rho / 2 && gain < 0) return descend(s, &q, gain, length);
        *q.delta = *q.delta / 10 <= 1.5 * *q.rho ? *q.rho : *q.delta / 10;
        if (!is_true(&q, curve) && is_spread(&q, delta))
            q.is[SPREAD] = 1;
        else
            shrink(s, &q);
    }
    if (q.is[OVER]) return s->cut = GR_STOP_ENDED, GR_ECANCEL;
    return axes(s, &q);
}

static void cloud(const gr_solver *s, gr_cloud *c)
{
    model q = model_of(s);
    *c = (gr_cloud){q.x, q.f, q.p};
}

const gr_solver_type gr_solver_quadratic = {
    .name = "quadratic",
    .about = "a quadratic through the last points, minimised in a trust region; few evaluations",
    .source = "Powell (2002, 2004); Conn, Scheinberg and Vicente (2009)",
    .options = options,
    .stop = "cog(1e-12,100)",
    .evaluations = 10000,
    .init = init,
    .begin = begin,
    .step = step,
    .cloud = cloud,
};
