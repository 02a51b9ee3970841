// SPDX-License-Identifier: BSD-3-Clause
// One block, and the division once instead of at every point.
#include "lessons/09_laplace/laplace.h"
#include <math.h>

gr_status exercise(void *problem, int workers)
{
    (void)workers;
    gr_laplace *p = problem;
    const size_t n = p->n;
    const double dx2 = p->dx2, dy2 = p->dy2;
    const double dnr_inv = 1.0 / (2.0 * (dx2 + dy2));
    for (size_t k = 0; k < p->steps; k++) {
        double err = 0;
        for (size_t i = 1; i + 1 < n; i++)
            for (size_t j = 1; j + 1 < n; j++) {
                double *c = p->u + i * n + j, tmp = *c;
                *c = ((*(c - n) + *(c + n)) * dy2 + (*(c - 1) + *(c + 1)) * dx2) * dnr_inv;
                err += (*c - tmp) * (*c - tmp);
            }
        p->errors[k] = sqrt(err);
    }
    return GR_OK;
}
