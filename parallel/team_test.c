// SPDX-License-Identifier: BSD-3-Clause
#include "parallel/team.h"
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

typedef struct crowd {
    atomic_int seen[16], inside;
} crowd;

// Waits until all members are inside: ends only if all run at once.
static void meet(int member, int size, void *context)
{
    crowd *c = context;
    atomic_fetch_add(&c->seen[member], 1);
    atomic_fetch_add(&c->inside, 1);
    while (atomic_load(&c->inside) < size) sched_yield();
}

static void every_member_runs_once_and_together(void **state)
{
    (void)state;
    for (int size = 1; size <= 16; size += 5) {
        crowd c = {0};
        assert_int_equal(gr_team_run(size, meet, &c), GR_OK);
        for (int i = 0; i < 16; i++) assert_int_equal(atomic_load(&c.seen[i]), i < size);
    }
}

static void bad_sizes_are_refused(void **state)
{
    (void)state;
    crowd c = {0};
    assert_int_equal(gr_team_run(0, meet, &c), GR_EARG);
    assert_int_equal(gr_team_run(-3, meet, &c), GR_EARG);
    assert_int_equal(atomic_load(&c.inside), 0);
}

// Stands before the real pthread_create and refuses the call numbered refuse_at.
static int calls, refuse_at = -1;

int pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attr,
                   void *(*run)(void *), void *restrict argument)
{
    int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    void *symbol = dlsym(RTLD_NEXT, "pthread_create");
    memcpy(&real, &symbol, sizeof real);
    return calls++ == refuse_at ? EAGAIN : real(thread, attr, run, argument);
}

static void a_team_that_cannot_be_made_does_nothing(void **state)
{
    (void)state;
    for (int k = 0; k < 6; k++) {
        crowd c = {0};
        calls = 0;
        refuse_at = k;
        assert_int_equal(gr_team_run(7, meet, &c), GR_ESYS);
        assert_int_equal(atomic_load(&c.inside), 0);
    }
    refuse_at = -1;
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
