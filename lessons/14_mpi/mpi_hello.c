// SPDX-License-Identifier: BSD-3-Clause
// The lines travel to rank 0. A message knows its length: MPI_Probe waits until one is there and
// hands out its envelope (who, which tag, how much), before anything is received.
#include "lessons/14_mpi/mpi_lesson.h"
#include <string.h>

static void keep_own(hello *p)
{
    memcpy(p->lines, p->line, p->length);
    p->lengths[0] = (int64_t)p->length;
}

// Receives the line of `from`, which may be MPI_ANY_SOURCE, to its place.
static void receive_line(hello *p, int from)
{
    MPI_Status envelope;
    int length;
    MPI_Probe(from, 0, gr_mpi_comm(), &envelope);
    MPI_Get_count(&envelope, MPI_BYTE, &length);
    uint8_t *place = p->lines + (size_t)envelope.MPI_SOURCE * p->room;
    MPI_Recv(place, length, MPI_BYTE, envelope.MPI_SOURCE, 0, gr_mpi_comm(), MPI_STATUS_IGNORE);
    p->lengths[envelope.MPI_SOURCE] = length;
}

static void send_line(const hello *p)
{
    MPI_Send(p->line, (int)p->length, MPI_BYTE, 0, 0, gr_mpi_comm());
}

gr_status hello_in_turn(void *problem, int workers)
{
    hello *p = problem;
    if (gr_rank() > 0) return send_line(p), GR_OK;
    keep_own(p);
    for (int rank = 1; rank < workers; rank++) receive_line(p, rank);
    return GR_OK;
}

gr_status hello_as_they_come(void *problem, int workers)
{
    hello *p = problem;
    if (gr_rank() > 0) {
        send_line(p);
        MPI_Barrier(gr_mpi_comm()); // or a fast rank's next line would come among these
        return GR_OK;
    }
    keep_own(p);
    for (int rank = 1; rank < workers; rank++) receive_line(p, MPI_ANY_SOURCE);
    MPI_Barrier(gr_mpi_comm());
    return GR_OK;
}
