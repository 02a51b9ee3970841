// SPDX-License-Identifier: BSD-3-Clause
// The model of the solver `quadratic`: it goes through all points, and its inverse is mended from
// step to step; after a while, or far from its base, it is made anew.
#include "solvers/quadratic_part.h"
#include "solvers/rows_part.h"
#include <math.h>
#include <string.h>

static const double FAR = 10; // radii that the best point may be away from the base

static const double *best_z(const gr_quadratic *q) { return q->in.z + (size_t)*q->best * q->m; }

double gr_quadratic_z(const gr_quadratic *q, const double *x, size_t i)
{
    return (x[(size_t)q->free[i]] - q->base[i]) / (q->width[i] * *q->scale);
}

static void measure(const gr_solver *s, const gr_quadratic *q)
{
    const double *best = q->x + (size_t)*q->best * q->n;
    for (size_t j = 0; j < q->p; j++)
        for (size_t i = 0; i < q->m; i++)
            q->in.z[j * q->m + i] = gr_quadratic_z(q, q->x + j * q->n, i);
    for (size_t i = 0; i < q->m; i++) {
        size_t k = (size_t)q->free[i];
        double unit = q->width[i] * *q->delta;
        q->lo[i] = (s->lo[k] - best[k]) / unit, q->hi[i] = (s->hi[k] - best[k]) / unit;
    }
}

double gr_quadratic_distance(const gr_quadratic *q, const double *a, const double *b)
{
    double sum = 0;
    for (size_t i = 0; i < q->m; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sqrt(sum) * (*q->scale / *q->delta);
}

// What the model takes for an infinite cost: worse than all others.
static double ceiling(const gr_quadratic *q)
{
    double most = -INFINITY, least = q->f[*q->best];
    for (size_t j = 0; j < q->p; j++)
        if (isfinite(q->f[j])) most = fmax(most, q->f[j]);
    return isfinite(most) ? most + 10 * (most - least) + 1e-300 : 0;
}

void gr_quadratic_about_best(const gr_quadratic *q, const double *g, const double *h, double *gy,
                             double *hy)
{
    double unit = *q->delta / *q->scale;
    for (size_t i = 0; i < q->m; i++) {
        gy[i] = (g[i] + gr_dot(h + i * q->m, best_z(q), q->m)) * unit;
        for (size_t k = 0; k < q->m; k++) hy[i * q->m + k] = h[i * q->m + k] * unit * unit;
    }
}

// The best point becomes the base, the radius the scale, and the inverse is made.
static bool begin_anew(const gr_solver *s, const gr_quadratic *q)
{
    const double *best = q->x + (size_t)*q->best * q->n;
    gr_quadratic_about_best(q, q->g, q->h, q->gy, q->hy);
    memcpy(q->g, q->gy, q->m * sizeof *q->g);
    memcpy(q->h, q->hy, q->m * q->m * sizeof *q->h);
    for (size_t i = 0; i < q->m; i++) q->base[i] = best[(size_t)q->free[i]];
    *q->scale = *q->delta;
    measure(s, q);
    *q->age = gr_interpolation_begin(&q->in);
    return *q->age;
}

static bool is_finite(const double *a, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += a[i] * 0;
    return sum == 0;
}

bool gr_quadratic_fit(const gr_solver *s, const gr_quadratic *q)
{
    size_t m = q->m;
    double most = ceiling(q), best = fmin(q->f[*q->best], most);
    measure(s, q);
    bool far = sqrt(gr_dot(best_z(q), best_z(q), m)) * *q->scale > FAR * *q->delta;
    if ((*q->age < 1 || *q->age >= GR_QUADRATIC_OLD || far) && !begin_anew(s, q)) return false;
    for (size_t j = 0; j < q->p; j++) {
        q->value[j] = fmin(q->f[j], most) - best;
        q->far[j] = gr_quadratic_distance(q, q->in.z + j * m, best_z(q));
    }
    gr_interpolation_fit(&q->in, q->value, (size_t)*q->best, q->g, q->h);
    gr_quadratic_about_best(q, q->g, q->h, q->gy, q->hy);
    return is_finite(q->gy, m) && is_finite(q->hy, m * m);
}
