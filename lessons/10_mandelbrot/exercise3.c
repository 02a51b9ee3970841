// SPDX-License-Identifier: BSD-3-Clause
// Step 3: several vectors under way.
//
// Each operation of an iteration needs the result of the one before and waits some cycles for it,
// while the core could begin two products and two sums in every cycle. Give it more to do: VECTORS
// vectors of neighbours, one after the other in the body of the same loop. They do not depend on
// one another. Go on as long as any lane of any of them is alive; each vector has its own mask, so
// nobody is counted after its end. Find the VECTORS that is fastest here.
#include "lessons/10_mandelbrot/mandelbrot.h"
#include "lessons/10_mandelbrot/vectors.h"

enum { VECTORS = 4, GROUP = VECTORS * LANES };

// Points i .. i+GROUP-1 of row j: out[v] belongs to points i + v*LANES ...
static void escape(const mandelbrot *m, size_t i, size_t j, mask out[VECTORS])
{
    vec y = vec_all(m->y[j]), x[VECTORS], zx[VECTORS], zy[VECTORS];
    mask alive[VECTORS], count[VECTORS];
    for (int v = 0; v < VECTORS; v++) {
        x[v] = zx[v] = vec_load(m->x + i + (size_t)v * LANES), zy[v] = y;
        alive[v] = mask_all(true), count[v] = mask_all(false);
    }
    // TODO: the loop over iterations; in it, a loop over the vectors.
    (void)x, (void)zx, (void)zy;
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
