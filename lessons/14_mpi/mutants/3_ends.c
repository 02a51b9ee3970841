// SPDX-License-Identifier: BSD-3-Clause
// Wrong: the line through the first and the last point.
#include "lessons/14_mpi/messages.h"
#include <math.h>

gr_status exercise(void *problem, int workers)
{
    latency *p = problem;
    double w = 0, wx = 0, wy = 0;
    (void)workers;
    p->line[0] = p->line[1] = NAN;
    if (p->n < 2) return GR_OK;
    for (size_t i = 0; i < p->n; i++) {
        double x = p->bytes[i], y = p->seconds[i];
        double weight = 1 / (y * y);
        w += weight, wx += weight * x, wy += weight * y;
    }
    p->line[1] = (p->seconds[p->n - 1] - p->seconds[0]) / (p->bytes[p->n - 1] - p->bytes[0]);
    p->line[0] = (wy - p->line[1] * wx) / w;
    return GR_OK;
}
