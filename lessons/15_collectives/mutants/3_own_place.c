// SPDX-License-Identifier: BSD-3-Clause
// Wrong: puts all that comes at the same place.
#include "lessons/15_collectives/mpi_lesson.h"
#include <string.h>

// Where each rank's items begin if they stand one behind the other; returns how many there are.
static int add_up(const int *counts, int *places, int ranks)
{
    int sum = 0;
    for (int r = 0; r < ranks; r++) places[r] = sum, sum += counts[r];
    return sum;
}

// p->sorted: the items by owner, those of rank 0 first. p->counts and p->places: how many go to
// each rank, and where they begin.
static void sort_items(deal *p, int ranks)
{
    memset(p->counts, 0, (size_t)ranks * sizeof *p->counts);
    for (size_t i = 0; i < p->n; i++) p->counts[p->items[i] % ranks]++;
    add_up(p->counts, p->places, ranks);
    for (size_t i = 0; i < p->n; i++) p->sorted[p->places[p->items[i] % ranks]++] = p->items[i];
    add_up(p->counts, p->places, ranks);
}

gr_status exercise(void *problem, int workers)
{
    deal *p = problem;
    sort_items(p, workers);
    MPI_Alltoall(p->counts, 1, MPI_INT, p->from_counts, 1, MPI_INT, gr_mpi_comm());
    p->size = add_up(p->from_counts, p->from_places, workers);
    memset(p->from_places, 0, (size_t)workers * sizeof *p->from_places);
    MPI_Alltoallv(p->sorted, p->counts, p->places, MPI_INT64_T, p->in, p->from_counts,
                  p->from_places, MPI_INT64_T, gr_mpi_comm());
    return GR_OK;
}
