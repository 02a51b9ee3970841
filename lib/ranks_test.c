// SPDX-License-Identifier: BSD-3-Clause
// A plain program is rank 0 of 1, whatever is called. More ranks: bench/tests/mpi.sh.
#include "lib/ranks.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void a_plain_program_is_alone(void **state)
{
    (void)state;
    assert_false(gr_ranks_possible());
    assert_int_equal(gr_ranks_begin(), GR_OK);
    assert_int_equal(gr_rank(), 0);
    assert_int_equal(gr_ranks(), 1);
    assert_true(gr_ranks_max(0.5) == 0.5 && isnan(gr_ranks_max(NAN)));
    double values[] = {3, NAN, -1};
    gr_ranks_max_each(values, 3);
    assert_true(values[0] == 3 && isnan(values[1]) && values[2] == -1);
    double all = 0;
    gr_ranks_gather(values, sizeof all, &all);
    assert_true(all == 3);
    assert_true(gr_ranks_narrow(1));
    gr_ranks_widen();
    assert_int_equal(gr_ranks_sent().messages, 0);
    gr_ranks_end();
}

static void it_agrees_with_itself(void **state)
{
    (void)state;
    assert_int_equal(gr_ranks_agree(GR_OK), GR_OK);
    assert_int_equal(gr_ranks_agree(gr_fail(GR_EDATA, "off by one")), GR_EDATA);
    assert_string_equal(gr_errmsg(), "off by one");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_program_is_alone),
        cmocka_unit_test(it_agrees_with_itself),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
