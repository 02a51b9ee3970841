// SPDX-License-Identifier: BSD-3-Clause
// All blocks to all ranks, and from each rank a block to each.
#include "lessons/15_collectives/mpi_lesson.h"
#include <stdlib.h>
#include <string.h>

static void keep(int64_t *to, const int64_t *from, size_t n) { memcpy(to, from, n * sizeof *to); }

enum { FEW = 64 }; // ranks for whose requests there is room without asking for memory

// So many requests, on all ranks or on none: to agree on that takes as long as a short collective.
static gr_status room_for(int requests, MPI_Request *few, MPI_Request **all)
{
    *all = requests <= 2 * FEW ? few : malloc((size_t)requests * sizeof **all);
    if (*all == few) return GR_OK;
    return gr_ranks_agree(*all ? GR_OK : gr_fail(GR_ENOMEM, "%d requests: no memory", requests));
}

// Starts and ends a message to and from every other rank: out + r * stride goes to rank r.
static gr_status all_at_once(collective *p, size_t stride)
{
    int ranks = p->ranks, used = 0, n = (int)p->n;
    MPI_Request few[2 * FEW], *all;
    gr_status status = room_for(2 * ranks, few, &all);
    if (status) return free(all), status;
    for (int step = 1; step < ranks; step++) {
        int to = (p->me + step) % ranks, from = (p->me - step + ranks) % ranks;
        MPI_Irecv(p->in + (size_t)from * p->n, n, MPI_INT64_T, from, 0, gr_mpi_comm(),
                  &all[used++]);
        MPI_Isend(p->out + (size_t)to * stride, n, MPI_INT64_T, to, 0, gr_mpi_comm(), &all[used++]);
    }
    keep(p->in + (size_t)p->me * p->n, p->out + (size_t)p->me * stride, p->n);
    MPI_Waitall(used, all, MPI_STATUSES_IGNORE);
    if (all != few) free(all);
    return GR_OK;
}

// ---- allgather ----

gr_status allgather_linear(void *problem, int workers)
{
    collective *p = problem;
    collective_costs(p, workers - 1, (size_t)(workers - 1) * p->n);
    return all_at_once(p, 0);
}

// The own block is sent from where it lies: a copy of it would have to be fetched from this core's
// cache.
gr_status allgather_ring(void *problem, int workers)
{
    collective *p = problem;
    int right = (p->me + 1) % workers, left = (p->me - 1 + workers) % workers;
    size_t n = p->n;
    const int64_t *out = p->out;
    collective_costs(p, workers - 1, (size_t)(workers - 1) * n);
    for (int step = 0; step < workers - 1; step++) {
        int64_t *in = p->in + (size_t)((p->me - step - 1 + workers) % workers) * n;
        block_swap(out, n, right, in, n, left);
        out = in;
    }
    keep(p->in + (size_t)p->me * n, p->out, n);
    return GR_OK;
}

// `work` begins with the own block, then the next rank's and so forth; in the end it is turned.
gr_status allgather_bruck(void *problem, int workers)
{
    collective *p = problem;
    size_t n = p->n;
    collective_costs(p, collective_rounds(workers), (size_t)(workers - 1) * n);
    keep(p->work, p->out, n);
    for (int have = 1; have < workers; have *= 2) {
        int more = have < workers - have ? have : workers - have;
        block_swap(p->work, (size_t)more * n, (p->me - have + workers) % workers,
                   p->work + (size_t)have * n, (size_t)more * n, (p->me + have) % workers);
    }
    size_t behind = (size_t)(workers - p->me); // blocks of this rank and those after it
    keep(p->in + (size_t)p->me * n, p->work, behind * n);
    keep(p->in, p->work + behind * n, (size_t)p->me * n);
    return GR_OK;
}

gr_status allgather_native(void *problem, int workers)
{
    collective *p = problem;
    (void)workers;
    collective_costs(p, 0, 0);
    MPI_Allgather(p->out, (int)p->n, MPI_INT64_T, p->in, (int)p->n, MPI_INT64_T, gr_mpi_comm());
    return GR_OK;
}

// ---- alltoall ----

gr_status alltoall_linear(void *problem, int workers)
{
    collective *p = problem;
    collective_costs(p, workers - 1, (size_t)(workers - 1) * p->n);
    return all_at_once(p, p->n);
}

gr_status alltoall_pairwise(void *problem, int workers)
{
    collective *p = problem;
    size_t n = p->n;
    collective_costs(p, workers - 1, (size_t)(workers - 1) * n);
    keep(p->in + (size_t)p->me * n, p->out + (size_t)p->me * n, n);
    for (int step = 1; step < workers; step++) {
        int to = (p->me + step) % workers, from = (p->me - step + workers) % workers;
        block_swap(p->out + (size_t)to * n, n, to, p->in + (size_t)from * n, n, from);
    }
    return GR_OK;
}

gr_status alltoall_native(void *problem, int workers)
{
    collective *p = problem;
    (void)workers;
    collective_costs(p, 0, 0);
    MPI_Alltoall(p->out, (int)p->n, MPI_INT64_T, p->in, (int)p->n, MPI_INT64_T, gr_mpi_comm());
    return GR_OK;
}
