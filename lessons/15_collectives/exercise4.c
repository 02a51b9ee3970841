// SPDX-License-Identifier: BSD-3-Clause
// Step 4: a chain that looks like work for one.
//
// x begins as RECURRENCE_START; step k makes it p->step[k].a * x + p->step[k].b, modulo a prime.
// The steps are shared out to the ranks in order: this rank has p->own of them and wants x after
// each in p->x. Below, every rank begins from the start, as if it had the first steps. Only rank 0
// has. Run the check.
//
// You could wait for x from the rank before. Then only one rank works at a time. But steps can be
// joined before anybody knows x: affine_then(f, g) is one step that does first f, then g. So each
// rank joins its own, all at the same time; and of those of the ranks before it it needs the
// joined one. What joins over the ranks before is MPI_Exscan, with an operation of your own.
#include "lessons/15_collectives/mpi_lesson.h"

gr_status exercise(void *problem, int workers)
{
    recurrence *p = problem;
    uint64_t x = RECURRENCE_START;
    (void)workers;
    // TODO: x as the ranks before leave it; MPI_Type_contiguous, MPI_Op_create, MPI_Exscan
    for (size_t k = 0; k < p->own; k++) p->x[k] = x = affine_apply(p->step[k], x);
    return GR_OK;
}
