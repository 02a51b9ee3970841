// SPDX-License-Identifier: BSD-3-Clause
// Jacobi sweeps in bands of rows, each band by an MPI rank.
//
// `mpi` and `mpi-overlap`: every rank has grids of its own, of which it uses its band and a row
// above and below it, the halo, that comes from the neighbours before each sweep. In the end rank 0
// gets all bands. `shared`: one grid that all ranks of a machine see, and in place of messages a
// barrier a sweep. `mpi-tiled`: the halo is as many rows as a pass (pass.h) has sweeps, and comes
// once a pass: a rank computes some of its neighbours' points again, and all of its own while they
// are in the cache.
//
// A band is some whole strips of rows, and the strips' errors are added in their order: the same
// bits for any number of ranks. A sum for each row would cost a tenth of the time at 500 points.
//
// Source of the deep halo: J. Demmel, M. Hoemmen, M. Mohiyuddin and K. Yelick, Avoiding
// communication in sparse matrix computations, IPDPS 2008.
#include "lessons/09_laplace/pass.h"
#include "parallel/mpi_ranks.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct band {
    const gr_laplace *p;
    size_t strip;       // rows of a strip
    size_t across;      // sums of a strip: one for each piece of its columns
    size_t strips;      // of all ranks: strip s begins with row row_of(s)
    size_t first, last; // this rank's: first .. last-1; none if last <= first
    int above, below;   // the ranks that have the rows around it, or MPI_PROC_NULL
    double *grid[2];    // (n, n): sweep (or pass) k reads grid[k % 2] and writes the other
    double *errors;     // (strips, across, steps): squared; this rank's strips are filled in
} band;

// Strip s begins with row row_of(s), and the last one ends with the last inner row.
static size_t row_of(const band *b, size_t s)
{
    size_t from, end;
    if (s == b->strips) return b->p->n - 1;
    gr_jacobi_piece(b->p->n, b->strip, s, &from, &end);
    return from;
}

// The first strip of a rank of so many; of rank `busy` the end.
static size_t strip_of(const band *b, size_t rank, size_t busy) { return b->strips * rank / busy; }

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

// Ranks beyond the number of strips have none.
static void take_band(band *b)
{
    size_t ranks = (size_t)gr_ranks(), me = (size_t)gr_rank();
    size_t busy = least(b->strips, ranks);
    b->first = me < busy ? strip_of(b, me, busy) : 0;
    b->last = me < busy ? strip_of(b, me + 1, busy) : 0;
    b->above = me > 0 && me < busy ? (int)me - 1 : MPI_PROC_NULL;
    b->below = me + 1 < busy ? (int)me + 1 : MPI_PROC_NULL;
}

static void sweep_strips(const band *b, size_t k, size_t from, size_t to)
{
    const size_t n = b->p->n;
    for (size_t s = from; s < to; s++) {
        size_t row = row_of(b, s), rows = row_of(b, s + 1) - row;
        b->errors[s * b->p->steps + k] =
            gr_jacobi_rows(b->p, b->grid[k % 2] + row * n, b->grid[(k + 1) % 2] + row * n, rows);
    }
}

// ---- the halo ----

// Where the rows before row r begin. With no neighbour there they may not all exist, nor are they
// sent.
static size_t rows_before(size_t r, size_t rows) { return r > rows ? r - rows : 0; }

// So many rows to and from each neighbour, of the array that sweep or pass k reads.
static void start_exchange(const band *b, size_t k, size_t rows, MPI_Request all[4])
{
    MPI_Comm comm = gr_mpi_comm();
    const size_t n = b->p->n, top = row_of(b, b->first), end = row_of(b, b->last);
    const int count = (int)(rows * n);
    double *u = b->grid[k % 2];
    MPI_Irecv(u + rows_before(top, rows) * n, count, MPI_DOUBLE, b->above, 0, comm, &all[0]);
    MPI_Irecv(u + end * n, count, MPI_DOUBLE, b->below, 1, comm, &all[1]);
    MPI_Isend(u + rows_before(end, rows) * n, count, MPI_DOUBLE, b->below, 0, comm, &all[2]);
    MPI_Isend(u + top * n, count, MPI_DOUBLE, b->above, 1, comm, &all[3]);
}

static void exchange(const band *b, size_t k, size_t rows)
{
    MPI_Request all[4];
    start_exchange(b, k, rows, all);
    MPI_Waitall(4, all, MPI_STATUSES_IGNORE);
}

static void exchange_then_sweep(const band *b, size_t k)
{
    exchange(b, k, 1);
    sweep_strips(b, k, b->first, b->last);
}

static void sweep_meanwhile(const band *b, size_t k)
{
    MPI_Request all[4];
    size_t inner_end = b->last > b->first + 1 ? b->last - 1 : b->first + 1;
    start_exchange(b, k, 1, all);
    sweep_strips(b, k, b->first + 1, inner_end);
    MPI_Waitall(4, all, MPI_STATUSES_IGNORE);
    if (b->last > b->first) sweep_strips(b, k, b->first, b->first + 1);
    if (b->last > b->first) sweep_strips(b, k, inner_end, b->last);
}

// ---- bringing them together ----

// The ranks' rows first .. last-1 of an array of `width` numbers a row, to rank 0. counts: (2,
// ranks).
static void gather_rows(size_t first, size_t last, double *array, size_t width, int *counts)
{
    MPI_Datatype row;
    int ranks = gr_ranks(), *at = counts + ranks;
    int mine[2] = {(int)(last - first), (int)first};
    MPI_Comm comm = gr_mpi_comm();
    MPI_Gather(&mine[0], 1, MPI_INT, counts, 1, MPI_INT, 0, comm);
    MPI_Gather(&mine[1], 1, MPI_INT, at, 1, MPI_INT, 0, comm);
    MPI_Type_contiguous((int)width, MPI_DOUBLE, &row); // counts in rows stay small
    MPI_Type_commit(&row);
    bool root = gr_rank() == 0;
    MPI_Gatherv(root ? MPI_IN_PLACE : array + first * width, mine[0], row, array, counts, at, row,
                0, comm);
    MPI_Type_free(&row);
}

static void add_errors(const band *b)
{
    const gr_laplace *p = b->p;
    for (size_t k = 0; k < p->steps; k++) {
        double sum = 0;
        for (size_t s = 0; s < b->strips * b->across; s++) sum += b->errors[s * p->steps + k];
        p->errors[k] = sqrt(sum);
    }
}

// ---- the rungs ----

static gr_status no_sweeps(gr_laplace *p)
{
    if (p->steps) memset(p->errors, 0, p->steps * sizeof *p->errors);
    return GR_OK;
}

typedef gr_status sweeping(band *b, int *counts);

static gr_status run_strips(gr_laplace *p, size_t strip, size_t across, sweeping *sweep)
{
    band b = {.p = p, .strip = strip, .across = across, .strips = gr_jacobi_pieces(p->n, strip)};
    int *counts = malloc(2 * (size_t)gr_ranks() * sizeof *counts);
    b.errors = malloc(b.strips * across * p->steps * sizeof *b.errors);
    // The last sweep writes u.
    b.grid[p->steps % 2] = p->u, b.grid[(p->steps + 1) % 2] = p->other;
    take_band(&b);
    bool fine = counts && b.errors;
    gr_status status =
        gr_ranks_agree(fine ? GR_OK : gr_fail(GR_ENOMEM, "jacobi: errors of %zu strips", b.strips));
    if (!status) status = sweep(&b, counts);
    if (!status) gather_rows(b.first, b.last, b.errors, across * p->steps, counts);
    if (!status && gr_rank() == 0) add_errors(&b);
    free(counts), free(b.errors);
    return status;
}

static gr_status run(gr_laplace *p, sweeping *sweep)
{
    return p->n < 3 || !p->steps ? no_sweeps(p) : run_strips(p, 4, 1, sweep);
}

static gr_status bands(band *b, int *counts, void (*sweep)(const band *b, size_t k))
{
    for (size_t k = 0; k < b->p->steps; k++) sweep(b, k);
    gather_rows(row_of(b, b->first), row_of(b, b->last), b->p->u, b->p->n, counts);
    return GR_OK;
}

static gr_status by_messages(band *b, int *counts) { return bands(b, counts, exchange_then_sweep); }
static gr_status overlapped(band *b, int *counts) { return bands(b, counts, sweep_meanwhile); }

gr_status gr_jacobi_mpi(void *problem, int workers)
{
    (void)workers; // as many as there are ranks
    return run(problem, by_messages);
}

gr_status gr_jacobi_mpi_overlap(void *problem, int workers)
{
    (void)workers;
    return run(problem, overlapped);
}

// ---- one grid for all ranks of a machine ----

// What a rank wrote before is seen by those that read behind: sync, barrier, sync (MPI 4.0, 12.4).
static void meet(MPI_Win window)
{
    MPI_Win_sync(window);
    MPI_Barrier(gr_mpi_comm());
    MPI_Win_sync(window);
}

static void sweep_shared(band *b, double *grids, MPI_Win window)
{
    const gr_laplace *p = b->p;
    const size_t n = p->n, last_row = gr_rank() == 0 ? n - 1 : 0;
    const size_t first = row_of(b, b->first), last = row_of(b, b->last);
    b->grid[0] = grids, b->grid[1] = grids + n * n;
    for (int g = 0; g < 2; g++) { // each rank touches its rows first; rank 0 also brings the edges
        memcpy(b->grid[g] + first * n, p->u + first * n, (last - first) * n * sizeof(double));
        if (last_row) memcpy(b->grid[g], p->u, n * sizeof(double));
        if (last_row) memcpy(b->grid[g] + last_row * n, p->u + last_row * n, n * sizeof(double));
    }
    meet(window);
    for (size_t k = 0; k < p->steps; k++) {
        sweep_strips(b, k, b->first, b->last);
        meet(window);
    }
    if (gr_rank() == 0) memcpy(p->u, b->grid[p->steps % 2], n * n * sizeof(double));
    meet(window); // nobody frees what rank 0 still reads
}

static gr_status one_machine(void)
{
    MPI_Comm node;
    int size;
    MPI_Comm_split_type(gr_mpi_comm(), MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node);
    MPI_Comm_size(node, &size);
    MPI_Comm_free(&node);
    bool all = size == gr_ranks();
    return gr_ranks_agree(all ? GR_OK
                              : gr_fail(GR_EUNSUP, "shared windows need all ranks on one machine"));
}

static gr_status by_windows(band *b, int *counts)
{
    MPI_Win window;
    double *grids;
    MPI_Aint bytes = (MPI_Aint)(2 * b->p->n * b->p->n * sizeof(double)), size;
    int unit;
    (void)counts;
    GR_TRY(one_machine());
    MPI_Win_allocate_shared(gr_rank() == 0 ? bytes : 0, sizeof(double), MPI_INFO_NULL,
                            gr_mpi_comm(), &grids, &window);
    MPI_Win_shared_query(window, 0, &size, &unit, &grids);
    MPI_Win_lock_all(0, window);
    sweep_shared(b, grids, window);
    MPI_Win_unlock_all(window);
    MPI_Win_free(&window);
    return GR_OK;
}

gr_status gr_jacobi_shared(void *problem, int workers)
{
    (void)workers;
    return run(problem, by_windows);
}

// ---- several sweeps for each exchange ----

// The halo is a neighbour's, so no deeper than the band with the fewest rows.
static size_t deepest_pass(const band *b)
{
    size_t busy = least(b->strips, (size_t)gr_ranks()), rows = GR_PASS_DEPTH;
    for (size_t r = 0; r < busy; r++) {
        size_t first = strip_of(b, r, busy), last = strip_of(b, r + 1, busy);
        rows = least(rows, row_of(b, last) - row_of(b, first));
    }
    return rows;
}

// The band in one pass, one piece of its columns after the other.
static void pass_over(const band *b, size_t t, size_t first_sweep, gr_pass *q)
{
    exchange(b, t, q->depth);
    q->old = b->grid[t % 2], q->new = b->grid[(t + 1) % 2];
    for (size_t c = 0; c < b->across; c++) {
        gr_jacobi_piece(b->p->n, GR_JACOBI_COLUMNS, c, &q->part.left, &q->part.right);
        q->errors = b->errors + c * b->p->steps + first_sweep;
        gr_jacobi_pass(q);
    }
}

static void make_passes(band *b, gr_pass *q)
{
    const size_t steps = b->p->steps, passes = gr_jacobi_passes(steps, deepest_pass(b));
    memset(q, 0, sizeof *q);
    q->p = b->p, q->strip = b->strip, q->next_sweep = 1, q->next_strip = b->across * steps;
    q->part.top = row_of(b, b->first), q->part.bottom = row_of(b, b->last);
    b->grid[passes % 2] = b->p->u, b->grid[(passes + 1) % 2] = b->p->other; // the last writes u
    for (size_t t = 0; t < passes; t++) {
        size_t first = gr_jacobi_first_sweep(steps, passes, t);
        q->depth = gr_jacobi_first_sweep(steps, passes, t + 1) - first;
        pass_over(b, t, first, q);
    }
}

static gr_status tiled(band *b, int *counts)
{
    gr_pass *q = aligned_alloc(64, sizeof *q);
    gr_status status = gr_ranks_agree(q ? GR_OK : gr_fail(GR_ENOMEM, "jacobi: a pass"));
    if (!status) make_passes(b, q);
    free(q);
    if (status) return status;
    gather_rows(row_of(b, b->first), row_of(b, b->last), b->p->u, b->p->n, counts);
    return GR_OK;
}

gr_status gr_jacobi_mpi_tiled(void *problem, int workers)
{
    gr_laplace *p = problem;
    (void)workers;
    if (p->n < 3 || !p->steps) return no_sweeps(p);
    return run_strips(p, GR_PASS_DEPTH, gr_jacobi_pieces(p->n, GR_JACOBI_COLUMNS), tiled);
}
