// SPDX-License-Identifier: BSD-3-Clause
// Step 5: the same bits on any number of ranks.
//
// p->n numbers are shared out; this rank has p->own of them in p->number. All ranks are to have
// their sum in p->sum: rounded once, from the exact one. Below, each adds its own and MPI_Allreduce
// adds the sums. Run the check: huge numbers cancel, and what is left is noise, another one for
// each number of ranks.
//
// A `wide` holds any sum of doubles without rounding: wide_add(&sum, x) adds to it, and
// wide_round(&sum) is the nearest double. Its limbs are whole numbers: WIDE_LIMBS of int64_t in
// sum.limb. What may be done with them before the sum of all is there, and what may not?
#include "lessons/15_collectives/mpi_lesson.h"

gr_status exercise(void *problem, int workers)
{
    exactsum *p = problem;
    double own = 0;
    (void)workers;
    // TODO: no rounding before the sum over all ranks
    for (size_t i = 0; i < p->own; i++) own += p->number[i];
    MPI_Allreduce(&own, &p->sum, 1, MPI_DOUBLE, MPI_SUM, gr_mpi_comm());
    return GR_OK;
}
