// SPDX-License-Identifier: BSD-3-Clause
#include "lib/scaling.h"
#include "lib/rng.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { N = 7 };
static const double p[N] = {1, 2, 3, 4, 8, 12, 16};

static void near(double got, double want, double within)
{
    assert_true(fabs(got - want) <= within);
}

static void serial_parts_are_found_again(void **state)
{
    (void)state;
    double gain[N];
    for (double s = 0; s <= 1; s += 0.25) {
        for (int i = 0; i < N; i++) gain[i] = 1 / (s + (1 - s) / p[i]);
        near(gr_amdahl_fit(p, gain, N), s, 1e-12);
        for (int i = 1; i < N; i++) near(gr_karp_flatt(p[i], gain[i]), s, 1e-12);
        for (int i = 0; i < N; i++) gain[i] = p[i] - s * (p[i] - 1);
        near(gr_gustafson_fit(p, gain, N), s, 1e-12);
    }
    assert_true(isnan(gr_karp_flatt(1, 1)));
}

static void parts_stay_within_0_and_1(void **state)
{
    (void)state;
    double more[N], less[N];
    for (int i = 0; i < N; i++) more[i] = 1.1 * p[i], less[i] = 1 / p[i];
    assert_true(gr_amdahl_fit(p, more, N) == 0 && gr_amdahl_fit(p, less, N) == 1);
    assert_true(gr_gustafson_fit(p, more, N) == 0 && gr_gustafson_fit(p, less, N) == 1);
    assert_true(isnan(gr_amdahl_fit(p, more, 1)) && isnan(gr_gustafson_fit(p, more, 1)));
    more[3] = NAN;
    assert_true(isnan(gr_amdahl_fit(p, more, N)) && isnan(gr_gustafson_fit(p, more, N)));
}

static void overhead_is_found_again(void **state)
{
    (void)state;
    const gr_overhead want = {.constant = 2e-4, .divided = 8e-3, .growing = 3e-5};
    gr_overhead fit;
    double seconds[N];
    for (int i = 0; i < N; i++) seconds[i] = gr_overhead_at(&want, p[i]);
    near(seconds[3], 2e-4 + 2e-3 + 6e-5, 1e-15);
    assert_int_equal(gr_overhead_fit(p, seconds, N, false, &fit), GR_OK);
    near(fit.constant, want.constant, 1e-9);
    near(fit.divided, want.divided, 1e-9);
    near(fit.growing, want.growing, 1e-9);
    assert_true(fit.error < 1e-9);
    assert_int_equal(gr_overhead_fit(p, seconds, 4, false, &fit), GR_OK); // the least
    near(fit.growing, want.growing, 1e-9);
}

static void weak_overhead_has_no_part_that_divides(void **state)
{
    (void)state;
    const gr_overhead want = {.constant = 5e-3, .growing = 1e-4};
    gr_overhead fit;
    double seconds[N];
    for (int i = 0; i < N; i++) seconds[i] = gr_overhead_at(&want, p[i]);
    assert_int_equal(gr_overhead_fit(p, seconds, 3, true, &fit), GR_OK);
    near(fit.constant, want.constant, 1e-9);
    near(fit.growing, want.growing, 1e-9);
    assert_true(fit.divided == 0);
}

// Times with an error of 2 %: the large term within some percent, and none below 0.
static void errors_move_it_little(void **state)
{
    (void)state;
    const gr_overhead want = {.divided = 8e-3, .growing = 2e-5};
    gr_rng rng = gr_rng_of(5, 0);
    for (int run = 0; run < 100; run++) {
        gr_overhead fit;
        double seconds[N];
        for (int i = 0; i < N; i++)
            seconds[i] = gr_overhead_at(&want, p[i]) * (1 + 0.02 * (2 * gr_rng_unit(&rng) - 1));
        assert_int_equal(gr_overhead_fit(p, seconds, N, false, &fit), GR_OK);
        assert_true(fit.constant >= 0 && fit.divided >= 0 && fit.growing >= 0);
        near(fit.divided, want.divided, 0.05 * want.divided);
        assert_true(fit.error < 0.02);
    }
}

// A worker more than is of use: times that only fall faster than 1/p leave nothing but 1/p.
static void no_term_is_below_0(void **state)
{
    (void)state;
    gr_overhead fit;
    double seconds[N];
    for (int i = 0; i < N; i++) seconds[i] = 1e-2 / pow(p[i], 1.2);
    assert_int_equal(gr_overhead_fit(p, seconds, N, false, &fit), GR_OK);
    assert_true(fit.constant == 0 && fit.growing == 0 && fit.divided > 0);
    assert_true(fit.error > 0.05);
}

static void too_few_numbers_are_refused(void **state)
{
    (void)state;
    gr_overhead fit;
    double seconds[] = {4, 2, 1.5, 1}, same[] = {1, 2, 2, 4};
    assert_int_equal(gr_overhead_fit(p, seconds, 3, false, &fit), GR_EARG);
    assert_int_equal(gr_overhead_fit(same, seconds, 4, false, &fit), GR_EARG); // three numbers
    assert_int_equal(gr_overhead_fit(p, seconds, 2, true, &fit), GR_EARG);
    assert_int_equal(gr_overhead_fit(p, seconds, 0, true, &fit), GR_EARG);
    seconds[2] = 0;
    assert_int_equal(gr_overhead_fit(p, seconds, 4, false, &fit), GR_EARG);
    seconds[2] = NAN;
    assert_int_equal(gr_overhead_fit(p, seconds, 4, false, &fit), GR_EARG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(serial_parts_are_found_again),
        cmocka_unit_test(parts_stay_within_0_and_1),
        cmocka_unit_test(overhead_is_found_again),
        cmocka_unit_test(weak_overhead_has_no_part_that_divides),
        cmocka_unit_test(errors_move_it_little),
        cmocka_unit_test(no_term_is_below_0),
        cmocka_unit_test(too_few_numbers_are_refused),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
