// SPDX-License-Identifier: BSD-3-Clause
// Step 5: one file of all ranks.
//
// An array of p->shape[0] x p->shape[1] doubles is shared out in blocks: this rank has p->size[0] x
// p->size[1] of them in p->block, from row p->start[0] and column p->start[1] on. All write into
// one .npy file: p->header_size bytes of header, which rank 0 writes, and then the array, row by
// row. Below, every rank writes its block right behind the header. Run the check.
//
// MPI_File_set_view says which parts of a file a rank sees; what it then writes goes there, one
// after the other. What it is to see is its block of the array, as MPI_Type_create_subarray
// describes it: (2, shape of the array, shape of the block, where it starts, MPI_ORDER_C, ...).
// A rank whose block is empty can have no such type; it takes part all the same, and writes
// nothing.
#include "lessons/16_onesided/mpi_lesson.h"

gr_status exercise(void *problem, int workers)
{
    npyfile *p = problem;
    MPI_File file;
    int count = p->size[0] * p->size[1];
    (void)workers;
    MPI_File_open(gr_mpi_comm(), p->path, MPI_MODE_CREATE | MPI_MODE_WRONLY, MPI_INFO_NULL, &file);
    if (gr_rank() == 0)
        MPI_File_write_at(file, 0, p->header, (int)p->header_size, MPI_BYTE, MPI_STATUS_IGNORE);
    // TODO: which part of the file is this rank's?
    MPI_File_set_view(file, (MPI_Offset)p->header_size, MPI_DOUBLE, MPI_DOUBLE, "native",
                      MPI_INFO_NULL);
    MPI_File_write_all(file, p->block, count, MPI_DOUBLE, MPI_STATUS_IGNORE);
    MPI_File_close(&file);
    return npyfile_read(p);
}
