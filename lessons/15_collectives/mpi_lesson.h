// SPDX-License-Identifier: BSD-3-Clause
// mpi_lesson -- what the exercises of lesson 15 include: MPI, its ranks, and the problems.
//
// gr_mpi_comm() is the communicator to use: the check also takes the first one, two, three ...
// ranks of MPI_COMM_WORLD.
#pragma once
#include "lessons/15_collectives/collectives.h"
#include "parallel/mpi_ranks.h"
#include <mpi.h>

// Numbers to and from ranks, in the communicator of the crowd.
void block_send(const int64_t *out, size_t n, int to);
void block_receive(int64_t *in, size_t n, int from);
void block_swap(const int64_t *out, size_t n, int to, int64_t *in, size_t m, int from);

// ---- binomial trees ----
//
// Ranks are counted from the root on: rank v of the tree is rank (root + v) mod ranks. Its lowest
// bit says where it hangs: at v - tree_span(v), and v .. v + tree_span(v) - 1 hang below it.

int tree_rank(const collective *p); // this rank's v
int tree_place(const collective *p, int v);
int tree_span(const collective *p, int v);     // of the root: the least power of two >= ranks
int tree_end(const collective *p, int v);      // the first one behind those below v
int tree_children(const collective *p, int v); // how many messages v sends down its tree
