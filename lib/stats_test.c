// SPDX-License-Identifier: BSD-3-Clause
// The intervals are judged by what they promise: how often they hold the true value on synthetic
// samples, and how often a difference is imagined where there is none. Seeds are fixed.
#include "lib/stats.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void ranks_are_those_of_the_sign_test(void **state)
{
    static const struct {
        size_t n, k;
        double coverage;
    } rows[] = {{6, 1, .96875}, {9, 2, .9609},   {12, 3, .9614},
                {24, 7, .9773}, {48, 17, .9706}, {96, 38, .9684}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(gr_sign_rank(rows[i].n, 0.95), rows[i].k);
        assert_true(fabs(gr_sign_coverage(rows[i].n, rows[i].k) - rows[i].coverage) < 1e-3);
    }
    for (size_t n = 0; n < 6; n++) assert_int_equal(gr_sign_rank(n, 0.95), 0);
}

static void few_samples_have_a_range_and_no_interval(void **state)
{
    (void)state;
    double x[] = {3, 1, 2};
    gr_interval r = gr_median_interval(x, 3, 0.95);
    assert_false(r.bounded);
    assert_true(r.lo == 1 && r.mid == 2 && r.hi == 3);
    assert_int_equal(gr_judge(r, 0.5), GR_NOT_JUDGED);
    assert_true(isnan(gr_median_interval(x, 0, 0.95).mid));
}

static void a_nan_makes_all_nan(void **state)
{
    (void)state;
    double x[] = {1, NAN, 2, 3, 4, 5, 6};
    gr_interval r = gr_median_interval(x, 7, 0.95);
    assert_true(isnan(r.mid) && isnan(r.lo) && isnan(r.hi));
    assert_int_equal(gr_judge(r, 0), GR_NOT_JUDGED);
    assert_true(isnan(gr_median(x, 7)));
}

// A timing: lognormal by 5 %, and 5 % of the samples interrupted.
static double timing(gr_rng *rng)
{
    double t = exp(0.05 * gr_rng_normal(rng));
    return gr_rng_unit(rng) < 0.05 ? t * (1 + 3 * gr_rng_unit(rng)) : t;
}

static double true_median(void)
{
    enum { MANY = 400001 };
    double *x = malloc(MANY * sizeof *x);
    assert_non_null(x);
    gr_rng rng = gr_rng_of(5, 0);
    for (size_t i = 0; i < MANY; i++) x[i] = timing(&rng);
    double m = gr_median(x, MANY);
    free(x);
    return m;
}

// The share of 4000 synthetic launches whose interval holds the true median; n 0: the rule that
// looks at 12, 24, 48, 96 and stops at 2 %.
static double coverage(size_t fixed)
{
    enum { SETS = 4000 };
    double truth = true_median(), held = 0;
    for (uint64_t set = 0; set < SETS; set++) {
        gr_rng rng = gr_rng_of(17, set);
        double x[GR_MOST_SAMPLES];
        size_t n = 0;
        do x[n++] = timing(&rng);
        while (fixed ? n < fixed : !gr_samples_enough(x, n, 0.02));
        gr_interval r = gr_median_interval(x, n, 0.95);
        held += r.lo <= truth && truth <= r.hi;
    }
    return held / SETS;
}

static void intervals_hold_the_median_as_often_as_they_say(void **state)
{
    (void)state;
    static const size_t counts[] = {0, 6, 9, 12, 24, 48, 96};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        double c = coverage(counts[i]);
        if (!(c >= 0.93 && c <= 0.98)) fail_msg("coverage %.4f with n = %zu", c, counts[i]);
    }
}

// A machine whose speed wanders: AR(1) 0.97 with steps of 1.2 %, noise of 2 %, some interruptions.
static double wandering(gr_rng *rng, double *speed)
{
    *speed = 0.97 * *speed + 0.012 * gr_rng_normal(rng);
    double t = exp(*speed + 0.02 * gr_rng_normal(rng));
    return gr_rng_unit(rng) < 0.05 ? 1.3 * t : t;
}

// How often two variants, b `effect` slower than a, are told apart when measured in n random pairs.
static double found(double effect, size_t n, int *wrong_side)
{
    enum { RUNS = 2000 };
    double told = 0;
    *wrong_side = 0;
    for (uint64_t run = 0; run < RUNS; run++) {
        gr_rng rng = gr_rng_of(23, run);
        double speed = 0, x[2][GR_MOST_SAMPLES];
        for (size_t i = 0; i < n; i++) {
            size_t order[2];
            gr_latin_row(gr_rng_of(29, run), 2, i, order);
            for (int k = 0; k < 2; k++) x[order[k]][i] = wandering(&rng, &speed);
            x[1][i] *= 1 + effect;
        }
        gr_interval r = gr_ratio_interval(x[1], x[0], n, 0.95);
        told += r.lo > 1 || r.hi < 1;
        *wrong_side += r.hi < 1;
    }
    return told / RUNS;
}

static void a_against_a_is_no_difference(void **state)
{
    (void)state;
    int wrong;
    assert_true(found(0, 12, &wrong) <= 0.05);
    assert_true(found(0, 24, &wrong) <= 0.05);
    assert_true(found(0, 96, &wrong) <= 0.05);
}

static void three_percent_is_found(void **state)
{
    (void)state;
    int wrong;
    assert_true(found(0.03, 96, &wrong) >= 0.95);
    assert_int_equal(wrong, 0);
}

static void latin_rows_make_latin_squares(void **state)
{
    (void)state;
    for (size_t n = 1; n <= 7; n++)
        for (size_t block = 0; block < 5; block++) {
            unsigned seen[7] = {0}; // bit v of seen[place]: variant v stood there
            for (size_t row = 0; row < n; row++) {
                size_t order[7];
                gr_latin_row(gr_rng_of(3, 0), n, block * n + row, order);
                for (size_t place = 0; place < n; place++) seen[place] |= 1u << order[place];
            }
            for (size_t place = 0; place < n; place++) assert_int_equal(seen[place], (1u << n) - 1);
        }
}

static void verdicts_need_the_whole_interval(void **state)
{
    (void)state;
    gr_interval r = {.mid = 3, .lo = 2.8, .hi = 3.2, .n = 12, .bounded = true};
    assert_int_equal(gr_judge(r, 2.8), GR_PASS);
    assert_int_equal(gr_judge(r, 3.0), GR_NOT_JUDGED);
    assert_int_equal(gr_judge(r, 3.3), GR_NOT_YET);
    assert_int_equal(gr_judge(r, NAN), GR_NOT_JUDGED);
}

static void unpaired_ratios_are_wider_than_paired_ones(void **state)
{
    (void)state;
    gr_interval a = {2, 1.9, 2.1, 7, true}, b = {1, 0.9, 1.1, 6, true}, r = gr_ratio_of(a, b);
    assert_true(fabs(r.lo - 1.9 / 1.1) < 1e-15 && fabs(r.hi - 2.1 / 0.9) < 1e-15);
    assert_true(r.bounded && r.n == 6);
}

static void outliers_are_counted_and_kept(void **state)
{
    (void)state;
    double x[] = {1, 1.1, 0.9, 1.05, 0.95, 1, 9};
    assert_int_equal(gr_outliers(x, 7), 1);
    assert_int_equal(gr_outliers(x, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranks_are_those_of_the_sign_test),
        cmocka_unit_test(few_samples_have_a_range_and_no_interval),
        cmocka_unit_test(a_nan_makes_all_nan),
        cmocka_unit_test(intervals_hold_the_median_as_often_as_they_say),
        cmocka_unit_test(a_against_a_is_no_difference),
        cmocka_unit_test(three_percent_is_found),
        cmocka_unit_test(latin_rows_make_latin_squares),
        cmocka_unit_test(verdicts_need_the_whole_interval),
        cmocka_unit_test(unpaired_ratios_are_wider_than_paired_ones),
        cmocka_unit_test(outliers_are_counted_and_kept),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
