// SPDX-License-Identifier: BSD-3-Clause
// What the methods of this lesson are made of: numbers to and from a rank, and a binomial tree.
#include "lessons/15_collectives/mpi_lesson.h"

void block_send(const int64_t *out, size_t n, int to)
{
    MPI_Send(out, (int)n, MPI_INT64_T, to, 0, gr_mpi_comm());
}

void block_receive(int64_t *in, size_t n, int from)
{
    MPI_Recv(in, (int)n, MPI_INT64_T, from, 0, gr_mpi_comm(), MPI_STATUS_IGNORE);
}

void block_swap(const int64_t *out, size_t n, int to, int64_t *in, size_t m, int from)
{
    MPI_Sendrecv(out, (int)n, MPI_INT64_T, to, 0, in, (int)m, MPI_INT64_T, from, 0, gr_mpi_comm(),
                 MPI_STATUS_IGNORE);
}

int tree_rank(const collective *p) { return (p->me - p->root + p->ranks) % p->ranks; }

int tree_place(const collective *p, int v) { return (p->root + v) % p->ranks; }

int tree_span(const collective *p, int v) { return v ? v & -v : 1 << collective_rounds(p->ranks); }

int tree_end(const collective *p, int v)
{
    int end = v + tree_span(p, v);
    return end < p->ranks ? end : p->ranks;
}

int tree_children(const collective *p, int v) { return collective_rounds(tree_end(p, v) - v); }
