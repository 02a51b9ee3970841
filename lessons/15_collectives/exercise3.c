// SPDX-License-Identifier: BSD-3-Clause
// Step 3: how many will come?
//
// Every rank has p->n items; item x belongs to rank x % ranks. In the end p->in has those that
// belong here, from rank 0 first, then rank 1 ..., and p->size says how many they are. Sorting by
// owner is done. MPI_Alltoallv sends to each rank another number of items; but it must be told how
// many come from each, in p->from_counts, and where they go, in p->from_places. Below, a rank takes
// it that as many come as it sends. Run the check.
//
// How many come only the senders know. How do n ranks tell each other one number each?
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
    // TODO: ask the others how many they send
    memcpy(p->from_counts, p->counts, (size_t)workers * sizeof *p->counts);
    p->size = add_up(p->from_counts, p->from_places, workers);
    MPI_Alltoallv(p->sorted, p->counts, p->places, MPI_INT64_T, p->in, p->from_counts,
                  p->from_places, MPI_INT64_T, gr_mpi_comm());
    return GR_OK;
}
