// SPDX-License-Identifier: BSD-3-Clause
// Step 2: a ring in which nobody waits for ever.
//
// Every rank has p->n numbers, and all are to have the sum of all ranks' in p->sum. So each hands
// what it has to the next rank, adds up what comes from the one before, hands that on, and so
// forth: ranks - 1 messages from each, no more. Below, all send, then all receive. Run the check:
// it is right at small sizes. Then no rank moves any more, and you are told who waits for whom.
//
// MPI_Send may return before anybody receives, as long as the message is short enough for MPI to
// keep a copy. Do not rely on it. There are three cures; one is enough.
#include "lessons/14_mpi/mpi_lesson.h"
#include <string.h>

// Sends out (n) to the next rank, and receives in (n) from the one before.
static void hand_on(const int64_t *out, int64_t *in, int n, int to, int from)
{
    // TODO: what if no MPI_Send returns before its message is received?
    MPI_Send(out, n, MPI_INT64_T, to, 0, gr_mpi_comm());
    MPI_Recv(in, n, MPI_INT64_T, from, 0, gr_mpi_comm(), MPI_STATUS_IGNORE);
}

gr_status exercise(void *problem, int workers)
{
    ring *p = problem;
    int me, ranks;
    (void)workers;
    MPI_Comm_rank(gr_mpi_comm(), &me);
    MPI_Comm_size(gr_mpi_comm(), &ranks);
    int to = (me + 1) % ranks, from = (me + ranks - 1) % ranks;
    int64_t *out = p->work, *in = p->work + p->n; // (n) both
    memcpy(p->sum, p->own, p->n * sizeof *p->sum);
    memcpy(out, p->own, p->n * sizeof *out);
    for (int step = 1; step < ranks; step++) {
        hand_on(out, in, (int)p->n, to, from);
        for (size_t k = 0; k < p->n; k++) p->sum[k] += in[k];
        int64_t *came = in; // what came is handed on next
        in = out, out = came;
    }
    return GR_OK;
}
