// SPDX-License-Identifier: BSD-3-Clause
// Step 1: columns in one call, and nothing packed.
//
// A matrix of p->whole rows and columns is shared out: this rank has p->n rows of it, p->rows (n,
// whole). It is to have p->n columns, each as one row of p->columns (n, whole). So each rank sends
// to each a block of n x n numbers, turned.
//
// One MPI_Alltoall can do it, if its types say where the numbers are. To rank r go the n columns
// that begin at p->rows + r n: n elements of a type `column`, which has one number in each of the
// n rows. They come one column behind the other; the block from rank r is n rows of n numbers, the
// first at p->columns + r n: one element of a type `block`.
//
// MPI_Type_vector(count, length, stride, ...): `count` pieces of `length` numbers, each beginning
// `stride` numbers after the one before. MPI_Type_create_resized(type, 0, bytes, ...): the next
// element of that type begins so many bytes on, however long this one is.
#include "lessons/16_onesided/mpi_lesson.h"

gr_status exercise(void *problem, int workers)
{
    transpose *p = problem;
    int n = (int)p->n, whole = (int)p->whole;
    MPI_Datatype column, block;
    (void)workers;
    // TODO: a column's places are not one behind the other; and how far apart are two columns?
    MPI_Type_contiguous(n, MPI_DOUBLE, &column);
    MPI_Type_commit(&column);
    MPI_Type_vector(n, n, whole, MPI_DOUBLE, &block);
    MPI_Type_commit(&block);
    MPI_Alltoall(p->rows, n, column, p->columns, 1, block, gr_mpi_comm());
    MPI_Type_free(&column);
    MPI_Type_free(&block);
    return GR_OK;
}
