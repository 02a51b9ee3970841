// SPDX-License-Identifier: BSD-3-Clause
// Wrong: stops when one vector of the group is dead.
#include "lessons/10_mandelbrot/mandelbrot.h"
#include "lessons/10_mandelbrot/vectors.h"

enum { VECTORS = 4, GROUP = VECTORS * LANES };

static void escape(const mandelbrot *m, size_t i, size_t j, mask out[VECTORS])
{
    vec y = vec_all(m->y[j]), x[VECTORS], zx[VECTORS], zy[VECTORS];
    mask alive[VECTORS], count[VECTORS], living = mask_all(true);
    for (int v = 0; v < VECTORS; v++) {
        x[v] = zx[v] = vec_load(m->x + i + (size_t)v * LANES), zy[v] = y;
        alive[v] = mask_all(true), count[v] = mask_all(false);
    }
    for (int k = 0; k < m->steps && mask_any(living); k++) {
        living = mask_all(true);
        for (int v = 0; v < VECTORS; v++) {
            vec next = zx[v] * zx[v] - zy[v] * zy[v] + x[v];
            zy[v] = 2.0 * zx[v] * zy[v] + y;
            zx[v] = next;
            alive[v] &= zx[v] * zx[v] + zy[v] * zy[v] < 4.0;
            count[v] -= alive[v];
            living &= mask_any(alive[v]) ? living : mask_all(false);
        }
    }
    for (int v = 0; v < VECTORS; v++) out[v] = count[v] | alive[v];
}

gr_status exercise(void *problem, int workers)
{
    mandelbrot *m = problem;
    (void)workers;
    for (size_t j = 0; j < m->n; j++)
        for (size_t i = 0; i < m->n; i += GROUP) {
            mask counts[VECTORS];
            escape(m, i, j, counts);
            for (size_t v = 0, at = i; v < VECTORS && at < m->n; v++, at += LANES)
                mask_store_ints(m->counts + j * m->n + at, counts[v], m->n - at);
        }
    return GR_OK;
}
