// SPDX-License-Identifier: BSD-3-Clause
// A message of this size is not sent off and forgotten: the receiver must agree first (rendezvous),
// and then somebody must copy. In most MPI libraries that somebody is whoever calls MPI.
#include "lessons/14_mpi/mpi_lesson.h"

static void start(overlap *p, int ranks, MPI_Request both[2])
{
    int me = gr_rank();
    MPI_Irecv(p->in, (int)p->n, MPI_DOUBLE, (me + ranks - 1) % ranks, 0, gr_mpi_comm(), &both[0]);
    MPI_Isend(p->out, (int)p->n, MPI_DOUBLE, (me + 1) % ranks, 0, gr_mpi_comm(), &both[1]);
}

gr_status overlap_after(void *problem, int workers)
{
    overlap *p = problem;
    MPI_Request both[2];
    start(p, workers, both);
    MPI_Waitall(2, both, MPI_STATUSES_IGNORE);
    for (int part = 0; part < OVERLAP_PARTS; part++) overlap_compute(p, part);
    return GR_OK;
}

gr_status overlap_meanwhile(void *problem, int workers)
{
    overlap *p = problem;
    MPI_Request both[2];
    start(p, workers, both);
    for (int part = 0; part < OVERLAP_PARTS; part++) overlap_compute(p, part);
    MPI_Waitall(2, both, MPI_STATUSES_IGNORE);
    return GR_OK;
}

gr_status overlap_poked(void *problem, int workers)
{
    overlap *p = problem;
    MPI_Request both[2];
    int done;
    start(p, workers, both);
    for (int part = 0; part < OVERLAP_PARTS; part++) {
        overlap_compute(p, part);
        MPI_Testall(2, both, &done, MPI_STATUSES_IGNORE);
    }
    MPI_Waitall(2, both, MPI_STATUSES_IGNORE);
    return GR_OK;
}
