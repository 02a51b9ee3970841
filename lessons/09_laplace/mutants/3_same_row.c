// SPDX-License-Identifier: BSD-3-Clause
// Wrong: runs the second sweep on the row of the first: it reads points that are not done.
#include "lessons/09_laplace/laplace.h"
#include <math.h>

static inline double update(double *c, size_t n, double dx2, double dy2, double dnr_inv)
{
    double tmp = *c;
    *c = ((*(c - n) + *(c + n)) * dy2 + (*(c - 1) + *(c + 1)) * dx2) * dnr_inv;
    double diff = *c - tmp;
    return diff * diff;
}

gr_status exercise(void *problem, int workers)
{
    (void)workers;
    gr_laplace *p = problem;
    const size_t n = p->n;
    for (size_t k = 0; k < p->steps; k++) p->errors[k] = 0;
    if (n < 3) return GR_OK;
    const double dx2 = p->dx2, dy2 = p->dy2, dnr_inv = p->dnr_inv;
    double *u = p->u;
    size_t k = 0;
    for (; k + 2 <= p->steps; k += 2) {
        double first = 0, second = 0;
        for (size_t j = 1; j < n - 1; j++) first += update(u + n + j, n, dx2, dy2, dnr_inv);
        for (size_t i = 2; i < n - 1; i++)
            for (size_t j = 1; j < n - 1; j++) {
                first += update(u + i * n + j, n, dx2, dy2, dnr_inv);
                second += update(u + i * n + j, n, dx2, dy2, dnr_inv);
            }
        for (size_t j = 1; j < n - 1; j++)
            second += update(u + (n - 2) * n + j, n, dx2, dy2, dnr_inv);
        p->errors[k] = sqrt(first);
        p->errors[k + 1] = sqrt(second);
    }
    for (; k < p->steps; k++) {
        double err = 0;
        for (size_t i = 1; i < n - 1; i++)
            for (size_t j = 1; j < n - 1; j++) err += update(u + i * n + j, n, dx2, dy2, dnr_inv);
        p->errors[k] = sqrt(err);
    }
    return GR_OK;
}
