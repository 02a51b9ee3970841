// SPDX-License-Identifier: BSD-3-Clause
// A type is a list of places. Its extent says where the next one begins, and may be set: columns
// begin 8 bytes apart, though each is as long as the matrix.
#include "lessons/16_onesided/mpi_lesson.h"

// The block for rank r is n x n numbers; in `work` each lies in one piece, turned.
static void turn_blocks(const transpose *p)
{
    size_t n = p->n, whole = p->whole;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < whole; j++)
            p->work[j / n * n * n + j % n * n + i] = p->rows[i * whole + j];
}

gr_status transpose_packed(void *problem, int workers)
{
    transpose *p = problem;
    size_t n = p->n, whole = p->whole;
    double *came = p->work + n * whole;
    (void)workers;
    if (n > 0) turn_blocks(p);
    MPI_Alltoall(p->work, (int)(n * n), MPI_DOUBLE, came, (int)(n * n), MPI_DOUBLE, gr_mpi_comm());
    for (size_t c = 0; c < n; c++)
        for (size_t i = 0; i < whole; i++)
            p->columns[c * whole + i] = came[i / n * n * n + c * n + i % n];
    return GR_OK;
}

// `count` pieces of `length` numbers, one in each row; the next one begins `extent` numbers on.
static MPI_Datatype pieces(int count, int length, int row, size_t extent)
{
    MPI_Datatype plain, type;
    MPI_Type_vector(count, length, row, MPI_DOUBLE, &plain);
    MPI_Type_create_resized(plain, 0, (MPI_Aint)(extent * sizeof(double)), &type);
    MPI_Type_commit(&type);
    MPI_Type_free(&plain);
    return type;
}

// Sent are n columns of n numbers; they come one behind the other, which is n rows of the block.
gr_status transpose_types(void *problem, int workers)
{
    transpose *p = problem;
    int n = (int)p->n, whole = (int)p->whole;
    MPI_Datatype column = pieces(n, 1, whole, 1), block = pieces(n, n, whole, p->n);
    (void)workers;
    MPI_Alltoall(p->rows, n, column, p->columns, 1, block, gr_mpi_comm());
    MPI_Type_free(&column);
    MPI_Type_free(&block);
    return GR_OK;
}
