// SPDX-License-Identifier: BSD-3-Clause
// Step 2: Nelder and Mead's step.
// A simplex of n + 1 points walks downhill. Its vertices q->x are sorted, q->f[0] is the best
// cost, q->f[n - 1] the second worst, q->f[n] the worst. A step is about the worst vertex alone:
// mirror it at the middle of all others (simplex_try with a = 1), and then
// - it became better than the best: try twice as far (a = 2), and keep the better of the two;
// - it is better than the second worst: keep it;
// - else try half as far: on the mirrored side (a = 0.5) if the mirrored point was better than
// the worst, and keep that if it is not worse than the mirrored one; on the old side (a = -0.5)
// if it was not, and keep that if it is better than the worst;
// - nothing helped: simplex_shrink pulls all vertices towards the best.
// simplex_try counts an evaluation; make none that is not needed. Room for two trial points is in
// q->reflected and q->other.
#include "lessons/19_optimizers/optimizers.h"

static void move(simplex *q)
{
    double f = simplex_try(q, 1, q->reflected);
    // TODO: further, nearer, or shrink
    if (f < q->f[q->n]) simplex_replace(q, q->reflected, f);
}

gr_status exercise(void *problem, int workers)
{
    (void)workers;
    return simplex_run(problem, move);
}
