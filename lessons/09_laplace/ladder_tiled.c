// SPDX-License-Identifier: BSD-3-Clause
// Jacobi sweeps tiled in time: several sweeps in one pass over memory.
//
// Sweep t + 1 may compute row r as soon as sweep t has done row r + 1. So a tile of `depth` sweeps
// moves down the rows together, each sweep one row behind the one before, and memory is read and
// written once for all of them. Where rows are long, even these few do not fit in the cache: then
// the tile takes one block of columns after the other, and each sweep is also some columns behind
// (to the left of) the sweep before. The pieces of rows are computed by the function that `simd`
// uses, cut at the borders of its chunks: field and errors are the same bits.
// A tile may follow the tile before it at a distance, and so on another core.
// Source: D. Wonnacott, Using time skewing to eliminate idle time due to memory bandwidth and
// network limitations, IPDPS 2000; G. Wellein et al., Efficient temporal blocking for stencil
// computations by multicore-aware wavefront parallelization, COMPSAC 2009.
#include "lessons/09_laplace/laplace.h"
#include "parallel/team.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    DEPTH = 8,                // sweeps in a tile
    ROWS = 4,                 // rows of one sweep before the next sweep has its turn
    BEHIND = GR_JACOBI_CHUNK, // columns from one sweep to the next
    WIDTH = 16 * BEHIND,   // columns of a block: more than the sweeps of a tile are apart
    WHOLE = 2000,        // rows up to this length are not cut
};

typedef struct plan {
    const gr_laplace *p;
    double *arrays[2];     // (n, n): sweep k reads arrays[k % 2] and writes the other
    double *row_errors;    // (steps, n)
    size_t tiles, blocks;  // blocks: of columns
    size_t passes;         // of one block
    gr_progress *progress; // (tiles)
} plan;

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

// Columns of a block in sweep t of its tile: its border moves to the left from sweep to sweep.
static size_t border(const plan *all, size_t block, size_t t)
{
    size_t c = block * WIDTH, back = t * BEHIND;
    if (block == 0) return 1;
    if (block == all->blocks) return all->p->n - 1;
    return c > back ? least(c - back, all->p->n - 1) : 1;
}

// Pass i of a block: rows i ROWS + 1 - t .. (i + 1) ROWS - t of each of the tile's sweeps t.
static void make_pass(const plan *all, size_t tile, size_t block, size_t i)
{
    size_t n = all->p->n;
    for (size_t t = 0; t < DEPTH && tile * DEPTH + t < all->p->steps; t++) {
        size_t k = tile * DEPTH + t;
        size_t first = border(all, block, t), last = border(all, block + 1, t);
        size_t row = i * ROWS + 1 > t + 1 ? i * ROWS + 1 - t : 1;
        size_t end = (i + 1) * ROWS + 1 > t + 1 ? least((i + 1) * ROWS + 1 - t, n - 1) : 1;
        for (; row < end; row++) {
            double *error = &all->row_errors[k * n + row];
            *error = gr_jacobi_piece(all->p, all->arrays[k % 2] + row * n,
                                     all->arrays[(k + 1) % 2] + row * n, first, last, *error);
        }
    }
}

// Passes that the tile before must have made before pass i of `block`: its last sweep, DEPTH - 1
// rows and (DEPTH - 1) BEHIND columns behind its first, must have left one row and column more.
static size_t passes_needed(const plan *all, size_t block, size_t i)
{
    size_t ahead = block + 1 < all->blocks ? block + 1 : block;
    return ahead * all->passes + least(i + (DEPTH + ROWS - 1) / ROWS + 1, all->passes);
}

static void make_tile(const plan *all, size_t tile)
{
    size_t n = all->p->n, made = 0;
    for (size_t block = 0; block < all->blocks; block++)
        for (size_t i = 0; i < all->passes; i++) {
            if (tile > 0) gr_progress_wait(&all->progress[tile - 1], passes_needed(all, block, i));
            make_pass(all, tile, block, i);
            atomic_store_explicit(&all->progress[tile].done, ++made, memory_order_release);
        }
    for (size_t k = tile * DEPTH; k < least((tile + 1) * DEPTH, all->p->steps); k++) {
        double err = 0;
        for (size_t i = 1; i < n - 1; i++) err += all->row_errors[k * n + i];
        all->p->errors[k] = sqrt(err);
    }
}

static void work(int member, int size, void *context)
{
    const plan *all = context;
    for (size_t t = (size_t)member; t < all->tiles; t += (size_t)size) make_tile(all, t);
}

static gr_status run_plan(plan *all, int workers)
{
    const gr_laplace *p = all->p;
    bool odd = p->steps % 2 == 1; // the last sweep writes u
    all->arrays[0] = odd ? p->other : p->u;
    all->arrays[1] = odd ? p->u : p->other;
    for (size_t t = 0; t < all->tiles; t++) atomic_init(&all->progress[t].done, 0);
    if ((size_t)workers > all->tiles) workers = (int)all->tiles;
    return gr_team_run(workers, work, all);
}

gr_status gr_jacobi_tiled(void *problem, int workers)
{
    gr_laplace *p = problem;
    size_t n = p->n, steps = p->steps;
    if (n < 3 || steps == 0) {
        memset(p->errors, 0, steps * sizeof *p->errors);
        return GR_OK;
    }
    plan all = {.p = p, .tiles = (steps + DEPTH - 1) / DEPTH};
    all.blocks = n <= WHOLE ? 1 : (n - 1 + (DEPTH - 1) * BEHIND + WIDTH - 1) / WIDTH;
    all.passes = (n - 2 + DEPTH - 1 + ROWS - 1) / ROWS;
    all.row_errors = calloc(steps, n * sizeof *all.row_errors);
    all.progress = aligned_alloc(64, all.tiles * sizeof *all.progress);
    gr_status status = GR_OK;
    if (!all.row_errors || !all.progress)
        status = gr_fail(GR_ENOMEM, "jacobi: errors of %zu sweeps, %zu rows", steps, n);
    else
        status = run_plan(&all, workers);
    free(all.progress);
    free(all.row_errors);
    return status;
}
