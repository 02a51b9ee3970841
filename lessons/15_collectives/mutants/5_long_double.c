// SPDX-License-Identifier: BSD-3-Clause
// Wrong: hopes that 80 bits are enough.
#include "lessons/15_collectives/mpi_lesson.h"

gr_status exercise(void *problem, int workers)
{
    exactsum *p = problem;
    long double own = 0, sum;
    (void)workers;
    for (size_t i = 0; i < p->own; i++) own += p->number[i];
    MPI_Allreduce(&own, &sum, 1, MPI_LONG_DOUBLE, MPI_SUM, gr_mpi_comm());
    p->sum = (double)sum;
    return GR_OK;
}
