// SPDX-License-Identifier: BSD-3-Clause
// cache -- costs that are remembered by their point, so that none is computed twice.
//
// Part of solvers (gr_solver_options.cache). A point is known by the bits of its coordinates, where
// a transform has moved it: that is where points meet. The table is as large as was asked for and
// forgets what has to make room; a hit changes neither what is found nor what is counted as an
// evaluation, only whether it is computed.
#pragma once
#include "lib/array.h"
#include "solvers/problem.h"
#include <stdint.h>

enum { GR_CACHE_MOST = 1 << 26 };

typedef struct gr_cache gr_cache;

// For points of n numbers, `entries` of them at most (rounded up to eights), and batches of so many
// without another allocation. GR_ENOMEM; free it.
gr_status gr_cache_new(gr_cache **cache, size_t n, size_t entries, size_t batch);
void gr_cache_free(gr_cache *cache); // NULL is fine

// Of m points (m, n): *fresh (*k, n) are those that must be computed, in their order; of points
// that are the same only the first. GR_ENOMEM if a batch is larger than any before.
gr_status gr_cache_split(gr_cache *cache, const gr_problem *p, const double *x, size_t m,
                         const double **fresh, size_t *k);

// Room for the costs of these. They have been computed up to `done`: f (m) gets them, and those
// that were known. Returns how many of the first points have a cost now.
double *gr_cache_costs(gr_cache *cache);
size_t gr_cache_join(gr_cache *cache, size_t done, double *f, size_t m);

int64_t gr_cache_repeated(const gr_cache *cache); // points whose cost was not computed again

// All that is known, for a saved state: points (k, n + 1), each with its cost, and slots (k), where
// each is. Two new arrays. GR_ENOMEM.
gr_status gr_cache_dump(const gr_cache *cache, const gr_problem *p, gr_array *points,
                        gr_array *slots);

// Known again. Into a table of the same size as they were, so that it goes on forgetting as it
// would have; into another one as far as there is room. repeated: as it was. GR_EDATA: no such
// arrays.
gr_status gr_cache_load(gr_cache *cache, const gr_problem *p, const gr_array *points,
                        const gr_array *slots, bool same_size, int64_t repeated);
