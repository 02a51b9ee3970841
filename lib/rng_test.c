// SPDX-License-Identifier: BSD-3-Clause
#include "lib/rng.h"
#include <Random123/philox.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

// Known answers of Philox 4x32-10 for the all-zero counter and key (Random123, kat_vectors).
static void philox_gives_its_known_answers(void **state)
{
    (void)state;
    gr_rng rng = gr_rng_of(0, 0);
    assert_true(gr_rng_u64(&rng) == (0xe169c58dull << 32 | 0x6627e8d5ull));
    assert_true(gr_rng_u64(&rng) == (0x9b00dbd8ull << 32 | 0xbc57ac4cull));
}

static void streams_and_positions_are_their_own(void **state)
{
    (void)state;
    gr_rng a = gr_rng_of(1, 0), b = gr_rng_of(1, 1), c = gr_rng_of(2, 0);
    uint64_t first = gr_rng_u64(&a), second = gr_rng_u64(&a);
    assert_true(first != gr_rng_u64(&b) && first != gr_rng_u64(&c) && first != second);
    a.position = 1;
    assert_true(gr_rng_u64(&a) == second); // jump
}

static void units_are_uniform(void **state)
{
    (void)state;
    enum { N = 200000 };
    gr_rng rng = gr_rng_of(7, 3);
    double sum = 0, square = 0;
    for (int i = 0; i < N; i++) {
        double u = gr_rng_unit(&rng);
        assert_true(u >= 0 && u < 1);
        sum += u, square += u * u;
    }
    assert_true(fabs(sum / N - 0.5) < 0.003 && fabs(square / N - 1.0 / 3) < 0.003);
}

static void normals_have_mean_0_and_variance_1(void **state)
{
    (void)state;
    enum { N = 200000 };
    gr_rng rng = gr_rng_of(7, 4);
    double sum = 0, square = 0;
    for (int i = 0; i < N; i++) {
        double z = gr_rng_normal(&rng);
        sum += z, square += z * z;
    }
    assert_true(fabs(sum / N) < 0.01 && fabs(square / N - 1) < 0.02);
}

static void below_is_even(void **state)
{
    (void)state;
    int count[7] = {0};
    gr_rng rng = gr_rng_of(9, 0);
    for (int i = 0; i < 70000; i++) count[gr_rng_below(&rng, 7)]++;
    for (int k = 0; k < 7; k++) assert_true(count[k] > 9500 && count[k] < 10500);
    assert_int_equal(gr_rng_below(&rng, 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(philox_gives_its_known_answers),
        cmocka_unit_test(streams_and_positions_are_their_own),
        cmocka_unit_test(units_are_uniform),
        cmocka_unit_test(normals_have_mean_0_and_variance_1),
        cmocka_unit_test(below_is_even),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
