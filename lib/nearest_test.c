// SPDX-License-Identifier: BSD-3-Clause
#include "lib/nearest.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const char *const words[] = {"mandelbrot", "laplace", NULL, "jacobi", "simd"};
enum { WORDS = sizeof words / sizeof *words };

static void slips_are_understood(void **state)
{
    (void)state;
    assert_string_equal(gr_nearest("mandlebrot", words, WORDS), "mandelbrot");
    assert_string_equal(gr_nearest("Laplase", words, WORDS), "laplace");
    assert_string_equal(gr_nearest("sidm", words, WORDS), "simd");
    assert_string_equal(gr_nearest("mandel", words, WORDS), "mandelbrot");
}

static void far_words_are_not_guessed(void **state)
{
    (void)state;
    assert_null(gr_nearest("fourier", words, WORDS));
    assert_null(gr_nearest("", words, WORDS));
    assert_null(gr_nearest("laplace", words, 0));
    char longest[5000];
    for (size_t i = 0; i < sizeof longest; i++) longest[i] = 'x';
    longest[sizeof longest - 1] = '\0';
    assert_null(gr_nearest(longest, words, WORDS));
}

static void a_hint_is_a_question_or_nothing(void **state)
{
    (void)state;
    assert_string_equal(gr_did_you_mean("laplce", words, WORDS).s, "; did you mean 'laplace'?");
    assert_string_equal(gr_did_you_mean("fourier", words, WORDS).s, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slips_are_understood),
        cmocka_unit_test(far_words_are_not_guessed),
        cmocka_unit_test(a_hint_is_a_question_or_nothing),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
