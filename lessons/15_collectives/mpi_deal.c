// SPDX-License-Identifier: BSD-3-Clause
// Items to their owners. The v in MPI_Alltoallv says that counts differ. Both sides must know them,
// so somebody has to tell.
#include "lessons/15_collectives/mpi_lesson.h"
#include <string.h>

static int owner(int64_t item, int ranks) { return (int)(item % ranks); }

static void count(deal *p, int ranks)
{
    memset(p->counts, 0, (size_t)ranks * sizeof *p->counts);
    for (size_t i = 0; i < p->n; i++) p->counts[owner(p->items[i], ranks)]++;
}

// Where the items of each rank begin if they stand one behind the other; returns how many there
// are.
static int add_up(const int *counts, int *places, int ranks)
{
    int sum = 0;
    for (int r = 0; r < ranks; r++) places[r] = sum, sum += counts[r];
    return sum;
}

// Into `sorted`, by owner, in the order they stand in.
static void sort_items(deal *p, int ranks)
{
    add_up(p->counts, p->places, ranks);
    for (size_t i = 0; i < p->n; i++)
        p->sorted[p->places[owner(p->items[i], ranks)]++] = p->items[i];
    add_up(p->counts, p->places, ranks);
}

static void exchange(deal *p, int ranks)
{
    p->size = add_up(p->from_counts, p->from_places, ranks);
    MPI_Alltoallv(p->sorted, p->counts, p->places, MPI_INT64_T, p->in, p->from_counts,
                  p->from_places, MPI_INT64_T, gr_mpi_comm());
}

gr_status deal_counts_first(void *problem, int workers)
{
    deal *p = problem;
    count(p, workers);
    MPI_Alltoall(p->counts, 1, MPI_INT, p->from_counts, 1, MPI_INT, gr_mpi_comm());
    sort_items(p, workers);
    exchange(p, workers);
    return GR_OK;
}

gr_status deal_nonblocking(void *problem, int workers)
{
    deal *p = problem;
    MPI_Request counted;
    count(p, workers);
    MPI_Ialltoall(p->counts, 1, MPI_INT, p->from_counts, 1, MPI_INT, gr_mpi_comm(), &counted);
    sort_items(p, workers);
    MPI_Wait(&counted, MPI_STATUS_IGNORE);
    exchange(p, workers);
    return GR_OK;
}

static void receive_from(deal *p, int from)
{
    MPI_Status envelope;
    int length;
    MPI_Probe(from, 0, gr_mpi_comm(), &envelope);
    MPI_Get_count(&envelope, MPI_INT64_T, &length);
    block_receive(p->in + p->size, (size_t)length, from);
    p->size += length;
}

// Up to 64 ranks at a time. The sends are only started: whoever sends to me may be receiving from
// another first. All receive from lower ranks first, so what comes is in order, too.
gr_status deal_probed(void *problem, int workers)
{
    deal *p = problem;
    MPI_Request sent[64];
    count(p, workers);
    sort_items(p, workers);
    p->size = 0;
    for (int begin = 0; begin < workers; begin += 64) {
        int end = begin + 64 < workers ? begin + 64 : workers;
        for (int r = begin; r < end; r++)
            MPI_Isend(p->sorted + p->places[r], p->counts[r], MPI_INT64_T, r, 0, gr_mpi_comm(),
                      &sent[r - begin]);
        for (int r = begin; r < end; r++) receive_from(p, r);
        MPI_Waitall(end - begin, sent, MPI_STATUSES_IGNORE);
    }
    return GR_OK;
}
