// SPDX-License-Identifier: BSD-3-Clause
#include "solvers/interpolate.h"
#include "solvers/trust.h"
#include <string.h>

size_t gr_interpolation_room(size_t m, size_t p)
{
    size_t w = p + m + 1;
    return p * m + w * w + 2 * w;
}

gr_interpolation gr_interpolation_of(size_t m, size_t p, double *room)
{
    gr_interpolation q = {.m = m, .p = p, .w = p + m + 1, .y = room};
    q.a = q.y + p * m, q.pivot = q.a + q.w * q.w, q.u = q.pivot + q.w;
    return q;
}

static double dot(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += a[i] * b[i];
    return sum;
}

// A row for each point, one for the constant, m for the slope.
bool gr_interpolation_prepare(const gr_interpolation *q)
{
    size_t m = q->m, p = q->p, w = q->w;
    memset(q->a, 0, w * w * sizeof *q->a);
    for (size_t i = 0; i < p; i++) {
        const double *y = q->y + i * m;
        for (size_t j = 0; j <= i; j++) {
            double both = dot(y, q->y + j * m, m);
            q->a[i * w + j] = q->a[j * w + i] = both * both / 2;
        }
        q->a[i * w + p] = q->a[p * w + i] = 1;
        for (size_t k = 0; k < m; k++) q->a[i * w + p + 1 + k] = q->a[(p + 1 + k) * w + i] = y[k];
    }
    return gr_lu(w, q->a, q->pivot);
}

// The change that the solution u stands for.
static void expand(const gr_interpolation *q, double *g, double *h)
{
    size_t m = q->m;
    for (size_t j = 0; j < q->p; j++) {
        const double *y = q->y + j * m;
        for (size_t a = 0; a < m; a++)
            for (size_t b = 0; b < m; b++) h[a * m + b] += q->u[j] * y[a] * y[b];
    }
    memcpy(g, q->u + q->p + 1, m * sizeof *g);
}

void gr_interpolation_fit(const gr_interpolation *q, const double *value, double *g, double *h)
{
    size_t m = q->m;
    memset(q->u, 0, q->w * sizeof *q->u);
    for (size_t j = 0; j < q->p; j++) {
        const double *y = q->y + j * m;
        double known = 0;
        for (size_t a = 0; a < m; a++) known += y[a] * dot(h + a * m, y, m);
        q->u[j] = value[j] - known / 2;
    }
    gr_lu_solve(q->w, q->a, q->pivot, q->u);
    expand(q, g, h);
}

void gr_interpolation_lagrange(const gr_interpolation *q, size_t j, double *g, double *h)
{
    memset(q->u, 0, q->w * sizeof *q->u);
    memset(h, 0, q->m * q->m * sizeof *h);
    q->u[j] = 1;
    gr_lu_solve(q->w, q->a, q->pivot, q->u);
    expand(q, g, h);
}

void gr_interpolation_weights(const gr_interpolation *q, const double *d, double *weight)
{
    for (size_t j = 0; j < q->p; j++) {
        double both = dot(q->y + j * q->m, d, q->m);
        weight[j] = both * both / 2;
    }
    weight[q->p] = 1;
    memcpy(weight + q->p + 1, d, q->m * sizeof *d);
    gr_lu_solve(q->w, q->a, q->pivot, weight);
}
