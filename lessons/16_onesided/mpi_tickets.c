// SPDX-License-Identifier: BSD-3-Clause
// The counter of rank 0, drawn from by all. Getting it, adding one and putting it back would be
// three steps, and others come in between.
#include "lessons/16_onesided/mpi_lesson.h"

typedef int64_t draw(MPI_Win window);

static gr_status draw_all(tickets *p, draw *draw_ticket)
{
    int64_t *counter;
    MPI_Win window;
    MPI_Win_allocate(sizeof *counter, sizeof *counter, MPI_INFO_NULL, gr_mpi_comm(), &counter,
                     &window);
    *counter = 0;
    MPI_Win_lock_all(0, window);
    MPI_Win_sync(window);
    MPI_Barrier(gr_mpi_comm()); // every counter is 0 before anybody draws
    for (int64_t k; (k = draw_ticket(window)) < (int64_t)p->n;) p->done[k]++;
    MPI_Barrier(gr_mpi_comm());
    MPI_Win_sync(window);
    int64_t drawn = *counter;
    MPI_Win_unlock_all(window);
    MPI_Win_free(&window);
    return tickets_collect(p, drawn);
}

static int64_t by_fetch(MPI_Win window)
{
    const int64_t one = 1;
    int64_t ticket;
    MPI_Fetch_and_op(&one, &ticket, MPI_INT64_T, 0, 0, MPI_SUM, window);
    MPI_Win_flush(0, window); // only now `ticket` is there
    return ticket;
}

static int64_t by_compare(MPI_Win window)
{
    int64_t seen = 0, found = 0, next;
    do {
        seen = found, next = seen + 1;
        MPI_Compare_and_swap(&next, &seen, &found, MPI_INT64_T, 0, 0, window);
        MPI_Win_flush(0, window);
    } while (found != seen);
    return seen;
}

gr_status tickets_fetch(void *problem, int workers)
{
    (void)workers;
    return draw_all(problem, by_fetch);
}

gr_status tickets_compare(void *problem, int workers)
{
    (void)workers;
    return draw_all(problem, by_compare);
}

gr_status tickets_collect(tickets *p, int64_t counter)
{
    p->drawn = counter;
    MPI_Allreduce(MPI_IN_PLACE, p->done, (int)p->n, MPI_INT64_T, MPI_SUM, gr_mpi_comm());
    MPI_Bcast(&p->drawn, 1, MPI_INT64_T, 0, gr_mpi_comm());
    return GR_OK;
}
