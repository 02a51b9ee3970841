// SPDX-License-Identifier: BSD-3-Clause
// The sum up to this rank, and the barrier.
#include "lessons/15_collectives/mpi_lesson.h"
#include "lib/timer.h"
#include <string.h>
#include <time.h>

// ---- scan ----

gr_status scan_chain(void *problem, int workers)
{
    collective *p = problem;
    bool last = p->me == workers - 1;
    collective_costs(p, last ? 0 : 1, last ? 0 : p->n);
    memcpy(p->in, p->out, p->n * sizeof *p->in);
    if (p->me > 0) {
        block_receive(p->work, p->n, p->me - 1);
        collective_add(p->in, p->work, p->n);
    }
    if (!last) block_send(p->in, p->n, p->me + 1);
    return GR_OK;
}

// Before round k `in` is the sum of up to 2^k ranks, this one the last. It goes to the rank that is
// so far behind: what the two have, added, is up to 2^(k+1) ranks.
gr_status scan_doubling(void *problem, int workers)
{
    collective *p = problem;
    int messages = collective_rounds(workers - p->me);
    collective_costs(p, messages, (size_t)messages * p->n);
    memcpy(p->in, p->out, p->n * sizeof *p->in);
    for (int far = 1; far < workers; far *= 2) {
        int to = p->me + far < workers ? p->me + far : MPI_PROC_NULL;
        int from = p->me >= far ? p->me - far : MPI_PROC_NULL;
        block_swap(p->in, p->n, to, p->work, p->n, from);
        if (from != MPI_PROC_NULL) collective_add(p->in, p->work, p->n);
    }
    return GR_OK;
}

gr_status scan_native(void *problem, int workers)
{
    collective *p = problem;
    (void)workers;
    collective_costs(p, 0, 0);
    MPI_Scan(p->out, p->in, (int)p->n, MPI_INT64_T, MPI_SUM, gr_mpi_comm());
    return GR_OK;
}

// ---- barrier: messages without content ----

static void central(const collective *p)
{
    for (int r = 1; p->me == 0 && r < p->ranks; r++) block_receive(NULL, 0, r);
    for (int r = 1; p->me == 0 && r < p->ranks; r++) block_send(NULL, 0, r);
    if (p->me == 0) return;
    block_send(NULL, 0, 0);
    block_receive(NULL, 0, 0);
}

static void dissemination(const collective *p)
{
    for (int far = 1; far < p->ranks; far *= 2)
        block_swap(NULL, 0, (p->me + far) % p->ranks, NULL, 0, (p->me - far + p->ranks) % p->ranks);
}

static void native(const collective *p)
{
    (void)p;
    MPI_Barrier(gr_mpi_comm());
}

// One rank comes late. All ranks read the same clock, so each can say whether it left too early.
// (On several nodes it is not the same clock.)
static gr_status timed(collective *p, void (*wait)(const collective *p))
{
    if (p->me == p->root) nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL);
    double came = gr_now();
    wait(p);
    double left = gr_now();
    p->in[0] = left >= gr_ranks_max(came);
    return GR_OK;
}

gr_status barrier_central(void *problem, int workers)
{
    collective *p = problem;
    collective_costs(p, p->me ? 1 : workers - 1, 0);
    return timed(p, central);
}

gr_status barrier_dissemination(void *problem, int workers)
{
    collective *p = problem;
    collective_costs(p, collective_rounds(workers), 0);
    return timed(p, dissemination);
}

gr_status barrier_native(void *problem, int workers)
{
    collective *p = problem;
    (void)workers;
    collective_costs(p, 0, 0);
    return timed(p, native);
}
