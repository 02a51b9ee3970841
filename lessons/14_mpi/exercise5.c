// SPDX-License-Identifier: BSD-3-Clause
// Step 5: a communicator of one's own.
//
// The ranks stand in p->rows rows of p->columns, row by row: rank r is in row r / columns. Each
// wants its place (row, column), and of its p->n numbers the sum over the ranks of its row in
// p->in_row, and over those of its column in p->in_column. Below, both are the sum over everybody.
//
// MPI_Allreduce adds over all ranks of a communicator. MPI_Comm_split makes one for each colour; or
// MPI_Cart_create and MPI_Cart_sub; or groups. Free what you make.
#include "lessons/14_mpi/mpi_lesson.h"

gr_status exercise(void *problem, int workers)
{
    grid *p = problem;
    int me;
    (void)workers;
    MPI_Comm_rank(gr_mpi_comm(), &me);
    // TODO: this rank's place; a communicator for its row, and one for its column
    p->place[0] = me;
    p->place[1] = 0;
    MPI_Allreduce(p->own, p->in_row, (int)p->n, MPI_INT64_T, MPI_SUM, gr_mpi_comm());
    MPI_Allreduce(p->own, p->in_column, (int)p->n, MPI_INT64_T, MPI_SUM, gr_mpi_comm());
    return GR_OK;
}
