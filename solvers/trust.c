// SPDX-License-Identifier: BSD-3-Clause
#include "solvers/trust.h"
#include "solvers/rows_part.h"
#include <float.h>
#include <math.h>
#include <string.h>

static double largest(const double *a, size_t n)
{
    double most = 0;
    for (size_t i = 0; i < n; i++) most = fabs(a[i]) > most ? fabs(a[i]) : most;
    return most;
}

// ---- eigenvalues ----

// The mirror I - u u' that leaves of column k below the diagonal one number, into u (from k + 1).
static bool mirror_of(size_t n, size_t k, double *a, double *u)
{
    double rest = 0, size, first = a[(k + 1) * n + k];
    for (size_t i = k + 1; i < n; i++) u[i] = a[i * n + k];
    rest = gr_dot(u + k + 2, u + k + 2, n - k - 2);
    if (!(rest > 0)) return false;
    size = copysign(sqrt(first * first + rest), first);
    u[k + 1] += size;
    double scale = sqrt(2 / (u[k + 1] * u[k + 1] + rest));
    for (size_t i = k + 1; i < n; i++) u[i] *= scale;
    a[(k + 1) * n + k] = -size;
    return true;
}

// Mirrors on both sides make a tridiagonal; v (n, n) becomes their product.
static void tridiagonal(size_t n, double *a, double *v, double *u, double *w)
{
    for (size_t i = 0; i < n * n; i++) v[i] = i % (n + 1) == 0;
    for (size_t k = 0; k + 2 < n; k++) {
        size_t from = k + 1, m = n - from;
        if (!mirror_of(n, k, a, u)) continue;
        memset(w, 0, n * sizeof *w);
        for (size_t j = from; j < n; j++) gr_add(m, u[j], a + j * n + from, w + from);
        gr_add(m, -gr_dot(u + from, w + from, m) / 2, u + from, w + from);
        for (size_t i = from; i < n; i++) {
            gr_add(m, -u[i], w + from, a + i * n + from);
            gr_add(m, -w[i], u + from, a + i * n + from);
        }
        memset(w, 0, n * sizeof *w);
        for (size_t i = from; i < n; i++) gr_add(n, u[i], v + i * n, w);
        for (size_t i = from; i < n; i++) gr_add(n, -u[i], w, v + i * n);
    }
}

static void turn(size_t n, double c, double s, double *restrict low, double *restrict high)
{
    for (size_t k = 0; k < n; k++) {
        double x = low[k], y = high[k];
        low[k] = c * x - s * y;
        high[k] = s * x + c * y;
    }
}

// Rotations from row `to` up to row `from`, by an implicit shift: side[from] becomes smaller.
static void chase(size_t n, size_t from, size_t to, double *e, double *side, double *v)
{
    double half = (e[from + 1] - e[from]) / (2 * side[from]);
    double g = e[to] - e[from] + side[from] / (half + copysign(sqrt(half * half + 1), half));
    double c = 1, s = 1, shift = 0;
    for (size_t i = to; i-- > from;) {
        double f = s * side[i], b = c * side[i], r = sqrt(f * f + g * g);
        side[i + 1] = r;
        if (r == 0) { // it falls into two parts
            e[i + 1] -= shift;
            side[to] = 0;
            return;
        }
        s = f / r, c = g / r;
        g = e[i + 1] - shift;
        r = (e[i] - g) * s + 2 * c * b;
        shift = s * r;
        e[i + 1] = g + shift;
        g = c * r - b;
        turn(n, c, s, v + i * n, v + (i + 1) * n);
    }
    e[from] -= shift;
    side[from] = g, side[to] = 0;
}

// e: the diagonal, side: what stands beside it; each row of v is turned with them.
static void diagonalise(size_t n, double *e, double *side, double *v)
{
    enum { TURNS = 60 };
    for (size_t k = 0; k < n; k++)
        for (int i = 0; i < TURNS; i++) {
            size_t to = k;
            while (to + 1 < n && !(fabs(side[to]) <= DBL_EPSILON * (fabs(e[to]) + fabs(e[to + 1]))))
                to++;
            if (to == k) break;
            chase(n, k, to, e, side, v);
        }
}

void gr_eigen(size_t n, double *a, double *e, double *v, double *scratch)
{
    double whole = largest(a, n * n), scale = whole > 0 ? whole : 1, *side = scratch;
    for (size_t i = 0; i < n * n; i++) a[i] /= scale;
    tridiagonal(n, a, v, scratch, scratch + n);
    for (size_t i = 0; i < n; i++) {
        e[i] = a[i * n + i];
        side[i] = i + 1 < n ? a[(i + 1) * n + i] : 0;
    }
    diagonalise(n, e, side, v);
    for (size_t i = 0; i < n; i++) e[i] *= scale;
}

// ---- the least value in a ball ----

typedef struct ball {
    size_t n;
    double *h, *v, *e, *b, *d; // (n, n), (n, n), (n): eigenvalues, gradient and step in their axes
    double *scratch;           // (2 n)
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
    gr_eigen(n, q.h, q.e, q.v, q.scratch);
    for (size_t i = 0; i < n; i++) {
        q.b[i] = gr_dot(q.v + i * n, g, n);
        if (q.e[i] < q.e[low]) low = i;
    }
    bool inside = q.e[low] > 0 && length(&q, 0) <= radius;
    if (!inside) to_sphere(&q, low, radius);
    memset(x, 0, n * sizeof *x);
    for (size_t i = 0; i < n; i++) gr_add(n, q.d[i], q.v + i * n, x);
    return inside ? q.e[low] : 0;
}

// ---- with bounds ----

size_t gr_trust_room(size_t n) { return 2 * n * n + 8 * n; }

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
    q.v = q.h + n * n, q.e = q.v + n * n, q.b = q.e + n, q.d = q.b + n, q.scratch = q.d + n;
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

// ---- inverses ----

static void exchange(size_t n, double *a, size_t i, size_t j)
{
    for (size_t k = 0; k < n; k++) {
        double swap = a[i * n + k];
        a[i * n + k] = a[j * n + k];
        a[j * n + k] = swap;
    }
}

static void exchange_columns(size_t n, double *a, size_t i, size_t j)
{
    for (size_t k = 0; k < n && i != j; k++) {
        double swap = a[k * n + i];
        a[k * n + i] = a[k * n + j];
        a[k * n + j] = swap;
    }
}

// Gauss and Jordan: column after column becomes the inverse's.
bool gr_invert(size_t n, double *a, double *pivot)
{
    double whole = largest(a, n * n);
    for (size_t j = 0; j < n; j++) {
        size_t best = j;
        for (size_t i = j + 1; i < n; i++)
            if (fabs(a[i * n + j]) > fabs(a[best * n + j])) best = i;
        pivot[j] = (double)best;
        double *row = a + j * n, top = a[best * n + j];
        if (!(fabs(top) > 1e-20 * whole)) return false;
        if (best != j) exchange(n, a, j, best);
        row[j] = 1;
        for (size_t k = 0; k < n; k++) row[k] /= top;
        for (size_t i = 0; i < n; i++) {
            double part = a[i * n + j];
            if (i == j || part == 0) continue;
            a[i * n + j] = 0;
            gr_add(n, -part, row, a + i * n);
        }
    }
    for (size_t j = n; j-- > 0;) exchange_columns(n, a, j, (size_t)pivot[j]);
    return true;
}
