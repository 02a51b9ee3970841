// SPDX-License-Identifier: BSD-3-Clause
// Steps on the augmented Lagrangian (solvers/lagrangian_part.h).
//
// Its Hessian is the Lagrangian's and m times the sum of the squares of what pushes. The second
// part is stiff, and known from slopes; the first is mild, hardly changes from round to round, and
// is what SR1 learns. Which inequalities push changes along a step, so the model of one is tried
// with those that push at its beginning, at the end that this gives, and so on. Source: A. Conn, N.
// Gould and P. Toint, Trust-Region Methods (SIAM, 2000), chapters 6 and 17.4.
#include "solvers/lagrangian_part.h"
#include "solvers/trust.h"
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS = 300, MODELS = 6, HALVINGS = 40 };

gr_status gr_newton_new(gr_newton *q, const gr_lagrangian *l)
{
    size_t n = l->n, m = l->m;
    size_t room = 2 * n * n + 7 * n + m * n + m + gr_trust_room(n);
    *q = (gr_newton){.b = calloc(room, sizeof *q->b), .on = calloc(m + 1, sizeof *q->on)};
    if (!q->b || !q->on) return gr_fail(GR_ENOMEM, "constraints: out of memory");
    q->h = q->b + n * n, q->g = q->h + n * n, q->slope = q->g + n, q->normal = q->slope + n;
    q->push = q->normal + m * n, q->d = q->push + m, q->to = q->d + n, q->lo = q->to + n;
    q->hi = q->lo + n, q->trial = q->hi + n, q->scratch = q->trial + n;
    for (size_t k = 0; k < n; k++) q->b[k * n + k] = 1;
    return GR_OK;
}

void gr_newton_free(gr_newton *q)
{
    free(q->b), free(q->on);
    q->b = NULL, q->on = NULL;
}

static double dot(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t k = 0; k < n; k++) sum += a[k] * b[k];
    return sum;
}

// ---- the model of a step ----

// g and h of the constraints that are on; the others do not push.
static void fill(gr_newton *q, const gr_lagrangian *l)
{
    size_t n = l->n;
    memcpy(q->h, q->b, n * n * sizeof *q->h);
    memcpy(q->g, l->slope, n * sizeof *q->g);
    for (size_t i = 0; i < l->m; i++) {
        const double *c = l->normal + i * n;
        if (!q->on[i]) continue;
        for (size_t j = 0; j < n; j++) {
            q->g[j] += q->push[i] * c[j];
            for (size_t k = 0; k < n; k++) q->h[j * n + k] += l->weight * c[j] * c[k];
        }
    }
}

// What a step is to change, each constraint pushing where it does; sets who does at its end.
// *same: as it was set before.
static double promise_of(gr_newton *q, const gr_lagrangian *l, const double *d, bool *same)
{
    size_t n = l->n;
    double sum = dot(l->slope, d, n);
    *same = true;
    for (size_t k = 0; k < n; k++) sum += d[k] * dot(q->b + k * n, d, n) / 2;
    for (size_t i = 0; i < l->m; i++) {
        double before = gr_lagrangian_force(l, i, q->push[i]), step = dot(l->normal + i * n, d, n);
        double after = gr_lagrangian_force(l, i, q->push[i] + l->weight * step);
        sum += (after - before) * (after + before) / (2 * l->weight);
        *same &= q->on[i] == (after != 0);
        q->on[i] = after != 0;
    }
    return sum;
}

// trial: down the projected gradient, as far as the model falls, or less far where more constraints
// come to push (Cauchy's point); what it promises. A model's least within bounds is not always
// found, but a part of what this step promises is enough to converge.
static double steepest(gr_newton *q, const gr_lagrangian *l, const double *x, bool *same)
{
    size_t n = l->n;
    double *p = q->trial, far = q->radius, bend = 0;
    memcpy(p, q->g, n * sizeof *p);
    gr_lagrangian_project(l, x, p);
    double fall = dot(p, p, n), length = sqrt(fall);
    far = length > 0 ? far / length : 0;
    for (size_t k = 0; k < n; k++) {
        bend += p[k] * dot(q->h + k * n, p, n);
        if (p[k] != 0) far = fmin(far, (p[k] > 0 ? q->lo[k] : q->hi[k]) / -p[k]);
    }
    double t = bend > 0 ? fmin(far, fall / bend) : far;
    for (size_t k = 0; k < n; k++) p[k] *= -t;
    double promise = promise_of(q, l, p, same);
    for (int i = 0; i < HALVINGS && !(promise < -0.1 * t * fall); i++, t /= 2) {
        for (size_t k = 0; k < n; k++) p[k] /= 2;
        promise = promise_of(q, l, p, same);
    }
    return promise;
}

static double least_in_ball(gr_newton *q, const gr_lagrangian *l, bool *same)
{
    double curve;
    gr_trust_step(l->n, q->g, q->h, q->lo, q->hi, q->radius, q->trial, &curve, q->scratch);
    return promise_of(q, l, q->trial, same);
}

// d: the best step of some models, and what it is to change; 0: none promises anything.
static double best_step(gr_newton *q, const gr_lagrangian *l, const double *x)
{
    double least = 0;
    bool same = false;
    memset(q->d, 0, l->n * sizeof *q->d);
    for (int try = 0; try <= MODELS && !same; try++) {
        for (size_t i = 0; i < l->m && try < 2; i++)
            q->on[i] = gr_lagrangian_force(l, i, q->push[i]) != 0;
        fill(q, l);
        double promise = try ? least_in_ball(q, l, &same) : steepest(q, l, x, &same);
        same &= try > 0;
        if (!(promise < least)) continue;
        least = promise;
        memcpy(q->d, q->trial, l->n * sizeof *q->d);
    }
    return least;
}

// ---- a step ----

// What the step d changed in the Lagrangian's gradient, with the multipliers of its end, is learnt.
static void learn(gr_newton *q, const gr_lagrangian *l, const double *x)
{
    size_t n = l->n;
    double *r = q->g; // filled anew by whoever needs it next
    for (size_t k = 0; k < n; k++) r[k] = l->slope[k] - q->slope[k] - dot(q->b + k * n, q->d, n);
    for (size_t i = 0; i < l->m; i++) {
        double v = gr_lagrangian_force(l, i, gr_lagrangian_push(l, i, x));
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
    double blur;
    for (size_t k = 0; k < l->n; k++) {
        q->lo[k] = l->p->lo ? l->p->lo[k] - x[k] : -INFINITY;
        q->hi[k] = l->p->hi ? l->p->hi[k] - x[k] : INFINITY;
    }
    for (size_t i = 0; i < l->m; i++) q->push[i] = gr_lagrangian_push(l, i, x);
    double promise = best_step(q, l, x);
    for (size_t k = 0; k < l->n; k++) {
        q->to[k] = x[k] + q->d[k];
        if (l->p->lo && (q->d[k] <= q->lo[k] || q->to[k] < l->p->lo[k])) q->to[k] = l->p->lo[k];
        if (l->p->hi && (q->d[k] >= q->hi[k] || q->to[k] > l->p->hi[k])) q->to[k] = l->p->hi[k];
        q->d[k] = q->to[k] - x[k];
    }
    GR_TRY(gr_lagrangian_cost(q->to, l->n, l, next));
    blur = 10 * DBL_EPSILON * fmax(1, fabs(f));
    *gain = promise < 0 ? (*next - f - blur) / (promise - blur) : -INFINITY;
    return GR_OK;
}

// x becomes the point that the step led to, with its slopes.
static gr_status take(gr_newton *q, gr_lagrangian *l, double *x)
{
    memcpy(q->slope, l->slope, l->n * sizeof *q->slope);
    memcpy(q->normal, l->normal, l->m * l->n * sizeof *q->normal);
    memcpy(x, q->to, l->n * sizeof *x);
    GR_TRY(gr_lagrangian_gradient(x, l->n, l, q->g)); // its slopes
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
        if (gr_lagrangian_project(l, x, q->g) <= tolerance) break;
        GR_TRY(attempt(q, l, x, f, &next, &gain));
        double length = sqrt(dot(q->d, q->d, l->n));
        if (!(length > 0)) break;
        if (gain > 1e-4) {
            GR_TRY(take(q, l, x));
            f = next;
        }
        if (!(gain > 0.25)) q->radius = fmin(length, q->radius) / 4;
        if (gain > 0.75 && length > 0.8 * q->radius) q->radius *= 2;
    }
    return GR_OK;
}
