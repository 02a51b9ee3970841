// SPDX-License-Identifier: BSD-3-Clause
// ranks_scaling -- rungs on MPI ranks, by the number of ranks: the same problem (strong scaling),
// and one that grows with them (weak scaling).
//
// One job for all: parts of its ranks take turns (gr_ranks_narrow), so that no start is in the way
// and a machine whose speed wanders moves all numbers alike. Every problem's outputs are compared
// with those of the best rung on one core.
#pragma once
#include "lib/status.h"

// Studies every rung on ranks of the ladders that threads or processes do as well, at their first
// size, on 1, 2, 3, 4, 6, 8, 12 ... ranks and on all; rank 0 prints one JSON document:
// {"ranks": 2, "studies": [{"ladder", "rung", "n_name", "strong": [{"procs", "n", "steps",
// "median", "lo", "hi" (s), "work"}], "weak": [...]}]}; what cannot be studied has a "why" instead
// of points. Collective.
gr_status gr_ranks_scaling_print(void);
