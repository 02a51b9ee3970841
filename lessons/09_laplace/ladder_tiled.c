// SPDX-License-Identifier: BSD-3-Clause
// Jacobi sweeps tiled in time: several sweeps in one pass over memory.
//
// Sweep t + 1 may compute row r as soon as sweep t has done row r + 1. So a tile of `depth` sweeps
// moves down the rows together, each sweep one row behind the one before. All that it touches at
// any time is depth + 2 rows of each of the two arrays; these stay in the cache, and memory is read
// and written once for all of its sweeps. The rows are computed by the function that `simd` uses,
// and their errors are added in the same order: field and errors are the same bits.
//
// A tile follows the tile before it by depth + 1 rows, and so may run on another core.
//
// Rows are not cut into blocks of columns, although fewer columns would need less cache: each piece
// of a row is in other pages of memory than the next, and translating and prefetching them costs
// more than the smaller cache gains.
//
// Source: D. Wonnacott, Using time skewing to eliminate idle time due to memory bandwidth and
// network limitations, IPDPS 2000; G. Wellein et al., Efficient temporal blocking for stencil
// computations by multicore-aware wavefront parallelization, COMPSAC 2009.
#include "lessons/09_laplace/laplace.h"
#include "parallel/team.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH = 16 }; // most sweeps in a tile

typedef struct plan {
    const gr_laplace *p;
    double *arrays[2];     // (n, n): sweep k reads arrays[k % 2] and writes the other
    size_t depth, tiles;   // tile t has the sweeps t depth .. (t + 1) depth - 1 below p->steps
    gr_progress *progress; // (tiles)
} plan;

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

static size_t sweeps_of(const plan *all, size_t tile)
{
    return least(all->depth, all->p->steps - tile * all->depth);
}

// A tile makes passes 1 .. passes_of.
static size_t passes_of(const plan *all, size_t tile)
{
    return all->p->n - 3 + sweeps_of(all, tile);
}

// Pass i of a tile: row i - t of each of its sweeps t that has such a row.
static void make_pass(const plan *all, size_t tile, size_t i)
{
    size_t n = all->p->n, sweeps = sweeps_of(all, tile);
    for (size_t t = i > n - 2 ? i - (n - 2) : 0; t < sweeps && t < i; t++) {
        size_t k = tile * all->depth + t, row = (i - t) * n;
        all->p->errors[k] +=
            gr_jacobi_row(all->p, all->arrays[k % 2] + row, all->arrays[(k + 1) % 2] + row);
    }
}

static void make_tile(const plan *all, size_t tile)
{
    double *errors = all->p->errors + tile * all->depth;
    size_t sweeps = sweeps_of(all, tile);
    memset(errors, 0, sweeps * sizeof *errors);
    for (size_t i = 1; i <= passes_of(all, tile); i++) {
        // The first sweep reads row i + 1, which the last one of the tile before leaves in its pass
        // i + depth.
        if (tile > 0)
            gr_progress_wait(&all->progress[tile - 1],
                             least(i + all->depth, passes_of(all, tile - 1)));
        make_pass(all, tile, i);
        atomic_store_explicit(&all->progress[tile].done, i, memory_order_release);
    }
    for (size_t t = 0; t < sweeps; t++) errors[t] = sqrt(errors[t]);
}

static void work(int member, int size, void *context)
{
    const plan *all = context;
    for (size_t t = (size_t)member; t < all->tiles; t += (size_t)size) make_tile(all, t);
}

gr_status gr_jacobi_tiled(void *problem, int workers)
{
    gr_laplace *p = problem;
    size_t steps = p->steps;
    if (p->n < 3 || steps == 0) {
        memset(p->errors, 0, steps * sizeof *p->errors);
        return GR_OK;
    }
    bool odd = steps % 2 == 1; // the last sweep writes p->u
    plan all = {.p = p, .arrays = {odd ? p->other : p->u, odd ? p->u : p->other}};
    size_t share = (steps + (size_t)workers - 1) / (size_t)workers; // no worker without a tile
    all.depth = least(DEPTH, share);
    all.tiles = (steps + all.depth - 1) / all.depth;
    all.progress = aligned_alloc(64, all.tiles * sizeof *all.progress);
    if (!all.progress) return gr_fail(GR_ENOMEM, "jacobi: %zu tiles", all.tiles);
    for (size_t t = 0; t < all.tiles; t++) atomic_init(&all.progress[t].done, 0);
    if ((size_t)workers > all.tiles) workers = (int)all.tiles;
    gr_status status = gr_team_run(workers, work, &all);
    free(all.progress);
    return status;
}
