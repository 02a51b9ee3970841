// SPDX-License-Identifier: BSD-3-Clause
// Three ways to a communicator for the row and one for the column. Whoever makes a communicator
// frees it: each is memory in every rank, and there are not many numbers for them.
#include "lessons/14_mpi/mpi_lesson.h"
#include <stdlib.h>

static void sum_over(const grid *p, MPI_Comm comm, int64_t *sum)
{
    MPI_Allreduce(p->own, sum, (int)p->n, MPI_INT64_T, MPI_SUM, comm);
}

gr_status grid_split(void *problem, int workers)
{
    grid *p = problem;
    MPI_Comm row, column;
    int me = gr_rank();
    (void)workers;
    p->place[0] = me / p->columns, p->place[1] = me % p->columns;
    MPI_Comm_split(gr_mpi_comm(), (int)p->place[0], me, &row); // the same colour: together
    MPI_Comm_split(gr_mpi_comm(), (int)p->place[1], me, &column);
    sum_over(p, row, p->in_row);
    sum_over(p, column, p->in_column);
    MPI_Comm_free(&row);
    MPI_Comm_free(&column);
    return GR_OK;
}

gr_status grid_cart(void *problem, int workers)
{
    grid *p = problem;
    MPI_Comm whole, row, column;
    int shape[2] = {p->rows, p->columns}, ends[2] = {0, 0}, place[2];
    (void)workers;
    MPI_Cart_create(gr_mpi_comm(), 2, shape, ends, 0, &whole);
    MPI_Cart_coords(whole, gr_rank(), 2, place);
    p->place[0] = place[0], p->place[1] = place[1];
    MPI_Cart_sub(whole, (const int[]){0, 1}, &row); // along a row the column changes
    MPI_Cart_sub(whole, (const int[]){1, 0}, &column);
    sum_over(p, row, p->in_row);
    sum_over(p, column, p->in_column);
    MPI_Comm_free(&row);
    MPI_Comm_free(&column);
    MPI_Comm_free(&whole);
    return GR_OK;
}

// The members first, first + step ... as a communicator.
static MPI_Comm of_members(int first, int step, int n, int *members)
{
    MPI_Group all, some;
    MPI_Comm comm;
    for (int i = 0; i < n; i++) members[i] = first + i * step;
    MPI_Comm_group(gr_mpi_comm(), &all);
    MPI_Group_incl(all, n, members, &some);
    MPI_Comm_create_group(gr_mpi_comm(), some, 0, &comm); // only the members call it
    MPI_Group_free(&some);
    MPI_Group_free(&all);
    return comm;
}

gr_status grid_group(void *problem, int workers)
{
    grid *p = problem;
    int me = gr_rank(), *members = malloc((size_t)workers * sizeof *members);
    GR_TRY(gr_ranks_agree(members ? GR_OK : gr_fail(GR_ENOMEM, "%d ranks: no memory", workers)));
    p->place[0] = me / p->columns, p->place[1] = me % p->columns;
    MPI_Comm row = of_members((int)p->place[0] * p->columns, 1, p->columns, members);
    MPI_Comm column = of_members((int)p->place[1], p->columns, p->rows, members);
    sum_over(p, row, p->in_row);
    sum_over(p, column, p->in_column);
    MPI_Comm_free(&row);
    MPI_Comm_free(&column);
    free(members);
    return GR_OK;
}
