// SPDX-License-Identifier: BSD-3-Clause
// Text that people read, and numbers in it that come back bit for bit.
#include "lib/pack_part.h"
#include "lib/rng.h"
#include <float.h>
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const gr_func square = {.name = "square"};
static const gr_func *const funcs[] = {&square, NULL};

static void assert_double(uint64_t bits)
{
    char text[GR_NUMBER_TEXT];
    double d, back;
    memcpy(&d, &bits, sizeof d);
    const char *word = gr_text_of_double(d, text);
    if (!gr_text_read_double(word, &back) || memcmp(&back, &bits, sizeof back))
        fail_msg("%016llx is written as %s", (unsigned long long)bits, word);
}

static void assert_float(uint32_t bits)
{
    char text[GR_NUMBER_TEXT];
    float f, back;
    memcpy(&f, &bits, sizeof f);
    const char *word = gr_text_of_float(f, text);
    if (!gr_text_read_float(word, &back) || memcmp(&back, &bits, sizeof back))
        fail_msg("%08x is written as %s", bits, word);
}

// All bit patterns are alike to this test: denormals, both zeros, infinities and every NaN.
static void every_number_comes_back(void **state)
{
    (void)state;
    static const uint64_t ends[] = {0x0000000000000000, 0x0000000000000001, 0x000fffffffffffff,
                                    0x0010000000000000, 0x3ff0000000000000, 0x7fefffffffffffff,
                                    0x7ff0000000000000, 0x7ff0000000000001, 0x7ff8000000000000,
                                    0x7ff8000000000001, 0x7fffffffffffffff};
    for (size_t k = 0; k < sizeof ends / sizeof *ends; k++) {
        assert_double(ends[k]);
        assert_double(ends[k] | UINT64_C(1) << 63);
        assert_float((uint32_t)(ends[k] >> 32));
        assert_float((uint32_t)(ends[k] >> 32) + 1);
    }
    gr_rng rng = gr_rng_of(11, 0);
    int numbers = getenv("GRADUS_FEW") ? 10000 : 300000; // few for Valgrind
    for (int k = 0; k < numbers; k++) {
        uint64_t bits = gr_rng_u64(&rng);
        assert_double(bits);
        assert_double(bits & 0x800fffffffffffff); // denormals
        assert_double(bits | 0x7ff0000000000000); // NaNs
        assert_float((uint32_t)bits);
        assert_float((uint32_t)bits & 0x807fffff);
    }
}

static void words_are_short_and_are_doubles(void **state)
{
    (void)state;
    static const struct {
        double d;
        const char *word;
    } numbers[] = {{0, "0.0"},
                   {-0.0, "-0.0"},
                   {1, "1.0"},
                   {0.1, "0.1"},
                   {1e22, "1e+22"},
                   {1e23, "1e+23"},
                   {-2.5, "-2.5"},
                   {100, "100.0"},
                   {INFINITY, "inf"},
                   {-INFINITY, "-inf"},
                   {1 / 3.0, "0.3333333333333333"}};
    char text[GR_NUMBER_TEXT];
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
        assert_string_equal(gr_text_of_double(numbers[k].d, text), numbers[k].word);
    assert_string_equal(gr_text_of_float(0.1f, text), "0.1");
    assert_string_equal(gr_text_of_float(16777216, text), "16777216.0");
}

static gr_status load(const char *text, gr_value *v)
{
    char all[512];
    int n = snprintf(all, sizeof all, "gradus text 1\n%s", text);
    return gr_loads(all, (size_t)n, v, funcs);
}

static void the_text_is_as_expected(void **state)
{
    (void)state;
    static const char want[] = "gradus text 1\n"
                               "{\n"
                               "  \"f\": func \"square\" h'00ff',\n"
                               "  \"x\": float64(2, 3)[\n"
                               "0.0, 1.0, 2.0,\n"
                               "3.0, 4.0, 5.0],\n"
                               "  \"list\": [-1, 0.5, \"a\\\"b\\\\\\x0a\", h'', none, {}]}\n";
    double x[6] = {0, 1, 2, 3, 4, 5};
    gr_array a = gr_array_of(x, GR_F64, 2, (size_t[]){2, 3});
    gr_value items[] = {gr_value_int(-1),
                        gr_value_double(0.5),
                        gr_value_string("a\"b\\\n"),
                        gr_value_bytes("", 0),
                        {0},
                        gr_dict_new()};
    gr_value dict = gr_dict_new(), got;
    assert_int_equal(gr_dict_set(&dict, "list", gr_value_list(items, 6)), GR_OK);
    assert_int_equal(gr_dict_set(&dict, "x", gr_value_array(&a)), GR_OK);
    assert_int_equal(gr_dict_set(&dict, "f", gr_value_func(&square, "\0\xff", 2)), GR_OK);
    gr_bytes b;
    assert_int_equal(gr_dumps(&dict, GR_PROTOCOL_TEXT, &b), GR_OK);
    assert_int_equal(b.size, sizeof want - 1);
    assert_memory_equal(b.data, want, b.size);
    assert_int_equal(gr_loads(b.data, b.size, &got, funcs), GR_OK);
    assert_true(gr_value_equal(&got, &dict));
    gr_value_free(&got);
    gr_value_free(&dict);
    free(b.data);
}

static void what_people_write_is_read(void **state)
{
    (void)state;
    double x[3] = {1, 2, 3};
    gr_array a = gr_array_of(x, GR_F64, 1, (size_t[]){3}),
             none = gr_array_of(x, GR_F64, 1, (size_t[]){0});
    gr_value one = gr_value_int(1);
    const struct {
        const char *text;
        gr_value value;
    } texts[] = {
        {" 1 ", gr_value_int(1)},
        {"-9223372036854775808", gr_value_int(INT64_MIN)},
        {"1e3\r\n", gr_value_double(1000)},
        {"0x1.8p1", gr_value_double(3)},
        {"[ 1\t]", gr_value_list(&one, 1)},
        {"float64(3,)[1,2.0 , 3e0]", gr_value_array(&a)},
        {"float64 ( 3 ) [1,2,\n3]", gr_value_array(&a)},
        {"float64(0,)[]", gr_value_array(&none)},
        {"h 'AbcD'", gr_value_bytes("\xab\xcd", 2)},
        {"\"\\x41\\\"\"", gr_value_string("A\"")},
        {"func\"square\"h''", gr_value_func(&square, NULL, 0)},
    };
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
        gr_value v;
        if (load(texts[k].text, &v)) fail_msg("%s: %s", texts[k].text, gr_errmsg());
        assert_true(gr_value_equal(&v, &texts[k].value));
        gr_value_free(&v);
    }
}

static void what_is_no_value_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "x",
        "nothing",
        "-",
        "+1",
        "1_0",
        "1.2.3",
        "0x",
        "9223372036854775808",
        "1e999",
        "-1e400",
        "nan:",
        "nan:7ff0000000000000",
        "nan:7ff800000000000",
        "nan:7ff800000000000g",
        "infinity",
        "-nan",
        "NaN",
        "nan(1)",
        "1 2",
        "[",
        "]",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{",
        "{1: 2}",
        "{\"a\"}",
        "{\"a\": }",
        "{\"a\": 1,}",
        "{\"a\": 1 \"b\": 2}",
        "{\"a\": 1, \"a\": 1}",
        "\"",
        "\"a",
        "\"\\",
        "\"\\n\"",
        "\"\\x0\"",
        "\"\\x00\"",
        "\"\\xff\"",
        "\"\xc0\x80\"",
        "h",
        "h'",
        "h'0'",
        "h'0g'",
        "h'00",
        "float64",
        "float64[1]",
        "float64(1)",
        "float64(1[1]",
        "float64(1)[1, 2]",
        "float64(2)[1]",
        "float64(-1)[]",
        "float64(,)[]",
        "float64(1,,)[1]",
        "float64(1.0)[1]",
        "float64(99999999999999999999)[]",
        "float64(9223372036854775807, 9223372036854775807)[]",
        "uint8(1)[256]",
        "uint8(1)[-1]",
        "uint8(1)[1.0]",
        "int32(1)[2147483648]",
        "float32(1)[1e39]",
        "float32(1)[nan:7f800000]",
        "float64(1)[none]",
        "func",
        "func \"square\"",
        "func \"square\" x''",
        "func \"square\" h'0'",
        "func h''",
        "1111111111111111111111111111111111111111111111111111111111111111111111",
    };
    gr_value v;
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
        if (load(bad[k], &v) != GR_EDATA) fail_msg("'%s': %s", bad[k], gr_errmsg());
    assert_int_equal(load("func \"cube\" h''", &v), GR_EUNSUP);
    assert_int_equal(load("uint8(1,1,1,1,1,1,1,1,1)[0]", &v), GR_EUNSUP);
    assert_int_equal(gr_loads("gradus text 1\n1\0", 16, &v, NULL), GR_EDATA);
    assert_int_equal(load("\"a", &v), GR_EDATA);
    assert_string_equal(gr_errmsg(), "at byte 16: the text ends: expected '\"'");
    assert_int_equal(load("[1, @", &v), GR_EDATA);
    assert_string_equal(gr_errmsg(), "at byte 18: '@': expected a value");
    assert_int_equal(load("[1, \x01", &v), GR_EDATA);
    assert_string_equal(gr_errmsg(), "at byte 18: the byte 0x01: expected a value");
}

// A program that sets its locale may get a decimal comma; the text does not.
static void the_locale_does_not_matter(void **state)
{
    (void)state;
    static const char *const commas[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "fr_FR"};
    bool found = false;
    for (int k = 0; k < 4 && !found; k++) found = setlocale(LC_NUMERIC, commas[k]);
    gr_value v = gr_value_double(0.5), got;
    gr_bytes b;
    assert_int_equal(gr_dumps(&v, GR_PROTOCOL_TEXT, &b), GR_OK);
    assert_memory_equal(b.data, "gradus text 1\n0.5\n", 18);
    assert_int_equal(gr_loads(b.data, b.size, &got, NULL), GR_OK);
    assert_true(got.number == 0.5);
    char text[8];
    snprintf(text, sizeof text, "%.1f", 0.5);
    assert_string_equal(text, found ? "0,5" : "0.5"); // the program has its own back
    setlocale(LC_NUMERIC, "C");
    free(b.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_number_comes_back),
        cmocka_unit_test(words_are_short_and_are_doubles),
        cmocka_unit_test(the_text_is_as_expected),
        cmocka_unit_test(what_people_write_is_read),
        cmocka_unit_test(what_is_no_value_is_refused),
        cmocka_unit_test(the_locale_does_not_matter),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
