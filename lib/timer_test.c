// SPDX-License-Identifier: BSD-3-Clause
#include "lib/timer.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void the_clock_goes_forward(void **state)
{
    (void)state;
    double before = gr_now();
    for (int i = 0; i < 100000; i++) {
        double now = gr_now();
        assert_true(now >= before);
        before = now;
    }
}

static void a_clock_has_resolution_and_overhead(void **state)
{
    (void)state;
    gr_clock c = gr_clock_measure();
    assert_true(c.resolution > 0 && c.resolution < 1e-3 && c.overhead >= 0 && c.overhead < 1e-3);
    assert_true(gr_sample_floor(c) >= 1e-3);
    assert_true(gr_sample_floor((gr_clock){1e-5, 0}) == 1000 * 1e-5);
    assert_true(gr_sample_floor((gr_clock){1e-9, 1e-3}) == 20 * 1e-3);
}

// A function of known cost, interrupted at one call.
typedef struct fake {
    double cost, interruption;
    int calls, interrupt_at;
} fake;

static double time_fake(size_t k, void *context)
{
    fake *f = context;
    double t = (double)k * f->cost;
    return ++f->calls == f->interrupt_at ? t + f->interruption : t;
}

static void a_batch_is_the_first_power_of_two_that_is_long_enough(void **state)
{
    (void)state;
    fake f = {.cost = 1e-6};
    assert_int_equal(gr_batch_size(time_fake, &f, 1e-3), 1024);
    f = (fake){.cost = 0.5};
    assert_int_equal(gr_batch_size(time_fake, &f, 1e-3), 1);
}

static void one_interruption_does_not_end_the_search(void **state)
{
    (void)state;
    for (int at = 1; at <= 20; at++) {
        fake f = {.cost = 1e-6, .interruption = 1, .interrupt_at = at};
        assert_int_equal(gr_batch_size(time_fake, &f, 1e-3), 1024);
    }
}

static double time_nothing(size_t k, void *context)
{
    (void)k, (void)context;
    return 0;
}

static double time_failure(size_t k, void *context)
{
    (void)k, (void)context;
    return NAN;
}

static void the_search_ends(void **state)
{
    (void)state;
    assert_true(gr_batch_size(time_nothing, NULL, 1e-3) > 1000);
    assert_int_equal(gr_batch_size(time_failure, NULL, 1e-3), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_clock_goes_forward),
        cmocka_unit_test(a_clock_has_resolution_and_overhead),
        cmocka_unit_test(a_batch_is_the_first_power_of_two_that_is_long_enough),
        cmocka_unit_test(one_interruption_does_not_end_the_search),
        cmocka_unit_test(the_search_ends),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
