// SPDX-License-Identifier: BSD-3-Clause
#include "solvers/expression.h"
#include "lib/rng.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const double x[] = {2, 3, -1};

static void is(const char *text, double value)
{
    gr_expression *e;
    if (gr_expression_read(&e, text, 3)) fail_msg("%s", gr_errmsg());
    double f = gr_expression_value(e, x);
    gr_expression_free(e);
    if (!(fabs(f - value) <= 1e-14 * fmax(1, fabs(value)))) fail_msg("%s is %.17g", text, f);
}

static void values_are_those_of_arithmetic(void **state)
{
    (void)state;
    is("1", 1), is(" 1.5e2 ", 150), is(".5", 0.5), is("x0", 2), is("x2", -1);
    is("1 + 2*3", 7), is("(1 + 2)*3", 9), is("7 - 2 - 1", 4), is("8/2/2", 2);
    is("2^3^2", 512), is("2**3", 8), is("-2^2", -4), is("2^-1", 0.5), is("2*-x1", -6), is("--3", 3);
    is("x0 + 2*x1 - x2/2", 8.5), is("x0*x1^2", 18), is("1-+1", 0);
    is("sin(pi/2)", 1), is("cos(0)", 1), is("log(e)", 1), is("exp(0)", 1), is("sqrt(x0*8)", 4);
    is("abs(x2)", 1), is("floor(2.7)", 2), is("tan(0)", 0);
    is("sum(x)", 4), is("mean(x)", 4.0 / 3), is("min(x)", -1), is("max(x)", 3);
    is("variance(x)", 26.0 / 9), is("min(x0, x1)", 2), is("max(x0, x1 + 1)", 4),
        is("max(sum(x), 9)", 9);
    is("min( x )", -1);
}

static void refuses(const char *text, const char *words)
{
    gr_expression *e;
    assert_int_equal(gr_expression_read(&e, text, 3), GR_EARG);
    assert_null(e);
    if (!strstr(gr_errmsg(), words)) fail_msg("%s: '%s' is not in: %s", text, words, gr_errmsg());
}

static void bad_tokens_are_pointed_at(void **state)
{
    char deep[400];
    (void)state;
    refuses("", "column 1: expected a number, x0 or a function");
    refuses("1 +", "column 4: expected a number");
    refuses("1 + * 2", "column 5: '*': expected a number");
    refuses("(1", "column 3: expected ')'");
    refuses("1)", "column 2: ')': expected an operator");
    refuses("1 2", "column 3: '2': expected an operator");
    refuses("x3", "column 1: 'x3': there are x0 to x2");
    refuses("x99999999999999999999", "there are x0 to x2");
    refuses("y0", "column 1: unknown word 'y0'");
    refuses("1 + siin(x0)", "column 5: unknown word 'siin'; did you mean 'sin'?");
    refuses("sin x0", "column 5: 'x0': expected '('");
    refuses("sin(x0", "column 7: expected ')'");
    refuses("mean(x0)", "column 6: 'x0': expected x, which is all");
    refuses("max(x0)", "column 7: ')': expected ','");
    refuses("x", "unknown word 'x'");
    refuses("1 ; 2", "column 3: ';'");
    memset(deep, '(', 399), deep[399] = '\0';
    refuses(deep, "fewer brackets");
    memset(deep, '-', 398), deep[398] = '1';
    refuses(deep, "fewer brackets");
}

// Any text is read or refused; what is read has a value.
static void noise_does_no_harm(void **state)
{
    static const char signs[] = "0123456789.+-*/^()x,; sincoexpmat";
    char text[40];
    int accepted = 0;
    gr_rng rng = gr_rng_of(3, 0);
    (void)state;
    for (int i = 0; i < 20000; i++) {
        gr_expression *e;
        size_t n = 1 + gr_rng_below(&rng, sizeof text - 2) % (i % 2 ? 38 : 6);
        for (size_t k = 0; k < n; k++) text[k] = signs[gr_rng_below(&rng, sizeof signs - 1)];
        text[n] = '\0';
        if (gr_expression_read(&e, text, 3)) continue;
        volatile double f = gr_expression_value(e, x);
        (void)f;
        gr_expression_free(e);
        accepted++;
    }
    assert_true(accepted > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_those_of_arithmetic),
        cmocka_unit_test(bad_tokens_are_pointed_at),
        cmocka_unit_test(noise_does_no_harm),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
