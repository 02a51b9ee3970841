// SPDX-License-Identifier: BSD-3-Clause
// ringmix -- ranks in a ring, each of which needs what both neighbours have, step after step: the
// smallest problem with a halo. Lessons 15 and 16 have ladders of it: by messages and collectives,
// and by memory that all ranks see.
//
// Every rank has n numbers, and in each step number k becomes left[k] + 3 own[k] + 5 right[k] mod
// 2^32. Left and right weigh differently, so neighbours that are mixed up are found; a ring of one
// is its own neighbour on both sides.
//
// Interface: what a ladder's rows `setup` to `work` want, rung 0, and for the other rungs
//   gr_ringmix_begin   this rank's numbers before the first step
//   gr_ringmix_mix     one step, once the neighbours' numbers are there
#pragma once
#include "lib/ladder.h"

typedef struct gr_ringmix {
    size_t n, steps;
    int ranks, me;
    uint32_t *own;  // (n): at first this rank's numbers; after the steps the result
    uint32_t *both; // (2, n): room for the left and the right neighbour's
    uint32_t *ring; // (2, ranks, n): room for rung 0
    uint64_t seed;
} gr_ringmix;

gr_status gr_ringmix_setup(void **problem, gr_size size, uint64_t seed);
void gr_ringmix_reset(void *problem);
void gr_ringmix_teardown(void *problem);
int gr_ringmix_outputs(void *problem, gr_output out[GR_MAX_OUTPUTS]);
double gr_ringmix_work(const void *problem); // numbers mixed

// Rung 0: every rank computes the whole ring, without a message.
gr_status gr_ringmix_foreseen(void *problem, int workers);

void gr_ringmix_begin(const gr_ringmix *p, uint32_t *numbers); // (n)

// to[k] = left[k] + 3 own[k] + 5 right[k] mod 2^32, for k < n. `to` may be `own`.
void gr_ringmix_mix(uint32_t *to, const uint32_t *own, const uint32_t *left, const uint32_t *right,
                    size_t n);
