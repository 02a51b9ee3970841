// SPDX-License-Identifier: BSD-3-Clause
// Sums over ranks: on one of them, and cut in blocks.
#include "lessons/15_collectives/mpi_lesson.h"
#include <string.h>

static void keep(int64_t *to, const int64_t *from, size_t n) { memcpy(to, from, n * sizeof *to); }

// ---- reduce ----

gr_status reduce_linear(void *problem, int workers)
{
    collective *p = problem;
    bool root = p->me == p->root;
    collective_costs(p, root ? 0 : 1, root ? 0 : p->n);
    if (!root) return block_send(p->out, p->n, p->root), GR_OK;
    keep(p->in, p->out, p->n);
    for (int r = 0; r < workers; r++) {
        if (r == p->root) continue;
        block_receive(p->work, p->n, r);
        collective_add(p->in, p->work, p->n);
    }
    return GR_OK;
}

// The first block of `work` is the sum of this rank and of all below it, the second what comes.
gr_status reduce_binomial(void *problem, int workers)
{
    collective *p = problem;
    int v = tree_rank(p), span = tree_span(p, v);
    int64_t *sum = p->work, *came = p->work + p->n;
    collective_costs(p, v ? 1 : 0, v ? p->n : 0);
    keep(sum, p->out, p->n);
    for (int far = 1; far < span && v + far < workers; far *= 2) {
        block_receive(came, p->n, tree_place(p, v + far));
        collective_add(sum, came, p->n);
    }
    if (v > 0) return block_send(sum, p->n, tree_place(p, v - span)), GR_OK;
    keep(p->in, sum, p->n);
    return GR_OK;
}

gr_status reduce_native(void *problem, int workers)
{
    collective *p = problem;
    (void)workers;
    collective_costs(p, 0, 0);
    MPI_Reduce(p->out, p->in, (int)p->n, MPI_INT64_T, MPI_SUM, p->root, gr_mpi_comm());
    return GR_OK;
}

// ---- reduce_scatter ----

gr_status reducescatter_pairwise(void *problem, int workers)
{
    collective *p = problem;
    size_t n = p->n;
    collective_costs(p, workers - 1, (size_t)(workers - 1) * n);
    keep(p->in, p->out + (size_t)p->me * n, n);
    for (int step = 1; step < workers; step++) {
        int to = (p->me + step) % workers, from = (p->me - step + workers) % workers;
        block_swap(p->out + (size_t)to * n, n, to, p->work, n, from);
        collective_add(p->in, p->work, n);
    }
    return GR_OK;
}

// The sum for rank r begins at rank r + 1 and comes to r last.
gr_status reducescatter_ring(void *problem, int workers)
{
    collective *p = problem;
    int right = (p->me + 1) % workers, left = (p->me - 1 + workers) % workers;
    size_t n = p->n;
    int64_t *sum = p->work, *came = p->in;
    collective_costs(p, workers - 1, (size_t)(workers - 1) * n);
    keep(sum, p->out + (size_t)left * n, n);
    for (int step = 1; step < workers; step++) {
        int whose = (p->me - step - 1 + 2 * workers) % workers;
        block_swap(sum, n, right, came, n, left);
        keep(sum, p->out + (size_t)whose * n, n);
        collective_add(sum, came, n);
    }
    keep(p->in, sum, n);
    return GR_OK;
}

gr_status reducescatter_native(void *problem, int workers)
{
    collective *p = problem;
    (void)workers;
    collective_costs(p, 0, 0);
    MPI_Reduce_scatter_block(p->out, p->in, (int)p->n, MPI_INT64_T, MPI_SUM, gr_mpi_comm());
    return GR_OK;
}
