// SPDX-License-Identifier: BSD-3-Clause
// What the ladders of lesson 15 stand on, without ranks: wide sums against cases whose result is
// known, the joining of steps, and how numbers are cut.
#include "lessons/15_collectives/collectives.h"
#include "lib/rng.h"
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static double sum_of(const double *x, size_t n)
{
    wide sum = {{0}};
    for (size_t i = 0; i < n; i++) wide_add(&sum, x[i]);
    return wide_round(&sum);
}

#define SUM(...) sum_of((const double[]){__VA_ARGS__}, sizeof((double[]){__VA_ARGS__}) / 8)

static void sums_round_once(void **state)
{
    (void)state;
    assert_true(SUM(0) == 0);
    assert_true(SUM(1e100, 1, -1e100) == 1);
    assert_true(SUM(-1e100, -0.5, 1e100) == -0.5);
    assert_true(SUM(1, DBL_EPSILON / 2) == 1); // a tie goes to the even one
    assert_true(SUM(1, DBL_EPSILON, DBL_EPSILON / 2) == 1 + 2 * DBL_EPSILON);
    assert_true(SUM(1, DBL_EPSILON / 2, 0x1p-1074) == 1 + DBL_EPSILON); // just above the tie
    assert_true(SUM(-1, -DBL_EPSILON / 2, -0x1p-1074) == -1 - DBL_EPSILON);
    assert_true(SUM(1, DBL_EPSILON / 2, -0x1p-1074) == 1);
}

static void sums_reach_all_doubles(void **state)
{
    (void)state;
    assert_true(SUM(0x1p-1074) == 0x1p-1074);
    assert_true(SUM(0x1p-1074, 0x1p-1074, -0x1p-1073) == 0);
    assert_true(SUM(DBL_MIN, -0x1p-1074) == DBL_MIN - 0x1p-1074);
    assert_true(SUM(DBL_MAX) == DBL_MAX);
    assert_true(SUM(DBL_MAX, DBL_MAX, -DBL_MAX) == DBL_MAX);
    assert_true(isinf(SUM(DBL_MAX, DBL_MAX)));
    assert_true(SUM(-DBL_MAX, -DBL_MAX) == -INFINITY);
}

// Doubles of any bits: each is its own sum, and a sum does not depend on the order or on carries.
static void sums_have_no_order(void **state)
{
    (void)state;
    enum { N = 2000 };
    wide up = {{0}}, down = {{0}};
    double x[N];
    gr_rng rng = gr_rng_of(1, 2);
    for (int i = 0; i < N; i++) {
        x[i] = ldexp(gr_rng_unit(&rng) - 0.5, (int)gr_rng_below(&rng, 2090) - 1073);
        assert_true(SUM(x[i]) == x[i]);
    }
    for (int i = 0; i < N; i++) {
        wide_add(&up, x[i]), wide_add(&down, x[N - 1 - i]);
        if (i % 7 == 0) wide_carry(&down);
    }
    assert_true(wide_round(&up) == wide_round(&down));
    for (int i = 0; i < N; i++) wide_add(&up, -x[(i * 7) % N]);
    assert_true(wide_round(&up) == 0);
}

// Against sums of 113 bits, of numbers that fit: they are exact, and rounded once.
static void sums_are_those_of_integers(void **state)
{
    (void)state;
    gr_rng rng = gr_rng_of(3, 4);
    for (int round = 0; round < 500; round++) {
        wide sum = {{0}};
        __extension__ __int128 exact = 0;
        for (int i = 0; i < 20; i++) {
            int64_t m = (int64_t)(gr_rng_u64(&rng) >> 11) - ((int64_t)1 << 52);
            int shift = (int)gr_rng_below(&rng, 60);
            exact += (__extension__(__int128) m) * ((int64_t)1 << shift);
            wide_add(&sum, ldexp((double)m, shift));
        }
        assert_true(wide_round(&sum) == (double)exact);
    }
}

static void steps_join(void **state)
{
    (void)state;
    gr_rng rng = gr_rng_of(5, 6);
    const uint64_t prime = ((uint64_t)1 << 61) - 1;
    affine all = {1, 0};
    uint64_t x = RECURRENCE_START;
    for (int k = 0; k < 100; k++) {
        affine f = {gr_rng_u64(&rng) % prime, gr_rng_u64(&rng) % prime};
        all = affine_then(all, f), x = affine_apply(f, x);
        assert_true(x < prime && affine_apply(all, RECURRENCE_START) == x);
    }
    assert_int_equal(affine_apply((affine){2, 3}, 5), 13);
    affine both = affine_then((affine){2, 3}, (affine){5, 7}); // 5 (2 x + 3) + 7
    assert_true(both.a == 10 && both.b == 22);
}

static void cuts_and_rounds(void **state)
{
    (void)state;
    for (size_t n = 0; n < 30; n++)
        for (int parts = 1; parts < 9; parts++) {
            assert_int_equal(collective_cut(n, parts, 0), 0);
            assert_int_equal(collective_cut(n, parts, parts), n);
            for (int i = 0; i < parts; i++) {
                size_t size = collective_cut(n, parts, i + 1) - collective_cut(n, parts, i);
                assert_in_range(size, n / (size_t)parts, (n + (size_t)parts - 1) / (size_t)parts);
            }
        }
    const int rounds[] = {0, 0, 1, 2, 2, 3, 3, 3, 3, 4};
    for (int ranks = 1; ranks < 10; ranks++)
        assert_int_equal(collective_rounds(ranks), rounds[ranks]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_round_once),    cmocka_unit_test(sums_reach_all_doubles),
        cmocka_unit_test(sums_have_no_order), cmocka_unit_test(sums_are_those_of_integers),
        cmocka_unit_test(steps_join),         cmocka_unit_test(cuts_and_rounds),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
