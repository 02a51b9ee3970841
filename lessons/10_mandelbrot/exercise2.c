// SPDX-License-Identifier: BSD-3-Clause
// Step 2: four points in one register.
//
// A `vec` is four doubles: + - * work on all four lanes at once (vectors.h). The lanes hold four
// neighbours of a row. They escape at different times, so there is no `return k` here. Keep a mask
// instead: -1 in the lanes that are alive, 0 in the others; subtracting it from `count` counts for
// the living alone. Once a lane is dead it stays dead, whatever its numbers do later. Stop when no
// lane is alive. x may be read beyond its end, counts may not: mask_store_ints writes what fits.
#include "lessons/10_mandelbrot/mandelbrot.h"
#include "lessons/10_mandelbrot/vectors.h"

// Points i .. i+3 of row j: the iteration in which each escapes, or -1.
static mask escape(const mandelbrot *m, size_t i, size_t j)
{
    vec x = vec_load(m->x + i), y = vec_all(m->y[j]), zx = x, zy = y;
    mask alive = mask_all(true), count = mask_all(false);
    // TODO: the loop over m->steps iterations. (xx + yy < 4.0) is a mask; mask_any asks.
    (void)zx, (void)zy;
    return count | alive; // -1 has all bits set: whatever is counted, a lane still alive gives -1
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
