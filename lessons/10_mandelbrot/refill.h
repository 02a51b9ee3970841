// SPDX-License-Identifier: BSD-3-Clause
// refill -- iterates points with no idle lane; the kernel of the rungs from `refill` on.
//
// Points come in as rows or as lists, in any number of calls. All get a few iterations at once;
// those still alive then are put on a list, and the list is worked off in passes. After a pass the
// living are packed together, so that every lane of the next one has a point to work for.
// Nothing is allocated and nothing fails: a `refill` (120 KB) lives on its user's stack.
//
// Interface:
//   gr_refill_start    before the first point
//   gr_refill_rows     the points of a few rows; gr_refill_points: any points
//   gr_refill_finish   counts is complete only after this
#pragma once
#include "lessons/10_mandelbrot/mandelbrot.h"
#include "lessons/10_mandelbrot/vectors.h"

// Vectors under way at a time in a pass: 6 fill the adders and multipliers of most processors, more
// hide the rest of their waiting where there are registers for them.
#ifdef __AVX512VL__
enum { VECTORS = 12 };
#else
enum { VECTORS = 6 };
#endif

enum {
    GROUP = VECTORS * LANES, // points that they hold
    CAPACITY = 64 * GROUP,   // points on a list
    ROWS = 4,                // rows that gr_refill_rows takes at once
    TILE = ROWS * LANES,     // points of a tile: LANES columns of those rows
    ROOM = CAPACITY + GROUP  // a list's arrays: whole groups are written at their end
};

typedef struct points {
    _Alignas(64) double zx[ROOM], zy[ROOM]; // where the point is now
    double x[ROOM], y[ROOM];                // its c
    int32_t at[ROOM];                       // its place in counts
    size_t size;
} points;

// Work that a rung may save: bits of `skip`.
enum { SKIP_BULBS = 1, SKIP_CYCLES = 2 };

typedef struct refill {
    const mandelbrot *problem;
    unsigned skip;
    points lists[2];    // lists[0] collects; passes go from one to the other
    int32_t gone[ROOM]; // places on the list of the points that a pass has lost
} refill;

void gr_refill_start(refill *r, const mandelbrot *problem, unsigned skip);

// All points of rows j[0 .. ROWS-1] (a row may be named twice).
void gr_refill_rows(refill *r, const size_t j[ROWS]);

// All points of rows from .. to-1.
void gr_refill_row_range(refill *r, size_t from, size_t to);

// The points at[0 .. size-1], as places in counts.
void gr_refill_points(refill *r, const int32_t *at, size_t size);

void gr_refill_finish(refill *r);
