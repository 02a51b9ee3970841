// SPDX-License-Identifier: BSD-3-Clause
#include "lib/cgroup.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void cpu_max_is_quota_over_period(void **state)
{
    (void)state;
    assert_true(gr_cgroup_parse_cpu_max("200000 100000") == 2);
    assert_true(gr_cgroup_parse_cpu_max("200000 100000\n") == 2);
    assert_true(gr_cgroup_parse_cpu_max("50000 100000") == 0.5);
    assert_true(gr_cgroup_parse_cpu_max("150000 100000") == 1.5);
    assert_true(isinf(gr_cgroup_parse_cpu_max("max 100000")));
}

static void what_is_no_quota_is_no_limit(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        " ",
                                        "max",
                                        "100000",
                                        "100000 ",
                                        "0 100000",
                                        "100000 0",
                                        "-1 100000",
                                        "100000 -5",
                                        "nan 1",
                                        "1 nan",
                                        "inf inf",
                                        "a b",
                                        "100000 100000 junk",
                                        "100000,100000",
                                        "\xff\xfe 1"};
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
        assert_true(isinf(gr_cgroup_parse_cpu_max(texts[k])));
}

static void version_1_quota(void **state)
{
    (void)state;
    assert_true(gr_cgroup_parse_quota("250000", "100000") == 2.5);
    assert_true(isinf(gr_cgroup_parse_quota("-1", "100000")));
    assert_true(isinf(gr_cgroup_parse_quota("250000", "0")));
    assert_true(isinf(gr_cgroup_parse_quota("250000", "")));
    assert_true(isinf(gr_cgroup_parse_quota("", "100000")));
    assert_true(isinf(gr_cgroup_parse_quota("250000x", "100000")));
}

static void bytes(void **state)
{
    (void)state;
    assert_true(gr_cgroup_parse_bytes("1073741824") == 1073741824.0);
    assert_true(gr_cgroup_parse_bytes("0\n") == 0);
    assert_true(isinf(gr_cgroup_parse_bytes("max")));
    assert_true(isinf(gr_cgroup_parse_bytes("9223372036854771712"))); // version 1: no limit
    assert_true(isinf(gr_cgroup_parse_bytes("-1")));
    assert_true(isinf(gr_cgroup_parse_bytes("12 34")));
    assert_true(isinf(gr_cgroup_parse_bytes("")));
    assert_true(isinf(gr_cgroup_parse_bytes("99999999999999999999999999999999999999999")));
}

static void path_of_a_controller(void **state)
{
    (void)state;
    const char *text = "5:cpuset:/set\n4:memory:/a/b\n3:cpuacct,cpu:/c:d\n1:name=x:/\n0::/u\n";
    char path[16];
    assert_true(gr_cgroup_parse_path(text, "memory", path, sizeof path));
    assert_string_equal(path, "/a/b");
    assert_true(gr_cgroup_parse_path(text, "cpu", path, sizeof path));
    assert_string_equal(path, "/c:d");
    assert_true(gr_cgroup_parse_path(text, "", path, sizeof path));
    assert_string_equal(path, "/u");
    assert_false(gr_cgroup_parse_path(text, "pids", path, sizeof path));
    assert_false(gr_cgroup_parse_path(text, "memory", path, 4)); // "/a/b" needs five
}

static void hostile_paths(void **state)
{
    (void)state;
    char path[16];
    static const char *const texts[] = {"", "\n\n", ":", "::", "1:cpu", "1:cpu\n:/x", "cpu:/x"};
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
        assert_false(gr_cgroup_parse_path(texts[k], "cpu", path, sizeof path));
}

static void this_process_has_consistent_limits(void **state)
{
    (void)state;
    assert_true(gr_cgroup_cores() > 0);
    assert_true(gr_cgroup_memory_limit() > 0);
    assert_true(gr_cgroup_memory_left() >= 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cpu_max_is_quota_over_period),
        cmocka_unit_test(what_is_no_quota_is_no_limit),
        cmocka_unit_test(version_1_quota),
        cmocka_unit_test(bytes),
        cmocka_unit_test(path_of_a_controller),
        cmocka_unit_test(hostile_paths),
        cmocka_unit_test(this_process_has_consistent_limits),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("cgroup", tests, NULL, NULL);
}
