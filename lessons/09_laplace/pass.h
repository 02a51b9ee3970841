// SPDX-License-Identifier: BSD-3-Clause
// pass -- several Jacobi sweeps of a part of the grid in one pass over memory.
#pragma once
#include "lessons/09_laplace/laplace.h"

enum {
    GR_PASS_DEPTH = 16,              // most sweeps in a pass
    GR_PASS_PAD = GR_PASS_DEPTH + 8, // columns beside a part in a ring: whole vectors, and one more
    GR_PASS_WIDTH = GR_JACOBI_COLUMNS + 2 * GR_PASS_PAD
};

// What lies between two sweeps of a pass: their last three rows, row r in place r % 3.
typedef double gr_ring[3][GR_PASS_WIDTH];

// One pass, and where it works. To be 0 at first; 64-byte aligned.
typedef struct gr_pass {
    const gr_laplace *p;
    const double *old; // (n, n) that the first sweep reads: the part and `depth` points around it
    double *new;       // (n, n) that the last one writes: the part
    gr_part part;      // at most GR_JACOBI_COLUMNS wide, of any height
    size_t depth;      // sweeps, 1 .. GR_PASS_DEPTH
    size_t strip;      // rows whose errors are one sum: those with the same r / strip
    // Of sweep s and strip t the sum goes to errors[s * next_sweep + t * next_strip].
    double *errors;
    size_t next_sweep, next_strip;
    gr_squares squares[GR_PASS_DEPTH];               // of each sweep's strip
    _Alignas(64) gr_ring between[GR_PASS_DEPTH - 1]; // [s]: written by sweep s, read by sweep s + 1
} gr_pass;

// The inner points of a part, swept so many times; an empty part is left alone.
void gr_jacobi_pass(gr_pass *pass);

// The fewest passes for so many sweeps, none deeper than `deepest`; and where pass t begins: it has
// the sweeps first_sweep(t) .. first_sweep(t + 1) - 1.
size_t gr_jacobi_passes(size_t steps, size_t deepest);
size_t gr_jacobi_first_sweep(size_t steps, size_t passes, size_t t);
