// SPDX-License-Identifier: BSD-3-Clause
// Step 3: each ticket once.
//
// There are p->n tasks, of unknown lengths. Whoever is free draws the next number from a counter in
// the window of rank 0, which does nothing for it. Below, draw() gets the number, adds one, and
// puts it back. Run the check: on one rank it is right; on two, some tasks are done twice.
//
// MPI can read and add in one: MPI_Fetch_and_op(&add, &was, type, rank, place, MPI_SUM, window).
// Nobody comes in between. And MPI_Win_flush says that it is done: before it, `was` is nothing.
#include "lessons/16_onesided/mpi_lesson.h"

static int64_t draw(MPI_Win window)
{
    int64_t ticket, next;
    // TODO: nobody must come in between
    MPI_Get(&ticket, 1, MPI_INT64_T, 0, 0, 1, MPI_INT64_T, window);
    MPI_Win_flush(0, window);
    next = ticket + 1;
    onesided_late((int)ticket); // a rank may be interrupted anywhere
    MPI_Put(&next, 1, MPI_INT64_T, 0, 0, 1, MPI_INT64_T, window);
    MPI_Win_flush(0, window);
    return ticket;
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
