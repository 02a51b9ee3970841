// SPDX-License-Identifier: BSD-3-Clause
// ranks_osu -- our times of collectives beside those by the method of the OSU micro-benchmarks.
//
// Theirs: a barrier between calls, each rank by its own clock, the mean of its calls, and of these
// the mean over ranks. Ours (bench/ranks_train.h): windows, medians, the slowest rank. Here MPI's
// own call is timed by their loop and in four ways of ours, of which each does one thing more as
// theirs: in windows, in windows as far apart as ranks leave a barrier, after barriers, by means.
// All take turns, and the means over ranks are compared.
//
// Method: osu_bcast and its kin, OSU micro-benchmarks 5 to 7; docs/method.md.
#pragma once
#include "lib/ladder.h"

// A table for n = 1, 2, 4 ... largest, printed by rank 0, of a ladder that has a rung `native`.
// Collective.
gr_status gr_ranks_osu(const gr_ladder *ladder, size_t largest);
