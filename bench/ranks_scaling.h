// SPDX-License-Identifier: BSD-3-Clause
// ranks_scaling -- rungs on MPI ranks, by the number of ranks: the same problem (strong scaling),
// and one that grows with them (weak scaling).
//
// One job for all: parts of its ranks take turns (gr_ranks_narrow), so that no start is in the way
// and a machine whose speed wanders moves all numbers alike. Every problem's outputs are compared
// with those of the best rung on one core.
#pragma once
#include "lib/ladder.h"

// Studies rungs on 1, 2, 3, 4, 6, 8, 12 ... ranks and on all: that one, or those of that ladder, or
// (NULL) those of all ladders that threads or processes do as well. size.n == 0 is the ladder's
// first size. Rank 0 prints one JSON document:
// {"ranks": 2, "studies": [{"ladder", "rung", "n_name", "strong": [{"procs", "n", "steps",
// "median", "lo", "hi" (s), "work"}], "weak": [...]}]}; what cannot be studied has a "why" instead
// of points, and problems grow as far as memory goes. Collective.
gr_status gr_ranks_scaling_print(const gr_ladder *ladder, const gr_rung *rung, gr_size size);
