// SPDX-License-Identifier: BSD-3-Clause
#include "lib/value.h"
#include "lib/rng.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void a_dictionary_keeps_names_in_order(void **state)
{
    (void)state;
    gr_value dict = gr_dict_new();
    assert_null(gr_dict_get(&dict, "x"));
    gr_rng rng = gr_rng_of(11, 0);
    for (int k = 0; k < 2000; k++) {
        char name[16];
        snprintf(name, sizeof name, "%zu", gr_rng_below(&rng, 500));
        assert_int_equal(gr_dict_set(&dict, name, gr_value_int(k)), GR_OK);
        assert_int_equal(gr_dict_get(&dict, name)->integer, k); // the last one wins
    }
    assert_true(dict.size > 400 && dict.size <= 500);
    for (size_t i = 1; i < dict.size; i++)
        assert_true(gr_pair_order(&dict.pairs[i - 1], &dict.pairs[i]) < 0);
    assert_null(gr_dict_get(&dict, "500"));
    gr_value_free(&dict);
    assert_int_equal(dict.kind, GR_VALUE_NONE);
    gr_value_free(&dict);
    gr_value_free(NULL);
}

static void what_is_needed_is_named(void **state)
{
    (void)state;
    gr_value dict = gr_dict_new(), *v;
    assert_int_equal(gr_dict_set(&dict, "generation", gr_value_int(3)), GR_OK);
    assert_int_equal(gr_dict_set(&dict, "best", gr_value_double(0.5)), GR_OK);
    assert_int_equal(gr_dict_need(&dict, "best", GR_VALUE_DOUBLE, &v), GR_OK);
    assert_true(v->number == 0.5);
    assert_int_equal(gr_dict_need(&dict, "generaton", GR_VALUE_INT, &v), GR_EARG);
    assert_string_equal(gr_errmsg(), "no 'generaton' among 2 names: the nearest is 'generation'");
    assert_int_equal(gr_dict_need(&dict, "zzzzz", GR_VALUE_INT, &v), GR_EARG);
    assert_string_equal(gr_errmsg(), "no 'zzzzz' among 2 names");
    assert_int_equal(gr_dict_need(&dict, "best", GR_VALUE_INT, &v), GR_EARG);
    assert_string_equal(gr_errmsg(), "'best' is a double: expected an integer");
    gr_value_free(&dict);
}

static void equal_means_kinds_and_bits(void **state)
{
    (void)state;
    double zeros[2] = {0.0, -0.0};
    gr_array a = gr_array_of(zeros, GR_F64, 0, NULL), b = gr_array_of(zeros + 1, GR_F64, 0, NULL);
    gr_value one = gr_value_int(1), two = gr_value_int(2);
    static const gr_func f = {.name = "f"}, g = {.name = "g"};
    const gr_value all[] = {
        {0},
        gr_value_int(0),
        gr_value_int(1),
        gr_value_double(0.0),
        gr_value_double(-0.0),
        gr_value_string("a"),
        gr_value_string("b"),
        gr_value_bytes("a", 1),
        gr_value_bytes(NULL, 0),
        gr_value_array(&a),
        gr_value_array(&b),
        gr_value_list(&one, 1),
        gr_value_list(&two, 1),
        gr_value_list(NULL, 0),
        gr_dict_new(),
        gr_value_func(&f, NULL, 0),
        gr_value_func(&g, NULL, 0),
        gr_value_func(&f, "x", 1),
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        for (size_t k = 0; k < sizeof all / sizeof *all; k++)
            assert_int_equal(gr_value_equal(&all[i], &all[k]), i == k);
    gr_value p = gr_value_double((double)NAN), q = p;
    assert_true(gr_value_equal(&p, &q));
    gr_value c = gr_dict_new(), d = gr_dict_new();
    assert_int_equal(gr_dict_set(&c, "x", one), GR_OK);
    assert_int_equal(gr_dict_set(&d, "y", one), GR_OK);
    assert_false(gr_value_equal(&c, &d));
    assert_int_equal(gr_dict_set(&d, "x", two), GR_OK);
    assert_int_equal(gr_dict_set(&c, "y", one), GR_OK);
    assert_false(gr_value_equal(&c, &d));
    assert_int_equal(gr_dict_set(&d, "x", one), GR_OK);
    assert_true(gr_value_equal(&c, &d));
    gr_value_free(&c);
    gr_value_free(&d);
}

typedef struct state_of_run {
    char tag; // padding follows
    int32_t generation;
    double best, x[3];
    int64_t evaluations;
    int32_t counts[2];
    char name[8];
    gr_array population;
} state_of_run;

static const gr_field fields[] = {
    {"generation", GR_FIELD_I32, offsetof(state_of_run, generation), 0},
    {"best", GR_FIELD_F64, offsetof(state_of_run, best), 0},
    {"x", GR_FIELD_F64, offsetof(state_of_run, x), 3},
    {"evaluations", GR_FIELD_I64, offsetof(state_of_run, evaluations), 0},
    {"counts", GR_FIELD_I32, offsetof(state_of_run, counts), 2},
    {"name", GR_FIELD_CHARS, offsetof(state_of_run, name), 8},
    {"population", GR_FIELD_ARRAY, offsetof(state_of_run, population), 0},
    {0},
};

static state_of_run example(void)
{
    state_of_run s = {.tag = 't',
                      .generation = -7,
                      .best = -0.0,
                      .x = {1, 2, NAN},
                      .evaluations = INT64_MIN,
                      .counts = {3, 4},
                      .name = "powell"};
    assert_int_equal(gr_array_new(&s.population, GR_F32, 2, (size_t[]){2, 3}), GR_OK);
    ((float *)s.population.data)[5] = 5;
    return s;
}

static void a_record_comes_back_field_by_field(void **state)
{
    (void)state;
    state_of_run s = example(), t = {.tag = 'u', .generation = 1, .name = "xxxxxxx"};
    gr_value dict;
    assert_int_equal(gr_array_new(&t.population, GR_F64, 1, (size_t[]){5}), GR_OK); // to be freed
    assert_int_equal(gr_record_pack(&dict, fields, &s), GR_OK);
    assert_int_equal(dict.size, 7);
    assert_int_equal(gr_record_unpack(&dict, fields, &t), GR_OK);
    gr_value_free(&dict);
    assert_int_equal(t.tag, 'u'); // no field
    assert_int_equal(t.generation, -7);
    assert_true(t.best == 0 && signbit(t.best));
    assert_memory_equal(t.x, s.x, sizeof t.x);
    assert_true(t.evaluations == INT64_MIN);
    assert_memory_equal(t.counts, s.counts, sizeof t.counts);
    assert_memory_equal(t.name, "powell\0\0", 8);
    assert_true(gr_array_equal(&t.population, &s.population));
    assert_ptr_not_equal(t.population.data, s.population.data);
    gr_array_free(&s.population);
    gr_array_free(&t.population);
}

// Each damage is told, and leaves the record as it was.
static void a_record_is_unpacked_whole_or_not_at_all(void **state)
{
    (void)state;
    state_of_run s = example(), t = {.generation = 42};
    double wrong[4] = {0};
    gr_array four = gr_array_of(wrong, GR_F64, 1, (size_t[]){4});
    gr_array square = gr_array_of(wrong, GR_F64, 2, (size_t[]){3, 1});
    gr_array ints = gr_array_of(wrong, GR_I64, 1, (size_t[]){3});
    const struct {
        const char *name;
        gr_value value;
        const char *text;
    } damages[] = {
        {"generation", gr_value_int(INT64_C(1) << 31), "too large for 32 bits"},
        {"generation", gr_value_double(1), "'generation' is a double: expected an integer"},
        {"best", gr_value_int(1), "'best' is an integer: expected a double"},
        {"x", gr_value_array(&four), "'x' is float64 (4,): expected float64 (3,)"},
        {"x", gr_value_array(&square), "'x' is float64 (3, 1): expected float64 (3,)"},
        {"x", gr_value_array(&ints), "'x' is int64 (3,): expected float64 (3,)"},
        {"name", gr_value_string("12345678"), "'name' has 8 bytes: the field has room for 7"},
        {"population", gr_value_string(""), "'population' is a string: expected an array"},
        {"bets", gr_value_int(1), "'bets' is no field of this record: the nearest is 'best'"},
    };
    for (size_t k = 0; k < sizeof damages / sizeof *damages; k++) {
        gr_value dict;
        assert_int_equal(gr_record_pack(&dict, fields, &s), GR_OK);
        assert_int_equal(gr_dict_set(&dict, damages[k].name, damages[k].value), GR_OK);
        assert_int_equal(gr_record_unpack(&dict, fields, &t), GR_EARG);
        assert_non_null(strstr(gr_errmsg(), damages[k].text));
        assert_true(t.generation == 42 && !t.population.owner);
        gr_value_free(&dict);
    }
    gr_value missing = gr_dict_new(), number = gr_value_int(1);
    assert_int_equal(gr_record_unpack(&missing, fields, &t), GR_EARG);
    assert_string_equal(gr_errmsg(), "no 'generation' among 0 names");
    assert_int_equal(gr_record_unpack(&number, fields, &t), GR_EARG);
    memcpy(s.name, "no end!!", 8);
    assert_int_equal(gr_record_pack(&missing, fields, &s), GR_EARG);
    assert_string_equal(gr_errmsg(), "field 'name': 8 chars without an end");
    gr_array_free(&s.population);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_dictionary_keeps_names_in_order),
        cmocka_unit_test(what_is_needed_is_named),
        cmocka_unit_test(equal_means_kinds_and_bits),
        cmocka_unit_test(a_record_comes_back_field_by_field),
        cmocka_unit_test(a_record_is_unpacked_whole_or_not_at_all),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
