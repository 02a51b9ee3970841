// SPDX-License-Identifier: BSD-3-Clause
// Step 1: twice as many in every round.
//
// p->in of rank p->root has p->n numbers; all ranks are to have them in theirs. Below, the root
// sends to one rank after the other. Run the check: with five ranks it sends four messages, and
// three rounds are enough, if those that have the numbers already send as well.
//
// v counts the ranks from the root on: the root is 0, the next one 1. Rank v = 0 sends to v = 4,
// then to 2, then to 1; v = 4 sends to 6, then to 5; v = 2 sends to 3; v = 1 to nobody. You have
// only block_send(numbers, n, rank) and block_receive(numbers, n, rank) to use.
#include "lessons/15_collectives/mpi_lesson.h"

gr_status exercise(void *problem, int workers)
{
    collective *p = problem;
    int ranks = p->ranks, v = (p->me - p->root + ranks) % ranks; // counted from the root
    (void)workers;
    // TODO: whoever has the numbers sends, too; nobody sends more than once in a round
    for (int far = 1; v == 0 && far < ranks; far++)
        block_send(p->in, p->n, (p->root + far) % ranks);
    if (v > 0) block_receive(p->in, p->n, p->root);
    return GR_OK;
}
