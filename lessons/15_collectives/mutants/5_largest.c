// SPDX-License-Identifier: BSD-3-Clause
// Wrong: takes the largest of each limb.
#include "lessons/15_collectives/mpi_lesson.h"

gr_status exercise(void *problem, int workers)
{
    exactsum *p = problem;
    wide own = {{0}}, sum;
    (void)workers;
    for (size_t i = 0; i < p->own; i++) wide_add(&own, p->number[i]);
    MPI_Allreduce(own.limb, sum.limb, WIDE_LIMBS, MPI_INT64_T, MPI_MAX, gr_mpi_comm());
    p->sum = wide_round(&sum);
    return GR_OK;
}
