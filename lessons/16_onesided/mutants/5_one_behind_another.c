// SPDX-License-Identifier: BSD-3-Clause
// Wrong: puts the blocks one behind the other.
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
    int before = 0;
    MPI_Exscan(&count, &before, 1, MPI_INT, MPI_SUM, gr_mpi_comm());
    if (gr_rank() == 0) before = 0;
    MPI_Offset at = (MPI_Offset)p->header_size + before * (MPI_Offset)sizeof(double);
    MPI_File_set_view(file, at, MPI_DOUBLE, MPI_DOUBLE, "native", MPI_INFO_NULL);
    MPI_File_write_all(file, p->block, count, MPI_DOUBLE, MPI_STATUS_IGNORE);
    MPI_File_close(&file);
    return npyfile_read(p);
}
