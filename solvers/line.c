// SPDX-License-Identifier: BSD-3-Clause
#include "solvers/line.h"
#include <math.h>
#include <string.h>

enum { BRACKETS = 1000, CUTS = 500 };
static const double GOLDEN = 1.618034, FARTHEST = 110, TINY = 1e-21;

typedef struct line {
    gr_solver *s;
    const double *x, *d;
    double lo, hi; // within the bounds
    double *probe;
} line;

// A step along the line, and the cost there.
typedef struct spot {
    double a, f;
} spot;

void gr_line_range(const gr_solver *s, const double *x, const double *d, double *lo, double *hi)
{
    *lo = -INFINITY, *hi = INFINITY;
    for (size_t k = 0; k < s->n; k++) {
        if (d[k] == 0) continue;
        double a = (s->lo[k] - x[k]) / d[k], b = (s->hi[k] - x[k]) / d[k];
        *lo = fmax(*lo, fmin(a, b));
        *hi = fmin(*hi, fmax(a, b));
    }
    *lo = fmin(*lo, 0), *hi = fmax(*hi, 0);
}

static double clamp(const line *l, double a) { return a < l->lo ? l->lo : a > l->hi ? l->hi : a; }

static gr_status look(const line *l, double a, spot *p)
{
    double at = clamp(l, a);
    for (size_t k = 0; k < l->s->n; k++) l->probe[k] = l->x[k] + at * l->d[k];
    gr_solver_clip(l->s, l->probe);
    p->a = a;
    return gr_solver_eval(l->s, l->probe, &p->f, 1);
}

static double beyond(const spot *b, const spot *c) { return c->a + GOLDEN * (c->a - b->a); }

// Where the parabola through a, b, c has its least value.
static double vertex(const spot *a, const spot *b, const spot *c)
{
    double p = (b->a - a->a) * (b->f - c->f), q = (b->a - c->a) * (b->f - a->f), d = q - p;
    return b->a - ((b->a - c->a) * q - (b->a - a->a) * p) / (fabs(d) < TINY ? 2 * TINY : 2 * d);
}

// One more point w: *found if a, b, c hold the minimum between them now.
static gr_status widen(const line *l, spot *a, spot *b, spot *c, bool *found)
{
    double at = vertex(a, b, c), far = b->a + FARTHEST * (c->a - b->a);
    spot w;
    *found = true;
    if ((at - c->a) * (b->a - at) > 0) {
        GR_TRY(look(l, at, &w));
        if (w.f < c->f) return *a = *b, *b = w, GR_OK;
        if (w.f > b->f) return *c = w, GR_OK;
        GR_TRY(look(l, beyond(b, c), &w));
    } else if ((at - far) * (far - c->a) >= 0) {
        GR_TRY(look(l, far, &w));
    } else if ((at - far) * (c->a - at) > 0) {
        GR_TRY(look(l, at, &w));
        if (w.f < c->f) {
            *b = *c, *c = w;
            GR_TRY(look(l, beyond(b, c), &w));
        }
    } else {
        GR_TRY(look(l, beyond(b, c), &w));
    }
    *a = *b, *b = *c, *c = w;
    *found = false;
    return GR_OK;
}

static gr_status bracket(const line *l, spot *a, spot *b, spot *c)
{
    bool found = false;
    GR_TRY(look(l, 0, a));
    GR_TRY(look(l, 1, b));
    if (a->f < b->f) {
        spot swap = *a;
        *a = *b, *b = swap;
    }
    GR_TRY(look(l, beyond(a, b), c));
    for (int i = 0; c->f < b->f && !found && i < BRACKETS; i++) GR_TRY(widen(l, a, b, c, &found));
    return GR_OK;
}

// Brent's state: the interval, and its three best points.
typedef struct brent {
    double a, b;
    spot x, w, v;
    double step, before; // this step, and the one before the last
} brent;

static void golden(brent *q, double middle)
{
    q->before = q->x.a >= middle ? q->a - q->x.a : q->b - q->x.a;
    q->step = 0.3819660 * q->before;
}

// The step to the parabola's vertex, if that can be trusted; else a golden section.
static void choose(brent *q, double tol)
{
    double middle = 0.5 * (q->a + q->b);
    if (fabs(q->before) <= tol) {
        golden(q, middle);
        return;
    }
    double r = (q->x.a - q->w.a) * (q->x.f - q->v.f), d = (q->x.a - q->v.a) * (q->x.f - q->w.f);
    double p = (q->x.a - q->v.a) * d - (q->x.a - q->w.a) * r, older = q->before;
    d = 2 * (d - r);
    if (d > 0) p = -p;
    d = fabs(d);
    q->before = q->step;
    if (!(p > d * (q->a - q->x.a) && p < d * (q->b - q->x.a) && fabs(p) < fabs(0.5 * d * older))) {
        golden(q, middle);
        return;
    }
    q->step = p / d;
    double u = q->x.a + q->step;
    if (u - q->a < 2 * tol || q->b - u < 2 * tol) q->step = middle - q->x.a >= 0 ? tol : -tol;
}

static void worse(brent *q, spot u)
{
    if (u.a < q->x.a)
        q->a = u.a;
    else
        q->b = u.a;
    if (u.f <= q->w.f || q->w.a == q->x.a)
        q->v = q->w, q->w = u;
    else if (u.f <= q->v.f || q->v.a == q->x.a || q->v.a == q->w.a)
        q->v = u;
}

static void better(brent *q, spot u)
{
    if (u.a >= q->x.a)
        q->a = q->x.a;
    else
        q->b = q->x.a;
    q->v = q->w, q->w = q->x, q->x = u;
}

static gr_status close_in(const line *l, brent *q, double share)
{
    for (int i = 0; i < CUTS; i++) {
        double tol = share * fabs(q->x.a) + 1e-11;
        if (fabs(q->x.a - 0.5 * (q->a + q->b)) < 2 * tol - 0.5 * (q->b - q->a)) return GR_OK;
        choose(q, tol);
        double step = fabs(q->step) < tol ? copysign(tol, q->step >= 0 ? 1 : -1) : q->step;
        spot u;
        GR_TRY(look(l, q->x.a + step, &u));
        if (u.f > q->x.f)
            worse(q, u);
        else
            better(q, u);
    }
    return GR_OK;
}

gr_status gr_line_search(gr_solver *s, double *x, double *d, double *f, double tol, double *probe)
{
    line l = {.s = s, .x = x, .d = d, .probe = probe};
    spot a, b, c;
    bool any = false;
    for (size_t k = 0; k < s->n; k++) any |= d[k] != 0;
    if (!any) return GR_OK;
    gr_line_range(s, x, d, &l.lo, &l.hi);
    GR_TRY(bracket(&l, &a, &b, &c));
    brent q = {fmin(a.a, c.a), fmax(a.a, c.a), b, b, b, 0, 0};
    GR_TRY(close_in(&l, &q, tol));
    double step = clamp(&l, q.x.a);
    for (size_t k = 0; k < s->n; k++) {
        d[k] *= step;
        x[k] += d[k];
    }
    gr_solver_clip(s, x);
    *f = q.x.f;
    return GR_OK;
}
