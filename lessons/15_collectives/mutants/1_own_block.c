// SPDX-License-Identifier: BSD-3-Clause
// Wrong: hands on its own numbers, not those that came.
#include "lessons/15_collectives/mpi_lesson.h"

gr_status exercise(void *problem, int workers)
{
    collective *p = problem;
    int ranks = p->ranks, v = (p->me - p->root + ranks) % ranks; // counted from the root
    (void)workers;
    int far = 1;
    while (far < ranks && !(v & far)) far *= 2; // the lowest bit of v; of the root: beyond all
    if (v > 0) block_receive(p->in, p->n, (p->root + v - far) % ranks);
    for (far /= 2; far > 0; far /= 2)
        if (v + far < ranks) block_send(p->out, p->n, (p->root + v + far) % ranks);
    return GR_OK;
}
