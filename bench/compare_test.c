// SPDX-License-Identifier: BSD-3-Clause
#include "bench/compare.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

// ---- documents ----

// A point as `gradus bench --json` writes it: verified, 6 launches, median m, interval m (1 -+ e).
static json_t *point(const char *rung, double m, double e)
{
    return json_pack("{s:s, s:s, s:i, s:i, s:i, s:{s:f, s:f, s:f, s:i}, s:s, s:s}", "ladder",
                     "laplace", "rung", rung, "size", 500, "steps", 100, "procs", 1, "seconds",
                     "median", m, "lo", m * (1 - e), "hi", m * (1 + e), "launches", 6, "verify",
                     "ok", "status", "converged");
}

static json_t *document(const char *run)
{
    return json_pack("{s:i, s:s, s:[], s:n, s:{s:s, s:i}, s:{s:s}}", "schema", 1, "run", run,
                     "points", "aa", "machine", "cpu", "Model 1", "cores", 2, "env", "compiler",
                     "gcc 12");
}

typedef struct runs {
    json_t *a, *b, *result;
} runs;

static int set_up(void **state)
{
    static runs r;
    r = (runs){document("before"), document("after"), NULL};
    *state = &r;
    return 0;
}

static int tear_down(void **state)
{
    runs *r = *state;
    json_decref(r->a);
    json_decref(r->b);
    json_decref(r->result);
    return 0;
}

static void add(json_t *run, json_t *p)
{
    assert_non_null(p);
    assert_int_equal(json_array_append_new(json_object_get(run, "points"), p), 0);
}

static void compare(runs *r, double threshold)
{
    json_decref(r->result);
    assert_int_equal(gr_compare(r->a, r->b, threshold, &r->result), GR_OK);
}

// ---- what came out ----

static const json_t *compared(const runs *r, size_t i)
{
    return json_array_get(json_object_get(r->result, "points"), i);
}

static const char *word(const json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));
    return value ? value : "";
}

static double ratio(const runs *r, size_t i, const char *end)
{
    return json_number_value(json_object_get(json_object_get(compared(r, i), "ratio"), end));
}

static int counted(const runs *r, const char *verdict)
{
    return (int)json_integer_value(json_object_get(json_object_get(r->result, "counts"), verdict));
}

static void assert_near(double got, double want) { assert_true(fabs(got - want) <= 1e-12); }

static void assert_not_judged(const runs *r, const char *why)
{
    assert_string_equal(word(compared(r, 0), "verdict"), "not judged");
    assert_non_null(strstr(word(compared(r, 0), "why"), why));
    assert_true(json_is_null(json_object_get(compared(r, 0), "ratio")));
    assert_int_equal(counted(r, "not judged"), 1);
}

// ---- tests ----

static void slower(void **state)
{
    runs *r = *state;
    add(r->a, point("flat", 1.0, 0.01));
    add(r->b, point("flat", 1.2, 0.01));
    compare(r, 0);
    assert_string_equal(word(compared(r, 0), "verdict"), "slower");
    assert_near(ratio(r, 0, "median"), 1.2);
    assert_near(ratio(r, 0, "lo"), 1.2 * 0.99 / 1.01);
    assert_near(ratio(r, 0, "hi"), 1.2 * 1.01 / 0.99);
    assert_int_equal(counted(r, "slower"), 1);
}

static void faster(void **state)
{
    runs *r = *state;
    add(r->a, point("flat", 1.2, 0.01));
    add(r->b, point("flat", 1.0, 0.01));
    compare(r, 0);
    assert_string_equal(word(compared(r, 0), "verdict"), "faster");
    assert_int_equal(counted(r, "faster"), 1);
}

// Only a whole interval beyond the threshold is a verdict: 1.06 (1 -+ 2 %) reaches below 1.05.
static void undecided(void **state)
{
    runs *r = *state;
    add(r->a, point("flat", 1.0, 0.01));
    add(r->b, point("flat", 1.06, 0.01));
    compare(r, 0);
    assert_string_equal(word(compared(r, 0), "verdict"), "no difference resolved");
    double visible = json_number_value(json_object_get(r->result, "visible"));
    assert_near(visible, 1.05 * 1.01 / 0.99);
    compare(r, 1.01); // the same numbers, asked more sharply
    assert_string_equal(word(compared(r, 0), "verdict"), "slower");
}

static void same_run_shows_nothing(void **state)
{
    runs *r = *state;
    add(r->a, point("flat", 1.0, 0));
    add(r->b, point("flat", 1.0, 0));
    compare(r, 1);
    assert_string_equal(word(compared(r, 0), "verdict"), "no difference resolved");
}

static void without_interval(void **state)
{
    runs *r = *state;
    json_t *p = point("flat", 9.0, 0.01);
    json_object_set_new(json_object_get(p, "seconds"), "lo", json_null());
    json_object_set_new(json_object_get(p, "seconds"), "hi", json_null());
    add(r->a, point("flat", 1.0, 0.01));
    add(r->b, p);
    compare(r, 0);
    assert_not_judged(r, "no interval in B");
}

static void too_few_launches(void **state)
{
    runs *r = *state;
    json_t *p = point("flat", 1.0, 0.01);
    json_object_set_new(json_object_get(p, "seconds"), "launches", json_integer(5));
    add(r->a, p);
    add(r->b, point("flat", 9.0, 0.01));
    compare(r, 0);
    assert_not_judged(r, "5 launches in A");
}

static void oversubscribed(void **state)
{
    runs *r = *state;
    json_t *p = point("flat", 9.0, 0.01);
    json_object_set_new(p, "status",
                        json_string("not converged: oversubscribed, correctness only"));
    add(r->a, point("flat", 1.0, 0.01));
    add(r->b, p);
    compare(r, 0);
    assert_not_judged(r, "oversubscribed");
}

static void wrong_in_b(void **state)
{
    runs *r = *state;
    json_t *p = point("flat", 0.1, 0.01);
    json_object_set_new(p, "verify", json_string("wrong: field[3][4] = nan"));
    add(r->a, point("flat", 1.0, 0.01));
    add(r->b, p);
    compare(r, 0);
    assert_not_judged(r, "wrong: field[3][4] = nan in B");
    assert_int_equal(json_integer_value(json_object_get(r->result, "wrong")), 1);
}

static void skipped(void **state)
{
    runs *r = *state;
    json_t *a = point("flat", 1, 0), *b = point("flat", 1, 0);
    for (int i = 0; i < 2; i++) {
        json_object_set_new(i ? b : a, "seconds", json_null());
        json_object_set_new(i ? b : a, "verify", json_null());
        json_object_set_new(i ? b : a, "status", json_string("skipped: built without OpenMP"));
    }
    add(r->a, a);
    add(r->b, b);
    compare(r, 0); // in neither run: nothing to say
    assert_int_equal(json_array_size(json_object_get(r->result, "points")), 0);
    json_array_clear(json_object_get(r->a, "points"));
    add(r->a, point("flat", 1.0, 0.01));
    compare(r, 0); // in one of them: named
    assert_not_judged(r, "skipped: built without OpenMP in B");
}

static void different_points(void **state)
{
    runs *r = *state;
    add(r->a, point("rows", 1.0, 0.01));
    add(r->b, point("flat", 1.0, 0.01));
    compare(r, 0);
    const json_t *only_a = json_object_get(r->result, "only_a");
    const json_t *only_b = json_object_get(r->result, "only_b");
    assert_int_equal(json_array_size(json_object_get(r->result, "points")), 0);
    assert_string_equal(json_string_value(json_array_get(only_a, 0)), "laplace/rows@500x100/1");
    assert_string_equal(json_string_value(json_array_get(only_b, 0)), "laplace/flat@500x100/1");
}

static void another_size_is_another_point(void **state)
{
    runs *r = *state;
    json_t *p = point("flat", 9.0, 0.01);
    json_object_set_new(p, "size", json_integer(2000));
    add(r->a, point("flat", 1.0, 0.01));
    add(r->b, p);
    compare(r, 0);
    assert_int_equal(json_array_size(json_object_get(r->result, "points")), 0);
}

static void threshold_from_aa(void **state)
{
    runs *r = *state;
    json_object_set_new(r->b, "aa", json_pack("{s:f}", "floor", 0.01));
    compare(r, 0); // 2 % is below the usual 5 %
    assert_near(json_number_value(json_object_get(r->result, "threshold")), 1.05);
    json_object_set_new(r->b, "aa", json_pack("{s:f}", "floor", 0.04));
    compare(r, 0);
    assert_near(json_number_value(json_object_get(r->result, "threshold")), 1.08);
    assert_string_equal(word(r->result, "threshold_from"), "twice the A/A floor of B");
    compare(r, 1.5);
    assert_string_equal(word(r->result, "threshold_from"), "given");
}

static void machines(void **state)
{
    runs *r = *state;
    compare(r, 0);
    assert_int_equal(json_array_size(json_object_get(r->result, "different")), 0);
    json_object_set_new(json_object_get(r->b, "machine"), "cores", json_integer(64));
    json_object_set_new(json_object_get(r->b, "env"), "compiler", json_string("clang 14"));
    compare(r, 0);
    const json_t *list = json_object_get(r->result, "different");
    assert_int_equal(json_array_size(list), 2);
    assert_string_equal(word(json_array_get(list, 0), "what"), "cores");
    assert_true(json_is_true(json_object_get(json_array_get(list, 0), "machine")));
    assert_string_equal(word(json_array_get(list, 1), "what"), "compiler");
    assert_false(json_is_true(json_object_get(json_array_get(list, 1), "machine")));
}

static void bad_documents(void **state)
{
    runs *r = *state;
    json_t *list = json_array();
    assert_int_equal(gr_compare_check(r->a, "a.json"), GR_OK);
    assert_int_equal(gr_compare_check(list, "a.json"), GR_EARG);
    json_decref(list);
    json_object_set_new(r->a, "schema", json_integer(2));
    assert_int_equal(gr_compare_check(r->a, "a.json"), GR_EARG);
    assert_non_null(strstr(gr_errmsg(), "a.json has schema 2"));
    add(r->b, json_pack("{s:s}", "ladder", "laplace"));
    assert_int_equal(gr_compare_check(r->b, "b.json"), GR_EARG);
    assert_non_null(strstr(gr_errmsg(), "points[0] has no \"rung\""));
    json_object_del(r->b, "points");
    assert_int_equal(gr_compare_check(r->b, "b.json"), GR_EARG);
}

// Every allocation fails once: the comparison says so, or did without it; nothing is lost.
static size_t allocations_left;

static void *scarce(size_t size) { return allocations_left-- > 0 ? malloc(size) : NULL; }

static void out_of_memory(void **state)
{
    runs *r = *state;
    add(r->a, point("rows", 1.0, 0.01));
    add(r->a, point("flat", 1.0, 0.01));
    add(r->b, point("flat", 2.0, 0.01));
    json_object_set_new(json_object_get(r->b, "machine"), "cores", json_integer(64));
    json_set_alloc_funcs(scarce, free);
    gr_status status = GR_ENOMEM;
    size_t k = 0;
    for (; status && k < 1000; k++) {
        allocations_left = k;
        status = gr_compare(r->a, r->b, 0, &r->result);
        assert_true(status == GR_OK || (status == GR_ENOMEM && !r->result));
    }
    json_set_alloc_funcs(malloc, free);
    assert_true(k > 20 && k < 1000);
    assert_int_equal(counted(r, "slower"), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(slower),
        TEST(faster),
        TEST(undecided),
        TEST(same_run_shows_nothing),
        TEST(without_interval),
        TEST(too_few_launches),
        TEST(oversubscribed),
        TEST(wrong_in_b),
        TEST(skipped),
        TEST(different_points),
        TEST(another_size_is_another_point),
        TEST(threshold_from_aa),
        TEST(machines),
        TEST(bad_documents),
        TEST(out_of_memory),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
