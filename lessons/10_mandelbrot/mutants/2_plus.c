// SPDX-License-Identifier: BSD-3-Clause
// Wrong: adds the mask, so the counts are negative.
#include "lessons/10_mandelbrot/mandelbrot.h"
#include "lessons/10_mandelbrot/vectors.h"

static mask escape(const mandelbrot *m, size_t i, size_t j)
{
    vec x = vec_load(m->x + i), y = vec_all(m->y[j]), zx = x, zy = y, xx = zx * zx, yy = zy * zy;
    mask alive = mask_all(true), count = mask_all(false);
    for (int k = 0; k < m->steps; k++) {
        zy = 2.0 * zx * zy + y;
        zx = xx - yy + x;
        xx = zx * zx;
        yy = zy * zy;
        alive &= xx + yy < 4.0;
        if (!mask_any(alive)) break;
        count += alive;
    }
    return count | alive;
}

gr_status exercise(void *problem, int workers)
{
    mandelbrot *m = problem;
    (void)workers;
    for (size_t j = 0; j < m->n; j++)
        for (size_t i = 0; i < m->n; i += LANES)
            mask_store_ints(m->counts + j * m->n + i, escape(m, i, j), m->n - i);
    return GR_OK;
}
