// SPDX-License-Identifier: BSD-3-Clause
// Tasks of a known length: their lengths add up, and the steps are really taken.
#include "bench/map_spin.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

enum { N = 1000 };

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double sum_of(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += x[i];
    return sum;
}

static void every_skew_has_the_mean_that_was_asked_for(void **state)
{
    (void)state;
    double length[N];
    for (gr_skew s = 0; s < GR_SKEWS; s++) {
        gr_skew_lengths(s, N, 3e-6, gr_rng_of(1, 1), length);
        assert_true(fabs(sum_of(length, N) / N / 3e-6 - 1) < 1e-9);
        for (int i = 0; i < N; i++) assert_true(length[i] > 0);
        gr_skew_lengths(s, 1, 3e-6, gr_rng_of(1, 1), length);
        assert_true(fabs(length[0] / 3e-6 - 1) < 1e-9);
    }
}

static void a_skew_is_as_uneven_as_its_name(void **state)
{
    (void)state;
    double length[N];
    gr_skew_lengths(GR_SKEW_EQUAL, N, 1, gr_rng_of(1, 1), length);
    qsort(length, N, sizeof *length, ascending);
    assert_true(length[N - 1] - length[0] < 1e-12);
    gr_skew_lengths(GR_SKEW_SPREAD, N, 1, gr_rng_of(1, 1), length);
    qsort(length, N, sizeof *length, ascending);
    assert_true(fabs(length[N / 2] - log(2)) < 0.01); // the median of an exponential
    gr_skew_lengths(GR_SKEW_HEAVY, N, 1, gr_rng_of(1, 1), length);
    qsort(length, N, sizeof *length, ascending);
    assert_true(sum_of(length + N - N / 10, N / 10) > 0.4 * N); // a tenth holds much of the work
}

static void order_is_drawn_but_rows_keep_theirs(void **state)
{
    (void)state;
    double a[N], b[N], c[N];
    gr_skew_lengths(GR_SKEW_SPREAD, N, 1, gr_rng_of(1, 1), a);
    gr_skew_lengths(GR_SKEW_SPREAD, N, 1, gr_rng_of(1, 1), b);
    gr_skew_lengths(GR_SKEW_SPREAD, N, 1, gr_rng_of(1, 2), c);
    size_t same = 0, other = 0;
    for (int i = 0; i < N; i++) same += a[i] == b[i], other += a[i] == c[i];
    assert_int_equal(same, N);
    assert_true(other < 20);
    gr_skew_lengths(GR_SKEW_ROWS, N, 1, gr_rng_of(1, 1), a);
    assert_true(a[N / 2] > 5 * a[0]); // the middle of the picture holds the set
    for (int i = 0; i < N; i++) assert_true(fabs(a[i] - a[N - 1 - i]) < 0.5 * a[i]);
}

static int64_t run(const gr_func *func, int64_t in, gr_status expected)
{
    int64_t out = -1;
    gr_job job = {.func = func, .n = 1, .in = &in, .out = &out};
    assert_int_equal(gr_map_run(NULL, &job), expected);
    return out;
}

static void steps_are_taken(void **state)
{
    (void)state;
    assert_int_equal(run(&gr_func_nothing, 12, GR_OK), 12);
    assert_int_equal(run(&gr_func_spin, 0, GR_OK), 0);
    assert_int_equal((uint64_t)run(&gr_func_spin, 1, GR_OK),
                     6364136223846793005u + 1442695040888963407u);
    assert_int_not_equal(run(&gr_func_spin, 1000, GR_OK), run(&gr_func_spin, 1001, GR_OK));
    run(&gr_func_spin, -1, GR_EARG);
    double step = gr_spin_step();
    assert_true(step > 0 && step < 1e-3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_skew_has_the_mean_that_was_asked_for),
        cmocka_unit_test(a_skew_is_as_uneven_as_its_name),
        cmocka_unit_test(order_is_drawn_but_rows_keep_theirs),
        cmocka_unit_test(steps_are_taken),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
