// SPDX-License-Identifier: BSD-3-Clause
// A pass: several Jacobi sweeps of a part of the grid while its points are in the cache.
//
// Sweep t + 1 may compute row r as soon as sweep t has done row r + 1. So the sweeps of a pass move
// down the rows of a part together, each one row behind the one before. Only the first reads the
// old array and only the last writes the new one. Between them stand three rows of each sweep, and
// a part is so narrow that these stay in the cache: memory is read and written once for them all.
//
// A sweep needs one point more on each side than the sweep after it computes. So a part begins
// some points too large on every side and ends as large as it is: a few points are computed twice,
// by neighbours. In return no part waits for another, and all may be computed at the same time.
//
// The points are computed by the function that `simd` uses.
//
// Source: M. Wolf and M. Lam, A data locality optimizing algorithm, PLDI 1991 (tiling in time);
// J. Meng and K. Skadron, Performance modeling and automatic ghost zone optimization for iterative
// stencil loops on GPUs, ICS 2009 (parts that overlap).
#include "lessons/09_laplace/pass.h"
#include <string.h>

static size_t least(size_t a, size_t b) { return a < b ? a : b; }
static size_t above(size_t a, size_t b) { return a > b ? a - b : 0; } // a - b, at least 0

// Where column j of row r stands in a ring.
static double *in_ring(gr_ring rows, const gr_pass *q, size_t r, size_t j)
{
    return &rows[r % 3][j + GR_PASS_PAD - q->part.left];
}

// Row r as sweep s finds it, from column j on. The edges never change.
static const double *before(gr_pass *q, size_t s, size_t r, size_t j)
{
    size_t n = q->p->n;
    if (s == 0 || r == 0 || r == n - 1) return q->old + r * n + j;
    return in_ring(q->between[s - 1], q, r, j);
}

static double *after(gr_pass *q, size_t s, size_t r, size_t j)
{
    if (s == q->depth - 1) return q->new + r * q->p->n + j;
    return in_ring(q->between[s], q, r, j);
}

// Row r of sweep s, with `beside` points more on each side for the sweeps after it. On the left
// these are whole vectors; what is too much there is computed from anything, and never used.
static void compute_row(gr_pass *q, size_t s, size_t r, size_t beside, gr_squares *squares)
{
    const gr_part *part = &q->part;
    size_t n = q->p->n, vectors = (beside + 3) / 4 * 4;
    gr_stretch span = {part->left > vectors ? part->left - vectors : part->left, part->left,
                       part->right, least(part->right + beside, n - 1)};
    gr_jacobi_points(q->p, before(q, s, r - 1, span.from), before(q, s, r, span.from),
                     before(q, s, r + 1, span.from), after(q, s, r, span.from), span, squares);
    if (s == q->depth - 1) return;
    if (part->left == 1) *after(q, s, r, 0) = q->old[r * n];
    if (span.end == n - 1) *after(q, s, r, n - 1) = q->old[r * n + n - 1];
}

// The same, and its errors: those of a neighbour's row are left to the neighbour.
static void sum_row(gr_pass *q, size_t s, size_t r, size_t beside)
{
    if (r < q->part.top || r >= q->part.bottom) {
        gr_squares not_mine = {{0}, 0};
        compute_row(q, s, r, beside, &not_mine);
        return;
    }
    compute_row(q, s, r, beside, &q->squares[s]);
    if ((r + 1) % q->strip && r + 1 < q->part.bottom) return;
    q->errors[s * q->next_sweep + r / q->strip * q->next_strip] = gr_squares_sum(&q->squares[s]);
    q->squares[s] = (gr_squares){{0}, 0};
}

void gr_jacobi_pass(gr_pass *q)
{
    size_t n = q->p->n, depth = q->depth, top = q->part.top, bottom = q->part.bottom;
    if (q->part.left >= q->part.right || top >= bottom) return;
    memset(q->squares, 0, sizeof q->squares);
    for (size_t i = above(top, depth - 1); i < bottom + 2 * depth; i++)
        for (size_t s = 0; s < depth && s < i; s++) {
            size_t r = i - s, beside = depth - 1 - s;
            if (r >= 1 && r < n - 1 && r + beside >= top && r < bottom + beside)
                sum_row(q, s, r, beside);
        }
}

size_t gr_jacobi_passes(size_t steps, size_t deepest) { return (steps + deepest - 1) / deepest; }

size_t gr_jacobi_first_sweep(size_t steps, size_t passes, size_t t) { return steps * t / passes; }
