// SPDX-License-Identifier: BSD-3-Clause
// How many workers a plan has for a parallel rung, at which sizes.
#include "bench/plan.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void check(gr_plan_options options, const char *expected)
{
    char got[160] = "";
    gr_plan plan;
    options.selectors = (char *[]){"mandelbrot/threads", NULL};
    assert_int_equal(gr_plan_make(&plan, &options), GR_OK);
    for (size_t i = 0; i < plan.n; i++) {
        const gr_task *t = &plan.tasks[i];
        size_t used = strlen(got);
        if (strcmp(t->rung->name, "threads")) continue;
        snprintf(got + used, sizeof got - used, "%zu/%d ", t->size.n, t->procs);
    }
    gr_plan_fini(&plan);
    assert_string_equal(got, expected);
}

static void workers_double_up_to_all(void **state)
{
    (void)state;
    check((gr_plan_options){.usable = 6}, "500/1 500/2 500/4 500/6 2000/2 2000/4 2000/6 ");
    check((gr_plan_options){.usable = 1}, "500/1 2000/1 ");
}

static void a_quick_run_has_all_of_them_only(void **state)
{
    (void)state;
    check((gr_plan_options){.usable = 6, .quick = true}, "500/6 ");
    check((gr_plan_options){.usable = 1, .quick = true}, "500/1 ");
}

static void what_is_asked_for_is_what_there_is(void **state)
{
    static const size_t procs[] = {1, 3};
    (void)state;
    check((gr_plan_options){.usable = 6, .quick = true, .procs = procs, .nprocs = 2},
          "500/1 500/3 ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(workers_double_up_to_all),
        cmocka_unit_test(a_quick_run_has_all_of_them_only),
        cmocka_unit_test(what_is_asked_for_is_what_there_is),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
