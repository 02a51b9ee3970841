// SPDX-License-Identifier: BSD-3-Clause
// Wrong: never shrinks: the simplex gets stuck.
#include "lessons/19_optimizers/optimizers.h"

static void move(simplex *q)
{
    size_t n = q->n;
    double best = q->f[0], second_worst = q->f[n - 1], worst = q->f[n];
    double f = simplex_try(q, 1, q->reflected);
    if (f < best) {
        double further = simplex_try(q, 2, q->other);
        bool good = further < f;
        simplex_replace(q, good ? q->other : q->reflected, good ? further : f);
    } else if (f < second_worst) {
        simplex_replace(q, q->reflected, f);
    } else {
        bool outside = f < worst;
        double nearer = simplex_try(q, outside ? 0.5 : -0.5, q->other);
        if (outside ? nearer <= f : nearer < worst)
            simplex_replace(q, q->other, nearer);
        else
            simplex_replace(q, q->reflected, f);
    }
}

gr_status exercise(void *problem, int workers)
{
    (void)workers;
    return simplex_run(problem, move);
}
