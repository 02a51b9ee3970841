// SPDX-License-Identifier: BSD-3-Clause
#include "lib/cpu.h"
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void usable_follows_the_affinity_mask(void **state)
{
    (void)state;
    cpu_set_t before, one;
    assert_int_equal(sched_getaffinity(0, sizeof before, &before), 0);
    int first = 0;
    while (!CPU_ISSET(first, &before)) first++;
    CPU_ZERO(&one);
    CPU_SET(first, &one);
    assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
    int usable = gr_cpu_usable();
    assert_int_equal(sched_setaffinity(0, sizeof before, &before), 0);
    assert_int_equal(usable, 1);
    assert_in_range(gr_cpu_usable(), 1, CPU_COUNT(&before));
}

static void the_machine_makes_sense(void **state)
{
    (void)state;
    gr_cpu cpu = gr_cpu_of_machine();
    assert_true(strlen(cpu.model) > 0 && strlen(cpu.simd) > 0);
    assert_true(cpu.usable >= 1 && cpu.usable <= cpu.threads);
    assert_true(cpu.cores >= 1 && cpu.cores <= cpu.threads);
    assert_true(cpu.memory > 0 && cpu.memory_available <= cpu.memory);
    assert_in_range(cpu.caches, 0, GR_MAX_CACHES);
    for (int k = 0; k < cpu.caches; k++) {
        assert_true(cpu.cache[k].bytes > 0);
        assert_true(cpu.cache[k].shared_by >= 1 && cpu.cache[k].count >= 1);
        assert_true(k == 0 || cpu.cache[k].level > cpu.cache[k - 1].level);
    }
}

static void an_affinity_mask_hides_no_core(void **state)
{
    (void)state;
    gr_cpu all = gr_cpu_of_machine();
    cpu_set_t before, one;
    assert_int_equal(sched_getaffinity(0, sizeof before, &before), 0);
    int first = 0;
    while (!CPU_ISSET(first, &before)) first++;
    CPU_ZERO(&one);
    CPU_SET(first, &one);
    assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
    gr_cpu bound = gr_cpu_of_machine();
    assert_int_equal(sched_setaffinity(0, sizeof before, &before), 0);
    assert_int_equal(bound.usable, 1);
    assert_int_equal(bound.cores, all.cores);
    assert_int_equal(bound.caches, all.caches);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(usable_follows_the_affinity_mask),
        cmocka_unit_test(the_machine_makes_sense),
        cmocka_unit_test(an_affinity_mask_hides_no_core),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("cpu", tests, NULL, NULL);
}
