// SPDX-License-Identifier: BSD-3-Clause
// Step 2: when is it there?
//
// Every rank has memory that others write to: a window of (ranks, n) numbers. Each puts its block,
// p->own, at place `me` of everybody's window, and then takes what is in its own to p->in. Below,
// it is put and taken. Run the check: it may be right for some sizes; but one rank comes late
// (onesided_late), and that is all it takes.
//
// Two things must be known: that all windows are ready before anybody puts, and that all puts are
// there before anybody takes. MPI_Win_fence(hints, window) is called by all ranks: what was started
// before it is done after it, everywhere. How many of them, and where?
#include "lessons/16_onesided/mpi_lesson.h"
#include <string.h>

gr_status exercise(void *problem, int workers)
{
    puts_problem *p = problem;
    int64_t *base;
    MPI_Win window;
    int n = (int)p->n;
    size_t count = (size_t)p->ranks * p->n;
    (void)workers;
    MPI_Win_allocate((MPI_Aint)(count * sizeof *base), sizeof *base, MPI_INFO_NULL, gr_mpi_comm(),
                     &base, &window);
    onesided_late(n);
    for (size_t k = 0; k < count; k++) base[k] = -1; // it is my memory, until I offer it
    // TODO: where do fences stand?
    MPI_Win_fence(0, window);
    onesided_late(n + 1);
    for (int r = 0; r < p->ranks; r++)
        MPI_Put(p->own, n, MPI_INT64_T, r, (MPI_Aint)p->me * n, n, MPI_INT64_T, window);
    memcpy(p->in, base, count * sizeof *base);
    MPI_Win_fence(0, window);
    MPI_Win_free(&window);
    return GR_OK;
}
