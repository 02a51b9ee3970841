// SPDX-License-Identifier: BSD-3-Clause
// Step 3: two Gauss-Seidel sweeps in one pass.
// In `hoisted` every point waits some 12 cycles for its left neighbour. The next sweep does not:
// as soon as the first sweep has passed (i, j), the second may update (i - 1, j), for everything
// that this reads is final. Go over the rows once: first sweep on row i, second sweep on row i - 1,
// in the same inner loop. The result is the sequential one bit for bit, errors included.
#include "lessons/09_laplace/laplace.h"
#include <math.h>

// The formula at c, in place; returns the squared difference.
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
    size_t k = 0;
    for (; k + 2 <= p->steps; k += 2) {
        // TODO: sweeps k and k + 1 in one pass: rows 1 .. n-2 for the first, a row behind for the
        // second. Which rows have only one of the two?
    }
    for (; k < p->steps; k++) { // an odd number of sweeps: the last one alone
        double err = 0;
        for (size_t i = 1; i < n - 1; i++)
            for (size_t j = 1; j < n - 1; j++)
                err += update(p->u + i * n + j, n, dx2, dy2, dnr_inv);
        p->errors[k] = sqrt(err);
    }
    return GR_OK;
}
