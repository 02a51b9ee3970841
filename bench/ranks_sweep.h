// SPDX-License-Identifier: BSD-3-Clause
// ranks_sweep -- the rungs of a ladder that run on MPI ranks, over all sizes, in one job.
//
// A launch of ranks takes longer than thousands of short collectives, and what ranks have in the
// end depends on how many they are, so these are not points of `gradus bench`. Here rungs take
// turns, size by size; a time is the longest of all ranks (bench/ranks_train.h, docs/method.md).
#pragma once
#include "bench/ranks_train.h"
#include "lib/stats.h"

enum { GR_SWEEP_RUNGS = 12 };

typedef struct gr_sweep {
    const gr_ladder *ladder;
    const gr_rung *rung[GR_SWEEP_RUNGS]; // those that run on ranks
    int rungs, native;                   // native: which of them is MPI's own call; -1: none
    gr_sync *sync;                       // borrowed: how ranks begin together
    // At the size that was timed last:
    gr_interval seconds[GR_SWEEP_RUNGS]; // of one call: median and interval over trains of calls
    double own[GR_SWEEP_RUNGS];          // of one call, on this rank alone: the median
    size_t late[GR_SWEEP_RUNGS];         // calls that began late
    size_t starts[GR_SWEEP_RUNGS];       // of so many in windows; 0: by barriers
} gr_sweep;

gr_sweep gr_sweep_of(const gr_ladder *ladder, gr_sync *sync);

// Verifies each rung at size n on all ranks and times it; the same on every rank. By barriers if
// more than a quarter of a rung's calls began late in their windows. GR_EDATA if one is wrong.
// Collective, as is all that follows.
gr_status gr_sweep_time(gr_sweep *sweep, size_t n);

// The least median of the rungs that are not native, over native's; NAN if there is no such.
double gr_sweep_ratio(const gr_sweep *sweep);

// A sweep at n = 1, 2, 4 ... largest, of which rank 0 prints a row for each size, how the others
// stand to `native`, how ranks began together, and which of them are slow (bench/ranks_speed.h).
gr_status gr_ranks_sweep(const gr_ladder *ladder, size_t largest);
