// SPDX-License-Identifier: BSD-3-Clause
// Wrong: adds up the lower half of the limbs only.
#include "lessons/15_collectives/mpi_lesson.h"

gr_status exercise(void *problem, int workers)
{
    exactsum *p = problem;
    wide own = {{0}}, sum = {{0}};
    (void)workers;
    for (size_t i = 0; i < p->own; i++) wide_add(&own, p->number[i]);
    MPI_Allreduce(own.limb, sum.limb, WIDE_LIMBS / 2 - 1, MPI_INT64_T, MPI_SUM, gr_mpi_comm());
    p->sum = wide_round(&sum);
    return GR_OK;
}
