// SPDX-License-Identifier: BSD-3-Clause
// Step 1: a cost.
// An optimizer sees nothing of your model but one number for each candidate: how bad is it?
// Below, the model is misfit_model(x, t), and what was measured at time t[k] is measured[k], give
// or take sigma[k]. The cost is the sum of the squares of (model - measured) / sigma, so that a
// point that was measured badly counts little. Two things happen with real data: measured[k] is
// NAN where the instrument was off (such a point does not count), and some candidates drive the
// model to infinity, or to infinity times 0, which is NAN. Nobody can compare a NAN with
// anything: make that cost INFINITY.
#include "lessons/19_optimizers/optimizers.h"

static double cost(const misfit *p, const double x[3])
{
    double sum = 0;
    for (size_t k = 0; k < p->points; k++) {
        // TODO: squares, errors, holes, and candidates without a value
        sum += misfit_model(x, p->t[k]) - p->measured[k];
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
