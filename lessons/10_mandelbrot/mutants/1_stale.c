// SPDX-License-Identifier: BSD-3-Clause
// Wrong: remembers the first picture of each size and gives it again, whatever `steps` is.
#include "lessons/10_mandelbrot/mandelbrot.h"
#include <string.h>

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

static int32_t kept[101][101 * 101];
static bool known[101];

gr_status exercise(void *problem, int workers)
{
    mandelbrot *m = problem;
    (void)workers;
    if (m->n > 100) return GR_OK;
    for (size_t p = 0; p < m->n * m->n && !known[m->n]; p++)
        kept[m->n][p] = escape(m->x[p % m->n], m->y[p / m->n], m->steps);
    known[m->n] = true;
    memcpy(m->counts, kept[m->n], m->n * m->n * sizeof *m->counts);
    return GR_OK;
}
