// SPDX-License-Identifier: BSD-3-Clause
#include "lib/status.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static gr_status inner(int n)
{
    return n < 3 ? gr_fail(GR_EARG, "n = %d: need at least 3", n) : GR_OK;
}

static gr_status outer(int n)
{
    GR_TRY(inner(n));
    return GR_OK;
}

static void a_failure_keeps_its_text_on_the_way_up(void **state)
{
    (void)state;
    assert_int_equal(outer(5), GR_OK);
    assert_int_equal(outer(2), GR_EARG);
    assert_string_equal(gr_errmsg(), "n = 2: need at least 3");
}

static void errno_is_said_in_words(void **state)
{
    (void)state;
    errno = ENOSPC;
    assert_int_equal(gr_fail_errno("cannot write %s", "x"), GR_ESYS);
    assert_string_equal(gr_errmsg(), "cannot write x: No space left on device");
}

static void long_texts_are_cut_not_overrun(void **state)
{
    (void)state;
    char text[2000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    gr_fail(GR_EDATA, "%s", text);
    assert_int_equal(strlen(gr_errmsg()), 511);
    errno = EIO;
    gr_fail_errno("%s", text);
    assert_int_equal(strlen(gr_errmsg()), 511);
}

static void every_status_has_words(void **state)
{
    (void)state;
    for (int s = 0; s < GR_STATUS_COUNT; s++) assert_true(strlen(gr_status_text((gr_status)s)) > 1);
    assert_string_equal(gr_status_text((gr_status)99), "unknown status");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failure_keeps_its_text_on_the_way_up),
        cmocka_unit_test(errno_is_said_in_words),
        cmocka_unit_test(long_texts_are_cut_not_overrun),
        cmocka_unit_test(every_status_has_words),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
