// SPDX-License-Identifier: BSD-3-Clause
// rng -- random numbers as a value you hold: Philox 4x32-10 (Salmon et al., SC11), by Random123.
//
// A generator is (seed, stream, position): no state is shared, none is hidden. Give each *task* its
// own stream, never each worker, and results do not depend on how many workers there are.
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef struct gr_rng {
    uint64_t seed, stream; // the key and half the counter
    uint64_t position;     // numbers drawn so far; set it to jump
} gr_rng;

// Stream `stream` of `seed`, at its start.
gr_rng gr_rng_of(uint64_t seed, uint64_t stream);

uint64_t gr_rng_u64(gr_rng *rng);  // the next 64 random bits
double gr_rng_unit(gr_rng *rng);   // uniform in [0, 1), 53 bits
double gr_rng_normal(gr_rng *rng); // standard normal (Box & Muller, 1958); draws two
size_t gr_rng_below(gr_rng *rng,
                    size_t n); // uniform in 0 .. n-1 without bias; n >= 1
