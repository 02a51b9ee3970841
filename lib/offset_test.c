// SPDX-License-Identifier: BSD-3-Clause
#include "lib/offset.h"
#include "lib/rng.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

// A clock that was 37 s ahead when this one said 1000, and gains 20 microseconds a second.
static const double ahead = 37.25, gains = 20e-6, since = 1000;

static double other(double t) { return t + ahead + gains * (t - since); }

enum { EXCHANGES = 100 };

// Messages that take `out` and `home` seconds, and up to as much again by chance.
static gr_offset burst(double start, double out, double home, gr_rng *rng)
{
    gr_exchange e[EXCHANGES];
    double t = start;
    for (int i = 0; i < EXCHANGES; i++) {
        e[i].sent = t;
        t += out * (1 + gr_rng_unit(rng));
        e[i].there = other(t);
        t += home * (1 + gr_rng_unit(rng));
        e[i].back = t;
    }
    return gr_offset_of(e, EXCHANGES);
}

static void an_offset_is_found_within_its_bounds(void **state)
{
    (void)state;
    gr_rng rng = gr_rng_of(1, 0);
    for (int run = 0; run < 200; run++) {
        gr_offset o = burst(since + run, 1e-6, 1e-6, &rng);
        double truth = ahead + gains * run;
        assert_true(fabs(o.value - truth) <= o.error);
        assert_true(o.error < 1.05e-6); // half of the shortest round trip, at least
        assert_true(o.error > 0.95e-6);
        assert_true(fabs(o.value - truth) < 0.1e-6); // equal ways: much better than the bound
    }
}

// No exchange can tell a slow way out from a slow way home; the bounds hold all the same.
static void unequal_ways_stay_within_the_bounds(void **state)
{
    (void)state;
    gr_rng rng = gr_rng_of(2, 0);
    for (int run = 0; run < 200; run++) {
        double out = run % 2 ? 9e-6 : 1e-6, home = 10e-6 - out, truth = ahead + gains * run;
        gr_offset o = burst(since + run, out, home, &rng);
        assert_true(fabs(o.value - truth) <= o.error);
        assert_true(fabs(o.value - truth) > 3e-6);
        assert_true(o.error < 6e-6);
    }
}

static void one_late_answer_does_no_harm(void **state)
{
    (void)state;
    gr_exchange e[] = {{0, 5.001, 0.002}, {1, 6.001, 1.002}, {2, 7.001, 2.9}, {3, 8.7, 3.702}};
    gr_offset o = gr_offset_of(e, 4);
    assert_true(fabs(o.value - 5) < 1e-9 && fabs(o.error - 0.001) < 1e-9);
    assert_true(fabs(o.at - 1.851) < 1e-9);
}

static void a_clock_that_jumps_has_no_offset(void **state)
{
    (void)state;
    gr_exchange e[] = {{0, 5.001, 0.002}, {1, 7.001, 1.002}};
    assert_true(isnan(gr_offset_of(e, 2).value));
    assert_true(isnan(gr_offset_of(e, 0).value));
    gr_offset two[] = {gr_offset_of(e, 1), gr_offset_of(e, 2)};
    assert_true(isnan(gr_clock_line_of(two, 2).value));
    assert_true(isnan(gr_clock_line_of(two, 0).value));
    assert_false(gr_offset_none(&two[1], 1)); // NaN fails
    assert_false(gr_offset_none(two, 0));
}

static void drift_is_found_and_foretells(void **state)
{
    (void)state;
    gr_rng rng = gr_rng_of(3, 0);
    gr_offset o[8];
    for (int i = 0; i < 8; i++) o[i] = burst(since + 0.1 * i, 1e-6, 1e-6, &rng);
    gr_clock_line line = gr_clock_line_of(o, 8);
    assert_true(fabs(line.drift - gains) < 1e-6);
    assert_true(line.error > 0.9e-6 && line.error < 1.3e-6);
    for (double t = since; t < since + 2; t += 0.1) {
        assert_true(fabs(gr_clock_there(line, t) - other(t)) < 1e-6);
        assert_true(fabs(gr_clock_here(line, gr_clock_there(line, t)) - t) < 1e-9);
    }
    // Without the drift, a second later, it would be 20 microseconds off.
    gr_clock_line one = gr_clock_line_of(o, 1);
    assert_true(one.drift == 0);
    assert_true(fabs(gr_clock_there(one, since + 1) - other(since + 1)) > 15e-6);
}

static void one_clock_is_recognised(void **state)
{
    (void)state;
    gr_offset same[] = {{1, 1e-7, 2e-7}, {2, -1e-7, 2e-7}},
              two[] = {{1, 1e-7, 2e-7}, {2, 3e-7, 2e-7}};
    assert_true(gr_offset_none(same, 2));
    assert_false(gr_offset_none(two, 2));
    assert_true(gr_clock_there(gr_clock_line_same(), 12.5) == 12.5);
    assert_true(gr_clock_here(gr_clock_line_same(), 12.5) == 12.5);
}

static void lines_follow_one_another(void **state)
{
    (void)state;
    gr_clock_line a = {.at = 10, .value = 3, .drift = 1e-5, .error = 1e-6};
    gr_clock_line b = {.at = 50, .value = -7, .drift = -3e-5, .error = 2e-6};
    gr_clock_line both = gr_clock_line_on(a, b);
    for (double t = 0; t < 100; t += 7)
        assert_true(fabs(gr_clock_there(both, t) - gr_clock_there(b, gr_clock_there(a, t))) <
                    1e-12);
    assert_true(fabs(both.error - 3e-6) < 1e-15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_offset_is_found_within_its_bounds),
        cmocka_unit_test(unequal_ways_stay_within_the_bounds),
        cmocka_unit_test(one_late_answer_does_no_harm),
        cmocka_unit_test(a_clock_that_jumps_has_no_offset),
        cmocka_unit_test(drift_is_found_and_foretells),
        cmocka_unit_test(one_clock_is_recognised),
        cmocka_unit_test(lines_follow_one_another),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
