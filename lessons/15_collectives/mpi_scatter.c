// SPDX-License-Identifier: BSD-3-Clause
// From one rank to each its block, and back. A tree sends a block more than once, but in fewer
// messages: that pays as long as blocks are short.
#include "lessons/15_collectives/mpi_lesson.h"
#include <string.h>

static void keep(int64_t *to, const int64_t *from, const collective *p)
{
    memcpy(to, from, p->n * sizeof *to);
}

// ---- scatter ----

gr_status scatter_linear(void *problem, int workers)
{
    collective *p = problem;
    bool root = p->me == p->root;
    collective_costs(p, root ? workers - 1 : 0, root ? (size_t)(workers - 1) * p->n : 0);
    if (!root) return block_receive(p->in, p->n, p->root), GR_OK;
    for (int r = 0; r < workers; r++)
        if (r != p->root) block_send(p->out + (size_t)r * p->n, p->n, r);
    keep(p->in, p->out + (size_t)p->me * p->n, p);
    return GR_OK;
}

// In `work` the blocks stand in the order of the tree, this rank's own first.
gr_status scatter_binomial(void *problem, int workers)
{
    collective *p = problem;
    int v = tree_rank(p), end = tree_end(p, v), span = tree_span(p, v);
    size_t n = p->n, below = (size_t)(end - v);
    collective_costs(p, tree_children(p, v), (below - 1) * n);
    for (int r = 0; v == 0 && r < workers; r++)
        keep(p->work + (size_t)r * n, p->out + (size_t)tree_place(p, r) * n, p);
    if (v > 0) block_receive(p->work, below * n, tree_place(p, v - span));
    for (int far = span / 2; far > 0; far /= 2) {
        if (v + far >= end) continue;
        block_send(p->work + (size_t)far * n, (size_t)(end - v - far) * n, tree_place(p, v + far));
        end = v + far;
    }
    keep(p->in, p->work, p);
    return GR_OK;
}

gr_status scatter_native(void *problem, int workers)
{
    collective *p = problem;
    (void)workers;
    collective_costs(p, 0, 0);
    MPI_Scatter(p->out, (int)p->n, MPI_INT64_T, p->in, (int)p->n, MPI_INT64_T, p->root,
                gr_mpi_comm());
    return GR_OK;
}

// ---- gather ----

gr_status gather_linear(void *problem, int workers)
{
    collective *p = problem;
    bool root = p->me == p->root;
    collective_costs(p, root ? 0 : 1, root ? 0 : p->n);
    if (!root) return block_send(p->out, p->n, p->root), GR_OK;
    for (int r = 0; r < workers; r++)
        if (r != p->root) block_receive(p->in + (size_t)r * p->n, p->n, r);
    keep(p->in + (size_t)p->me * p->n, p->out, p);
    return GR_OK;
}

// The same tree upwards: what hangs below comes first, then all of it goes up.
gr_status gather_binomial(void *problem, int workers)
{
    collective *p = problem;
    int v = tree_rank(p), end = tree_end(p, v), span = tree_span(p, v);
    size_t n = p->n, below = (size_t)(end - v);
    collective_costs(p, v ? 1 : 0, v ? below * n : 0);
    keep(p->work, p->out, p);
    for (int far = 1; far < span && v + far < workers; far *= 2)
        block_receive(p->work + (size_t)far * n, (size_t)(tree_end(p, v + far) - v - far) * n,
                      tree_place(p, v + far));
    if (v > 0) return block_send(p->work, below * n, tree_place(p, v - span)), GR_OK;
    for (int r = 0; r < workers; r++)
        keep(p->in + (size_t)tree_place(p, r) * n, p->work + (size_t)r * n, p);
    return GR_OK;
}

gr_status gather_native(void *problem, int workers)
{
    collective *p = problem;
    (void)workers;
    collective_costs(p, 0, 0);
    MPI_Gather(p->out, (int)p->n, MPI_INT64_T, p->in, (int)p->n, MPI_INT64_T, p->root,
               gr_mpi_comm());
    return GR_OK;
}
