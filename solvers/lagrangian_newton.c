// SPDX-License-Identifier: BSD-3-Clause
// Steps on the augmented Lagrangian (solvers/lagrangian_part.h).
//
// Its Hessian is the Lagrangian's and m times the sum of the squares of what pushes. The second
// part is stiff, and known from slopes; the first is mild, hardly changes from round to round, and
// is what SR1 learns. Source: A. Conn, N. Gould and P. Toint, Trust-Region Methods (SIAM, 2000),
// chapters 6 and 17.4.
#include "solvers/lagrangian_part.h"
#include "solvers/trust.h"
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS = 300 };

gr_status gr_newton_new(gr_newton *q, const gr_lagrangian *l)
{
    size_t n = l->n, m = l->m;
    *q = (gr_newton){.b = calloc(2 * n * n + 6 * n + m * n + m + gr_trust_room(n), sizeof *q->b)};
    if (!q->b) return gr_fail(GR_ENOMEM, "constraints: out of memory");
    q->h = q->b + n * n, q->slope = q->h + n * n, q->normal = q->slope + n;
    q->g = q->normal + m * n, q->d = q->g + n, q->to = q->d + n, q->lo = q->to + n;
    q->hi = q->lo + n, q->force = q->hi + n, q->scratch = q->force + m;
    for (size_t k = 0; k < n; k++) q->b[k * n + k] = 1;
    return GR_OK;
}

void gr_newton_free(gr_newton *q)
{
    free(q->b);
    q->b = NULL;
}

static double dot(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t k = 0; k < n; k++) sum += a[k] * b[k];
    return sum;
}

// h = b + m sum c c', over what pushes at x.
static void fill(gr_newton *q, const gr_lagrangian *l, const double *x)
{
    size_t n = l->n;
    memcpy(q->h, q->b, n * n * sizeof *q->h);
    for (size_t i = 0; i < l->m; i++) {
        const double *c = l->normal + i * n;
        if (gr_lagrangian_force(l, i, x) == 0 && !gr_constraints_equality(l->c, i)) continue;
        for (size_t j = 0; j < n; j++)
            for (size_t k = 0; k < n; k++) q->h[j * n + k] += l->weight * c[j] * c[k];
    }
}

// What the step d changed in the Lagrangian's gradient, with the multipliers of its end, is learnt.
static void learn(gr_newton *q, const gr_lagrangian *l, const double *x)
{
    size_t n = l->n;
    double *r = q->g; // filled anew by whoever needs it next
    for (size_t k = 0; k < n; k++) r[k] = l->slope[k] - q->slope[k] - dot(q->b + k * n, q->d, n);
    for (size_t i = 0; i < l->m; i++) {
        double v = gr_lagrangian_force(l, i, x);
        for (size_t k = 0; k < n && v != 0; k++)
            r[k] += v * (l->normal[i * n + k] - q->normal[i * n + k]);
    }
    double bend = dot(r, q->d, n);
    if (!(fabs(bend) > 1e-8 * sqrt(dot(r, r, n) * dot(q->d, q->d, n)))) return;
    for (size_t j = 0; j < n; j++)
        for (size_t k = 0; k < n; k++) q->b[j * n + k] += r[j] * r[k] / bend;
}

// A step from x, where the value is *f; *gain: of what was promised, how much came true. Beyond its
// digits a value tells nothing, and the promise is believed.
static gr_status attempt(gr_newton *q, gr_lagrangian *l, const double *x, double f, double *next,
                         double *gain)
{
    double curve, blur;
    for (size_t k = 0; k < l->n; k++) {
        q->lo[k] = l->p->lo ? l->p->lo[k] - x[k] : -INFINITY;
        q->hi[k] = l->p->hi ? l->p->hi[k] - x[k] : INFINITY;
    }
    fill(q, l, x);
    double promise =
        gr_trust_step(l->n, q->g, q->h, q->lo, q->hi, q->radius, q->d, &curve, q->scratch);
    for (size_t k = 0; k < l->n; k++) {
        q->to[k] = x[k] + q->d[k];
        if (l->p->lo && (q->d[k] <= q->lo[k] || q->to[k] < l->p->lo[k])) q->to[k] = l->p->lo[k];
        if (l->p->hi && (q->d[k] >= q->hi[k] || q->to[k] > l->p->hi[k])) q->to[k] = l->p->hi[k];
        q->d[k] = q->to[k] - x[k];
    }
    GR_TRY(gr_lagrangian_cost(q->to, l->n, l, next));
    blur = 10 * DBL_EPSILON * fmax(1, fabs(f));
    *gain = (*next - f - blur) / (promise - blur);
    return GR_OK;
}

// x becomes the point that the step led to, with its slopes.
static gr_status take(gr_newton *q, gr_lagrangian *l, double *x)
{
    memcpy(q->slope, l->slope, l->n * sizeof *q->slope);
    memcpy(q->normal, l->normal, l->m * l->n * sizeof *q->normal);
    memcpy(x, q->to, l->n * sizeof *x);
    GR_TRY(gr_lagrangian_gradient(x, l->n, l, q->g));
    learn(q, l, x);
    return GR_OK;
}

gr_status gr_newton_descend(gr_newton *q, gr_lagrangian *l, double *x, double tolerance)
{
    double f, next, gain, size = sqrt(dot(x, x, l->n));
    q->radius = fmax(1, size);
    GR_TRY(gr_lagrangian_cost(x, l->n, l, &f));
    for (int step = 0; step < STEPS && q->radius > 1e-13 * fmax(1, size); step++) {
        GR_TRY(gr_lagrangian_gradient(x, l->n, l, q->g));
        memcpy(q->to, q->g, l->n * sizeof *q->to);
        if (gr_lagrangian_project(l, x, q->to) <= tolerance) break;
        GR_TRY(attempt(q, l, x, f, &next, &gain));
        double length = sqrt(dot(q->d, q->d, l->n));
        if (gain > 1e-4) {
            GR_TRY(take(q, l, x));
            f = next;
        }
        if (!(gain > 0.25)) q->radius = fmin(length, q->radius) / 4;
        if (gain > 0.75 && length > 0.8 * q->radius) q->radius *= 2;
    }
    return GR_OK;
}
