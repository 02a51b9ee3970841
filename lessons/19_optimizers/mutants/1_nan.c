// SPDX-License-Identifier: BSD-3-Clause
// Wrong: hands a NAN to the optimizer.
#include "lessons/19_optimizers/optimizers.h"

static double cost(const misfit *p, const double x[3])
{
    double sum = 0;
    for (size_t k = 0; k < p->points; k++) {
        if (isnan(p->measured[k])) continue;
        double off = (misfit_model(x, p->t[k]) - p->measured[k]) / p->sigma[k];
        sum += off * off;
    }
    return sum;
}

gr_status exercise(void *problem, int workers)
{
    misfit *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) p->f[i] = cost(p, p->x + 3 * i);
    return GR_OK;
}
