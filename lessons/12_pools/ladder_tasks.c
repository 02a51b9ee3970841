// SPDX-License-Identifier: BSD-3-Clause
// The talk's is_prime as functions for maps: `gradus map fork fermat 50:100`.
#include "lessons/12_pools/pools.h"
#include "lib/primes.h"
#include <string.h>

static uint64_t number_of(const gr_call *call)
{
    uint64_t number;
    memcpy(&number, call->in, sizeof number);
    return number;
}

static gr_status give(gr_call *call, int64_t result)
{
    memcpy(call->out, &result, sizeof result);
    return GR_OK;
}

static gr_status fermat(gr_call *call) { return give(call, gr_fermat(number_of(call))); }

static gr_status miller_rabin(gr_call *call)
{
    return give(call, gr_miller_rabin(number_of(call)));
}

const gr_func gr_func_fermat = {
    .name = "fermat",
    .about = "1 if 2^(n-1) mod n is 1, else 0: all primes pass, and some others, such as 341",
    .call = fermat,
    .in_size = sizeof(uint64_t),
    .out_size = sizeof(int64_t),
};

const gr_func gr_func_millerrabin = {
    .name = "millerrabin",
    .about = "1 if n is prime, else 0: exact for all numbers of 64 bits",
    .call = miller_rabin,
    .in_size = sizeof(uint64_t),
    .out_size = sizeof(int64_t),
};
