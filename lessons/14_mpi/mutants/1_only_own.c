// SPDX-License-Identifier: BSD-3-Clause
// Wrong: sends nothing; every rank keeps its line at home.
#include "lessons/14_mpi/mpi_lesson.h"
#include <string.h>

gr_status exercise(void *problem, int workers)
{
    hello *p = problem;
    int rank, ranks;
    (void)workers;
    MPI_Comm_rank(gr_mpi_comm(), &rank);
    MPI_Comm_size(gr_mpi_comm(), &ranks);
    memcpy(p->lines + (size_t)rank * p->room, p->line, p->length);
    p->lengths[rank] = (int64_t)p->length;
    return GR_OK;
}
