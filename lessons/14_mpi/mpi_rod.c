// SPDX-License-Identifier: BSD-3-Clause
// The halo, exchanged in three ways. A neighbour that does not exist is MPI_PROC_NULL: messages to
// and from it are over at once, so the ranks at the ends need no lines of their own.
#include "lessons/14_mpi/mpi_lesson.h"
#include <stdlib.h>
#include <string.h>

static int or_null(int rank) { return rank < 0 ? MPI_PROC_NULL : rank; }

static void exchange(const rod *p)
{
    int left = or_null(p->left), right = or_null(p->right);
    double *u = p->old;
    MPI_Sendrecv(u + p->cells, 1, MPI_DOUBLE, right, 0, u, 1, MPI_DOUBLE, left, 0, gr_mpi_comm(),
                 MPI_STATUS_IGNORE);
    MPI_Sendrecv(u + 1, 1, MPI_DOUBLE, left, 1, u + p->cells + 1, 1, MPI_DOUBLE, right, 1,
                 gr_mpi_comm(), MPI_STATUS_IGNORE);
}

static void start_exchange(const rod *p, MPI_Request all[4])
{
    int left = or_null(p->left), right = or_null(p->right);
    MPI_Comm comm = gr_mpi_comm();
    double *u = p->old;
    MPI_Irecv(u, 1, MPI_DOUBLE, left, 0, comm, &all[0]);
    MPI_Irecv(u + p->cells + 1, 1, MPI_DOUBLE, right, 1, comm, &all[1]);
    MPI_Isend(u + p->cells, 1, MPI_DOUBLE, right, 0, comm, &all[2]);
    MPI_Isend(u + 1, 1, MPI_DOUBLE, left, 1, comm, &all[3]);
}

gr_status rod_blocking(void *problem, int workers)
{
    rod *p = problem;
    (void)workers;
    rod_begin(p);
    for (size_t k = 0; k < p->steps; k++) {
        exchange(p);
        rod_update(p, 1, p->cells + 1);
        rod_swap(p);
    }
    return rod_gather(p);
}

gr_status rod_nonblocking(void *problem, int workers)
{
    rod *p = problem;
    MPI_Request all[4];
    (void)workers;
    rod_begin(p);
    for (size_t k = 0; k < p->steps; k++) {
        start_exchange(p, all);
        MPI_Waitall(4, all, MPI_STATUSES_IGNORE);
        rod_update(p, 1, p->cells + 1);
        rod_swap(p);
    }
    return rod_gather(p);
}

// The inner cells read no halo. They write to the other array, so what travels stays as it is.
gr_status rod_overlap(void *problem, int workers)
{
    rod *p = problem;
    MPI_Request all[4];
    (void)workers;
    rod_begin(p);
    for (size_t k = 0; k < p->steps; k++) {
        start_exchange(p, all);
        if (p->cells > 2) rod_update(p, 2, p->cells);
        MPI_Waitall(4, all, MPI_STATUSES_IGNORE);
        rod_update(p, 1, 2);
        if (p->cells > 1) rod_update(p, p->cells, p->cells + 1);
        rod_swap(p);
    }
    return rod_gather(p);
}

// Every rank tells how much it has and where that goes; then all shares travel in one call.
gr_status rod_gather(rod *p)
{
    int ranks = gr_ranks(), mine[2] = {(int)p->cells, (int)p->first};
    int *shares = malloc(4 * (size_t)ranks * sizeof *shares), *counts = shares + 2 * ranks;
    GR_TRY(gr_ranks_agree(shares ? GR_OK : gr_fail(GR_ENOMEM, "%d shares: out of memory", ranks)));
    MPI_Gather(mine, 2, MPI_INT, shares, 2, MPI_INT, 0, gr_mpi_comm());
    for (int r = 0; gr_rank() == 0 && r < ranks; r++)
        counts[r] = shares[2 * r], counts[ranks + r] = shares[2 * r + 1];
    MPI_Gatherv(p->old + 1, (int)p->cells, MPI_DOUBLE, p->u, counts, counts + ranks, MPI_DOUBLE, 0,
                gr_mpi_comm());
    free(shares);
    return GR_OK;
}
