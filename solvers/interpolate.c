// SPDX-License-Identifier: BSD-3-Clause
#include "solvers/interpolate.h"
#include "solvers/rows_part.h"
#include "solvers/trust.h"
#include <math.h>
#include <string.h>

size_t gr_interpolation_kept(size_t m, size_t p) { return (p + m + 1) * (p + m + 1); }
size_t gr_interpolation_room(size_t m, size_t p) { return p * m + 3 * (p + m + 1); }

gr_interpolation gr_interpolation_of(size_t m, size_t p, double *kept, double *room)
{
    gr_interpolation q = {.m = m, .p = p, .w = p + m + 1, .inverse = kept, .z = room};
    q.weight = q.z + p * m, q.u = q.weight + q.w, q.row = q.u + q.w;
    return q;
}

// ---- the inverse ----

// A row for each point, one for the constant, m for the slope.
static void equations(const gr_interpolation *q)
{
    size_t m = q->m, p = q->p, w = q->w;
    double *a = q->inverse;
    memset(a, 0, w * w * sizeof *a);
    for (size_t i = 0; i < p; i++) {
        const double *z = q->z + i * m;
        for (size_t j = 0; j <= i; j++) {
            double both = gr_dot(z, q->z + j * m, m);
            a[i * w + j] = a[j * w + i] = both * both / 2;
        }
        a[i * w + p] = a[p * w + i] = 1;
        for (size_t k = 0; k < m; k++) a[i * w + p + 1 + k] = a[(p + 1 + k) * w + i] = z[k];
    }
}

// As symmetric as what it is the inverse of, in spite of rounding.
static void mirror(size_t w, double *a)
{
    for (size_t i = 0; i < w; i++)
        for (size_t j = 0; j < i; j++)
            a[i * w + j] = a[j * w + i] = (a[i * w + j] + a[j * w + i]) / 2;
}

bool gr_interpolation_begin(const gr_interpolation *q)
{
    equations(q);
    if (!gr_invert(q->w, q->inverse, q->u)) return false;
    mirror(q->w, q->inverse);
    return true;
}

// to := inverse v; by rows, which are columns, too.
static void multiply(const gr_interpolation *q, size_t n, const double *v, double *to)
{
    memset(to, 0, q->w * sizeof *to);
    for (size_t i = 0; i < n; i++)
        if (v[i] != 0) gr_add(q->w, v[i], q->inverse + i * q->w, to);
}

void gr_interpolation_weights(const gr_interpolation *q, const double *z)
{
    for (size_t j = 0; j < q->p; j++) {
        double both = gr_dot(q->z + j * q->m, z, q->m);
        q->row[j] = both * both / 2;
    }
    q->row[q->p] = 1;
    memcpy(q->row + q->p + 1, z, q->m * sizeof *z);
    multiply(q, q->w, q->row, q->weight);
}

bool gr_interpolation_exchange(const gr_interpolation *q, size_t j, const double *z)
{
    size_t w = q->w;
    double *a = q->inverse, *c = q->u, *d = q->weight, size = gr_dot(z, z, q->m);
    double alpha = a[j * w + j], tau = d[j], beta = size * size / 2 - gr_dot(q->row, d, w);
    double sigma = alpha * beta + tau * tau;
    // Both parts are at least 0, but for rounding; next to nothing is left of a point that is
    // there.
    double least = fmax(tau * tau / 2, 1e-12 * fabs(alpha) * size * size);
    if (!(sigma > least) || !isfinite(sigma)) return false;
    memcpy(c, a + j * w, w * sizeof *c);
    for (size_t i = 0; i < w; i++) d[i] = (i == j) - d[i];
    for (size_t i = 0; i < w; i++) {
        double by_d = (alpha * d[i] + tau * c[i]) / sigma,
               by_c = (tau * d[i] - beta * c[i]) / sigma;
        double *restrict row = a + i * w;
        for (size_t k = 0; k < w; k++) row[k] += by_d * d[k] + by_c * c[k];
    }
    return true;
}

// ---- quadratics ----

// The change that the solution u stands for.
static void expand(const gr_interpolation *q, double *g, double *h)
{
    size_t m = q->m;
    for (size_t j = 0; j < q->p; j++)
        for (size_t a = 0; a < m; a++)
            gr_add(m, q->u[j] * q->z[j * m + a], q->z + j * m, h + a * m);
    gr_add(m, 1, q->u + q->p + 1, g);
}

static double value_at(const gr_interpolation *q, const double *z, const double *g, const double *h)
{
    size_t m = q->m;
    memset(q->u, 0, m * sizeof *q->u);
    for (size_t a = 0; a < m; a++) gr_add(m, z[a], h + a * m, q->u);
    return gr_dot(g, z, m) + gr_dot(q->u, z, m) / 2;
}

void gr_interpolation_fit(const gr_interpolation *q, const double *value, size_t from, double *g,
                          double *h)
{
    double there = value_at(q, q->z + from * q->m, g, h);
    for (size_t j = 0; j < q->p; j++)
        q->row[j] = value[j] - (value_at(q, q->z + j * q->m, g, h) - there);
    multiply(q, q->p, q->row, q->u);
    expand(q, g, h);
}

void gr_interpolation_lagrange(const gr_interpolation *q, size_t j, double *g, double *h)
{
    memset(g, 0, q->m * sizeof *g);
    memset(h, 0, q->m * q->m * sizeof *h);
    memcpy(q->u, q->inverse + j * q->w, q->w * sizeof *q->u);
    expand(q, g, h);
}
