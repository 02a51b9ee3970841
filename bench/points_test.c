// SPDX-License-Identifier: BSD-3-Clause
// The arithmetic from launches to points, on records whose answer is known.
#include "bench/points.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { SLOW, FAST, TEAM, LIMIT, TASKS };
static const char *const keys[TASKS] = {"l/slow@9x1/1", "l/fast@9x1/1", "l/team@9x1/2",
                                        "l/limit@9x1/1"};

static json_t *task(int i)
{
    static const char *const names[TASKS] = {"slow", "fast", "team", "limit"};
    return json_pack("{s:s, s:s, s:s, s:i, s:i, s:i, s:i, s:s, s:f, s:f, s:f, s:s, s:s, s:b}",
                     "key", keys[i], "ladder", "l", "rung", names[i], "index", i == LIMIT ? -1 : i,
                     "size", 9, "steps", 1, "procs", i == TEAM ? 2 : 1, "unit", "step", "flops",
                     1.0, "bytes", 8.0, "footprint", 1e9, "idea", "an idea", "launcher", "none",
                     "other_algorithm", 0);
}

// Six laps of a machine whose speed doubles half way; gains are the same in every lap.
static gr_store record(void)
{
    gr_store s = {.fd = -1, .lines = json_array()};
    s.header =
        json_pack("{s:i, s:s, s:s, s:[o, o, o, o], s:[]}", "schema", 1, "run", "r", "command", "c",
                  "tasks", task(SLOW), task(FAST), task(TEAM), task(LIMIT), "ladders");
    json_array_append_new(
        s.lines, json_pack("{s:{s:i, s:{s:f, s:f}, s:{s:f, s:f}, s:[{s:i, s:i}]}}", "card", "cores",
                           2, "flops_GFs", "fma_1", 10.0, "fma_2", 20.0, "triad_counted_GBs", "1",
                           20.0, "2", 30.0, "caches", "level", 3, "bytes", 1000000));
    static const double seconds[TASKS] = {4, 1, 0.5, 0.8};
    for (int lap = 0; lap < 6; lap++)
        for (int i = 0; i < TASKS; i++) {
            double t = seconds[i] * (lap < 3 ? 1 : 0.5);
            json_array_append_new(s.lines,
                                  json_pack("{s:i, s:s, s:[f, f, f], s:f, s:s, s:f}", "lap", lap,
                                            "key", keys[i], "seconds", t, 0.9 * t, 1.1 * t, "work",
                                            1e8, "verify", "ok", "wall", 1.0));
        }
    return s;
}

static json_t *document_of(gr_store *s)
{
    json_t *d = NULL;
    assert_int_equal(gr_points_of(s, &d), GR_OK);
    return d;
}

static json_t *point(json_t *d, size_t i)
{
    return json_array_get(json_object_get(d, "points"), i);
}

static double get(json_t *p, const char *group, const char *name)
{
    return json_number_value(json_object_get(json_object_get(p, group), name));
}

static void near(double got, double want) { assert_true(fabs(got - want) <= 1e-12 * fabs(want)); }

static void a_gain_is_paired_by_laps(void **state)
{
    (void)state;
    gr_store s = record();
    json_t *d = document_of(&s);
    assert_int_equal(json_array_size(json_object_get(d, "points")), 3); // the limit is no point
    near(get(point(d, FAST), "speedup", "step"), 4);
    near(get(point(d, FAST), "speedup", "lo"), 4); // exact in each lap, though the machine changed
    near(get(point(d, TEAM), "speedup", "step"), 2);
    near(get(point(d, TEAM), "speedup", "total"), 8);
    assert_true(json_is_null(json_object_get(json_object_get(point(d, SLOW), "speedup"), "step")));
    near(get(point(d, FAST), "seconds", "median"), 0.75);
    near(get(point(d, FAST), "seconds", "launches"), 6);
    near(get(point(d, FAST), "seconds", "samples"), 18);
    json_decref(d);
    gr_store_close(&s);
}

// What it costs to start workers is no step of the rung after them.
static void a_serial_rung_steps_from_a_serial_one(void **state)
{
    (void)state;
    gr_store s = record();
    json_t *tasks = json_object_get(s.header, "tasks");
    json_object_set_new(json_array_get(tasks, FAST), "launcher", json_string("fork"));
    json_t *d = document_of(&s);
    near(get(point(d, TEAM), "speedup", "step"), 8); // over slow, not over fast
    json_decref(d);
    gr_store_close(&s);
}

static void the_limit_that_binds_is_named(void **state)
{
    (void)state;
    gr_store s = record();
    json_t *d = document_of(&s);
    json_t *limit = json_object_get(point(d, FAST), "limit");
    assert_string_equal(json_string_value(json_object_get(limit, "name")),
                        "limit"); // 0.6 s; memory: 0.04 s
    near(json_number_value(json_object_get(limit, "fraction")), 0.6 / 0.75);
    near(get(point(d, TEAM), "limit", "fraction"), 0.3 / 0.375); // two workers have twice the limit
    json_decref(d);
    gr_store_close(&s);
}

static void an_impossible_rate_is_refused(void **state)
{
    (void)state;
    gr_store s = record();
    json_t *lines = s.lines;
    for (size_t i = 0; i < json_array_size(lines); i++) {
        json_t *line = json_array_get(lines, i);
        const char *key = json_string_value(json_object_get(line, "key"));
        if (key && !strcmp(key, keys[FAST]))
            json_object_set_new(line, "seconds", json_pack("[f]", 1e-4));
    }
    json_t *d = document_of(&s);
    assert_non_null(strstr(json_string_value(json_object_get(point(d, FAST), "verify")),
                           "faster than this machine"));
    assert_int_equal(gr_points_wrong(d), 1);
    json_decref(d);
    gr_store_close(&s);
}

static void one_wrong_launch_makes_the_point_wrong(void **state)
{
    (void)state;
    gr_store s = record();
    json_object_set_new(json_array_get(s.lines, 6), "verify",
                        json_string("field[3] = nan, expected 1"));
    json_t *d = document_of(&s);
    assert_int_equal(gr_points_wrong(d), 1);
    json_decref(d);
    gr_store_close(&s);
}

// The launch nearest to the median speaks for the point; old records have none.
static void workers_are_those_of_the_usual_launch(void **state)
{
    (void)state;
    gr_store s = record();
    int lap = 0;
    for (size_t i = 0; i < json_array_size(s.lines); i++) {
        json_t *line = json_array_get(s.lines, i);
        const char *key = json_string_value(json_object_get(line, "key"));
        if (!key || strcmp(key, keys[TEAM])) continue;
        static const double whole[] = {0.5, 0.5, 0.37, 0.25, 0.25, 9}; // the median is 0.375
        json_object_set_new(line, "workers",
                            json_pack("[{s:i, s:f, s:f}, {s:i, s:f, s:f}]", "tasks", lap, "busy",
                                      whole[lap] - 0.1, "idle", 0.1, "tasks", 7, "busy", 0.0,
                                      "idle", whole[lap]));
        lap++;
    }
    json_t *d = document_of(&s), *workers = json_object_get(point(d, TEAM), "workers");
    assert_int_equal(json_array_size(workers), 2);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(workers, 0), "tasks")), 2);
    assert_null(json_object_get(point(d, FAST), "workers"));
    json_decref(d);
    gr_store_close(&s);
}

static void ranks_have_medians_of_their_own(void **state)
{
    (void)state;
    gr_store s = record();
    int lap = 0;
    for (size_t i = 0; i < json_array_size(s.lines); i++) {
        json_t *line = json_array_get(s.lines, i);
        const char *key = json_string_value(json_object_get(line, "key"));
        if (!key || strcmp(key, keys[TEAM])) continue;
        static const double first[] = {1, 5, 2, 9, 4, 3}; // the median is 3.5
        if (lap < 6) json_object_set_new(line, "own", json_pack("[f, f]", first[lap], 0.25));
        lap++;
    }
    json_t *d = document_of(&s), *own = json_object_get(point(d, TEAM), "own");
    assert_int_equal(json_array_size(own), 2);
    near(json_number_value(json_array_get(own, 0)), 3.5);
    near(json_number_value(json_array_get(own, 1)), 0.25);
    assert_null(json_object_get(point(d, FAST), "own"));
    json_decref(d);
    gr_store_close(&s);
}

static void few_launches_have_a_range_and_no_interval(void **state)
{
    (void)state;
    gr_store s = record();
    while (json_array_size(s.lines) > 1 + 5 * TASKS)
        json_array_remove(s.lines, json_array_size(s.lines) - 1);
    json_t *d = document_of(&s);
    json_t *seconds = json_object_get(point(d, FAST), "seconds");
    assert_true(json_is_null(json_object_get(seconds, "lo")));
    near(json_number_value(json_object_get(json_object_get(seconds, "range"), "hi")), 1);
    assert_string_equal(json_string_value(json_object_get(point(d, FAST), "status")),
                        "not converged");
    json_decref(d);
    gr_store_close(&s);
}

static void an_empty_record_has_skipped_points(void **state)
{
    (void)state;
    gr_store s = record();
    json_array_clear(s.lines);
    json_t *d = document_of(&s);
    assert_true(json_is_null(json_object_get(point(d, 0), "seconds")));
    assert_non_null(strstr(json_string_value(json_object_get(point(d, 0), "status")), "skipped: "));
    assert_int_equal(gr_points_wrong(d), 0);
    json_decref(d);
    gr_store_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_gain_is_paired_by_laps),
        cmocka_unit_test(a_serial_rung_steps_from_a_serial_one),
        cmocka_unit_test(the_limit_that_binds_is_named),
        cmocka_unit_test(an_impossible_rate_is_refused),
        cmocka_unit_test(one_wrong_launch_makes_the_point_wrong),
        cmocka_unit_test(workers_are_those_of_the_usual_launch),
        cmocka_unit_test(ranks_have_medians_of_their_own),
        cmocka_unit_test(few_launches_have_a_range_and_no_interval),
        cmocka_unit_test(an_empty_record_has_skipped_points),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
