// SPDX-License-Identifier: BSD-3-Clause
// A type with any number of elements, out of calls that take an int. MPI 4 has calls that take an
// MPI_Count instead (MPI_Send_c); not every library has them yet.
#include "lessons/16_onesided/mpi_lesson.h"
#include <limits.h>

// `count` times `base`, in pieces of at most `piece`, which is INT_MAX but in tests.
static MPI_Datatype big_type(int64_t count, int piece, MPI_Datatype base)
{
    int pieces = (int)(count / piece), rest = (int)(count % piece);
    MPI_Aint low, extent;
    MPI_Datatype parts[2], type;
    MPI_Type_get_extent(base, &low, &extent);
    MPI_Type_vector(pieces, piece, piece, base, &parts[0]);
    MPI_Type_contiguous(rest, base, &parts[1]);
    const MPI_Aint places[] = {0, (MPI_Aint)pieces * piece * extent};
    MPI_Type_create_struct(2, (const int[]){1, 1}, places, parts, &type);
    MPI_Type_commit(&type);
    MPI_Type_free(&parts[0]);
    MPI_Type_free(&parts[1]);
    return type;
}

// No memory is touched: a type is only a description.
static void describe(bigcount *p)
{
    for (int i = 0; i < BIG_COUNTS; i++) {
        MPI_Datatype type = big_type(bigcount_counts[i], INT_MAX, MPI_INT64_T);
        MPI_Count size, low, extent; // an int would not do
        MPI_Type_size_x(type, &size);
        MPI_Type_get_extent_x(type, &low, &extent);
        p->bytes[i] = size, p->extent[i] = extent;
        MPI_Type_free(&type);
    }
}

gr_status bigcount_pieces(void *problem, int workers)
{
    bigcount *p = problem;
    int me = gr_rank();
    MPI_Datatype all = big_type((int64_t)p->n, BIG_PIECE, MPI_INT64_T);
    MPI_Sendrecv(p->own, 1, all, (me + 1) % workers, 0, p->in, 1, all, (me + workers - 1) % workers,
                 0, gr_mpi_comm(), MPI_STATUS_IGNORE);
    MPI_Type_free(&all);
    describe(p);
    return GR_OK;
}
