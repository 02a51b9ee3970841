// SPDX-License-Identifier: BSD-3-Clause
// Both tests against a sieve, and on the numbers that were chosen to deceive them.
#include "lib/primes.h"
#include "lib/rng.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LIMIT = 1000000 };

// The sieve of Eratosthenes: LIMIT bytes, 1 for a prime. The caller frees it.
static uint8_t *sieve(void)
{
    uint8_t *prime = malloc(LIMIT);
    assert_non_null(prime);
    memset(prime, 1, LIMIT);
    prime[0] = prime[1] = 0;
    for (size_t p = 2; p * p < LIMIT; p++)
        for (size_t k = p * p; prime[p] && k < LIMIT; k += p) prime[k] = 0;
    return prime;
}

static void miller_rabin_is_the_sieve(void **state)
{
    (void)state;
    uint8_t *prime = sieve();
    size_t primes = 0;
    for (uint64_t n = 0; n < LIMIT; n++) {
        if (gr_miller_rabin(n) != prime[n]) fail_msg("%llu", (unsigned long long)n);
        primes += prime[n];
    }
    assert_int_equal(primes, 78498); // pi(10^6)
    free(prime);
}

// 245 composites below a million pass to base 2 (OEIS A001567), and no prime fails.
static void fermat_errs_245_times_below_a_million(void **state)
{
    (void)state;
    uint8_t *prime = sieve();
    size_t deceived = 0;
    for (uint64_t n = 0; n < LIMIT; n++) {
        bool passes = gr_fermat(n);
        if (prime[n]) assert_true(passes);
        deceived += passes && !prime[n];
    }
    assert_int_equal(deceived, 245);
    free(prime);
}

// Composites that Fermat calls prime: 341, Carmichael numbers (OEIS A002997), and the last two of
// the form (6k+1)(12k+1)(18k+1), all factors prime (Chernick, 1939).
static void carmichael_numbers_deceive_fermat_only(void **state)
{
    (void)state;
    static const uint64_t numbers[] = {341,
                                       561,
                                       1105,
                                       1729,
                                       2465,
                                       2821,
                                       6601,
                                       8911,
                                       10585,
                                       15841,
                                       29341,
                                       41041,
                                       62745,
                                       63973,
                                       512461,
                                       825265,
                                       997633,
                                       9746347772161,
                                       1307351018993397769,
                                       17880342505193141569u};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        assert_true(gr_fermat(numbers[i]));
        assert_false(gr_miller_rabin(numbers[i]));
    }
}

// The least composites that pass Miller and Rabin's test to the first 1, 2, 3 ... prime bases
// (OEIS A014233), and some to sets of bases that were once thought to be enough.
static void strong_pseudoprimes_deceive_nobody(void **state)
{
    (void)state;
    static const uint64_t numbers[] = {
        2047,          1373653,       25326001,        3215031751,
        2152302898747, 3474749660383, 341550071728321, 3825123056546413051,
        4759123141,    1122004669633, 55245642489451};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        assert_false(gr_miller_rabin(numbers[i]));
}

static void large_numbers_are_exact(void **state)
{
    (void)state;
    static const uint64_t primes[] = {
        4294967291u,          4294967311u,           2305843009213693951u,  9223372036854775783u,
        9223372036854775837u, 18446744073709551533u, 18446744073709551557u, 18446744073709551521u};
    for (size_t i = 0; i < sizeof primes / sizeof *primes; i++) {
        assert_true(gr_miller_rabin(primes[i]));
        assert_true(gr_fermat(primes[i]));
    }
    static const uint64_t composites[] = {UINT64_MAX,
                                          UINT64_MAX - 1,
                                          4294967291u * (uint64_t)4294967291u,
                                          4294967279u * (uint64_t)4294967291u,
                                          9223372036854775807u,
                                          1ull << 63};
    for (size_t i = 0; i < sizeof composites / sizeof *composites; i++)
        assert_false(gr_miller_rabin(composites[i]));
}

static void small_numbers_and_evens(void **state)
{
    (void)state;
    static const uint8_t prime[] = {0, 0, 1, 1, 0, 1, 0, 1, 0, 0, 0, 1, 0, 1};
    for (uint64_t n = 0; n < sizeof prime; n++) {
        assert_int_equal(gr_fermat(n), prime[n]);
        assert_int_equal(gr_miller_rabin(n), prime[n]);
    }
    for (uint64_t n = 4; n < 1000; n += 2) assert_false(gr_fermat(n));
}

// Montgomery's arithmetic against 128-bit division, from the smallest to the largest numbers.
static void both_arithmetics_agree(void **state)
{
    (void)state;
    gr_rng rng = gr_rng_of(12, 0);
    for (int i = 0; i < 20000; i++) {
        uint64_t n = (gr_rng_u64(&rng) >> gr_rng_below(&rng, 62)) | 1;
        if (n > 1) assert_int_equal(gr_fermat(n), gr_power_mod(2, n - 1, n) == 1);
    }
}

static void power_mod_at_its_edges(void **state)
{
    (void)state;
    assert_int_equal(gr_power_mod(2, 10, 1000), 24);
    assert_int_equal(gr_power_mod(7, 0, 13), 1);
    assert_int_equal(gr_power_mod(7, 0, 1), 0);
    assert_int_equal(gr_power_mod(0, 0, 5), 1);
    assert_int_equal(gr_power_mod(0, 5, 5), 0);
    assert_true(gr_power_mod(UINT64_MAX - 1, 2, UINT64_MAX) == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(miller_rabin_is_the_sieve),
        cmocka_unit_test(fermat_errs_245_times_below_a_million),
        cmocka_unit_test(carmichael_numbers_deceive_fermat_only),
        cmocka_unit_test(strong_pseudoprimes_deceive_nobody),
        cmocka_unit_test(large_numbers_are_exact),
        cmocka_unit_test(small_numbers_and_evens),
        cmocka_unit_test(both_arithmetics_agree),
        cmocka_unit_test(power_mod_at_its_edges),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
