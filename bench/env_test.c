// SPDX-License-Identifier: BSD-3-Clause
#include "bench/env.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void every_member_is_a_filled_string(void **state)
{
    (void)state;
    static const char *const wanted[] = {"commit",      "dirty",         "compiler",
                                         "flags",       "libc",          "kernel",
                                         "microcode",   "governor",      "turbo",
                                         "thp",         "aslr",          "mitigations",
                                         "clocksource", "cgroup_cores",  "cgroup_memory",
                                         "container",   "hostname",      "load",
                                         "memory",      "openblas",      "hwloc",
                                         "scheduler",   "job",           "environment",
                                         "uptime_s",    "temperature_C", "perf_event_paranoid"};
    json_t *env, *value;
    const char *name;
    assert_int_equal(gr_env_capture(&env), GR_OK);
    for (size_t k = 0; k < sizeof wanted / sizeof *wanted; k++)
        assert_non_null(json_object_get(env, wanted[k]));
    json_object_foreach(env, name, value)
    {
        assert_true(json_is_string(value));
        assert_true(json_string_length(value) > 0);
    }
    json_decref(env);
}

static void variables_are_kept_and_the_home_is_not(void **state)
{
    (void)state;
    json_t *env;
    const char *home = getenv("HOME");
    char *before = home ? strdup(home) : NULL;
    setenv("HOME", "/home/ada", 1);
    setenv("OMP_GRADUS_TEST", "/home/ada/x\xff", 1);
    assert_int_equal(gr_env_capture(&env), GR_OK);
    const char *text = json_string_value(json_object_get(env, "environment"));
    assert_non_null(text);
    assert_non_null(strstr(text, "OMP_GRADUS_TEST=~/x?"));
    assert_null(strstr(text, "/home/ada"));
    json_decref(env);
    unsetenv("OMP_GRADUS_TEST");
    if (before)
        setenv("HOME", before, 1);
    else
        unsetenv("HOME");
    free(before);
}

static void cleaning(void **state)
{
    (void)state;
    char clean[32];
    gr_env_clean("-I/home/ada/inc -L/home/ada", "/home/ada", clean, sizeof clean);
    assert_string_equal(clean, "-I~/inc -L~");
    gr_env_clean("/home/adam", "/home/ada", clean, sizeof clean);
    assert_string_equal(clean, "/home/adam"); // somebody else's name
    gr_env_clean("/a/b", "/", clean, sizeof clean);
    assert_string_equal(clean, "/a/b");
    gr_env_clean("a\nb\tc", NULL, clean, sizeof clean);
    assert_string_equal(clean, "a?b?c");
    gr_env_clean("abcdef", NULL, clean, 4);
    assert_string_equal(clean, "abc");
    gr_env_clean("abcdef", NULL, clean, 1);
    assert_string_equal(clean, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_member_is_a_filled_string),
        cmocka_unit_test(variables_are_kept_and_the_home_is_not),
        cmocka_unit_test(cleaning),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("env", tests, NULL, NULL);
}
