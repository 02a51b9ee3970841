// SPDX-License-Identifier: BSD-3-Clause
// witnesses -- which of n numbers are prime, really? Among them are those that Fermat's test calls
// prime though they are not, numbers of 64 bits, and small ones.
#include "lessons/12_pools/pools.h"
#include "lib/primes.h"
#include "lib/rng.h"
#include <stdlib.h>

// Edges; Carmichael numbers; composites that pass Miller and Rabin's test to base 2, to 2 and 3,
// ... to the first nine primes; the largest primes of 32 and of 64 bits and their products.
static const uint64_t chosen[] = {561,
                                  7,
                                  0,
                                  9,
                                  2,
                                  18446744073709551557u,
                                  1,
                                  2047,
                                  41,
                                  4,
                                  1105,
                                  3,
                                  1729,
                                  37,
                                  25,
                                  3215031751,
                                  18446744065119617029u,
                                  1373653,
                                  6601,
                                  25326001,
                                  13,
                                  341,
                                  2152302898747,
                                  4294967291u,
                                  9223372036854775783u,
                                  3474749660383,
                                  2305843009213693951u,
                                  341550071728321,
                                  29341,
                                  3825123056546413051u,
                                  4759123141u,
                                  1307351018993397769u,
                                  18446744073709551615u,
                                  1369,
                                  1681,
                                  43};
enum { CHOSEN = sizeof chosen / sizeof *chosen };

// After the chosen ones: odd numbers of any length.
static void fill(uint64_t *numbers, size_t n, uint64_t seed)
{
    gr_rng rng = gr_rng_of(seed, n);
    for (size_t i = 0; i < n; i++)
        numbers[i] = i < CHOSEN ? chosen[i] : gr_rng_u64(&rng) >> gr_rng_below(&rng, 60) | 1;
}

static void teardown(void *problem)
{
    witnesses *p = problem;
    if (!p) return;
    free((void *)p->numbers);
    free(p->prime);
    free(p);
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    *problem = NULL;
    if (size.n > 100000000) return gr_fail(GR_EARG, "%zu numbers: at most 100000000", size.n);
    witnesses *p = malloc(sizeof *p);
    uint64_t *numbers = malloc((size.n + 1) * sizeof *numbers);
    uint8_t *prime = malloc(size.n + 1);
    if (!p || !numbers || !prime) {
        free(p), free(numbers), free(prime);
        return gr_fail(GR_ENOMEM, "%zu numbers: out of memory", size.n);
    }
    fill(numbers, size.n, seed);
    *p = (witnesses){size.n, numbers, prime};
    *problem = p;
    return GR_OK;
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    witnesses *p = problem;
    out[0] = (gr_output){"prime", gr_array_of(p->prime, GR_U8, 1, &p->n), true};
    return 1;
}

static double count(const void *problem) { return (double)((const witnesses *)problem)->n; }

// ---- the rungs ----

static gr_status library(void *problem, int workers)
{
    witnesses *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) p->prime[i] = gr_miller_rabin(p->numbers[i]);
    return GR_OK;
}

// The same question in the plainest way: x^2 = 1 has two solutions only if n is prime.
static bool is_witness(uint64_t base, uint64_t n)
{
    int twos = __builtin_ctzll(n - 1);
    uint64_t x = gr_power_mod(base, (n - 1) >> twos, n);
    if (x == 1 || x == n - 1) return false;
    for (int k = 1; k < twos; k++) {
        x = gr_power_mod(x, 2, n);
        if (x == n - 1) return false;
    }
    return true;
}

static bool is_prime(uint64_t n)
{
    static const uint64_t bases[] = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37};
    if (n < 2) return false;
    for (size_t i = 0; i < sizeof bases / sizeof *bases; i++) {
        if (n % bases[i] == 0) return n == bases[i];
        if (is_witness(bases[i], n)) return false;
    }
    return true;
}

static gr_status plain(void *problem, int workers)
{
    witnesses *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) p->prime[i] = is_prime(p->numbers[i]);
    return GR_OK;
}

static const gr_size no_sizes[] = {{0, 0}}; // judged, not timed

static const gr_rung rungs[] = {
    {.name = "library", .idea = "gr_miller_rabin, proved exact for 64 bits", .run = library},
    {.name = "plain", .idea = "the same with gr_power_mod, as one would write it", .run = plain},
    {0},
};

const gr_ladder gr_ladder_witnesses = {
    .name = "witnesses",
    .title = "Which of these numbers are prime, really?",
    .lesson = "12_pools",
    .n_name = "numbers",
    .sizes = no_sizes,
    .rungs = rungs,
    .setup = setup,
    .teardown = teardown,
    .outputs = outputs,
    .unit = "number",
    .work = count,
};
