// SPDX-License-Identifier: BSD-3-Clause
// The squares that the test needs are those that the next iteration begins with. zy comes first: it
// needs the old zx, while the new zx needs only the squares.
#include "lessons/10_mandelbrot/mandelbrot.h"

static int escape(double x, double y, int steps)
{
    double zx = x, zy = y, xx = zx * zx, yy = zy * zy;
    for (int k = 0; k < steps; k++) {
        zy = 2 * zx * zy + y;
        zx = xx - yy + x;
        xx = zx * zx;
        yy = zy * zy;
        if (xx + yy >= 4) return k;
    }
    return -1;
}

gr_status exercise(void *problem, int workers)
{
    mandelbrot *m = problem;
    (void)workers;
    for (size_t j = 0; j < m->n; j++)
        for (size_t i = 0; i < m->n; i++)
            m->counts[j * m->n + i] = escape(m->x[i], m->y[j], m->steps);
    return GR_OK;
}
