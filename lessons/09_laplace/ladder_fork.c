// SPDX-License-Identifier: BSD-3-Clause
// Jacobi sweeps in bands of rows, each band by a process of its own.
//
// Processes share nothing that they write by themselves: the grids are brought into a shared
// segment, swept there, and the result is copied back. Each member brings its own rows: a page of
// fresh memory costs more than a microsecond when it is first touched, and so all cores pay for it
// together. A member sweeps the same rows each time, so that they stay in its core's cache; only
// the rows on the border of a band are read by two. One barrier a sweep is enough: what sweep k + 1
// writes, sweep k has read. Rows are computed by the function that `openmp` uses, and their errors
// are added in the order of rows: the same bits for any number of workers.
#include "lessons/09_laplace/laplace.h"
#include "parallel/fork_team.h"
#include "parallel/shm.h"
#include "parallel/shm_barrier.h"
#include <math.h>
#include <string.h>

// What the members share beside the grids.
typedef struct desk {
    gr_shm_barrier barrier;
    double errors[]; // (steps), then (2, n): of the rows of this sweep and of the one before
} desk;

typedef struct bands {
    const gr_laplace *p;
    double *grid[2]; // (n, n), shared: sweep k reads grid[k % 2] and writes the other
    desk *desk;
} bands;

// The rows of sweep k + 2 will be written to the same place only after the next barrier, which
// member 0 comes to when it is done here.
static void add_errors(const bands *b, size_t k)
{
    const gr_laplace *p = b->p;
    const double *rows = b->desk->errors + p->steps + k % 2 * p->n;
    double err = 0;
    for (size_t i = 1; i < p->n - 1; i++) err += rows[i];
    b->desk->errors[k] = sqrt(err);
}

// Rows first .. last - 1 of both grids, and the edges above the first and below the last band.
static void bring_rows(const bands *b, size_t first, size_t last)
{
    const size_t n = b->p->n;
    if (first == 1) first = 0;
    if (last == n - 1) last = n;
    size_t bytes = (last - first) * n * sizeof(double);
    memcpy(b->grid[0] + first * n, b->p->u + first * n, bytes);
    memcpy(b->grid[1] + first * n, b->p->other + first * n, bytes);
}

static gr_status sweep_band(int member, int size, void *context)
{
    const bands *b = context;
    const gr_laplace *p = b->p;
    const size_t n = p->n, inner = n - 2;
    const size_t first = 1 + inner * (size_t)member / (size_t)size;
    const size_t last = 1 + inner * ((size_t)member + 1) / (size_t)size;
    // No limit of time for any barrier: the death of a member ends the team.
    bring_rows(b, first, last);
    GR_TRY(gr_shm_barrier_wait(&b->desk->barrier, member, -1));
    for (size_t k = 0; k < p->steps; k++) {
        const double *from = b->grid[k % 2];
        double *to = b->grid[(k + 1) % 2], *rows = b->desk->errors + p->steps + k % 2 * n;
        for (size_t i = first; i < last; i++) rows[i] = gr_jacobi_row(p, from + i * n, to + i * n);
        GR_TRY(gr_shm_barrier_wait(&b->desk->barrier, member, -1));
        if (member == 0) add_errors(b, k);
    }
    return GR_OK;
}

static gr_status run_bands(gr_laplace *p, bands *b, int workers)
{
    GR_TRY(gr_shm_barrier_init(&b->desk->barrier, workers));
    GR_TRY(gr_fork_team_run(workers, -1, sweep_band, b));
    memcpy(p->u, b->grid[p->steps % 2], p->n * p->n * sizeof *p->u);
    memcpy(p->errors, b->desk->errors, p->steps * sizeof *p->errors);
    return GR_OK;
}

gr_status gr_jacobi_fork(void *problem, int workers)
{
    gr_laplace *p = problem;
    const size_t n = p->n;
    if (n < 3 || p->steps == 0) {
        memset(p->errors, 0, p->steps * sizeof *p->errors);
        return GR_OK;
    }
    if ((size_t)workers > n - 2) workers = (int)(n - 2);
    if (workers > GR_SHM_MEMBERS) workers = GR_SHM_MEMBERS;
    gr_shm grids, shared = {.fd = -1};
    gr_array a;
    gr_status status = gr_shm_array(&grids, &a, GR_F64, 3, (size_t[]){2, n, n});
    if (!status) status = gr_shm_new(&shared, sizeof(desk) + (p->steps + 2 * n) * sizeof(double));
    if (!status) {
        double *grid = a.data;
        bands b = {.p = p, .grid = {grid, grid + n * n}, .desk = shared.data};
        status = run_bands(p, &b, workers);
    }
    gr_shm_free(&shared);
    gr_shm_free(&grids);
    return status;
}
