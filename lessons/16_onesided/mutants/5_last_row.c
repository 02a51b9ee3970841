// SPDX-License-Identifier: BSD-3-Clause
// Wrong: leaves out its last row.
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
    MPI_Datatype seen = MPI_DOUBLE;
    if (count > 0) {
        MPI_Type_create_subarray(2, p->shape, p->size, p->start, MPI_ORDER_C, MPI_DOUBLE, &seen);
        MPI_Type_commit(&seen);
    }
    MPI_File_set_view(file, (MPI_Offset)p->header_size, MPI_DOUBLE, seen, "native", MPI_INFO_NULL);
    MPI_File_write_all(file, p->block, count > 0 ? count - p->size[1] : 0, MPI_DOUBLE,
                       MPI_STATUS_IGNORE);
    MPI_File_close(&file);
    if (count > 0) MPI_Type_free(&seen);
    return npyfile_read(p);
}
