// SPDX-License-Identifier: BSD-3-Clause
// Several ranks: bench/tests/mpi.sh. Here is what one can tell.
#include "lib/ringmix.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void left_own_and_right_weigh_differently(void **state)
{
    uint32_t own[2] = {1, 1u << 31}, left[2] = {100, 1}, right[2] = {10000, 7};
    (void)state;
    gr_ringmix_mix(own, own, left, right, 2);
    assert_int_equal(own[0], 50103);
    assert_int_equal(own[1], (1u << 31) + 36);
}

// left + 3 own + 5 right of the same number is 9 times as much, in every step.
static void a_ring_of_one_is_its_own_neighbour(void **state)
{
    void *problem;
    (void)state;
    assert_int_equal(gr_ringmix_setup(&problem, (gr_size){3, 11}, 5), GR_OK);
    gr_ringmix *p = problem;
    uint32_t want[3];
    gr_ringmix_begin(p, want);
    assert_int_equal(want[1], 36);
    assert_int_equal(gr_ringmix_foreseen(p, 1), GR_OK);
    for (int k = 0; k < 3; k++) {
        for (int s = 0; s < 11; s++) want[k] *= 9;
        assert_int_equal(p->own[k], want[k]);
    }
    gr_ringmix_reset(p);
    assert_int_equal(p->own[1], 36);
    gr_ringmix_teardown(p);
}

static void too_much_is_refused(void **state)
{
    void *problem = &problem;
    (void)state;
    assert_int_equal(gr_ringmix_setup(&problem, (gr_size){10000001, 1}, 1), GR_EARG);
    assert_null(problem);
    assert_int_equal(gr_ringmix_setup(&problem, (gr_size){1, 1000001}, 1), GR_EARG);
    gr_ringmix_teardown(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(left_own_and_right_weigh_differently),
        cmocka_unit_test(a_ring_of_one_is_its_own_neighbour),
        cmocka_unit_test(too_much_is_refused),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
