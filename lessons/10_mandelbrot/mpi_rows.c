// SPDX-License-Identifier: BSD-3-Clause
// mpi_rows -- the rows dealt to MPI ranks, in three ways. The kernel is that of `refill`.
//
// Ranks share nothing: each fills its rows in a picture of its own, and sends them to rank 0, which
// receives them where they belong. A rank's blocks of rows are described by one datatype, so they
// are one message, however they lie. What differs is only who has which block.
#include "lessons/10_mandelbrot/refill.h"
#include "lib/timer.h"
#include "parallel/mpi_ranks.h"
#include <stdlib.h>

enum { FEW_ROWS = 4 * ROWS }; // in a block, as for `dynamic`

typedef struct dealt {
    const mandelbrot *m;
    int blocks, *owner; // (blocks): the rank that computes it
    int rank, ranks;
    size_t done; // blocks of this rank
    double busy;
} dealt;

// The rows of block k are first_row(k) .. first_row(k + 1) - 1.
static size_t first_row(const dealt *d, int k)
{
    size_t row = (size_t)k * FEW_ROWS;
    return row < d->m->n ? row : d->m->n;
}

static void do_block(dealt *d, refill *r, int k)
{
    gr_refill_row_range(r, first_row(d, k), first_row(d, k + 1));
    d->done++;
}

// ---- who has which ----

static void deal_blocks(dealt *d)
{
    for (int k = 0; k < d->blocks; k++) d->owner[k] = (int)((long long)k * d->ranks / d->blocks);
}

static void deal_cards(dealt *d)
{
    for (int k = 0; k < d->blocks; k++) d->owner[k] = k % d->ranks;
}

static void do_own(dealt *d, refill *r)
{
    for (int k = 0; k < d->blocks; k++)
        if (d->owner[k] == d->rank) do_block(d, r, k);
}

// A counter in rank 0's memory: whoever is free takes the next block from it, and rank 0, busy
// with its own, need not answer.
static void do_next(dealt *d, refill *r)
{
    MPI_Win window;
    int64_t *counter, one = 1, next = 0;
    MPI_Win_allocate(d->rank == 0 ? sizeof *counter : 0, sizeof *counter, MPI_INFO_NULL,
                     gr_mpi_comm(), &counter, &window);
    MPI_Win_lock_all(0, window);
    if (d->rank == 0) *counter = 0;
    MPI_Win_sync(window);
    MPI_Barrier(gr_mpi_comm());
    for (;;) {
        MPI_Fetch_and_op(&one, &next, MPI_INT64_T, 0, 0, MPI_SUM, window);
        MPI_Win_flush(0, window);
        if (next >= d->blocks) break;
        d->owner[next] = d->rank;
        do_block(d, r, (int)next);
    }
    MPI_Win_unlock_all(window);
    MPI_Win_free(&window);
}

// ---- bringing them together ----

// The rows of all blocks of `rank`, as they lie in counts. False if it has none.
static bool rows_of(const dealt *d, int rank, int *lengths, int *places, MPI_Datatype *type)
{
    MPI_Datatype row;
    int n = 0;
    for (int k = 0; k < d->blocks; k++)
        if (d->owner[k] == rank) {
            places[n] = (int)first_row(d, k);
            lengths[n++] = (int)(first_row(d, k + 1) - first_row(d, k));
        }
    if (n == 0) return false;
    MPI_Type_contiguous((int)d->m->n, MPI_INT32_T, &row);
    MPI_Type_indexed(n, lengths, places, row, type);
    MPI_Type_commit(type);
    MPI_Type_free(&row);
    return true;
}

static void bring_rows(const dealt *d, int *lengths, int *places, MPI_Request *requests)
{
    MPI_Datatype type;
    MPI_Comm comm = gr_mpi_comm();
    int n = 0;
    for (int rank = 1; rank < d->ranks; rank++) {
        if ((d->rank != 0 && d->rank != rank) || !rows_of(d, rank, lengths, places, &type))
            continue;
        if (d->rank == 0)
            MPI_Irecv(d->m->counts, 1, type, rank, 0, comm, &requests[n++]);
        else
            MPI_Send(d->m->counts, 1, type, 0, 0, comm);
        MPI_Type_free(&type); // the transfer under way keeps it
    }
    MPI_Waitall(n, requests, MPI_STATUSES_IGNORE);
}

// ---- the rungs ----

static gr_status allocate(dealt *d, refill **r, int **work, MPI_Request **requests)
{
    size_t blocks = (size_t)d->blocks + 1;
    *r = aligned_alloc(_Alignof(refill), sizeof **r);
    *work = malloc(2 * blocks * sizeof **work);
    *requests = malloc((size_t)d->ranks * sizeof **requests);
    d->owner = malloc(blocks * sizeof *d->owner);
    bool fine = *r && *work && *requests && d->owner;
    // Together, or those that go on would wait for the one that does not.
    return gr_ranks_agree(fine ? GR_OK : gr_fail(GR_ENOMEM, "%d blocks: out of memory", d->blocks));
}

static gr_status run(void *problem, void (*deal)(dealt *d), void (*work)(dealt *d, refill *r))
{
    const mandelbrot *m = problem;
    dealt d = {.m = m, .rank = gr_rank(), .ranks = gr_ranks()};
    refill *r;
    int *places;
    MPI_Request *requests;
    d.blocks = (int)((m->n + FEW_ROWS - 1) / FEW_ROWS);
    gr_status status = allocate(&d, &r, &places, &requests);
    if (!status) {
        if (deal) deal(&d);
        for (int k = 0; !deal && k < d.blocks; k++) d.owner[k] = -1;
        double start = gr_now();
        gr_refill_start(r, m, 0);
        work(&d, r);
        gr_refill_finish(r);
        gr_mpi_worked(d.done, gr_now() - start);
        if (!deal && d.blocks)
            MPI_Allreduce(MPI_IN_PLACE, d.owner, d.blocks, MPI_INT, MPI_MAX, gr_mpi_comm());
        bring_rows(&d, places, places + d.blocks, requests);
    }
    free(r), free(places), free(requests), free(d.owner);
    return status;
}

gr_status gr_mandelbrot_mpi(void *problem, int workers)
{
    (void)workers; // as many as there are ranks
    return run(problem, deal_blocks, do_own);
}

gr_status gr_mandelbrot_mpi_carddealer(void *problem, int workers)
{
    (void)workers;
    return run(problem, deal_cards, do_own);
}

gr_status gr_mandelbrot_mpi_dynamic(void *problem, int workers)
{
    (void)workers;
    return run(problem, NULL, do_next);
}
