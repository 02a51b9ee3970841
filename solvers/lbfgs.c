// SPDX-License-Identifier: BSD-3-Clause
// lbfgs -- quasi-Newton steps from the last few gradients, projected onto the bounds.
//
// Gradients are the problem's, if it has them; else forward differences, and central ones from
// where these find no way down any more; their costs are evaluated together. Each step searches
// backwards along the projected path from a full step. A coordinate that lies at a bound and would
// leave it is held. When no step lowers the cost the memory is dropped; when not even the steepest
// descent does, there is no further step. Source: J. Nocedal, Math. Comp. 35 (1980) 773; D.
// Bertsekas, SIAM J. Control Optim. 20 (1982) 221.
#include "solvers/solver_type.h"
#include <float.h>
#include <math.h>
#include <string.h>

enum { MEMORY, DIFFERENCES };
enum { HALVINGS = 40 };

static const char *const ways[] = {"forward", "central", NULL};

static const gr_solver_option options[] = {
    {"memory", "steps whose gradients are remembered", 10, 1, 100, NULL, true},
    {"differences", "forward: central ones only where it needs them", 0, 0, 1, ways, true},
    {0},
};

typedef struct descent {
    size_t n, m;
    double *x, *g, *f, *gain; // (n), (n); the cost, and what the last step gained
    double *s, *y;            // (m, n) steps, and changes of the gradient
    double *d, *to, *slope;   // (n) scratch: direction, next point, its gradient
    double *probe, *value;    // (2 n, n), (2 n)
    double *alpha;            // (m)
    int64_t *known, *next;    // pairs remembered, and where the next one goes
    int64_t *twice;           // are the differences central?
} descent;

static descent descent_of(const gr_solver *s)
{
    size_t n = s->n, m = (size_t)s->option[MEMORY];
    descent q = {.n = n, .m = m, .x = s->real, .known = s->integer};
    q.next = q.known + 1, q.twice = q.next + 1;
    q.g = q.x + n, q.s = q.g + n, q.y = q.s + m * n, q.f = q.y + m * n, q.gain = q.f + 1;
    q.d = s->scratch, q.to = q.d + n, q.slope = q.to + n, q.probe = q.slope + n;
    q.value = q.probe + 2 * n * n, q.alpha = q.value + 2 * n;
    return q;
}

static gr_status init(gr_solver *s)
{
    size_t n = s->n, m = (size_t)s->option[MEMORY];
    GR_TRY(gr_solver_room(s, 2 * n + 2 * m * n + 2, 3, 3 * n + 2 * n * n + 2 * n + m,
                          4 * (n + HALVINGS + 1)));
    descent q = descent_of(s);
    memcpy(q.x, s->x0, n * sizeof *q.x);
    *q.twice = s->problem->gradient || s->option[DIFFERENCES] > 0;
    s->index_most = (int64_t)m;
    return GR_OK;
}

// ---- the gradient ----

// One coordinate of x moved by h, or as far as the bounds allow.
static double moved(const gr_solver *s, const double *x, size_t k, double h)
{
    return fmin(fmax(x[k] + h, s->lo[k]), s->hi[k]);
}

static gr_status central(gr_solver *s, const descent *q, const double *x, double *g)
{
    size_t n = q->n;
    for (size_t k = 0; k < n; k++) {
        double h = cbrt(DBL_EPSILON) * fmax(1, fabs(x[k])), *above = q->probe + 2 * k * n;
        double *below = above + n;
        memcpy(above, x, n * sizeof *above);
        memcpy(below, x, n * sizeof *below);
        above[k] = moved(s, x, k, h);
        below[k] = moved(s, x, k, -h);
    }
    GR_TRY(gr_solver_eval(s, q->probe, q->value, 2 * n));
    for (size_t k = 0; k < n; k++) {
        double wide = q->probe[2 * k * n + k] - q->probe[(2 * k + 1) * n + k];
        double slope = (q->value[2 * k] - q->value[2 * k + 1]) / wide;
        g[k] = isfinite(slope) ? slope : 0;
    }
    return GR_OK;
}

static gr_status forward(gr_solver *s, const descent *q, const double *x, double f, double *g)
{
    size_t n = q->n;
    for (size_t k = 0; k < n; k++) {
        double h = sqrt(DBL_EPSILON) * fmax(1, fabs(x[k])), *above = q->probe + k * n;
        memcpy(above, x, n * sizeof *above);
        above[k] = moved(s, x, k, x[k] + h <= s->hi[k] ? h : -h);
    }
    GR_TRY(gr_solver_eval(s, q->probe, q->value, n));
    for (size_t k = 0; k < n; k++) {
        double slope = (q->value[k] - f) / (q->probe[k * n + k] - x[k]);
        g[k] = isfinite(slope) ? slope : 0;
    }
    return GR_OK;
}

static gr_status given(const gr_solver *s, const double *x, double *g)
{
    GR_TRY(s->problem->gradient(x, s->n, s->problem->context, g));
    for (size_t k = 0; k < s->n; k++) g[k] = isfinite(g[k]) ? s->sign * g[k] : 0;
    return GR_OK;
}

// g (n) at x (n), where the cost is f.
static gr_status gradient_at(gr_solver *s, const descent *q, const double *x, double f, double *g)
{
    if (s->problem->gradient) return given(s, x, g);
    return *q->twice ? central(s, q, x, g) : forward(s, q, x, f, g);
}

// Zero where the descent would leave the bounds.
static void project(const gr_solver *s, const double *x, double *g)
{
    for (size_t k = 0; k < s->n; k++)
        if ((x[k] <= s->lo[k] && g[k] > 0) || (x[k] >= s->hi[k] && g[k] < 0)) g[k] = 0;
}

static gr_status slope_at(gr_solver *s, const descent *q, const double *x, double f, double *g)
{
    GR_TRY(gradient_at(s, q, x, f, g));
    project(s, x, g);
    return GR_OK;
}

static gr_status begin(gr_solver *s)
{
    descent q = descent_of(s);
    GR_TRY(gr_solver_eval(s, q.x, q.f, 1));
    return slope_at(s, &q, q.x, *q.f, q.g);
}

// ---- the direction ----

static double dot(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t k = 0; k < n; k++) sum += a[k] * b[k];
    return sum;
}

// The i-th pair from the newest.
static size_t place(const descent *q, int64_t i)
{
    return (size_t)((*q->next + 2 * (int64_t)q->m - 1 - i) % (int64_t)q->m) * q->n;
}

// Nocedal's two loops: d = -H g.
static void direction(const descent *q)
{
    size_t n = q->n;
    for (size_t k = 0; k < n; k++) q->d[k] = -q->g[k];
    for (int64_t i = 0; i < *q->known; i++) {
        const double *s = q->s + place(q, i), *y = q->y + place(q, i);
        q->alpha[i] = dot(s, q->d, n) / dot(s, y, n);
        for (size_t k = 0; k < n; k++) q->d[k] -= q->alpha[i] * y[k];
    }
    const double *y = q->y + place(q, 0);
    double size = *q->known ? dot(q->s + place(q, 0), y, n) / dot(y, y, n)
                            : 1 / fmax(1, sqrt(dot(q->g, q->g, n)));
    for (size_t k = 0; k < n; k++) q->d[k] *= size;
    for (int64_t i = *q->known - 1; i >= 0; i--) {
        const double *a = q->s + place(q, i), *b = q->y + place(q, i);
        double beta = dot(b, q->d, n) / dot(a, b, n);
        for (size_t k = 0; k < n; k++) q->d[k] += (q->alpha[i] - beta) * a[k];
    }
    for (size_t k = 0; k < n; k++)
        if (q->g[k] == 0) q->d[k] = 0; // held, or flat
}

// ---- the step ----

// Where a search ended: `to`, with this cost.
typedef struct trial {
    double f;
    bool found; // did it fall enough?
    bool poor;  // or by far less than the slope promised: is that one true?
} trial;

// Where costs differ by less than their digits, a gradient that is given still tells: is the slope
// along the way from x to `to` not much above 0 yet? Source: W. Hager and H. Zhang, SIAM J. Optim.
// 16 (2005) 170, their approximate Wolfe conditions.
static gr_status is_flat(gr_solver *s, const descent *q, const trial *t, double fall, bool *flat)
{
    double blur = 10 * DBL_EPSILON * fabs(*q->f), rise = 0;
    *flat = false;
    if (!s->problem->gradient || !(fall < 0) || !(fabs(t->f - *q->f) <= blur)) return GR_OK;
    GR_TRY(given(s, q->to, q->slope));
    for (size_t k = 0; k < q->n; k++) rise += q->slope[k] * (q->to[k] - q->x[k]);
    *flat = rise <= -0.9 * fall;
    return GR_OK;
}

// Backwards along the projected path, until the cost falls enough (Armijo).
static gr_status search(gr_solver *s, const descent *q, trial *t)
{
    double a = 1;
    *t = (trial){.poor = true};
    if (!(dot(q->d, q->g, q->n) < 0)) return GR_OK;
    for (int i = 0; i < HALVINGS && !t->found; i++, a /= 2) {
        double fall = 0;
        for (size_t k = 0; k < q->n; k++) q->to[k] = q->x[k] + a * q->d[k];
        gr_solver_clip(s, q->to);
        for (size_t k = 0; k < q->n; k++) fall += q->g[k] * (q->to[k] - q->x[k]);
        GR_TRY(gr_solver_eval(s, q->to, &t->f, 1));
        double gain = *q->f - t->f;
        t->found = t->f <= *q->f + 1e-4 * fall && gain > 0;
        t->poor = !t->found || gain < -0.01 * fall || gain < 1e-10 * fabs(*q->f);
        if (!t->found) GR_TRY(is_flat(s, q, t, fall, &t->found));
    }
    return GR_OK;
}

static void remember(const descent *q)
{
    size_t n = q->n, at = (size_t)*q->next * n;
    for (size_t k = 0; k < n; k++) {
        q->s[at + k] = q->to[k] - q->x[k];
        q->y[at + k] = q->slope[k] - q->g[k];
    }
    double curve = dot(q->s + at, q->y + at, n), size = dot(q->y + at, q->y + at, n);
    if (!(curve > DBL_EPSILON * size)) return;
    *q->next = (*q->next + 1) % (int64_t)q->m;
    if (*q->known < (int64_t)q->m) ++*q->known;
}

static gr_status move(gr_solver *s, const descent *q, const trial *t)
{
    GR_TRY(slope_at(s, q, q->to, t->f, q->slope));
    remember(q);
    *q->f = t->f;
    memcpy(q->x, q->to, q->n * sizeof *q->x);
    memcpy(q->g, q->slope, q->n * sizeof *q->g);
    return GR_OK;
}

static gr_status descend(gr_solver *s, const descent *q, trial *t)
{
    direction(q);
    return search(s, q, t);
}

static gr_status step(gr_solver *s)
{
    descent q = descent_of(s);
    double before = *q.f;
    trial t;
    if (*q.next >= (int64_t)q.m) *q.next = 0; // from a file
    GR_TRY(descend(s, &q, &t));
    if (t.poor && !*q.twice) { // what the rest of the step does is seen by better slopes
        *q.twice = 1;
        GR_TRY(t.found ? move(s, &q, &t) : slope_at(s, &q, q.x, *q.f, q.g));
        GR_TRY(descend(s, &q, &t));
    }
    if (!t.found && *q.known > 0) {
        *q.known = 0;
        GR_TRY(descend(s, &q, &t));
    }
    if (!t.found) return s->cut = GR_STOP_ENDED, GR_ECANCEL;
    GR_TRY(move(s, &q, &t));
    *q.gain = before - *q.f;
    return GR_OK;
}

static double gain(const gr_solver *s) { return *descent_of(s).gain; }
static const double *gradient(const gr_solver *s) { return descent_of(s).g; }

const gr_solver_type gr_solver_lbfgs = {
    .name = "lbfgs",
    .about = "quasi-Newton steps from the last gradients, by differences; in bounds",
    .source = "Nocedal (1980); Bertsekas (1982)",
    .options = options,
    .stop = "reduction(1e-14) or gradient(1e-7)",
    .evaluations = 20000,
    .init = init,
    .begin = begin,
    .step = step,
    .gain = gain,
    .gradient = gradient,
};
