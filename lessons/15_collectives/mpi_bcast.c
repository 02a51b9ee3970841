// SPDX-License-Identifier: BSD-3-Clause
// One rank has numbers that all are to have. In the beginning the root's `in` has them.
#include "lessons/15_collectives/mpi_lesson.h"

gr_status bcast_linear(void *problem, int workers)
{
    collective *p = problem;
    bool root = p->me == p->root;
    collective_costs(p, root ? workers - 1 : 0, root ? (size_t)(workers - 1) * p->n : 0);
    if (!root) block_receive(p->in, p->n, p->root);
    for (int r = 0; root && r < workers; r++)
        if (r != p->root) block_send(p->in, p->n, r);
    return GR_OK;
}

// Whoever has the numbers sends them to the farthest of its tree first: that one has most to do.
gr_status bcast_binomial(void *problem, int workers)
{
    collective *p = problem;
    int v = tree_rank(p), children = tree_children(p, v);
    collective_costs(p, children, (size_t)children * p->n);
    if (v > 0) block_receive(p->in, p->n, tree_place(p, v - tree_span(p, v)));
    for (int far = tree_span(p, v) / 2; far > 0; far /= 2)
        if (v + far < workers) block_send(p->in, p->n, tree_place(p, v + far));
    return GR_OK;
}

// While a segment travels to the next rank, the one after it is received.
enum { SEGMENT = 8192 };

static size_t segment(const collective *p, size_t at)
{
    return p->n - at < SEGMENT ? p->n - at : SEGMENT;
}

gr_status bcast_pipeline(void *problem, int workers)
{
    collective *p = problem;
    int v = tree_rank(p), segments = (int)((p->n + SEGMENT - 1) / SEGMENT);
    bool last = v == workers - 1;
    MPI_Request sent = MPI_REQUEST_NULL;
    collective_costs(p, last ? 0 : segments, last ? 0 : p->n);
    for (size_t at = 0; at < p->n; at += SEGMENT) {
        int count = (int)segment(p, at);
        if (v > 0) block_receive(p->in + at, segment(p, at), tree_place(p, v - 1));
        MPI_Wait(&sent, MPI_STATUS_IGNORE);
        if (!last)
            MPI_Isend(p->in + at, count, MPI_INT64_T, tree_place(p, v + 1), 0, gr_mpi_comm(),
                      &sent);
    }
    MPI_Wait(&sent, MPI_STATUS_IGNORE);
    return GR_OK;
}

// ---- cut in parts: part i is for rank i of the tree ----

static size_t cut(const collective *p, int i) { return collective_cut(p->n, p->ranks, i); }

// Parts `first` .. `end` - 1 are so many numbers.
static size_t numbers(const collective *p, int first, int end)
{
    return cut(p, end) - cut(p, first);
}

static void scatter_parts(collective *p, int v)
{
    int64_t *x = p->in;
    int end = tree_end(p, v), span = tree_span(p, v);
    if (v > 0) block_receive(x + cut(p, v), numbers(p, v, end), tree_place(p, v - span));
    for (int far = span / 2; far > 0; far /= 2) {
        if (v + far >= end) continue;
        block_send(x + cut(p, v + far), numbers(p, v + far, end), tree_place(p, v + far));
        end = v + far;
    }
}

static void ring_parts(collective *p, int v)
{
    int ranks = p->ranks, right = tree_place(p, v + 1), left = tree_place(p, v + ranks - 1);
    for (int step = 0; step < ranks - 1; step++) {
        int out = (v - step + ranks) % ranks, in = (v - step - 1 + ranks) % ranks;
        block_swap(p->in + cut(p, out), numbers(p, out, out + 1), right, p->in + cut(p, in),
                   numbers(p, in, in + 1), left);
    }
}

// Each rank sends its parts down, and each part but the right neighbour's to the right neighbour.
gr_status bcast_scatter_ring(void *problem, int workers)
{
    collective *p = problem;
    int v = tree_rank(p), right = (v + 1) % workers;
    size_t down = numbers(p, v + 1, tree_end(p, v));
    collective_costs(p, tree_children(p, v) + workers - 1,
                     down + p->n - numbers(p, right, right + 1));
    scatter_parts(p, v);
    ring_parts(p, v);
    return GR_OK;
}

gr_status bcast_native(void *problem, int workers)
{
    collective *p = problem;
    (void)workers;
    collective_costs(p, 0, 0);
    MPI_Bcast(p->in, (int)p->n, MPI_INT64_T, p->root, gr_mpi_comm());
    return GR_OK;
}
