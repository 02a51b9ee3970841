// SPDX-License-Identifier: BSD-3-Clause
// ((a + b x) / y - 1)^2 is (a + b x - y)^2 / y^2: the same formula, every point with the weight
// 1 / y^2.
#include "lessons/14_mpi/messages.h"
#include <math.h>

gr_status exercise(void *problem, int workers)
{
    latency *p = problem;
    double w = 0, wx = 0, wy = 0, wxx = 0, wxy = 0;
    (void)workers;
    p->line[0] = p->line[1] = NAN;
    if (p->n < 2) return GR_OK;
    for (size_t i = 0; i < p->n; i++) {
        double x = p->bytes[i], y = p->seconds[i];
        double weight = 1 / (y * y);
        w += weight, wx += weight * x, wy += weight * y;
        wxx += weight * x * x, wxy += weight * x * y;
    }
    p->line[1] = (w * wxy - wx * wy) / (w * wxx - wx * wx);
    p->line[0] = (wy - p->line[1] * wx) / w;
    return GR_OK;
}
