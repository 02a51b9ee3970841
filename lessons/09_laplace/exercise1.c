// SPDX-License-Identifier: BSD-3-Clause
// Step 1: one block, and nothing in the loop that does not change.
// The rung `rows` loads a row's address from a table and divides at every point. Here the grid is
// one block, u: (n, n), with (i, j) at u[i * n + j]. Write the two loops over the interior. Keep
// the formula of `rows`, but load dx2 and dy2 and divide for dnr_inv once, before the loops: the
// field must stay the same bit for bit. errors[k] is the root of the sum of squared differences.
#include "lessons/09_laplace/laplace.h"
#include <math.h>

gr_status exercise(void *problem, int workers)
{
    (void)workers;
    gr_laplace *p = problem;
    const double dx2 = p->dx2, dy2 = p->dy2;
    const double dnr_inv = 1.0 / (2.0 * (dx2 + dy2));
    for (size_t k = 0; k < p->steps; k++) {
        double err = dx2 * dy2 * dnr_inv * 0;
        // TODO: for every inner point, row by row: its new value, and err.
        p->errors[k] = sqrt(err);
    }
    return GR_OK;
}
