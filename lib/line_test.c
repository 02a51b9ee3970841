// SPDX-License-Identifier: BSD-3-Clause
#include "lib/line.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void a_line_is_found_again(void **state)
{
    (void)state;
    double x[] = {1, 8, 64, 1024, 1e6}, y[5];
    gr_line line;
    for (int i = 0; i < 5; i++) y[i] = 2e-6 + 3e-10 * x[i];
    assert_int_equal(gr_line_fit(x, y, 5, &line), GR_OK);
    assert_true(fabs(line.at0 / 2e-6 - 1) < 1e-9);
    assert_true(fabs(line.slope / 3e-10 - 1) < 1e-9);
    assert_true(line.error < 1e-9);
}

// 10 % more at the largest point moves a plain least-squares line's intercept by far more than
// this.
static void small_times_count_as_much_as_large_ones(void **state)
{
    (void)state;
    double x[] = {1, 2, 4, 8, 1e6}, y[] = {1e-6, 1e-6, 1e-6, 1e-6, 1.1e-3};
    gr_line line;
    assert_int_equal(gr_line_fit(x, y, 5, &line), GR_OK);
    assert_true(fabs(line.at0 / 1e-6 - 1) < 0.01);
}

static void two_lines_meet_at_the_kink(void **state)
{
    (void)state;
    double x[10], y[10];
    gr_line line[2];
    size_t split = 0;
    for (int i = 0; i < 10; i++) {
        x[i] = (double)(1 << i);
        y[i] = i < 6 ? 1 + 0.01 * x[i] : 3 + 0.002 * x[i];
    }
    assert_int_equal(gr_line_fit_two(x, y, 10, line, &split), GR_OK);
    assert_int_equal(split, 6);
    assert_true(fabs(line[0].at0 - 1) < 1e-9 && fabs(line[1].at0 - 3) < 1e-9);
    assert_true(fabs(line[0].slope - 0.01) < 1e-9 && fabs(line[1].slope - 0.002) < 1e-9);
}

static void what_is_no_line_is_refused(void **state)
{
    (void)state;
    double x[] = {1, 1, 1, 2, 3, 4}, y[] = {1, 2, 3, 4, 5, 6};
    gr_line line[2];
    size_t split;
    assert_int_equal(gr_line_fit(x, y, 0, line), GR_EARG);
    assert_int_equal(gr_line_fit(x, y, 1, line), GR_EARG);
    assert_int_equal(gr_line_fit(x, y, 3, line), GR_EARG); // all x the same
    assert_int_equal(gr_line_fit_two(x, y, 5, line, &split), GR_EARG);
    y[1] = 0;
    assert_int_equal(gr_line_fit(x, y, 6, line), GR_EARG);
    y[1] = NAN;
    assert_int_equal(gr_line_fit(x, y, 6, line), GR_EARG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_found_again),
        cmocka_unit_test(small_times_count_as_much_as_large_ones),
        cmocka_unit_test(two_lines_meet_at_the_kink),
        cmocka_unit_test(what_is_no_line_is_refused),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
