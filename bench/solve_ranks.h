// SPDX-License-Identifier: BSD-3-Clause
// solve_ranks -- costs computed by MPI ranks: rank 0 solves, the others make the same problem from
// the same words and serve its map.
#pragma once
#include "bench/solve.h"

// Do the words ask for a map whose workers are ranks? *spec: which one. GR_EARG for a bad map.
gr_status gr_solve_on_ranks(const gr_solve_words *w, bool *ranks, gr_map_spec *spec);

// All ranks make what the words say, but for the map, and agree on what is wrong with them. Then
// the others serve until rank 0 frees its map; in rank 0 nothing is left of it. *v is zeroed.
gr_status gr_solve_share(const gr_solve_words *w, gr_solving *v);
