// SPDX-License-Identifier: BSD-3-Clause
// Wrong: squares in double precision.
#include "lessons/12_pools/pools.h"
#include "lib/primes.h"

static bool is_witness(uint64_t base, uint64_t n) // n odd, n > base
{
    int twos = 0;
    while (((n - 1) >> twos) % 2 == 0) twos++;
    uint64_t x = gr_power_mod(base, (n - 1) >> twos, n);
    if (x == 1 || x == n - 1) return false;
    for (int k = 1; k < twos; k++) {
        x = (uint64_t)((double)x * (double)x) % n;
        if (x == n - 1) return false;
    }
    return true;
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
