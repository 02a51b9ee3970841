// SPDX-License-Identifier: BSD-3-Clause
// Step 6: many starts.
// A descent ends at the bottom of the valley in which it begins. So begin often: restarts_descend
// goes down from a start that stream i of the seed draws, and tells where it ended (x), with what
// cost (f), and how many evaluations it made. Of all p->n starts, 0 to n - 1: p->best is the
// least cost and where it lies (f, x0, x1; INFINITY, 0, 0 if none was found), *p->minima is how
// many different minima there are among them (restarts_same compares two), and *p->evaluations is
// what all of that cost. A descent that begins where the cost has no value may end with f =
// INFINITY: it has found no minimum, and its evaluations were made nevertheless.
#include "lessons/19_optimizers/optimizers.h"
#include <stdlib.h>
#include <string.h>

// seen (n, 2): room for the minima that were found.
static gr_status search(restarts *p, double (*seen)[2])
{
    // TODO: many starts, not one; count all evaluations, and each minimum once
    double x[2] = {0, 0}, f = INFINITY;
    *p->evaluations = *p->minima = 0;
    if (p->n > 0) GR_TRY(restarts_descend(p->seed, 0, x, &f, p->evaluations));
    p->best[0] = f, p->best[1] = x[0], p->best[2] = x[1];
    (void)seen, (void)restarts_same;
    return GR_OK;
}

gr_status exercise(void *problem, int workers)
{
    restarts *p = problem;
    (void)workers;
    double(*seen)[2] = calloc(p->n + 1, sizeof *seen);
    if (!seen) return gr_fail(GR_ENOMEM, "restarts: out of memory");
    gr_status status = search(p, seen);
    free(seen);
    return status;
}
