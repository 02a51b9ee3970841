// SPDX-License-Identifier: BSD-3-Clause
// ranks_sweep -- the rungs of a ladder that run on MPI ranks, over all sizes, in one job.
//
// A launch of ranks takes longer than thousands of short collectives, and what ranks have in the
// end depends on how many they are, so these are not points of `gradus bench`. Here rungs take
// turns, size by size; a time is the longest of all ranks, from a barrier on (docs/method.md).
#pragma once
#include "lib/ladder.h"

// Collective; at least one rung runs on ranks. Verifies each rung at each size n = 1, 2, 4 ...
// largest, times it, and lets rank 0 print a row for each size, and how the others stand to the
// rung called `native`, if there is one. GR_EDATA if a rung is wrong.
gr_status gr_ranks_sweep(const gr_ladder *ladder, size_t largest);
