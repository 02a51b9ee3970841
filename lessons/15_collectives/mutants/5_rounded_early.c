// SPDX-License-Identifier: BSD-3-Clause
// Wrong: rounds the own sum, then adds what is rounded.
#include "lessons/15_collectives/mpi_lesson.h"

gr_status exercise(void *problem, int workers)
{
    exactsum *p = problem;
    wide own = {{0}};
    (void)workers;
    for (size_t i = 0; i < p->own; i++) wide_add(&own, p->number[i]);
    double rounded = wide_round(&own);
    MPI_Allreduce(&rounded, &p->sum, 1, MPI_DOUBLE, MPI_SUM, gr_mpi_comm());
    return GR_OK;
}
