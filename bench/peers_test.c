// SPDX-License-Identifier: BSD-3-Clause
// A shell script stands in for Python, so that every way in which a peer can end is at hand.
#include "bench/peers.h"
#include "bench/child.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

typedef struct bed {
    char dir[64], python[80];
    gr_store store;
} bed;

// The stand-in: as `python3 -c ...` it succeeds; as `python3 -B SCRIPT VARIANT ...` it does `body`.
static void stand_in(bed *b, const char *body)
{
    FILE *out = fopen(b->python, "w");
    assert_non_null(out);
    fprintf(out, "#!/bin/sh\n[ \"$1\" = -c ] && exit 0\nvariant=$3\n%s\n", body);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(chmod(b->python, 0755), 0);
    assert_int_equal(setenv("GRADUS_PYTHON", b->python, 1), 0);
}

static void touch_truth(const bed *b, const char *ladder)
{
    char path[160];
    snprintf(path, sizeof path, "%s/truth", b->dir);
    assert_int_equal(gr_make_folder(path), GR_OK);
    snprintf(path, sizeof path, "%s/truth/%s-500x100-0.npy", b->dir, ladder);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fclose(out);
}

static int set_up(void **state)
{
    static bed b;
    b = (bed){.dir = P_tmpdir "/gradus-peers-XXXXXX", .store.fd = -1};
    assert_non_null(mkdtemp(b.dir));
    snprintf(b.python, sizeof b.python, "%s/python", b.dir);
    json_t *header = json_pack("{s:i, s:[{s:s, s:i, s:i}, {s:s, s:i, s:i}]}", "schema", GR_SCHEMA,
                               "tasks", "ladder", "jacobi", "size", 500, "steps", 100, "ladder",
                               "laplace", "size", 200, "steps", 100);
    assert_int_equal(gr_store_new(&b.store, b.dir, header), GR_OK);
    json_decref(header);
    touch_truth(&b, "jacobi");
    *state = &b;
    return 0;
}

static int tear_down(void **state)
{
    bed *b = *state;
    char *argv[] = {"rm", "-rf", b->dir, NULL};
    gr_child child;
    gr_store_close(&b->store);
    gr_status status = gr_child_run(argv, 10, &child);
    gr_child_free(&child);
    return (int)status;
}

static size_t lines(const bed *b) { return json_array_size(b->store.lines); }

static void assert_warned(bed *b, const char *text)
{
    assert_int_equal(gr_peers_run(&b->store), GR_OK);
    assert_int_equal(lines(b), 1);
    const json_t *line = json_array_get(b->store.lines, 0);
    assert_string_equal(json_string_value(json_object_get(line, "warning")), text);
}

// Only jacobi is planned at the talk's size, and only numpy is its peer: one line, once.
static void records_once(void **state)
{
    bed *b = *state;
    stand_in(b, "echo '{\"seconds\": [3, 1, 2], \"verify\": \"ok\", \"version\": \"V\"}'");
    for (int i = 0; i < 2; i++) {
        assert_int_equal(gr_peers_run(&b->store), GR_OK);
        assert_int_equal(lines(b), 1);
    }
    const json_t *peer = json_object_get(json_array_get(b->store.lines, 0), "peer");
    const json_t *seconds = json_object_get(peer, "seconds");
    assert_string_equal(json_string_value(json_object_get(peer, "ladder")), "jacobi");
    assert_string_equal(json_string_value(json_object_get(peer, "peer")), "numpy");
    assert_string_equal(json_string_value(json_object_get(peer, "verify")), "ok");
    assert_true(json_number_value(json_object_get(seconds, "median")) == 2);
    assert_true(json_number_value(json_object_get(seconds, "min")) == 1);
    assert_true(json_is_null(json_object_get(seconds, "lo")));
    assert_int_equal(json_integer_value(json_object_get(seconds, "samples")), 3);
}

static void names_a_missing_package(void **state)
{
    bed *b = *state;
    stand_in(b, "echo \"no $variant\" >&2; exit 3");
    for (int i = 0; i < 2; i++) assert_warned(b, "numpy peers left out: no numpy"); // said once
}

static void names_a_missing_python(void **state)
{
    bed *b = *state;
    setenv("GRADUS_PYTHON", "/nonexistent/python", 1);
    assert_warned(b, "python3 peers left out: no /nonexistent/python");
}

static void says_why_a_script_failed(void **state)
{
    bed *b = *state;
    stand_in(b, "echo Traceback >&2; echo 'ValueError: bad' >&2; exit 1");
    assert_warned(b, "numpy peer of jacobi left out: ValueError: bad");
}

static void refuses_other_output(void **state)
{
    bed *b = *state;
    stand_in(b, "echo '{\"seconds\": [], \"verify\": \"ok\"}'");
    assert_warned(b, "numpy peer of jacobi left out: it printed nothing that can be read");
}

static void needs_the_truth(void **state)
{
    bed *b = *state;
    char path[160];
    snprintf(path, sizeof path, "%s/truth/jacobi-500x100-0.npy", b->dir);
    unlink(path);
    stand_in(b, "echo '{\"seconds\": [1], \"verify\": \"ok\"}'");
    assert_warned(b, "numpy peer of jacobi left out: no truth to compare it with");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(records_once),           TEST(names_a_missing_package),
        TEST(names_a_missing_python), TEST(says_why_a_script_failed),
        TEST(refuses_other_output),   TEST(needs_the_truth),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
