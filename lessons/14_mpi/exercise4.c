// SPDX-License-Identifier: BSD-3-Clause
// Step 4: the halo.
//
// A rod of p->n cells is shared out: this rank has p->cells of them, in p->old[1] to
// p->old[p->cells]. A step needs the cell before and the cell behind each: at the ends these belong
// to the neighbours p->left and p->right (-1: there is none). Their copies go to p->old[0] and
// p->old[p->cells + 1], the halo. Below, the halo is as old as the start. Run the check: one rank
// is right, the first step is right, all others are not.
//
// Bring the halo in each step, and compute the inner cells 2 .. cells - 1, which need none, while
// it travels. A message to or from MPI_PROC_NULL is over at once. A rank without cells has no
// neighbours.
#include "lessons/14_mpi/mpi_lesson.h"

static void step(rod *p)
{
    // TODO: start sending and receiving; compute the inner cells; wait; compute the cells at the
    // ends
    rod_update(p, 1, p->cells + 1);
    rod_swap(p);
}

gr_status exercise(void *problem, int workers)
{
    rod *p = problem;
    (void)workers;
    rod_begin(p);
    for (size_t k = 0; k < p->steps; k++) step(p);
    return rod_gather(p);
}
