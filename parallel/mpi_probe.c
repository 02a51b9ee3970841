// SPDX-License-Identifier: BSD-3-Clause
#include "lib/stats.h"
#include "lib/timer.h"
#include "parallel/mpi_ranks.h"
#include "parallel/mpi_watch.h"
#include "parallel/ranks_probe.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 4096 };

gr_status gr_ranks_ring(int64_t *sum)
{
    MPI_Comm comm = gr_mpi_comm();
    int me = gr_rank(), n = gr_ranks(), from = (me + n - 1) % n, to = (me + 1) % n;
    *sum = me + 1;
    if (n > 1 && me == 0) MPI_Send(sum, 1, MPI_INT64_T, to, 0, comm);
    if (n > 1) {
        int64_t came;
        MPI_Recv(&came, 1, MPI_INT64_T, from, 0, comm, MPI_STATUS_IGNORE);
        *sum = me == 0 ? came : came + *sum;
        if (me > 0) MPI_Send(sum, 1, MPI_INT64_T, to, 0, comm);
    }
    MPI_Bcast(sum, 1, MPI_INT64_T, 0, comm);
    return GR_OK;
}

void gr_ranks_barrier(void) { MPI_Barrier(gr_mpi_comm()); }

// Rank 0 throws first; others than 0 and 1 look on. The loop is watched as one call, and the calls
// in it are the unwrapped ones: what the wrappers cost is not the network's.
static double exchange(const char *out, char *in, int bytes, size_t loops, MPI_Comm comm)
{
    int me = gr_rank(), other = 1 - me;
    if (me < 2) gr_watch_enter(GR_WATCHED_RECV, other, 1, bytes);
    double start = gr_now();
    for (size_t i = 0; me < 2 && i < loops; i++) {
        if (me == 0) PMPI_Send(out, bytes, MPI_BYTE, other, 1, comm);
        PMPI_Recv(in, bytes, MPI_BYTE, other, 1, comm, MPI_STATUS_IGNORE);
        if (me == 1) PMPI_Send(out, bytes, MPI_BYTE, other, 1, comm);
    }
    double end = gr_now();
    if (me < 2) gr_watch_leave();
    return (end - start) / (2.0 * (double)loops);
}

// Two buffers, each on pages of its own, touched before the clock runs.
static char *buffers(size_t room)
{
    char *both = aligned_alloc(PAGE, 2 * room);
    if (both) memset(both, 'a', room), memset(both + room, 'b', room);
    return both;
}

gr_status gr_ranks_pingpong(size_t bytes, size_t loops, size_t samples, double *seconds)
{
    double took[64];
    if (gr_ranks() < 2) return gr_fail(GR_EARG, "ping-pong needs two ranks");
    if (bytes > INT_MAX || !loops || samples < 1 || samples > 64)
        return gr_fail(GR_EARG, "ping-pong of %zu bytes, %zu times: out of range", bytes, loops);
    size_t room = (bytes + PAGE) / PAGE * PAGE;
    char *both = buffers(room);
    gr_status status = gr_ranks_agree(
        both ? GR_OK : gr_fail(GR_ENOMEM, "ping-pong of %zu bytes: out of memory", bytes));
    for (size_t i = 0; i <= samples && !status; i++) { // the first is not kept
        gr_ranks_max(0);
        double t = exchange(both, both + room, (int)bytes, loops, gr_mpi_comm());
        if (i > 0) took[i - 1] = t;
    }
    free(both);
    if (!status) *seconds = gr_ranks_max(gr_rank() == 0 ? gr_median(took, samples) : 0);
    return status;
}
