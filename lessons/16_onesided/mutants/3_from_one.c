// SPDX-License-Identifier: BSD-3-Clause
// Wrong: begins with task 1.
#include "lessons/16_onesided/mpi_lesson.h"

static int64_t draw(MPI_Win window)
{
    const int64_t one = 1;
    int64_t ticket;
    MPI_Fetch_and_op(&one, &ticket, MPI_INT64_T, 0, 0, MPI_SUM, window);
    MPI_Win_flush(0, window); // only now `ticket` is there
    return ticket + 1;
}

gr_status exercise(void *problem, int workers)
{
    tickets *p = problem;
    int64_t *counter;
    MPI_Win window;
    (void)workers;
    MPI_Win_allocate(sizeof *counter, sizeof *counter, MPI_INFO_NULL, gr_mpi_comm(), &counter,
                     &window);
    *counter = 0;
    MPI_Win_lock_all(0, window);
    MPI_Win_sync(window);
    MPI_Barrier(gr_mpi_comm()); // every counter is 0 before anybody draws
    for (int64_t k; (k = draw(window)) < (int64_t)p->n;) p->done[k]++;
    MPI_Barrier(gr_mpi_comm());
    MPI_Win_sync(window);
    int64_t drawn = *counter;
    MPI_Win_unlock_all(window);
    MPI_Win_free(&window);
    return tickets_collect(p, drawn);
}
