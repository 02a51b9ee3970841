// SPDX-License-Identifier: BSD-3-Clause
// Wrong: takes the old value on the left: a different algorithm.
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
        double err = 0, left = 0;
        for (size_t i = 1; i + 1 < n; i++)
            for (size_t j = 1; j + 1 < n; j++) {
                double *c = p->u + i * n + j, tmp = *c;
                *c = ((*(c - n) + *(c + n)) * dy2 + ((j == 1 ? *(c - 1) : left) + *(c + 1)) * dx2) *
                     dnr_inv;
                left = tmp;
                err += (*c - tmp) * (*c - tmp);
            }
        p->errors[k] = sqrt(err);
    }
    return GR_OK;
}
