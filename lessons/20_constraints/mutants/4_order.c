// SPDX-License-Identifier: BSD-3-Clause
// Wrong: the sign comes before what is broken.
#include "lessons/20_constraints/constrained.h"

static kkt_verdict judge(const kkt_point *q, double tolerance)
{
    for (int j = 0; j < 2; j++)
        if (q->multiplier[j] < -tolerance) return KKT_SIGN;
    for (int j = 0; j < 2; j++)
        if (!(q->value[j] <= tolerance)) return KKT_BROKEN;
    for (int j = 0; j < 2; j++)
        if (!(q->multiplier[j] >= -tolerance)) return KKT_SIGN;
    for (int j = 0; j < 2; j++)
        if (!(fabs(q->multiplier[j] * q->value[j]) <= tolerance)) return KKT_SLACK;
    for (int k = 0; k < 2; k++) {
        double sum = q->slope[k];
        for (int j = 0; j < 2; j++) sum += q->multiplier[j] * q->normal[j][k];
        if (!(fabs(sum) <= tolerance)) return KKT_SLOPE;
    }
    return KKT_HOLDS;
}

gr_status exercise(void *problem, int workers)
{
    kkt *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) p->verdict[i] = judge(&p->point[i], p->tolerance);
    return GR_OK;
}
