// SPDX-License-Identifier: BSD-3-Clause
#include "lib/boxed.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static double take(gr_boxed *a)
{
    double value = -1;
    assert_int_equal(gr_boxed_number(a, &value), GR_OK);
    gr_boxed_drop(a);
    return value;
}

static gr_boxed *of_int(int64_t v) { return gr_boxed_int(v); }
static gr_boxed *of_float(double v) { return gr_boxed_float(v); }

static void same(double got, double want) { assert_memory_equal(&got, &want, sizeof got); }

static void arithmetic_follows_the_types(void **state)
{
    (void)state;
    same(take(gr_boxed_add(of_int(2), of_int(3))), 5);
    same(take(gr_boxed_subtract(of_int(2), of_float(0.5))), 1.5);
    same(take(gr_boxed_multiply(of_float(0.1), of_int(3))), 0.1 * 3);
    same(take(gr_boxed_divide(of_int(1), of_int(4))), 0.25);
    same(take(gr_boxed_power(of_float(0.3), of_int(2))), 0.3 * 0.3);
    same(take(gr_boxed_power(of_int(-3), of_int(3))), -27);
    same(take(gr_boxed_power(of_int(2), of_int(-2))), 0.25);
    same(take(gr_boxed_power(of_float(7), of_int(0))), 1);
}

static void what_is_not_defined_fails_and_passes_on(void **state)
{
    (void)state;
    gr_boxed *failed[] = {
        gr_boxed_add(of_int(INT64_MAX), of_int(1)),
        gr_boxed_multiply(of_int(INT64_MIN), of_int(-1)),
        gr_boxed_power(of_int(10), of_int(19)),
        gr_boxed_divide(of_float(1), of_int(0)),
        gr_boxed_power(of_float(0), of_int(-1)),
        gr_boxed_power(of_float(2), of_float(0.5)),
        gr_boxed_add(gr_boxed_list(2), of_int(1)),
        gr_boxed_add(NULL, of_int(1)),
        gr_boxed_item(NULL, of_int(0)),
    };
    for (size_t k = 0; k < sizeof failed / sizeof *failed; k++) assert_null(failed[k]);
    assert_string_equal(gr_errmsg(), "list + int is not defined");
    same(take(gr_boxed_power(of_int(10), of_int(18))), 1e18);
}

static void lists_check_their_index(void **state)
{
    (void)state;
    gr_boxed *list = gr_boxed_list(3);
    assert_int_equal(gr_boxed_set_item(gr_boxed_keep(list), of_int(2), of_float(0.5)), GR_OK);
    same(take(gr_boxed_item(gr_boxed_keep(list), of_int(2))), 0.5);
    same(take(gr_boxed_item(gr_boxed_keep(list), of_int(0))), 0);
    assert_null(gr_boxed_item(gr_boxed_keep(list), of_int(3)));
    assert_null(gr_boxed_item(gr_boxed_keep(list), of_int(-1)));
    assert_null(gr_boxed_item(gr_boxed_keep(list), of_float(1)));
    assert_int_equal(gr_boxed_set_item(gr_boxed_keep(list), of_int(3), of_int(1)), GR_EARG);
    assert_int_equal(gr_boxed_set_item(gr_boxed_keep(list), of_int(0), NULL), GR_EARG);
    gr_boxed_drop(list);
    gr_boxed_drop(gr_boxed_list(0));
    assert_null(gr_boxed_list(SIZE_MAX));
}

static void numbers_compare(void **state)
{
    (void)state;
    bool less = false;
    assert_int_equal(gr_boxed_less(of_int(1), of_float(1.5), &less), GR_OK);
    assert_true(less);
    assert_int_equal(gr_boxed_less(of_int(INT64_MAX), of_int(INT64_MAX - 1), &less), GR_OK);
    assert_false(less);
    assert_int_equal(gr_boxed_less(of_int(1), gr_boxed_list(1), &less), GR_EARG);
    assert_int_equal(gr_boxed_less(of_int(1), NULL, &less), GR_EARG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arithmetic_follows_the_types),
        cmocka_unit_test(what_is_not_defined_fails_and_passes_on),
        cmocka_unit_test(lists_check_their_index),
        cmocka_unit_test(numbers_compare),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
