// SPDX-License-Identifier: BSD-3-Clause
// Facts that no load on the machine can change; whether a number is right is for the eye.
#include "bench/machine.h"
#include "bench/machine_part.h"
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static double number(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static void count_calls(void *context, int done, int total, const char *what)
{
    int *calls = context;
    assert_int_equal(done, *calls);
    assert_in_range(done, 0, total);
    assert_non_null(what);
    ++*calls;
}

static void assert_positive_members(const json_t *object)
{
    const char *name;
    json_t *value;
    assert_true(json_object_size(object) > 0);
    json_object_foreach((json_t *)object, name, value)
    {
        assert_true(json_number_value(value) > 0);
    }
}

static void assert_staircase(const json_t *points)
{
    size_t k;
    json_t *point;
    double before = 0;
    assert_true(json_array_size(points) > 4);
    json_array_foreach(points, k, point)
    {
        assert_true(number(point, "bytes") > before);
        assert_true(number(point, "ns") > 0);
        before = number(point, "bytes");
    }
}

static void a_quick_card_is_whole(void **state)
{
    (void)state;
    static const char *const costs[] = {"fork_us", "pipe_us", "thread_us", "wake_us"};
    static const char *const rates[] = {"triad_GBs", "triad_counted_GBs", "flops_GFs"};
    json_t *card;
    int calls = 0;
    assert_int_equal(gr_machine_measure(true, count_calls, &calls, &card), GR_OK);
    assert_true(calls > 1);
    assert_true(number(card, "cores") >= 1);
    assert_true(number(card, "memory_bytes") > 0);
    assert_true(json_is_string(json_object_get(card, "cpu")));
    assert_true(json_is_string(json_object_get(card, "simd")));
    assert_true(json_is_array(json_object_get(card, "caches")));
    assert_true(json_is_array(json_object_get(card, "warnings")));
    for (size_t k = 0; k < 4; k++) assert_true(number(card, costs[k]) > 0);
    for (size_t k = 0; k < 3; k++) assert_positive_members(json_object_get(card, rates[k]));
    const json_t *triad = json_object_get(card, "triad_GBs");
    const json_t *counted = json_object_get(card, "triad_counted_GBs");
    assert_true(fabs(number(counted, "1") / number(triad, "1") - 32.0 / 24) < 1e-3);
    assert_staircase(json_object_get(card, "latency_ns"));
    assert_true(number(json_object_get(card, "timer"), "resolution_ns") > 0);
    assert_true(number(json_object_get(card, "noise"), "index") >= 0);
    json_decref(card);
}

static void limits_are_what_bounds_a_rate(void **state)
{
    (void)state;
    json_t *limits;
    assert_int_equal(gr_machine_limits(&limits), GR_OK);
    assert_positive_members(json_object_get(limits, "triad_GBs"));
    assert_true(number(json_object_get(limits, "flops_GFs"), "fma_1") > 0);
    assert_null(json_object_get(limits, "fork_us"));
    json_decref(limits);
}

static json_t *parsed(const char *text)
{
    json_t *document = json_loads(text, 0, NULL);
    assert_non_null(document);
    return document;
}

static void best_is_the_larger_rate_and_the_smaller_cost(void **state)
{
    (void)state;
    json_t *a = parsed("{\"cpu\":\"A\",\"triad_GBs\":{\"1\":20.0,\"2\":null},\"fork_us\":90.0,"
                       "\"pipe_us\":null,\"timer\":{\"resolution_ns\":30,\"source\":\"tsc\"},"
                       "\"latency_ns\":[{\"bytes\":4096,\"ns\":1.2},{\"bytes\":8192,\"ns\":1.1}],"
                       "\"noise\":{\"index\":0.01},\"warnings\":[\"x\"]}");
    json_t *b = parsed("{\"cpu\":\"B\",\"triad_GBs\":{\"1\":19.0,\"2\":30.0,\"4\":null},"
                       "\"fork_us\":80.0,\"pipe_us\":6.0,\"timer\":{\"resolution_ns\":20,"
                       "\"source\":\"hpet\"},\"latency_ns\":[{\"bytes\":8192,\"ns\":1.3},"
                       "{\"bytes\":4096,\"ns\":1.0}],\"flops_GFs\":{\"fma_1\":50.0},"
                       "\"noise\":{\"index\":0.001},\"warnings\":[\"x\",\"y\"]}");
    json_t *want =
        parsed("{\"cpu\":\"A\",\"triad_GBs\":{\"1\":20.0,\"2\":30.0},\"fork_us\":80.0,"
               "\"pipe_us\":6.0,\"timer\":{\"resolution_ns\":20,\"source\":\"tsc\"},"
               "\"latency_ns\":[{\"bytes\":4096,\"ns\":1.0},{\"bytes\":8192,\"ns\":1.1}],"
               "\"flops_GFs\":{\"fma_1\":50.0},\"noise\":{\"index\":0.01},"
               "\"warnings\":[\"x\",\"y\"]}");
    gr_machine_best(a, b);
    assert_true(json_equal(a, want));
    gr_machine_best(a, b);
    assert_true(json_equal(a, want)); // again changes nothing
    gr_machine_best(a, a);
    assert_true(json_equal(a, want));
    json_decref(a), json_decref(b), json_decref(want);
}

static void best_of_odd_documents_does_not_crash(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{}", "[]", "{\"triad_GBs\":3,\"timer\":[],\"latency_ns\":{},\"warnings\":7}",
        "{\"triad_GBs\":{\"1\":\"x\"},\"timer\":{},\"latency_ns\":[1,null,{}],\"warnings\":[1]}"};
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++) {
            json_t *a = parsed(texts[i]), *b = parsed(texts[j]);
            gr_machine_best(a, b);
            json_decref(a), json_decref(b);
        }
}

// What the card prints; the caller frees it.
static char *printed(const json_t *card)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    gr_machine_print(card, out);
    fclose(out);
    assert_non_null(text);
    return text;
}

static void printing_survives_what_is_missing(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{}",
        "{\"cpu\":null,\"cores\":null,\"caches\":null,\"triad_GBs\":null,\"flops_GFs\":null,"
        "\"cache_GBs\":null,\"latency_ns\":null,\"fork_us\":null,\"timer\":null,\"noise\":null,"
        "\"warnings\":null,\"memory_bytes\":null}",
        "{\"cpu\":7,\"caches\":[1,{}],\"triad_GBs\":{\"1\":null,\"x\":1,\"-3\":2,\"999999999\":1},"
        "\"cache_GBs\":{\"L1\":null},\"latency_ns\":[{\"bytes\":1,\"ns\":-1},3],\"timer\":{},"
        "\"noise\":{},\"fork_us\":1e300,\"warnings\":[null]}",
        "{\"latency_ns\":[{\"bytes\":4096,\"ns\":1.0}]}", "[]"};
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
        json_t *card = parsed(texts[k]);
        free(printed(card));
        json_decref(card);
    }
}

static void printing_shows_the_numbers_in_80_columns(void **state)
{
    (void)state;
    json_t *card = parsed(
        "{\"cpu\":\"A\",\"cores\":2,\"cores_in_machine\":4,\"simd\":\"avx2\","
        "\"memory_bytes\":1073741824,\"caches\":[{\"level\":1,\"bytes\":32768,"
        "\"shared_by\":1}],\"triad_GBs\":{\"1\":20.15,\"2\":28.3},"
        "\"fork_us\":92.5,\"latency_ns\":[{\"bytes\":4096,\"ns\":1.0},"
        "{\"bytes\":8192,\"ns\":100.0}],\"warnings\":[\"mind the gap\","
        "\"a sentence so long that it has to go on in a second line, since no line may be longer "
        "than eighty columns\"]}");
    char *text = printed(card);
    assert_non_null(strstr(text, "2 of 4 cores usable, avx2"));
    assert_non_null(strstr(text, "1 GiB, L1 32 KiB"));
    assert_non_null(strstr(text, "28.3"));
    assert_non_null(strstr(text, "92.5"));
    assert_non_null(strstr(text, "mind the gap"));
    for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
        assert_true(strcspn(line, "\n") <= 80);
    free(text);
    json_decref(card);
}

static void die_at_once(int in, int out) { (void)in, (void)out; }

static void die_after_three(int in, int out)
{
    char byte;
    for (int k = 0; k < 3; k++)
        if (read(in, &byte, 1) != 1 || write(out, &byte, 1) != 1) return;
    raise(SIGKILL);
}

static void lie(int in, int out)
{
    char byte;
    while (read(in, &byte, 1) == 1)
        if (write(out, "\x7f", 1) != 1) return;
}

static void a_dead_or_lying_child_is_an_error_and_no_hang(void **state)
{
    (void)state;
    void (*const children[])(int, int) = {die_at_once, die_after_three, lie};
    double us;
    for (int k = 0; k < 3; k++)
        assert_int_equal(gr_machine_round_trip(children[k], 1000, &us), GR_ESYS);
}

typedef struct tally {
    int prepared[3], repeats[3];
} tally;

static void prepare(int member, int size, void *context)
{
    assert_int_equal(size, 3);
    ((tally *)context)->prepared[member]++;
}

static void work(int member, int size, int repeat, void *context)
{
    tally *t = context;
    if (size == 3 && t->prepared[member] == 1 && t->repeats[member] == repeat) t->repeats[member]++;
}

static void a_lap_runs_all_members_all_repeats(void **state)
{
    (void)state;
    tally t = {{0}, {0}};
    double best;
    assert_int_equal(gr_machine_lap(3, 50, prepare, work, &t, &best), GR_OK);
    for (int k = 0; k < 3; k++) assert_int_equal(t.repeats[k], 50);
    assert_true(best >= 0 && best < INFINITY);
    assert_int_equal(gr_machine_lap(0, 1, prepare, work, &t, &best), GR_EARG);
}

static void too_large_a_block_is_refused(void **state)
{
    (void)state;
    void *block;
    assert_int_equal(gr_machine_block(SIZE_MAX, &block), GR_ENOMEM);
    assert_null(block);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lap_runs_all_members_all_repeats),
        cmocka_unit_test(too_large_a_block_is_refused),
        cmocka_unit_test(a_dead_or_lying_child_is_an_error_and_no_hang),
        cmocka_unit_test(best_is_the_larger_rate_and_the_smaller_cost),
        cmocka_unit_test(best_of_odd_documents_does_not_crash),
        cmocka_unit_test(printing_survives_what_is_missing),
        cmocka_unit_test(printing_shows_the_numbers_in_80_columns),
        cmocka_unit_test(a_quick_card_is_whole),
        cmocka_unit_test(limits_are_what_bounds_a_rate),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("machine", tests, NULL, NULL);
}
