// SPDX-License-Identifier: BSD-3-Clause
// Step 3: two Gauss-Seidel sweeps in one pass.
// In `hoisted` every point waits some 12 cycles for its left neighbour. The next sweep does not:
// as soon as the first sweep has passed (i, j), the second may update (i - 1, j), for everything
// that this reads is final. Go over the rows once: first sweep on row i, second sweep on row i - 1,
// in the same inner loop. The result is the sequential one bit for bit, errors included.
#include "lessons/09_laplace/laplace.h"
#include <math.h>

// The formula at c, in place; returns the new value, which is the next point's `left`. It stays in
// a register: stored and loaded again, it would take twice as long on its way to the next point.
static inline double update(double *c, double left, const gr_laplace *p, double *err)
{
    const size_t n = p->n;
    double tmp = *c;
    double next = ((*(c - n) + *(c + n)) * p->dy2 + (left + *(c + 1)) * p->dx2) * p->dnr_inv;
    *err += (next - tmp) * (next - tmp);
    return *c = next;
}

gr_status exercise(void *problem, int workers)
{
    (void)workers;
    const gr_laplace local = *(gr_laplace *)problem, *p = &local; // no store to u can change these
    const size_t n = p->n;
    double *u = p->u;
    for (size_t k = 0; k < p->steps; k++) p->errors[k] = 0;
    if (n < 3) return GR_OK;
    size_t k = 0;
    for (; k + 2 <= p->steps; k += 2) {
        // TODO: sweeps k and k + 1 in one pass: rows 1 .. n-2 for the first, a row behind for the
        // second, each with a `left` of its own. Which rows have only one of the two?
    }
    // An odd number of sweeps: the last one alone.
    for (; k < p->steps; k++) {
        double err = 0;
        for (size_t i = 1; i < n - 1; i++) {
            double left = u[i * n];
            for (size_t j = 1; j < n - 1; j++) left = update(u + i * n + j, left, p, &err);
        }
        p->errors[k] = sqrt(err);
    }
    return GR_OK;
}
