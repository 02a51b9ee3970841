// SPDX-License-Identifier: BSD-3-Clause
// Step 2: from whole-array operations to one pass.
// The rung `numpy` makes a new array for every operation of the formula and goes over memory a
// dozen times a sweep. Write one sweep as one pass: read `old`, write `u`, and take the difference
// for the error while the new value is still in a register. The loop below has already found which
// array is which, so that after the last sweep the result is in p->u.
#include "lessons/09_laplace/laplace.h"
#include <math.h>

// Returns the sum of (new - old)^2. old, u: (n, n); both have the edges already.
static double sweep(const gr_laplace *p, const double *old, double *u)
{
    double err = 0;
    // TODO: the loops over the interior; compute from `old` only.
    (void)p;
    (void)old;
    (void)u;
    return err;
}

gr_status exercise(void *problem, int workers)
{
    (void)workers;
    gr_laplace *p = problem;
    for (size_t k = 0; k < p->steps; k++) {
        bool from_u = (p->steps - k) % 2 == 0;
        p->errors[k] = sqrt(sweep(p, from_u ? p->u : p->other, from_u ? p->other : p->u));
    }
    return GR_OK;
}
