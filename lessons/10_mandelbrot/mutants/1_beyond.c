// SPDX-License-Identifier: BSD-3-Clause
// Wrong: writes one number behind the picture.
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
    m->counts[m->n * m->n] = -1;
    return GR_OK;
}
