// SPDX-License-Identifier: BSD-3-Clause
// mandelrow -- one row of the talk's picture as a function for maps: `gradus map fork mandelrow
// 0:500`. Rows differ in work by a factor of fifty, so they show how a map deals.
//
// The record is the row's number j, a uint64_t; the result 500 int32_t, row j of `counts` in the
// ladder `mandelbrot` at 500 points and 100 iterations. `gradus map` writes them parted by blanks.
#include "lessons/10_mandelbrot/mandelbrot.h"
#include "lib/map.h"
#include <inttypes.h>
#include <string.h>

enum { SIDE = 500, STEPS = 100 };

// Point i of SIDE from `start` to `stop`, rounded as the ladder does it.
static double point(size_t i, double start, double stop)
{
    return i == SIDE - 1 ? stop : start + (double)i * ((stop - start) / (SIDE - 1));
}

static int32_t escape(double x, double y)
{
    double zx = x, zy = y;
    for (int32_t k = 0; k < STEPS; k++) {
        double next = zx * zx - zy * zy + x;
        zy = 2 * zx * zy + y;
        zx = next;
        if (zx * zx + zy * zy >= 4) return k;
    }
    return -1;
}

static gr_status row(gr_call *call)
{
    uint64_t j;
    memcpy(&j, call->in, sizeof j);
    if (j >= SIDE) return gr_fail(GR_EARG, "row %" PRIu64 ": expected 0 to %d", j, SIDE - 1);
    int32_t *counts = call->out;
    for (size_t i = 0; i < SIDE; i++) counts[i] = escape(point(i, -2, 1), point(j, -1.5, 1.5));
    return GR_OK;
}

static void print_row(FILE *stream, const void *out, size_t size)
{
    const int32_t *counts = out;
    for (size_t i = 0; i < size / sizeof *counts; i++)
        fprintf(stream, "%s%" PRId32, i ? " " : "", counts[i]);
}

const gr_func gr_func_mandelrow = {
    .name = "mandelrow",
    .about = "row n of the talk's Mandelbrot picture, 0 to 499: the iterations of its 500 points",
    .call = row,
    .in_size = sizeof(uint64_t),
    .out_size = SIDE * sizeof(int32_t),
    .print = print_row,
};
