// SPDX-License-Identifier: BSD-3-Clause
#include "lib/rng.h"
#include <Random123/philox.h>
#include <assert.h>
#include <math.h>

gr_rng gr_rng_of(uint64_t seed, uint64_t stream)
{
    return (gr_rng){.seed = seed, .stream = stream};
}

// Each 128-bit block of Philox gives two numbers: position 2b and 2b + 1.
uint64_t gr_rng_u64(gr_rng *rng)
{
    uint64_t block = rng->position / 2;
    philox4x32_ctr_t counter = {{(uint32_t)block, (uint32_t)(block >> 32), (uint32_t)rng->stream,
                                 (uint32_t)(rng->stream >> 32)}};
    philox4x32_key_t key = {{(uint32_t)rng->seed, (uint32_t)(rng->seed >> 32)}};
    philox4x32_ctr_t out = philox4x32(counter, key);
    size_t half = 2 * (rng->position++ % 2);
    return (uint64_t)out.v[half + 1] << 32 | out.v[half];
}

double gr_rng_unit(gr_rng *rng) { return (double)(gr_rng_u64(rng) >> 11) * 0x1p-53; }

double gr_rng_normal(gr_rng *rng)
{
    double u = 1 - gr_rng_unit(rng), v = gr_rng_unit(rng); // u in (0, 1]
    return sqrt(-2 * log(u)) * cos(2 * 3.14159265358979323846 * v);
}

size_t gr_rng_below(gr_rng *rng, size_t n)
{
    assert(n >= 1);
    uint64_t range = n, reject = (0 - range) % range; // 2^64 mod n values would be one too many
    for (;;) {
        uint64_t bits = gr_rng_u64(rng);
        if (bits >= reject) return (size_t)(bits % range);
    }
}
