// SPDX-License-Identifier: BSD-3-Clause
#include "lib/proc.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static void fields_are_found_by_their_whole_key(void **state)
{
    (void)state;
    const char *text =
        "MemTotalX: 1 kB\nMemTotal:   24 kB  \nEmpty:\nmodel name\t: A: B\nNoEnd : 7";
    char value[16];
    assert_true(gr_proc_field(text, "MemTotal", value, sizeof value));
    assert_string_equal(value, "24 kB");
    assert_true(gr_proc_field(text, "model name", value, sizeof value));
    assert_string_equal(value, "A: B");
    assert_true(gr_proc_field(text, "Empty", value, sizeof value));
    assert_string_equal(value, "");
    assert_true(gr_proc_field(text, "NoEnd", value, sizeof value));
    assert_string_equal(value, "7");
    assert_false(gr_proc_field(text, "Mem", value, sizeof value));
    assert_string_equal(value, "");
    assert_false(gr_proc_field("", "Mem", value, sizeof value));
}

static void a_long_value_is_cut(void **state)
{
    (void)state;
    char value[4];
    assert_true(gr_proc_field("k: abcdef", "k", value, sizeof value));
    assert_string_equal(value, "abc");
    assert_true(gr_proc_field("k: abcdef", "k", value, 1));
    assert_string_equal(value, "");
}

static void a_file_is_read_trimmed_and_cut(void **state)
{
    (void)state;
    char name[] = "proc_test_XXXXXX", text[8];
    int fd = mkstemp(name);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "abcd \n\n", 7), 7);
    close(fd);
    assert_int_equal(gr_proc_read(name, text, sizeof text), 4);
    assert_string_equal(text, "abcd");
    assert_int_equal(gr_proc_read(name, text, 3), 2);
    assert_string_equal(text, "ab");
    assert_int_equal(gr_proc_read(name, text, 1), 0);
    unlink(name);
}

static void what_cannot_be_read_is_empty(void **state)
{
    (void)state;
    char text[8] = "before";
    assert_int_equal(gr_proc_read("no/such/file", text, sizeof text), 0);
    assert_string_equal(text, "");
    assert_int_equal(gr_proc_read(".", text, sizeof text), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_found_by_their_whole_key),
        cmocka_unit_test(a_long_value_is_cut),
        cmocka_unit_test(a_file_is_read_trimmed_and_cut),
        cmocka_unit_test(what_cannot_be_read_is_empty),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("proc", tests, NULL, NULL);
}
