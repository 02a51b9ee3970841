// SPDX-License-Identifier: BSD-3-Clause
#include "solvers/lagrangian_part.h"
#include "solvers/trust.h"
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

gr_status gr_lagrangian_new(gr_lagrangian *l, const gr_problem *p, const gr_constraints *c)
{
    size_t n = p->n, m = gr_constraints_count(c);
    *l = (gr_lagrangian){.p = p, .c = c, .n = n, .m = m, .weight = 10, .scale = 1};
    l->most = INT64_MAX;
    l->scales = calloc(4 * m + 3 * n + m * n, sizeof *l->scales);
    if (!l->scales) return gr_fail(GR_ENOMEM, "constraints: out of memory");
    l->multiplier = l->scales + m, l->side = l->multiplier + m;
    l->length = l->side + m, l->slope = l->length + m;
    l->at = l->slope + n, l->probe = l->at + n, l->normal = l->probe + n;
    for (size_t i = 0; i < m; i++) l->scales[i] = 1;
    return GR_OK;
}

void gr_lagrangian_end(gr_lagrangian *l)
{
    free(l->scales);
    l->scales = NULL;
}

// ---- values ----

static gr_status cost_at(gr_lagrangian *l, const double *x, double *f)
{
    l->cut = l->asked && *l->asked       ? GR_STOP_ASKED
             : l->evaluations >= l->most ? GR_STOP_EVALUATIONS
                                         : GR_STOP_NOT;
    if (l->cut) return GR_ECANCEL;
    l->evaluations++;
    GR_TRY(l->p->cost(x, l->n, l->p->context, f));
    *f *= l->p->maximise ? -l->scale : l->scale;
    return GR_OK;
}

static double constraint_at(const gr_lagrangian *l, size_t i, const double *x)
{
    return l->scales[i] * gr_constraints_value(l->c, i, x);
}

double gr_lagrangian_push(const gr_lagrangian *l, size_t i, const double *x)
{
    return l->multiplier[i] + l->weight * constraint_at(l, i, x);
}

double gr_lagrangian_force(const gr_lagrangian *l, size_t i, double push)
{
    return push < 0 && !gr_constraints_equality(l->c, i) ? 0 : push;
}

static double force_at(const gr_lagrangian *l, size_t i, const double *x)
{
    return gr_lagrangian_force(l, i, gr_lagrangian_push(l, i, x));
}

gr_status gr_lagrangian_cost(const double *x, size_t n, void *context, double *f)
{
    gr_lagrangian *l = context;
    (void)n;
    GR_TRY(cost_at(l, x, f));
    for (size_t i = 0; i < l->m; i++) {
        double v = force_at(l, i, x);
        *f += v * v / (2 * l->weight);
    }
    return GR_OK;
}

// ---- slopes ----

// sum weight * f(x + offset h) / h.
typedef struct stencil {
    int points;
    double offset[5], weight[5];
} stencil;

static const stencil central = {2, {-1, 1}, {-0.5, 0.5}}, ahead = {3, {0, 1, 2}, {-1.5, 2, -0.5}},
                     sharp = {4, {-2, -1, 1, 2}, {1 / 12.0, -2 / 3.0, 2 / 3.0, -1 / 12.0}},
                     sharp_ahead = {5, {0, 1, 2, 3, 4}, {-25 / 12.0, 4, -3, 4 / 3.0, -0.25}};

// Which stencil keeps coordinate k within its bounds, and with which step: backwards if it is
// below 0; 0 if there is no room at all.
static const stencil *stencil_of(const gr_lagrangian *l, size_t k, bool fine, double *h)
{
    double lo = l->p->lo ? l->p->lo[k] : -INFINITY, hi = l->p->hi ? l->p->hi[k] : INFINITY;
    double x = l->probe[k], below = x - lo, above = hi - x, size = fmax(1, fabs(x));
    int reach = fine ? 2 : 1;
    *h = size * (fine ? 1e-4 : cbrt(DBL_EPSILON));
    if (below >= reach * *h && above >= reach * *h) return fine ? &sharp : &central;
    *h = fmin(*h, fmax(below, above) / (2 * reach));
    if (above < below) *h = -*h;
    return fine ? &sharp_ahead : &ahead;
}

static gr_status slope_of_cost(gr_lagrangian *l, size_t k)
{
    double h, x = l->probe[k], sum = 0;
    const stencil *s = stencil_of(l, k, l->sharp, &h);
    gr_status status = GR_OK;
    for (int i = 0; i < s->points && h != 0 && !status; i++) {
        double f = NAN;
        l->probe[k] = x + s->offset[i] * h;
        status = cost_at(l, l->probe, &f);
        sum += s->weight[i] * f;
    }
    l->probe[k] = x;
    bool fine = h == 0 || isfinite(sum / h);
    l->slope[k] = h != 0 && fine ? sum / h : 0;
    l->blind |= !fine;
    return status;
}

// Constraints cost nothing: always sharp.
static void slopes_of_constraints(gr_lagrangian *l, size_t k)
{
    double h, x = l->probe[k];
    const stencil *s = stencil_of(l, k, true, &h);
    memset(l->side, 0, l->m * sizeof *l->side);
    for (int i = 0; i < s->points && h != 0; i++) {
        l->probe[k] = x + s->offset[i] * h;
        for (size_t j = 0; j < l->m; j++)
            l->side[j] += s->weight[i] * constraint_at(l, j, l->probe) / h;
    }
    l->probe[k] = x;
    for (size_t j = 0; j < l->m; j++)
        l->normal[j * l->n + k] = isfinite(l->side[j]) ? l->side[j] : 0;
}

// Cost and constraints, at x.
static gr_status slopes(gr_lagrangian *l, const double *x)
{
    if (l->known && !memcmp(x, l->at, l->n * sizeof *x)) return GR_OK;
    l->known = l->blind = false;
    memcpy(l->probe, x, l->n * sizeof *x);
    for (size_t k = 0; k < l->n; k++) {
        GR_TRY(slope_of_cost(l, k));
        slopes_of_constraints(l, k);
    }
    memcpy(l->at, x, l->n * sizeof *x);
    l->known = true;
    return GR_OK;
}

gr_status gr_lagrangian_gradient(const double *x, size_t n, void *context, double *g)
{
    gr_lagrangian *l = context;
    GR_TRY(slopes(l, x));
    memcpy(g, l->slope, n * sizeof *g);
    for (size_t i = 0; i < l->m; i++) {
        double v = force_at(l, i, x);
        for (size_t k = 0; k < n && v != 0; k++) g[k] += v * l->normal[i * n + k];
    }
    return GR_OK;
}

gr_problem gr_lagrangian_problem(gr_lagrangian *l)
{
    return (gr_problem){.name = l->p->name,
                        .cost = gr_lagrangian_cost,
                        .gradient = gr_lagrangian_gradient,
                        .context = l,
                        .n = l->n,
                        .lo = l->p->lo,
                        .hi = l->p->hi};
}

// ---- scales ----

static double largest(const double *v, size_t n)
{
    double most = 0;
    for (size_t k = 0; k < n; k++) most = fmax(most, fabs(v[k]));
    return most;
}

gr_status gr_lagrangian_rescale(gr_lagrangian *l, const double *x)
{
    GR_TRY(slopes(l, x));
    l->scale /= fmax(1, largest(l->slope, l->n));
    for (size_t i = 0; i < l->m; i++) {
        double size = largest(l->normal + i * l->n, l->n);
        l->scales[i] /= fmax(1, size);
        l->length[i] = fmin(1, size);
    }
    return l->known = false, GR_OK;
}

// ---- the conditions of a minimum ----

double gr_lagrangian_update(gr_lagrangian *l, const double *x)
{
    static const double most = 1e20;
    double far = 0;
    for (size_t i = 0; i < l->m; i++) {
        double v = force_at(l, i, x);
        far = fmax(far, fabs(v - l->multiplier[i]) / l->weight);
        l->multiplier[i] = fmin(fmax(v, -most), most);
    }
    return far;
}

// What the bounds hold does not count: that is their multipliers' affair, which are added to *sum.
static double free_part(const gr_lagrangian *l, const double *x, size_t k, double g, double *sum)
{
    bool below = l->p->lo && x[k] <= l->p->lo[k] && g > 0;
    bool above = l->p->hi && x[k] >= l->p->hi[k] && g < 0;
    if (below || above) *sum += fabs(g);
    return below || above ? 0 : fabs(g);
}

double gr_lagrangian_project(const gr_lagrangian *l, const double *x, double *g)
{
    double sum = 0, most = 0;
    for (size_t k = 0; k < l->n; k++) {
        double left = free_part(l, x, k, g[k], &sum);
        if (left == 0) g[k] = 0;
        most = fmax(most, left);
    }
    return most;
}

gr_status gr_lagrangian_judge(gr_lagrangian *l, const double *x, gr_constrained *r)
{
    double sum = 0;
    GR_TRY(slopes(l, x));
    r->broken = gr_constraints_broken(l->c, x);
    r->stationarity = r->slack = 0;
    for (size_t k = 0; k < l->n; k++) {
        double g = l->slope[k];
        for (size_t i = 0; i < l->m; i++) g += l->multiplier[i] * l->normal[i * l->n + k];
        r->stationarity = fmax(r->stationarity, free_part(l, x, k, g / l->scale, &sum));
    }
    for (size_t i = 0; i < l->m; i++) {
        double multiplier = l->multiplier[i] * l->scales[i] / l->scale;
        sum += fabs(multiplier);
        if (gr_constraints_equality(l->c, i)) continue;
        r->slack = fmax(r->slack, fabs(multiplier * gr_constraints_value(l->c, i, x)));
    }
    double size = fmax(1, sum / (double)(l->n + l->m) / 100);
    r->stationarity = l->blind ? NAN : r->stationarity / size;
    r->slack /= size;
    return GR_OK;
}

// ---- do multipliers exist? ----

static bool holds(const gr_lagrangian *l, size_t i, const double *x)
{
    return gr_constraints_equality(l->c, i) || constraint_at(l, i, x) > -1e-4;
}

// Row i of l->normal as one of unit length, in units of x, without the coordinates that bounds
// hold.
static void unit_row(const gr_lagrangian *l, size_t i, const double *x, double *row)
{
    double size = l->length[i];
    for (size_t k = 0; k < l->n; k++) {
        row[k] = l->normal[i * l->n + k] * fmax(1, fabs(x[k]));
        size = fmax(size, fabs(row[k]));
    }
    for (size_t k = 0; k < l->n; k++) {
        bool bound = (l->p->lo && x[k] <= l->p->lo[k]) || (l->p->hi && x[k] >= l->p->hi[k]);
        row[k] = bound || !(size > 0) ? 0 : row[k] / size;
    }
}

double gr_lagrangian_rank(const gr_lagrangian *l, const double *x)
{
    size_t m = l->m, n = l->n;
    size_t rows = 0;
    double least = INFINITY, *row = calloc(m * n + 2 * m * m + 3 * m + 1, sizeof *row);
    if (!row) return NAN;
    double *square = row + m * n, *v = square + m * m, *e = v + m * m, *scratch = e + m;
    for (size_t i = 0; i < m; i++)
        if (holds(l, i, x)) unit_row(l, i, x, row + rows++ * n);
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < rows; j++)
            for (size_t k = 0; k < n; k++) square[i * rows + j] += row[i * n + k] * row[j * n + k];
    if (rows) gr_eigen(rows, square, e, v, scratch);
    for (size_t i = 0; i < rows; i++) least = fmin(least, e[i]);
    free(row);
    return sqrt(fmax(0, least));
}
