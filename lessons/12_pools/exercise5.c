// SPDX-License-Identifier: BSD-3-Clause
// Step 5: from Fermat to Miller and Rabin.
//
// Fermat's test calls 341 prime, and 561, to every base that shares no factor with it. If n is an
// odd prime, x * x = 1 (mod n) has no solution but 1 and n - 1. So write n - 1 = odd * 2^twos and
// look at b^odd, squared up to twos - 1 times: for a prime it is 1 at once, or n - 1 on the way.
// A base b for which it is neither is a witness that n is composite. No composite of 64 bits is
// without a witness among the first twelve primes (Sorenson and Webster, 2017).
// gr_power_mod(base, exponent, n) is exact for all numbers of 64 bits; b * b % n is not.
#include "lessons/12_pools/pools.h"
#include "lib/primes.h"

static bool is_witness(uint64_t base, uint64_t n) // n odd, n > base
{
    // TODO: the square roots of 1, not only the last power
    return gr_power_mod(base, n - 1, n) != 1;
}

static bool is_prime(uint64_t n)
{
    static const uint64_t bases[] = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37};
    if (n < 2) return false;
    for (size_t k = 0; k < sizeof bases / sizeof *bases; k++) {
        if (n % bases[k] == 0) return n == bases[k];
        if (is_witness(bases[k], n)) return false;
    }
    return true;
}

gr_status exercise(void *problem, int workers)
{
    witnesses *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) p->prime[i] = is_prime(p->numbers[i]);
    return GR_OK;
}
