// SPDX-License-Identifier: BSD-3-Clause
// Wrong: puts, then waits, but takes before that.
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
    MPI_Win_fence(MPI_MODE_NOPRECEDE, window);
    onesided_late(n + 1);
    for (int r = 0; r < p->ranks; r++)
        MPI_Put(p->own, n, MPI_INT64_T, r, (MPI_Aint)p->me * n, n, MPI_INT64_T, window);
    memcpy(p->in, base, count * sizeof *base);
    MPI_Barrier(gr_mpi_comm());
    MPI_Win_fence(MPI_MODE_NOSUCCEED, window);
    MPI_Win_free(&window);
    return GR_OK;
}
