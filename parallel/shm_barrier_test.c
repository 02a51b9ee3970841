// SPDX-License-Identifier: BSD-3-Clause
// A barrier for threads and processes: nobody passes early, nobody waits for the dead.
#include "parallel/shm_barrier.h"
#include "parallel/fork_team.h"
#include "parallel/shm.h"
#include "parallel/team.h"
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { MOST = 8, PATIENCE = 20 };
static int phases = 500; // GRADUS_FEW=1, for Valgrind: a fiftieth

typedef struct common {
    gr_shm_barrier barrier;
    int phase[MOST]; // plain: the barrier alone orders them
    atomic_int failures, passed;
} common;

static common *new_common(gr_shm *shm, int size)
{
    assert_int_equal(gr_shm_new(shm, sizeof(common)), GR_OK);
    common *c = shm->data;
    assert_int_equal(gr_shm_barrier_init(&c->barrier, size), GR_OK);
    return c;
}

// Everybody writes his phase, then reads everybody's: two barriers a phase.
static void march(int member, int size, void *context)
{
    common *c = context;
    for (int k = 0; k < phases; k++) {
        c->phase[member] = k;
        if (gr_shm_barrier_wait(&c->barrier, member, PATIENCE)) atomic_fetch_add(&c->failures, 1);
        for (int m = 0; m < size; m++)
            if (c->phase[m] != k) atomic_fetch_add(&c->failures, 1);
        if (gr_shm_barrier_wait(&c->barrier, member, PATIENCE)) atomic_fetch_add(&c->failures, 1);
    }
    gr_shm_barrier_leave(&c->barrier, member);
}

static gr_status march_as_process(int member, int size, void *context)
{
    march(member, size, context);
    return GR_OK;
}

static void nobody_passes_early(void **state)
{
    (void)state;
    for (int processes = 0; processes < 2; processes++)
        for (int size = 1; size <= MOST; size++) {
            gr_shm shm;
            common *c = new_common(&shm, size);
            assert_int_equal(processes ? gr_fork_team_run(size, PATIENCE, march_as_process, c)
                                       : gr_team_run(size, march, c),
                             GR_OK);
            assert_int_equal(c->failures, 0);
            gr_shm_free(&shm);
        }
}

static void bad_sizes_are_refused(void **state)
{
    (void)state;
    static gr_shm_barrier b;
    assert_int_equal(gr_shm_barrier_init(&b, 0), GR_EARG);
    assert_int_equal(gr_shm_barrier_init(&b, -1), GR_EARG);
    assert_int_equal(gr_shm_barrier_init(&b, GR_SHM_MEMBERS + 1), GR_EARG);
    assert_int_equal(gr_shm_barrier_init(&b, GR_SHM_MEMBERS), GR_OK);
}

static void who_gives_up_breaks_it(void **state)
{
    (void)state;
    gr_shm shm;
    static const double times[] = {0, 0.01, 0.12};
    for (size_t i = 0; i < 3; i++) {
        common *c = new_common(&shm, 2);
        assert_int_equal(gr_shm_barrier_wait(&c->barrier, 1, times[i]), GR_ETIME);
        assert_string_equal(gr_errmsg(), "barrier: member 1 of 2 gave up waiting");
        assert_int_equal(gr_shm_barrier_wait(&c->barrier, 0, PATIENCE), GR_ETIME);
        assert_int_equal(gr_shm_barrier_wait(&c->barrier, 1, -1), GR_ETIME);
        gr_shm_barrier_leave(&c->barrier, 0);
        gr_shm_barrier_leave(&c->barrier, 1);
        gr_shm_free(&shm);
    }
}

// ---- deaths ----

static pid_t start(void (*run)(common *), common *c)
{
    pid_t pid = fork();
    if (pid > 0) return pid;
    run(c);
    _exit(0);
}

static void finish(pid_t pid, int signal)
{
    if (signal) kill(pid, signal);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
}

// Member 1 comes twice and is then killed, ends, or leaves: before its third time.
static void come_twice(common *c)
{
    for (int k = 0; k < 2; k++)
        if (gr_shm_barrier_wait(&c->barrier, 1, PATIENCE)) atomic_fetch_add(&c->failures, 1);
    atomic_fetch_add(&c->passed, 1);
}

static void come_twice_and_stay(common *c)
{
    come_twice(c);
    for (;;) pause();
}

static void come_twice_and_leave(common *c)
{
    come_twice(c);
    gr_shm_barrier_leave(&c->barrier, 1);
    for (;;) pause();
}

static void nobody_waits_for_one_who_has_gone(void **state)
{
    (void)state;
    static const struct {
        void (*run)(common *);
        bool killed;
        gr_status status;
        const char *text;
    } cases[] = {{come_twice, false, GR_ESYS, "barrier: member 1 of 2 has died"},
                 {come_twice_and_stay, true, GR_ESYS, "barrier: member 1 of 2 has died"},
                 {come_twice_and_leave, false, GR_ECANCEL, "barrier: member 1 of 2 has left"}};
    for (size_t i = 0; i < 3; i++) {
        gr_shm shm;
        common *c = new_common(&shm, 2);
        pid_t pid = start(cases[i].run, c);
        for (int k = 0; k < 2; k++)
            assert_int_equal(gr_shm_barrier_wait(&c->barrier, 0, PATIENCE), GR_OK);
        while (!atomic_load(&c->passed)) usleep(1000);
        if (cases[i].killed) kill(pid, SIGKILL);
        assert_int_equal(gr_shm_barrier_wait(&c->barrier, 0, -1), cases[i].status); // for ever
        assert_string_equal(gr_errmsg(), cases[i].text);
        assert_int_equal(gr_shm_barrier_wait(&c->barrier, 0, -1), cases[i].status); // and again
        assert_int_equal(c->failures, 0);
        gr_shm_barrier_leave(&c->barrier, 0);
        finish(pid, SIGKILL);
        gr_shm_free(&shm);
    }
}

// Killed asleep in the barrier, not yet reaped: also those who sleep there get to know.
static void march_for_ever(common *c, int member)
{
    while (!gr_shm_barrier_wait(&c->barrier, member, -1)) atomic_fetch_add(&c->passed, 1);
    if (!strcmp(gr_errmsg(), "barrier: member 2 of 3 has died")) atomic_fetch_add(&c->failures, 1);
    _exit(0);
}

static void a_death_is_seen_wherever_it_strikes(void **state)
{
    (void)state;
    for (int round = 0; round < 20; round++) {
        gr_shm shm;
        common *c = new_common(&shm, 3);
        pid_t pid[3];
        for (int m = 0; m < 3; m++)
            if ((pid[m] = fork()) == 0) march_for_ever(c, m);
        while (atomic_load(&c->passed) < 100) usleep(100);
        usleep((useconds_t)(37 * round));
        kill(pid[2], SIGKILL);
        finish(pid[0], 0); // they end by themselves, while the dead one is a zombie still
        finish(pid[1], 0);
        assert_int_equal(c->failures, 2);
        finish(pid[2], 0);
        gr_shm_free(&shm);
    }
}

// A phase is completed for all, or broken for all, also when the last one dies in it.
static void all_are_told_the_same(void **state)
{
    (void)state;
    for (int round = 0; round < 20; round++) {
        gr_shm shm;
        common *c = new_common(&shm, 3);
        pid_t pid[2];
        for (int m = 0; m < 2; m++)
            if ((pid[m] = fork()) == 0) {
                while (!gr_shm_barrier_wait(&c->barrier, m, -1)) c->phase[m]++;
                _exit(0);
            }
        pid_t victim = fork();
        if (victim == 0)
            while (!gr_shm_barrier_wait(&c->barrier, 2, -1)) atomic_fetch_add(&c->passed, 1);
        while (atomic_load(&c->passed) < 100) usleep(100);
        usleep((useconds_t)(37 * round));
        finish(victim, SIGKILL);
        finish(pid[0], 0);
        finish(pid[1], 0);
        assert_int_equal(c->phase[0], c->phase[1]);
        gr_shm_free(&shm);
    }
}

static void a_number_is_taken_once(void **state)
{
    (void)state;
    gr_shm shm;
    common *c = new_common(&shm, 2);
    pid_t pid = start(come_twice_and_stay, c);
    assert_int_equal(gr_shm_barrier_wait(&c->barrier, 0, PATIENCE), GR_OK);
    atomic_store(&c->barrier.member[1].state, 0); // as if we did not know that it is taken
    assert_int_equal(gr_shm_barrier_wait(&c->barrier, 1, 0), GR_EARG);
    finish(pid, SIGKILL);
    gr_shm_barrier_leave(&c->barrier, 0);
    gr_shm_barrier_leave(&c->barrier, 1); // it is nobody's: nothing happens
    gr_shm_free(&shm);
}

int main(void)
{
    if (getenv("GRADUS_FEW")) phases /= 50;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_passes_early),
        cmocka_unit_test(bad_sizes_are_refused),
        cmocka_unit_test(who_gives_up_breaks_it),
        cmocka_unit_test(nobody_waits_for_one_who_has_gone),
        cmocka_unit_test(a_death_is_seen_wherever_it_strikes),
        cmocka_unit_test(all_are_told_the_same),
        cmocka_unit_test(a_number_is_taken_once),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
