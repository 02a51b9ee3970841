// SPDX-License-Identifier: BSD-3-Clause
// Step 4: is it a minimum?
// Within walls, a minimum is not where the slope of the cost is 0, but where the walls hold it:
// the conditions of Karush, Kuhn and Tucker. For two inequalities with values q->value[j], slopes
// q->normal[j] and multipliers q->multiplier[j], all within tolerance:
// - KKT_BROKEN unless every value is at most 0;
// - KKT_SIGN unless no multiplier is negative: a wall pushes, it does not pull;
// - KKT_SLACK unless multiplier times value is 0: a wall that is not touched does not push;
// - KKT_SLOPE unless slope + sum of multiplier * normal is 0, in both coordinates: the forces
// cancel;
// - KKT_HOLDS else.
// The first that is seen counts. A NAN anywhere must not pass for fine: it fails the first
// condition that it takes part in.
#include "lessons/20_constraints/constrained.h"

static kkt_verdict judge(const kkt_point *q, double tolerance)
{
    for (int k = 0; k < 2; k++) // TODO: this would do if there were no walls
        if (fabs(q->slope[k]) > tolerance) return KKT_SLOPE;
    return KKT_HOLDS;
}

gr_status exercise(void *problem, int workers)
{
    kkt *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) p->verdict[i] = judge(&p->point[i], p->tolerance);
    return GR_OK;
}
