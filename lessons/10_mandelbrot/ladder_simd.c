// SPDX-License-Identifier: BSD-3-Clause
// ladder_simd -- one instruction for four points, then several of them under way at once.
//
// Four neighbours of a row share a register. They escape at different times, so no `if` can follow
// them: a mask holds which are alive, and subtracting it (-1 is alive) counts for those alone. The
// mask is sticky: once out is out, wherever the numbers of a dead lane wander to.
#include "lessons/10_mandelbrot/mandelbrot.h"
#include "lessons/10_mandelbrot/vectors.h"

gr_status gr_mandelbrot_simd(void *problem, int workers)
{
    (void)workers;
    mandelbrot *m = problem;
    for (size_t j = 0; j < m->n; j++) {
        vec y = vec_all(m->y[j]);
        for (size_t i = 0; i < m->n; i += LANES) {
            vec x = vec_load(m->x + i), zx = x, zy = y, xx = zx * zx, yy = zy * zy;
            mask alive = mask_all(true), count = mask_all(false);
            for (int k = 0; k < m->steps; k++) {
                zy = 2.0 * zx * zy + y;
                zx = xx - yy + x;
                xx = zx * zx;
                yy = zy * zy;
                alive &= xx + yy < 4.0;
                if (!mask_any(alive)) break;
                count -= alive;
            }
            // A count is below `steps` in a dead lane; -1 has all bits set, so `|` makes it -1.
            mask_store_ints(m->counts + j * m->n + i, count | alive, m->n - i);
        }
    }
    return GR_OK;
}

// A sum takes three cycles, a product three: one chain of them leaves the units idle most of the
// time. The vectors of one group do not depend on each other and fill the gaps.
enum { VECTORS = 4, GROUP = VECTORS * LANES };

static void group_of_a_row(const mandelbrot *m, size_t i, size_t j, mask out[VECTORS])
{
    vec y = vec_all(m->y[j]), x[VECTORS], zx[VECTORS], zy[VECTORS];
    mask alive[VECTORS], count[VECTORS], living = mask_all(true);
    for (int v = 0; v < VECTORS; v++) {
        x[v] = zx[v] = vec_load(m->x + i + (size_t)v * LANES), zy[v] = y;
        alive[v] = mask_all(true), count[v] = mask_all(false);
    }
    for (int k = 0; k < m->steps && mask_any(living); k++) {
        living = mask_all(false);
        for (int v = 0; v < VECTORS; v++) {
            vec next = zx[v] * zx[v] - zy[v] * zy[v] + x[v];
            zy[v] = 2.0 * zx[v] * zy[v] + y;
            zx[v] = next;
            alive[v] &= zx[v] * zx[v] + zy[v] * zy[v] < 4.0;
            count[v] -= alive[v];
            living |= alive[v];
        }
    }
    for (int v = 0; v < VECTORS; v++) out[v] = count[v] | alive[v];
}

gr_status gr_mandelbrot_lanes(void *problem, int workers)
{
    (void)workers;
    mandelbrot *m = problem;
    for (size_t j = 0; j < m->n; j++)
        for (size_t i = 0; i < m->n; i += GROUP) {
            mask counts[VECTORS];
            group_of_a_row(m, i, j, counts);
            for (size_t v = 0, at = i; v < VECTORS && at < m->n; v++, at += LANES)
                mask_store_ints(m->counts + j * m->n + at, counts[v], m->n - at);
        }
    return GR_OK;
}
