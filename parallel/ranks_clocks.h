// SPDX-License-Identifier: BSD-3-Clause
// ranks_clocks -- one time for all ranks, though each reads a clock of its own.
//
// The common time is rank 0's clock. One rank of each node asks rank 0 for it, and the others of
// the node ask that one (lib/offset.h: bursts of exchanges, and a line through the last few of
// them). Clocks within a node are taken for one clock only where every burst allows it.
//
// Only gradus-mpi has these (parallel/mpi_clocks.c); collective over the crowd.
#pragma once
#include "lib/offset.h"
#include "lib/ranks.h"

enum { GR_CLOCK_BURSTS = 8 };

// Begin with {.read = gr_now}; what comes after `read` is filled in by gr_clocks_sync.
typedef struct gr_clocks {
    double (*read)(void);            // this rank's clock, in seconds
    gr_offset seen[GR_CLOCK_BURSTS]; // the last ones, of whom it asks
    size_t bursts;                   // ever
    gr_clock_line line;              // from this rank's clock to rank 0's
    bool one;                        // every rank reads the same clock
    double error; // s, the largest of all ranks: how far from rank 0's clock the common time may
                  // be. NaN: a clock has jumped, there is no common time
    double drift; // s a second, the largest of all ranks'
} gr_clocks;

// Asks anew and fits the lines; the first time in four bursts of 15 ms in all. To be called again
// at least every few seconds while the common time is used: drifts change. 0.2 ms for each rank of
// the fullest node and each node.
void gr_clocks_sync(gr_clocks *clocks) GR_MPI_ONLY;

// The common time now.
double gr_clocks_now(const gr_clocks *clocks) GR_MPI_ONLY;

// The most ranks of the crowd that are on one node.
int gr_ranks_per_node(void) GR_MPI_ONLY;

// Are there more ranks on some node than processors that they may use? Then they cannot all wait
// for a moment and begin at it.
bool gr_ranks_crowded(void) GR_MPI_ONLY;
