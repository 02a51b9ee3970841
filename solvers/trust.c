// SPDX-License-Identifier: BSD-3-Clause
#include "solvers/trust.h"
#include <float.h>
#include <math.h>
#include <string.h>

// ---- eigenvalues ----

static double beside_diagonal(size_t n, const double *a)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) sum += a[i * n + j] * a[i * n + j];
    return sqrt(sum);
}

// Columns p and q of m (n, n), with a stride between their elements, turned.
static void turn(size_t n, double *p, double *q, size_t stride, double c, double s)
{
    for (size_t i = 0; i < n; i++, p += stride, q += stride) {
        double a = *p, b = *q;
        *p = c * a - s * b;
        *q = s * a + c * b;
    }
}

static void rotate(size_t n, double *a, double *v, size_t p, size_t q)
{
    double x = a[p * n + q];
    if (x == 0) return;
    double half = (a[q * n + q] - a[p * n + p]) / (2 * x);
    double t = (half >= 0 ? 1 : -1) / (fabs(half) + sqrt(half * half + 1));
    double c = 1 / sqrt(t * t + 1), s = t * c;
    turn(n, a + p, a + q, n, c, s);
    turn(n, a + p * n, a + q * n, 1, c, s);
    turn(n, v + p, v + q, n, c, s);
    a[p * n + q] = a[q * n + p] = 0; // but for rounding
}

void gr_eigen(size_t n, double *a, double *e, double *v)
{
    enum { SWEEPS = 50 };
    double whole = 0;
    for (size_t i = 0; i < n * n; i++) whole = fmax(whole, fabs(a[i])), v[i] = 0;
    for (size_t i = 0; i < n; i++) v[i * n + i] = 1;
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
        if (!(beside_diagonal(n, a) > 1e-15 * whole)) break;
        for (size_t p = 0; p < n; p++)
            for (size_t q = p + 1; q < n; q++) rotate(n, a, v, p, q);
    }
    for (size_t i = 0; i < n; i++) e[i] = a[i * n + i];
}

// ---- the least value in a ball ----

typedef struct ball {
    size_t n;
    double *h, *v, *e, *b, *d; // (n, n), (n, n), (n): eigenvalues, gradient and step in their axes
} ball;

// The length of the step -b / (e + shift), which is left in d.
static double length(const ball *q, double shift)
{
    double sum = 0;
    for (size_t i = 0; i < q->n; i++) {
        double e = q->e[i] + shift;
        q->d[i] = q->b[i] == 0 ? 0 : -q->b[i] / (e > DBL_MIN ? e : DBL_MIN);
        sum += q->d[i] * q->d[i];
    }
    return sqrt(sum);
}

// On the sphere: the shift of the eigenvalues for which the step is as long as the radius; where
// the gradient has no part in the lowest axis, along that one.
static void to_sphere(const ball *q, size_t low, double radius)
{
    enum { HALVINGS = 200 };
    double down = fmax(0, -q->e[low]), size = 0, a, b;
    for (size_t i = 0; i < q->n; i++) size += q->b[i] * q->b[i];
    a = down, b = down + sqrt(size) / radius;
    for (int i = 0; i < HALVINGS && a < b; i++) {
        double middle = a + (b - a) / 2;
        if (middle == a || middle == b) break;
        *(length(q, middle) > radius ? &a : &b) = middle;
    }
    double far = length(q, b), rest = radius * radius - far * far;
    if (q->e[low] < 0 && rest > 1e-10 * radius * radius)
        q->d[low] += copysign(sqrt(rest), q->d[low]);
}

// x (n) := the least of g'x + x'hx/2 in the ball; h is lost. Returns the least eigenvalue if that
// lies inside, else 0.
static double in_ball(ball q, const double *g, double radius, double *x)
{
    size_t n = q.n, low = 0;
    gr_eigen(n, q.h, q.e, q.v);
    for (size_t i = 0; i < n; i++) {
        q.b[i] = 0;
        for (size_t k = 0; k < n; k++) q.b[i] += q.v[k * n + i] * g[k];
        if (q.e[i] < q.e[low]) low = i;
    }
    bool inside = q.e[low] > 0 && length(&q, 0) <= radius;
    if (!inside) to_sphere(&q, low, radius);
    for (size_t k = 0; k < n; k++) {
        x[k] = 0;
        for (size_t i = 0; i < n; i++) x[k] += q.v[k * n + i] * q.d[i];
    }
    return inside ? q.e[low] : 0;
}

// ---- with bounds ----

size_t gr_trust_room(size_t n) { return 2 * n * n + 6 * n; }

static double value(size_t n, const double *g, const double *h, const double *d)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        double row = 0;
        for (size_t j = 0; j < n; j++) row += h[i * n + j] * d[j];
        sum += d[i] * (g[i] + row / 2);
    }
    return sum;
}

// How much of step x from d fits the bounds, and which coordinate meets one first.
static double fits(size_t m, const double *free, const double *x, const double *lo,
                   const double *hi, size_t *first)
{
    double part = 1;
    for (size_t i = 0; i < m; i++) {
        size_t k = (size_t)free[i];
        double bound = x[i] < 0 ? lo[k] : hi[k];
        if (x[i] != 0 && !(bound / x[i] >= part)) part = fmax(bound / x[i], 0), *first = i;
    }
    return part;
}

// The model of the free coordinates, with the others where d has them.
static void reduce(size_t n, size_t m, const double *free, const double *g, const double *h,
                   const double *d, double *to_g, double *to_h)
{
    for (size_t i = 0; i < m; i++) {
        size_t k = (size_t)free[i];
        to_g[i] = g[k];
        for (size_t j = 0; j < n; j++) to_g[i] += h[k * n + j] * d[j];
        for (size_t j = 0; j < m; j++) to_h[i * m + j] = h[k * n + (size_t)free[j]];
    }
}

double gr_trust_step(size_t n, const double *g, const double *h, const double *lo, const double *hi,
                     double radius, double *d, double *curve, double *scratch)
{
    double *free = scratch, *to_g = free + n, *x = to_g + n, left = radius * radius;
    ball q = {.h = x + n};
    q.v = q.h + n * n, q.e = q.v + n * n, q.b = q.e + n, q.d = q.b + n;
    size_t m = n;
    for (size_t k = 0; k < n; k++) free[k] = (double)k, d[k] = 0;
    *curve = 0;
    while (m > 0 && left > 0) {
        size_t first = m;
        reduce(n, m, free, g, h, d, to_g, q.h);
        q.n = m;
        double low = in_ball(q, to_g, sqrt(left), x);
        fits(m, free, x, lo, hi, &first);
        if (first == m) {
            for (size_t i = 0; i < m; i++) d[(size_t)free[i]] = x[i];
            if (m == n) *curve = low;
            break;
        }
        size_t k = (size_t)free[first];
        d[k] = x[first] < 0 ? lo[k] : hi[k];
        left -= d[k] * d[k];
        memmove(free + first, free + first + 1, (--m - first) * sizeof *free);
    }
    double least = value(n, g, h, d);
    if (least <= 0) return least;
    memset(d, 0, n * sizeof *d);
    return 0;
}

// ---- linear systems ----

static void exchange(size_t n, double *a, size_t i, size_t j)
{
    for (size_t k = 0; k < n; k++) {
        double swap = a[i * n + k];
        a[i * n + k] = a[j * n + k];
        a[j * n + k] = swap;
    }
}

static double largest(const double *a, size_t n)
{
    double most = 0;
    for (size_t i = 0; i < n; i++) most = fabs(a[i]) > most ? fabs(a[i]) : most;
    return most;
}

static void subtract(size_t n, double part, const double *restrict from, double *restrict to)
{
    for (size_t k = 0; k < n; k++) to[k] -= part * from[k];
}

bool gr_lu(size_t n, double *a, double *pivot)
{
    double whole = largest(a, n * n);
    for (size_t j = 0; j < n; j++) {
        size_t best = j;
        for (size_t i = j + 1; i < n; i++)
            if (fabs(a[i * n + j]) > fabs(a[best * n + j])) best = i;
        pivot[j] = (double)best;
        if (!(fabs(a[best * n + j]) > 1e-20 * whole)) return false;
        if (best != j) exchange(n, a, j, best);
        for (size_t i = j + 1; i < n; i++) {
            double part = a[i * n + j] /= a[j * n + j];
            if (part != 0) subtract(n - j - 1, part, a + j * n + j + 1, a + i * n + j + 1);
        }
    }
    return true;
}

void gr_lu_solve(size_t n, const double *a, const double *pivot, double *b)
{
    for (size_t i = 0; i < n; i++) {
        size_t from = (size_t)pivot[i];
        double swap = b[i];
        b[i] = b[from], b[from] = swap;
    }
    for (size_t i = 1; i < n; i++)
        for (size_t k = 0; k < i; k++) b[i] -= a[i * n + k] * b[k];
    for (size_t i = n; i-- > 0;) {
        for (size_t k = i + 1; k < n; k++) b[i] -= a[i * n + k] * b[k];
        b[i] /= a[i * n + i];
    }
}
