// SPDX-License-Identifier: BSD-3-Clause
// ranks_probe -- do messages between ranks arrive, and how long do they take?
//
// Only gradus-mpi has these (parallel/mpi_probe.c); collective over the crowd.
#pragma once
#include "lib/ranks.h"
#include <stddef.h>
#include <stdint.h>

// Passes a number around the ring of ranks, from 0 over 1, 2 ... back to 0; each adds its rank + 1.
// *sum is what rank 0 gets back, on every rank.
gr_status gr_ranks_ring(int64_t *sum) GR_MPI_ONLY;

// MPI_Barrier, and nothing else.
void gr_ranks_barrier(void) GR_MPI_ONLY;

// Half the time of one exchange between ranks 0 and 1, in seconds, for messages of `bytes`: the
// median over `samples` <= 64 loops of `loops` exchanges each, after one loop to warm up. The same
// on all ranks. Blocking calls from one buffer and into another, as in the OSU micro-benchmarks:
// what is sent is never written again, so that it stays in the receiver's cache. GR_EARG with one
// rank.
gr_status gr_ranks_pingpong(size_t bytes, size_t loops, size_t samples,
                            double *seconds) GR_MPI_ONLY;
