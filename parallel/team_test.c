// SPDX-License-Identifier: BSD-3-Clause
#include "parallel/team.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/resource.h>

#include <cmocka.h>

typedef struct crowd {
    atomic_int seen[16], inside;
    int size;
} crowd;

// Waits until all members are inside: ends only if all run at once.
static void meet(int member, int size, void *context)
{
    crowd *c = context;
    c->size = size;
    atomic_fetch_add(&c->seen[member], 1);
    atomic_fetch_add(&c->inside, 1);
    while (atomic_load(&c->inside) < size) continue;
}

static void every_member_runs_once_and_together(void **state)
{
    (void)state;
    for (int size = 1; size <= 16; size += 5) {
        crowd c = {.size = 0};
        assert_int_equal(gr_team_run(size, meet, &c), GR_OK);
        for (int i = 0; i < 16; i++) assert_int_equal(atomic_load(&c.seen[i]), i < size);
    }
}

static void bad_sizes_are_refused(void **state)
{
    (void)state;
    crowd c = {.size = 0};
    assert_int_equal(gr_team_run(0, meet, &c), GR_EARG);
    assert_int_equal(gr_team_run(-3, meet, &c), GR_EARG);
    assert_int_equal(atomic_load(&c.inside), 0);
}

// Without room for stacks no thread can be made: all members are sent home and nobody waits.
static void a_team_that_cannot_be_made_does_nothing(void **state)
{
    (void)state;
    struct rlimit old, none;
    assert_int_equal(getrlimit(RLIMIT_AS, &old), 0);
    none = (struct rlimit){.rlim_cur = 1, .rlim_max = old.rlim_max};
    crowd c = {.size = 0};
    assert_int_equal(setrlimit(RLIMIT_AS, &none), 0);
    gr_status status = gr_team_run(7, meet, &c);
    assert_int_equal(setrlimit(RLIMIT_AS, &old), 0);
    assert_true(status == GR_ESYS || status == GR_ENOMEM ||
                status == GR_OK); // stacks may be cached
    if (status) assert_int_equal(atomic_load(&c.inside), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_team_that_cannot_be_made_does_nothing),
        cmocka_unit_test(every_member_runs_once_and_together),
        cmocka_unit_test(bad_sizes_are_refused),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
