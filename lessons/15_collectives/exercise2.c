// SPDX-License-Identifier: BSD-3-Clause
// Step 2: a sum for which nobody sends too much.
//
// Every rank has p->n numbers in p->out; all are to have the sum over all ranks in p->in. Below,
// rank 0 gathers everything, adds, and sends the sum to all. Run the check: rank 0 sends p->n
// numbers to each, and with many ranks it is busy with that all the time.
//
// Cut the numbers in parts, one for each rank. The sum of a part goes round the ring: each rank
// adds its own numbers to what comes from the left and hands it on. All parts are under way at the
// same time. After ranks - 1 steps every rank has the whole sum of one part; another ranks - 1
// steps bring it to all. No rank sends more than 2 p->n numbers, however many ranks there are.
//
// block_swap(out, n, to, in, m, from) sends and receives at the same time; p->work has room.
#include "lessons/15_collectives/mpi_lesson.h"
#include <string.h>

// Part i of the numbers begins here and ends where part i + 1 begins; there are as many as ranks.
static size_t cut(const collective *p, int i) { return collective_cut(p->n, p->ranks, i); }

gr_status exercise(void *problem, int workers)
{
    collective *p = problem;
    int ranks = p->ranks;
    (void)workers;
    memcpy(p->in, p->out, p->n * sizeof *p->in);
    // TODO: part by part round the ring, first adding, then handing on; cut(p, i) is where they are
    if (p->me > 0) {
        block_send(p->out, p->n, 0);
        block_receive(p->in, cut(p, ranks), 0);
        return GR_OK;
    }
    for (int r = 1; r < ranks; r++) {
        block_receive(p->work, p->n, r);
        collective_add(p->in, p->work, p->n);
    }
    for (int r = 1; r < ranks; r++) block_send(p->in, p->n, r);
    return GR_OK;
}
