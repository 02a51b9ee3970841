// SPDX-License-Identifier: BSD-3-Clause
// Teams of processes: all or nothing, whatever happens to one of them.
#include "parallel/fork_team.h"
#include <dlfcn.h>
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct crowd {
    atomic_int seen[16], inside;
} crowd;

static crowd *new_crowd(void)
{
    void *c = mmap(NULL, sizeof(crowd), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(c != MAP_FAILED);
    return c;
}

static void no_child_is_left(void)
{
    assert_true(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
}

// Waits until all members are inside: ends only if all run at once.
static gr_status meet(int member, int size, void *context)
{
    crowd *c = context;
    atomic_fetch_add(&c->seen[member], 1);
    atomic_fetch_add(&c->inside, 1);
    while (atomic_load(&c->inside) < size) usleep(100);
    return GR_OK;
}

static void every_member_runs_once_and_together(void **state)
{
    (void)state;
    for (int size = 1; size <= 16; size += 5) {
        crowd *c = new_crowd();
        assert_int_equal(gr_fork_team_run(size, -1, meet, c), GR_OK);
        for (int i = 0; i < 16; i++) assert_int_equal(atomic_load(&c->seen[i]), i < size);
        no_child_is_left();
        munmap(c, sizeof *c);
    }
}

static void bad_sizes_are_refused(void **state)
{
    (void)state;
    assert_int_equal(gr_fork_team_run(0, -1, meet, NULL), GR_EARG);
    assert_int_equal(gr_fork_team_run(-3, -1, meet, NULL), GR_EARG);
}

// ---- the others wait for ever for one that will not come ----

typedef struct fate {
    int victim, how; // how: a signal, or 0: exit, or -1: returns a failure
} fate;

static gr_status suffer(int member, int size, void *context)
{
    const fate *f = context;
    (void)size;
    if (member != f->victim)
        for (;;) pause();
    if (f->how < 0) return gr_fail(GR_EDATA, "no such luck");
    if (f->how == 0) _exit(3);
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    signal(f->how, SIG_DFL);
    raise(f->how);
    return GR_OK;
}

static void the_first_death_ends_all(void **state)
{
    (void)state;
    static const int signals[] = {SIGKILL, SIGTERM, SIGABRT};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        for (int victim = 0; victim < 3; victim++) {
            fate f = {victim, signals[i]};
            char words[80];
            snprintf(words, sizeof words, "member %d of 3 was killed by signal %d", victim,
                     signals[i]);
            assert_int_equal(gr_fork_team_run(3, -1, suffer, &f), GR_ESYS);
            assert_non_null(strstr(gr_errmsg(), words));
            no_child_is_left();
        }
}

static void an_exit_without_a_word_is_a_death(void **state)
{
    (void)state;
    assert_int_equal(gr_fork_team_run(2, -1, suffer, &(fate){1, 0}), GR_ESYS);
    assert_string_equal(gr_errmsg(), "member 1 of 2 ended without a word, exit code 3");
    no_child_is_left();
}

static void a_failure_comes_back_with_its_text(void **state)
{
    (void)state;
    assert_int_equal(gr_fork_team_run(3, -1, suffer, &(fate){2, -1}), GR_EDATA);
    assert_string_equal(gr_errmsg(), "member 2 of 3: no such luck");
    no_child_is_left();
}

static void time_runs_out(void **state)
{
    (void)state;
    assert_int_equal(gr_fork_team_run(3, 0.05, suffer, &(fate){-1, 0}), GR_ETIME);
    no_child_is_left();
}

// Counts as long as it lives, so that it can be seen from outside.
static gr_status beat(int member, int size, void *context)
{
    crowd *c = context;
    (void)size;
    while (atomic_fetch_add(&c->seen[member], 1) >= 0) usleep(1000);
    return GR_OK;
}

static void members_die_with_the_caller(void **state)
{
    (void)state;
    crowd *c = new_crowd();
    pid_t caller = fork();
    if (caller == 0) _exit(gr_fork_team_run(2, -1, beat, c) != GR_OK);
    while (!atomic_load(&c->seen[0]) || !atomic_load(&c->seen[1])) usleep(1000);
    kill(caller, SIGKILL);
    assert_int_equal(waitpid(caller, NULL, 0), caller);
    for (int still = 0, before, now; still < 50; still = before == now ? still + 1 : 0) {
        before = atomic_load(&c->seen[0]) + atomic_load(&c->seen[1]);
        usleep(5000);
        now = atomic_load(&c->seen[0]) + atomic_load(&c->seen[1]);
    }
    munmap(c, sizeof *c);
}

// ---- stands before the real calls and refuses the one numbered refuse_at ----

static int calls, refuse_at = -1, refused_with = EAGAIN;

pid_t fork(void)
{
    pid_t (*real)(void);
    void *symbol = dlsym(RTLD_NEXT, "fork");
    memcpy(&real, &symbol, sizeof real);
    if (calls++ != refuse_at) return real();
    errno = refused_with;
    return -1;
}

static int pipes, refuse_pipe = -1;

int pipe2(int ends[2], int flags)
{
    int (*real)(int[2], int);
    void *symbol = dlsym(RTLD_NEXT, "pipe2");
    memcpy(&real, &symbol, sizeof real);
    if (pipes++ != refuse_pipe) return real(ends, flags);
    errno = EMFILE;
    return -1;
}

static void a_team_that_cannot_be_started_is_ended(void **state)
{
    (void)state;
    crowd *c = new_crowd();
    for (int k = 0; k < 4; k++) {
        calls = pipes = 0, refuse_at = k;
        assert_int_equal(gr_fork_team_run(4, -1, meet, c), GR_ESYS);
        assert_non_null(strstr(gr_errmsg(), "fork"));
        no_child_is_left();
        calls = pipes = 0, refuse_at = -1, refuse_pipe = k;
        assert_int_equal(gr_fork_team_run(4, -1, meet, c), GR_ESYS);
        assert_non_null(strstr(gr_errmsg(), "a pipe"));
        no_child_is_left();
        refuse_pipe = -1;
    }
    munmap(c, sizeof *c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_member_runs_once_and_together),
        cmocka_unit_test(bad_sizes_are_refused),
        cmocka_unit_test(the_first_death_ends_all),
        cmocka_unit_test(an_exit_without_a_word_is_a_death),
        cmocka_unit_test(a_failure_comes_back_with_its_text),
        cmocka_unit_test(time_runs_out),
        cmocka_unit_test(members_die_with_the_caller),
        cmocka_unit_test(a_team_that_cannot_be_started_is_ended),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
