// SPDX-License-Identifier: BSD-3-Clause
#include "bench/report_words.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void words_have_three_digits(void **state)
{
    (void)state;
    assert_string_equal(gr_words_seconds(2.1).s, "2.10 s");
    assert_string_equal(gr_words_seconds(0.0009996).s, "1.00 ms");
    assert_string_equal(gr_words_seconds(9.996e-3).s, "10.0 ms");
    assert_string_equal(gr_words_seconds(133).s, "133 s");
    assert_string_equal(gr_words_seconds(5.73e-6).s, "5.73 us");
    assert_string_equal(gr_words_seconds(2e-10).s, "0.200 ns");
    assert_string_equal(gr_words_seconds(NAN).s, "-");
    assert_string_equal(gr_words_interval(2e-3, 2.2e-3).s, "2.00 to 2.20 ms");
    assert_string_equal(gr_words_interval(0.99e-3, 1.02e-3).s, "990 us to 1.02 ms");
    assert_string_equal(gr_words_ratio(2113.4).s, "2110x");
    assert_string_equal(gr_words_ratios(0.97, 1.034).s, "0.970x to 1.03x");
    assert_string_equal(gr_words_percent(0.583).s, "58 %");
    assert_string_equal(gr_words_bytes(32768).s, "32 KiB");
    assert_string_equal(gr_words_bytes(1073741824).s, "1 GiB");
    assert_string_equal(gr_words_rate(2.4e9, "iteration/s").s, "2.40 G iteration/s");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(words_have_three_digits)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
