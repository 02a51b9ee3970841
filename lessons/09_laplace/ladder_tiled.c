// SPDX-License-Identifier: BSD-3-Clause
// Jacobi sweeps tiled in time: several sweeps of a part of the grid in one pass over memory.
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
// The points are computed by the function that `simd` uses, and their errors are added in the same
// order: field and errors are the same bits.
//
// Source: M. Wolf and M. Lam, A data locality optimizing algorithm, PLDI 1991 (tiling in time);
// J. Meng and K. Skadron, Performance modeling and automatic ghost zone optimization for iterative
// stencil loops on GPUs, ICS 2009 (parts that overlap).
#include "lessons/09_laplace/laplace.h"
#include "parallel/team.h"
#include <stdlib.h>
#include <string.h>

enum {
    DEPTH = 16,      // most sweeps in a pass
    PAD = DEPTH + 8, // columns beside a part in a ring: whole vectors, and one more is read
    WIDTH = GR_JACOBI_COLUMNS + 2 * PAD
};

// What lies between two sweeps of a pass: their last three rows, row r in place r % 3.
typedef double ring[3][WIDTH];

// The work of one member of the team: one part at a time.
typedef struct pass {
    const gr_laplace *p;
    const double *old;                    // (n, n) that the first sweep reads
    double *new;                          // (n, n) that the last one writes
    gr_part part;                         //
    size_t depth;                         // sweeps
    gr_squares squares[DEPTH];            // of each sweep
    _Alignas(64) ring between[DEPTH - 1]; // [s]: written by sweep s, read by sweep s + 1
} pass;

typedef struct plan {
    const gr_laplace *p;
    size_t parts, passes;  // pass t: sweeps first_sweep(t) .. first_sweep(t + 1) - 1
    double *squares;       // (steps, parts)
    gr_progress *progress; // (members) passes done
    pass *of_member;       // (members)
} plan;

static size_t least(size_t a, size_t b) { return a < b ? a : b; }
static size_t above(size_t a, size_t b) { return a > b ? a - b : 0; } // a - b, at least 0

static size_t first_sweep(const plan *all, size_t t) { return all->p->steps * t / all->passes; }

// Where column j of row r stands in a ring.
static double *in_ring(ring rows, const pass *q, size_t r, size_t j)
{
    return &rows[r % 3][j + PAD - q->part.left];
}

// Row r as sweep s finds it, from column j on. The edges never change.
static const double *before(pass *q, size_t s, size_t r, size_t j)
{
    size_t n = q->p->n;
    if (s == 0 || r == 0 || r == n - 1) return q->old + r * n + j;
    return in_ring(q->between[s - 1], q, r, j);
}

static double *after(pass *q, size_t s, size_t r, size_t j)
{
    if (s == q->depth - 1) return q->new + r * q->p->n + j;
    return in_ring(q->between[s], q, r, j);
}

// Row r of sweep s, with `beside` points more on each side for the sweeps after it. On the left
// these are whole vectors; what is too much there is computed from anything, and never used.
static void compute_row(pass *q, size_t s, size_t r, size_t beside)
{
    const gr_part *part = &q->part;
    size_t n = q->p->n, vectors = (beside + 3) / 4 * 4;
    gr_stretch span = {part->left > vectors ? part->left - vectors : part->left, part->left,
                       part->right, least(part->right + beside, n - 1)};
    gr_squares not_mine = {{0}, 0}; // a row of a neighbour's
    bool mine = r >= part->top && r < part->bottom;
    gr_jacobi_points(q->p, before(q, s, r - 1, span.from), before(q, s, r, span.from),
                     before(q, s, r + 1, span.from), after(q, s, r, span.from), span,
                     mine ? &q->squares[s] : &not_mine);
    if (s == q->depth - 1) return;
    if (part->left == 1) *after(q, s, r, 0) = q->old[r * n];
    if (span.end == n - 1) *after(q, s, r, n - 1) = q->old[r * n + n - 1];
}

static void make_pass(pass *q)
{
    size_t n = q->p->n, depth = q->depth, top = q->part.top, bottom = q->part.bottom;
    for (size_t i = above(top, depth - 1); i < bottom + 2 * depth; i++)
        for (size_t s = 0; s < depth && s < i; s++) {
            size_t r = i - s, beside = depth - 1 - s;
            if (r >= 1 && r < n - 1 && r + beside >= top && r < bottom + beside)
                compute_row(q, s, r, beside);
        }
}

static void make_part(const plan *all, size_t t, size_t k, pass *q)
{
    const gr_laplace *p = all->p;
    bool to_u = (all->passes - t) % 2 == 1; // the last pass writes p->u
    q->old = to_u ? p->other : p->u;
    q->new = to_u ? p->u : p->other;
    q->part = gr_jacobi_part(p, k);
    q->depth = first_sweep(all, t + 1) - first_sweep(all, t);
    memset(q->squares, 0, sizeof q->squares);
    if (q->part.left < q->part.right && q->part.top < q->part.bottom) make_pass(q);
    for (size_t s = 0; s < q->depth; s++)
        all->squares[(first_sweep(all, t) + s) * all->parts + k] = gr_squares_sum(&q->squares[s]);
}

// Each member has its own parts; before a pass, all must have finished the one before.
static void work(int member, int size, void *context)
{
    const plan *all = context;
    size_t from = all->parts * (size_t)member / (size_t)size;
    size_t end = all->parts * ((size_t)member + 1) / (size_t)size;
    pass *q = &all->of_member[member];
    q->p = all->p;
    memset(q->between, 0, sizeof q->between);
    for (size_t t = 0; t < all->passes; t++) {
        for (int m = 0; m < size; m++) gr_progress_wait(&all->progress[m], t);
        for (size_t k = from; k < end; k++) make_part(all, t, k, q);
        atomic_store_explicit(&all->progress[member].done, t + 1, memory_order_release);
    }
}

static gr_status run_plan(plan *all, int workers)
{
    const gr_laplace *p = all->p;
    for (int m = 0; m < workers; m++) atomic_init(&all->progress[m].done, 0);
    GR_TRY(gr_team_run(workers, work, all));
    for (size_t k = 0; k < p->steps; k++)
        p->errors[k] = gr_jacobi_error(all->squares + k * all->parts, all->parts);
    return GR_OK;
}

gr_status gr_jacobi_tiled(void *problem, int workers)
{
    gr_laplace *p = problem;
    size_t steps = p->steps;
    if (p->n < 3 || steps == 0) {
        memset(p->errors, 0, steps * sizeof *p->errors);
        return GR_OK;
    }
    plan all = {.p = p, .parts = gr_jacobi_parts(p), .passes = (steps + DEPTH - 1) / DEPTH};
    size_t members = least((size_t)workers, all.parts); // nobody without a part
    all.squares = malloc(steps * all.parts * sizeof *all.squares);
    all.progress = aligned_alloc(64, members * sizeof *all.progress);
    all.of_member = aligned_alloc(64, members * sizeof *all.of_member);
    gr_status status = all.squares && all.progress && all.of_member
                           ? run_plan(&all, (int)members)
                           : gr_fail(GR_ENOMEM, "jacobi: a pass over %zu parts", all.parts);
    free(all.squares);
    free(all.progress);
    free(all.of_member);
    return status;
}
