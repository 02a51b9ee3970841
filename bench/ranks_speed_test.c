// SPDX-License-Identifier: BSD-3-Clause
#include "bench/ranks_speed.h"
#include "lib/rng.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { RANKS = 16 };

// Medians in ms; each interval reaches `wide` to both sides, as a part of the median.
static void set(gr_rank_speed *all, const double *ms, size_t n, double wide)
{
    for (size_t r = 0; r < n; r++)
        all[r] = (gr_rank_speed){.seconds = {.mid = 1e-3 * ms[r],
                                             .lo = 1e-3 * ms[r] * (1 - wide),
                                             .hi = 1e-3 * ms[r] * (1 + wide),
                                             .n = 20,
                                             .bounded = true}};
}

// How many are slow; *which is the last of them.
static int slow(gr_rank_speed *all, size_t n, int *which)
{
    int found = 0;
    *which = -1;
    assert_int_equal(gr_speed_judge(all, n), GR_OK);
    for (size_t r = 0; r < n; r++)
        if (all[r].slow) found++, *which = (int)r;
    return found;
}

static void one_of_two_is_slow(void **state)
{
    (void)state;
    gr_rank_speed all[2];
    int which;
    set(all, (double[]){1.0, 1.2}, 2, 0.01);
    assert_int_equal(slow(all, 2, &which), 1);
    assert_int_equal(which, 1);
    assert_true(fabs(all[1].others - 1e-3) < 1e-12);
    set(all, (double[]){1.04, 1.0}, 2, 0); // by less than a twentieth
    assert_int_equal(slow(all, 2, &which), 0);
    set(all, (double[]){1.0, 1.2}, 2, 0.2); // not sure
    assert_int_equal(slow(all, 2, &which), 0);
}

static void one_of_many_is_slow(void **state)
{
    (void)state;
    gr_rank_speed all[RANKS];
    double ms[RANKS];
    int which;
    for (int r = 0; r < RANKS; r++) ms[r] = r == 11 ? 1.08 : 1 + 0.001 * r;
    set(all, ms, RANKS, 0.005);
    assert_int_equal(slow(all, RANKS, &which), 1);
    assert_int_equal(which, 11);
    ms[3] = 2; // two
    set(all, ms, RANKS, 0.005);
    assert_int_equal(slow(all, RANKS, &which), 2);
}

// Where ranks differ by a tenth from one another, a tenth is nothing.
static void ranks_that_all_differ_are_not_slow(void **state)
{
    (void)state;
    gr_rank_speed all[RANKS];
    double ms[RANKS];
    int which;
    gr_rng rng = gr_rng_of(7, 0);
    for (int run = 0; run < 100; run++) {
        for (int r = 0; r < RANKS; r++) ms[r] = 1 + 0.1 * gr_rng_unit(&rng);
        set(all, ms, RANKS, 0.001);
        assert_int_equal(slow(all, RANKS, &which), 0);
    }
    ms[5] = 1.5; // and this is still seen
    set(all, ms, RANKS, 0.001);
    assert_int_equal(slow(all, RANKS, &which), 1);
    assert_int_equal(which, 5);
}

static void fast_ranks_are_not_slow(void **state)
{
    (void)state;
    gr_rank_speed all[4];
    int which;
    set(all, (double[]){1, 1, 1, 0.5}, 4, 0.01);
    assert_int_equal(slow(all, 4, &which), 0);
}

static void without_an_interval_nobody_is_judged(void **state)
{
    (void)state;
    gr_rank_speed all[2];
    int which;
    set(all, (double[]){1.0, 5.0}, 2, 0);
    all[1].seconds.bounded = false;
    assert_int_equal(slow(all, 2, &which), 0);
    set(all, (double[]){1.0, 5.0}, 2, 0);
    assert_int_equal(slow(all, 1, &which), 0); // alone
    assert_true(isnan(all[0].others));
    all[1].seconds.lo = NAN;
    assert_int_equal(slow(all, 2, &which), 0);
}

static void a_plain_program_has_one_speed(void **state)
{
    (void)state;
    gr_meter meter;
    gr_rank_speed *all;
    gr_meter_begin(&meter);
    gr_meter_read(&meter);
    assert_int_equal(meter.n, 13);
    assert_int_equal(gr_meter_gather(&meter, &all), GR_OK);
    assert_true(all[0].seconds.n == 13 && all[0].seconds.bounded && all[0].seconds.lo > 0);
    assert_false(all[0].slow);
    assert_true(all[0].host[0] != '\0');
    free(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_of_two_is_slow),
        cmocka_unit_test(one_of_many_is_slow),
        cmocka_unit_test(ranks_that_all_differ_are_not_slow),
        cmocka_unit_test(fast_ranks_are_not_slow),
        cmocka_unit_test(without_an_interval_nobody_is_judged),
        cmocka_unit_test(a_plain_program_has_one_speed),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
