// SPDX-License-Identifier: BSD-3-Clause
// The grid is measured, verified and complete; a plan names what to take. No time is judged.
#include "bench/json.h"
#include "bench/map_costs.h"
#include "bench/map_grid.h"
#include "bench/map_plan.h"
#include "bench/map_spin.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void numbers_of_workers_reach_all_cores(void **state)
{
    (void)state;
    int p[16];
    assert_int_equal(gr_map_crowds(1, p), 1);
    assert_int_equal(p[0], 1);
    assert_int_equal(gr_map_crowds(2, p), 1);
    assert_int_equal(p[0], 2);
    assert_int_equal(gr_map_crowds(6, p), 3);
    assert_true(p[0] == 2 && p[1] == 4 && p[2] == 6);
    assert_int_equal(gr_map_crowds(1 << 30, p), 16);
    assert_int_equal(p[15], 1 << 30);
}

static void costs_are_measured_for_every_launcher(void **state)
{
    (void)state;
    gr_map_costs c;
    for (int l = 0; gr_map_local[l]; l++) {
        assert_int_equal(gr_map_costs_measure(gr_map_local[l], 2, &c), GR_OK);
        assert_int_equal(c.workers, 2);
        assert_true(c.start >= 0 && c.job >= 0 && c.chunk >= 0 && c.task >= 0 && c.byte >= 0);
        assert_true(c.job + c.task + c.chunk > 0 && c.stretch >= 1 && c.stretch < INFINITY);
    }
    assert_int_equal(gr_map_costs_measure("thraeds", 2, &c), GR_EARG);
    assert_non_null(strstr(gr_errmsg(), "threads"));
}

static void a_grid_has_its_points_and_costs(void **state)
{
    (void)state;
    json_t *grid, *again, *p;
    size_t i;
    assert_int_equal(gr_map_grid_measure(6, 2, &grid), GR_OK);
    assert_int_equal(json_array_size(json_object_get(grid, "costs")), 2);
    assert_int_equal(json_array_size(json_object_get(grid, "break_even")), 6);
    assert_int_equal(json_array_size(json_object_get(grid, "points")), 6);
    assert_true(gr_json_number(json_object_get(grid, "serial"), "task") >= 0);
    json_array_foreach(json_object_get(grid, "points"), i, p)
    {
        assert_true(gr_json_number(p, "predicted") > 0 && gr_json_number(p, "measured") > 0);
        assert_true(gr_json_number(p, "ideal") > 0 && gr_json_number(p, "serial") > 0);
        assert_true(*gr_json_text(p, "launcher") && *gr_json_text(p, "strategy"));
        assert_int_equal(gr_json_integer(p, "workers"), 2);
    }
    assert_true(gr_map_grid_error(grid) >= 0);
    assert_int_equal(gr_map_grid_measure(6, 2, &again), GR_OK); // the same points
    for (i = 0; i < 6; i++)
        assert_int_equal(gr_json_integer(json_array_get(json_object_get(grid, "points"), i), "n"),
                         gr_json_integer(json_array_get(json_object_get(again, "points"), i), "n"));
    json_decref(grid);
    json_decref(again);
}

static void the_error_is_the_median_of_what_is_there(void **state)
{
    (void)state;
    json_t *grid = json_loads("{\"points\":[{\"predicted\":1.1,\"measured\":1},{\"predicted\":0.5,"
                              "\"measured\":1},{\"predicted\":2,\"measured\":2},{\"measured\":1}]}",
                              0, NULL);
    assert_true(fabs(gr_map_grid_error(grid) - 0.1) < 1e-12);
    json_decref(grid);
    assert_true(isnan(gr_map_grid_error(NULL)));
}

// ---- plans -------------------------------------------------------------------------------------

static char *plan_of(const char *spec, int64_t steps, size_t n)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    int64_t *in = malloc(n * sizeof *in), *results = malloc(n * sizeof *results);
    assert_true(out && in && results);
    for (size_t i = 0; i < n; i++) in[i] = steps;
    gr_job job = {.func = &gr_func_spin, .n = n, .in = in, .out = results};
    assert_int_equal(gr_map_plan_print(spec, &job, out), GR_OK);
    fclose(out);
    free(in), free(results);
    return text;
}

static void a_plan_ends_with_advice(void **state)
{
    (void)state;
    char *text = plan_of(NULL, 1, 4);
    assert_non_null(strstr(text, "4 tasks of spin, 4 of them measured"));
    assert_non_null(strstr(text, "\nserial"));
    assert_non_null(strstr(text, "\ntake ")); // serial, if nothing disturbed the four
    free(text);
}

static void a_spec_narrows_the_plan(void **state)
{
    (void)state;
    char *text = plan_of("threads-carddealer:2", 1000, 50);
    assert_non_null(strstr(text, "\nthreads-carddealer:"));
    assert_null(strstr(text, "fork"));
    assert_null(strstr(text, "equalportion"));
    free(text);
}

static void what_cannot_be_planned_is_refused(void **state)
{
    (void)state;
    int64_t in[2] = {5, -1}, out[2];
    gr_job job = {.func = &gr_func_spin, .n = 2, .in = in, .out = out};
    assert_int_equal(gr_map_plan_print("frok", &job, stdout), GR_EARG);
    assert_int_equal(gr_map_plan_print(NULL, &job, stdout), GR_EARG); // a task fails
    assert_non_null(strstr(gr_errmsg(), "spin -1"));
    assert_int_equal(gr_map_plan_print("serial", &job, stdout), GR_EUNSUP);
    job.n = 0;
    assert_int_equal(gr_map_plan_print(NULL, &job, stdout), GR_EARG);
}

static gr_status repeats(gr_call *call) { return gr_reply(call, call->in, call->in_size); }

static void tasks_of_any_size_are_sampled(void **state)
{
    (void)state;
    static const gr_func func = {.name = "repeats", .call = repeats};
    gr_bytes in[3] = {{(char[]){"a"}, 1}, {(char[]){"bc"}, 2}, {(char[]){""}, 0}}, out[3];
    gr_job job = {.func = &func, .n = 3, .in = in, .out = out};
    double length[64];
    size_t n;
    assert_int_equal(gr_map_sample(&job, length, &n), GR_OK);
    assert_int_equal(n, 3);
    for (size_t i = 0; i < n; i++) assert_true(length[i] >= 0 && length[i] < 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_of_workers_reach_all_cores),
        cmocka_unit_test(costs_are_measured_for_every_launcher),
        cmocka_unit_test(a_grid_has_its_points_and_costs),
        cmocka_unit_test(the_error_is_the_median_of_what_is_there),
        cmocka_unit_test(a_plan_ends_with_advice),
        cmocka_unit_test(a_spec_narrows_the_plan),
        cmocka_unit_test(what_cannot_be_planned_is_refused),
        cmocka_unit_test(tasks_of_any_size_are_sampled),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
