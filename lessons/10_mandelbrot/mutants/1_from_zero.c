// SPDX-License-Identifier: BSD-3-Clause
// Wrong: starts at z = 0, as most books do, so every count is one larger.
#include "lessons/10_mandelbrot/mandelbrot.h"

static int escape(double x, double y, int steps)
{
    double zx = 0, zy = 0, xx = zx * zx, yy = zy * zy;
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
