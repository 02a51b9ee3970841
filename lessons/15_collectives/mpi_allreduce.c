// SPDX-License-Identifier: BSD-3-Clause
// The sum over all ranks, on all of them. What counts is short: few rounds. What is long: few
// numbers from each rank, and everybody adding.
#include "lessons/15_collectives/mpi_lesson.h"
#include <string.h>

static void keep(int64_t *to, const int64_t *from, size_t n) { memcpy(to, from, n * sizeof *to); }

static void receive_and_add(collective *p, int from)
{
    block_receive(p->work, p->n, from);
    collective_add(p->in, p->work, p->n);
}

// Up to rank 0 and down again; the tree is that of rank 0, whatever p->root is.
gr_status allreduce_tree(void *problem, int workers)
{
    collective *p = problem;
    int me = p->me, span = tree_span(p, me), messages = tree_children(p, me) + (me > 0);
    collective_costs(p, messages, (size_t)messages * p->n);
    keep(p->in, p->out, p->n);
    for (int far = 1; far < span && me + far < workers; far *= 2) receive_and_add(p, me + far);
    if (me > 0) block_send(p->in, p->n, me - span);
    if (me > 0) block_receive(p->in, p->n, me - span);
    for (int far = span / 2; far > 0; far /= 2)
        if (me + far < workers) block_send(p->in, p->n, me + far);
    return GR_OK;
}

// A power of two takes part. Of the ranks beyond it, each even one gives its numbers to the odd one
// after it first, and gets the sum from there in the end.
gr_status allreduce_doubling(void *problem, int workers)
{
    collective *p = problem;
    int rounds = collective_rounds(workers + 1) - 1, beyond = workers - (1 << rounds);
    bool paired = p->me < 2 * beyond, out = paired && p->me % 2 == 0;
    int messages = out ? 1 : rounds + paired, mine = paired ? p->me / 2 : p->me - beyond;
    collective_costs(p, messages, (size_t)messages * p->n);
    keep(p->in, p->out, p->n);
    if (out) {
        block_send(p->in, p->n, p->me + 1);
        block_receive(p->in, p->n, p->me + 1);
        return GR_OK;
    }
    if (paired) receive_and_add(p, p->me - 1);
    for (int k = 0; k < rounds; k++) {
        int other = mine ^ 1 << k, rank = other < beyond ? 2 * other + 1 : other + beyond;
        block_swap(p->in, p->n, rank, p->work, p->n, rank);
        collective_add(p->in, p->work, p->n);
    }
    if (paired) block_send(p->in, p->n, p->me - 1);
    return GR_OK;
}

// ---- the ring ----

static size_t cut(const collective *p, int i) { return collective_cut(p->n, p->ranks, i); }
static size_t part(const collective *p, int i) { return cut(p, i + 1) - cut(p, i); }
static int around(const collective *p, int i) { return (i + 2 * p->ranks) % p->ranks; }

// Part i goes to the right, part i - 1 comes from the left.
static void pass(collective *p, int i, int64_t *to)
{
    int in = around(p, i - 1);
    block_swap(p->in + cut(p, i), part(p, i), around(p, p->me + 1), to, part(p, in),
               around(p, p->me - 1));
}

// Once around, every rank has the whole sum of one part, the one after its own number; once more,
// and all have all.
gr_status allreduce_ring(void *problem, int workers)
{
    collective *p = problem;
    int me = p->me;
    collective_costs(p, 2 * (workers - 1),
                     2 * p->n - part(p, around(p, me + 1)) - part(p, around(p, me + 2)));
    keep(p->in, p->out, p->n);
    for (int step = 0; step < workers - 1; step++) {
        int i = around(p, me - step), in = around(p, i - 1);
        pass(p, i, p->work);
        collective_add(p->in + cut(p, in), p->work, part(p, in));
    }
    for (int step = 0; step < workers - 1; step++) {
        int i = around(p, me + 1 - step);
        pass(p, i, p->in + cut(p, around(p, i - 1)));
    }
    return GR_OK;
}

gr_status allreduce_native(void *problem, int workers)
{
    collective *p = problem;
    (void)workers;
    collective_costs(p, 0, 0);
    MPI_Allreduce(p->out, p->in, (int)p->n, MPI_INT64_T, MPI_SUM, gr_mpi_comm());
    return GR_OK;
}
