// SPDX-License-Identifier: BSD-3-Clause
// Wrong: receives the right halo one cell too far.
#include "lessons/14_mpi/mpi_lesson.h"

static void start(const rod *p, MPI_Request all[4])
{
    int left = p->left < 0 ? MPI_PROC_NULL : p->left;
    int right = p->right < 0 ? MPI_PROC_NULL : p->right;
    double *u = p->old;
    MPI_Irecv(u, 1, MPI_DOUBLE, left, 0, gr_mpi_comm(), &all[0]);
    MPI_Irecv(u + p->cells + 2, 1, MPI_DOUBLE, right, 1, gr_mpi_comm(), &all[1]);
    MPI_Isend(u + p->cells, 1, MPI_DOUBLE, right, 0, gr_mpi_comm(), &all[2]);
    MPI_Isend(u + 1, 1, MPI_DOUBLE, left, 1, gr_mpi_comm(), &all[3]);
}

static void step(rod *p)
{
    MPI_Request all[4];
    start(p, all);
    if (p->cells > 2) rod_update(p, 2, p->cells);
    MPI_Waitall(4, all, MPI_STATUSES_IGNORE);
    rod_update(p, 1, 2);
    if (p->cells > 1) rod_update(p, p->cells, p->cells + 1);
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
