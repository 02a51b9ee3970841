// SPDX-License-Identifier: BSD-3-Clause
// Three ways round the ring without waiting for one another for ever. What comes is added up and
// handed on; two halves of `work` take turns, so that nothing is received over what is being sent.
#include "lessons/14_mpi/mpi_lesson.h"
#include <string.h>

typedef void pass(const int64_t *out, int64_t *in, int n, int to, int from);

static gr_status go_round(ring *p, int ranks, pass *hand_on)
{
    int me = gr_rank(), to = (me + 1) % ranks, from = (me + ranks - 1) % ranks;
    int64_t *out = p->work, *in = p->work + p->n;
    memcpy(p->sum, p->own, p->n * sizeof *p->sum);
    memcpy(out, p->own, p->n * sizeof *out);
    for (int step = 1; step < ranks; step++) {
        hand_on(out, in, (int)p->n, to, from);
        for (size_t k = 0; k < p->n; k++) p->sum[k] += in[k];
        int64_t *came = in;
        in = out, out = came;
    }
    return GR_OK;
}

static void by_sendrecv(const int64_t *out, int64_t *in, int n, int to, int from)
{
    MPI_Sendrecv(out, n, MPI_INT64_T, to, 0, in, n, MPI_INT64_T, from, 0, gr_mpi_comm(),
                 MPI_STATUS_IGNORE);
}

// In a ring of an odd number two even ranks are neighbours: one of them waits, but not in a circle.
static void by_parity(const int64_t *out, int64_t *in, int n, int to, int from)
{
    MPI_Comm comm = gr_mpi_comm();
    bool even = gr_rank() % 2 == 0;
    if (even) MPI_Send(out, n, MPI_INT64_T, to, 0, comm);
    MPI_Recv(in, n, MPI_INT64_T, from, 0, comm, MPI_STATUS_IGNORE);
    if (!even) MPI_Send(out, n, MPI_INT64_T, to, 0, comm);
}

static void by_requests(const int64_t *out, int64_t *in, int n, int to, int from)
{
    MPI_Request both[2];
    MPI_Irecv(in, n, MPI_INT64_T, from, 0, gr_mpi_comm(), &both[0]);
    MPI_Isend(out, n, MPI_INT64_T, to, 0, gr_mpi_comm(), &both[1]);
    MPI_Waitall(2, both, MPI_STATUSES_IGNORE);
}

gr_status ring_sendrecv(void *problem, int workers)
{
    return go_round(problem, workers, by_sendrecv);
}

gr_status ring_parity(void *problem, int workers) { return go_round(problem, workers, by_parity); }

gr_status ring_nonblocking(void *problem, int workers)
{
    return go_round(problem, workers, by_requests);
}
