// SPDX-License-Identifier: BSD-3-Clause
// Lock, condition, semaphore and event: between threads (for ThreadSanitizer), between processes,
// and when somebody is killed at the worst moment.
#include "parallel/shm_sync.h"
#include "lib/timer.h"
#include "parallel/fork_team.h"
#include "parallel/shm.h"
#include "parallel/team.h"
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { ROUNDS = 3000, PATIENCE = 20 }; // s

// What the tests share. Numbers that a lock protects are plain: losing one shows.
typedef struct common {
    gr_shm_lock lock;
    gr_shm_condition condition;
    gr_shm_semaphore semaphore;
    gr_shm_event event, answer;
    long count, twice; // twice == 2 count, unless its owner died between the two
    atomic_int inside, most, failures;
} common;

static common *new_common(gr_shm *shm)
{
    assert_int_equal(gr_shm_new(shm, sizeof(common)), GR_OK);
    common *c = shm->data;
    assert_int_equal(gr_shm_lock_init(&c->lock), GR_OK);
    gr_shm_condition_init(&c->condition);
    gr_shm_semaphore_init(&c->semaphore, 2);
    gr_shm_event_init(&c->event);
    gr_shm_event_init(&c->answer);
    return c;
}

// ---- the same work by threads and by processes ----

static void add_many(int member, int size, void *context)
{
    common *c = context;
    bool died;
    (void)member, (void)size;
    for (int i = 0; i < ROUNDS; i++) {
        if (gr_shm_lock_take(&c->lock, PATIENCE, &died) || died) atomic_fetch_add(&c->failures, 1);
        c->count++;
        c->twice += 2;
        gr_shm_lock_release(&c->lock);
    }
}

// Two units for all: never more than two inside.
static void crowd_in(int member, int size, void *context)
{
    common *c = context;
    (void)member, (void)size;
    for (int i = 0; i < ROUNDS / 10; i++) {
        if (gr_shm_semaphore_wait(&c->semaphore, PATIENCE)) atomic_fetch_add(&c->failures, 1);
        int now = atomic_fetch_add(&c->inside, 1) + 1, most = atomic_load(&c->most);
        while (now > most && !atomic_compare_exchange_weak(&c->most, &most, now)) continue;
        atomic_fetch_sub(&c->inside, 1);
        gr_shm_semaphore_post(&c->semaphore);
    }
}

// Members take turns in order: member m acts when the count is m modulo size.
static void take_turns(int member, int size, void *context)
{
    common *c = context;
    bool died;
    for (int i = 0; i < ROUNDS / 10; i++) {
        if (gr_shm_lock_take(&c->lock, PATIENCE, &died)) atomic_fetch_add(&c->failures, 1);
        while (c->count % size != member)
            if (gr_shm_condition_wait(&c->condition, &c->lock, PATIENCE, &died))
                atomic_fetch_add(&c->failures, 1);
        c->count++;
        gr_shm_condition_broadcast(&c->condition);
        gr_shm_lock_release(&c->lock);
    }
}

// One writes and sets the event; the other reads and answers.
static void ask_and_answer(int member, int size, void *context)
{
    common *c = context;
    (void)size;
    for (int i = 0; i < ROUNDS / 10; i++) {
        gr_shm_event *mine = member ? &c->event : &c->answer;
        if (member == 0) {
            c->count = i;
            gr_shm_event_set(&c->event);
        }
        if (gr_shm_event_wait(mine, PATIENCE)) atomic_fetch_add(&c->failures, 1);
        gr_shm_event_clear(mine);
        if (member == 0) continue;
        if (c->count != i) atomic_fetch_add(&c->failures, 1);
        gr_shm_event_set(&c->answer);
    }
}

typedef struct errand {
    gr_team_work *work;
    common *common;
} errand;

static gr_status run_errand(int member, int size, void *context)
{
    errand *e = context;
    e->work(member, size, e->common);
    return GR_OK;
}

static common together(bool processes, int size, gr_team_work *work)
{
    gr_shm shm;
    common *c = new_common(&shm);
    errand e = {work, c};
    assert_int_equal(processes ? gr_fork_team_run(size, PATIENCE, run_errand, &e)
                               : gr_team_run(size, work, c),
                     GR_OK);
    assert_int_equal(atomic_load(&c->failures), 0);
    common result = *c;
    gr_shm_free(&shm);
    return result;
}

static void a_lock_loses_nothing(void **state)
{
    (void)state;
    for (int processes = 0; processes < 2; processes++)
        for (int size = 1; size <= 4; size++) {
            common c = together(processes, size, add_many);
            assert_int_equal(c.count, size * ROUNDS);
            assert_int_equal(c.twice, 2 * c.count);
        }
}

static void a_semaphore_lets_in_as_many_as_it_has(void **state)
{
    (void)state;
    for (int processes = 0; processes < 2; processes++) {
        common c = together(processes, 4, crowd_in);
        assert_true(c.most >= 1 && c.most <= 2);
        assert_int_equal(c.semaphore.units, 2);
    }
}

static void a_condition_wakes_whose_turn_it_is(void **state)
{
    (void)state;
    for (int processes = 0; processes < 2; processes++)
        assert_int_equal(together(processes, 3, take_turns).count, 3 * (ROUNDS / 10));
}

static void an_event_hands_over(void **state)
{
    (void)state;
    for (int processes = 0; processes < 2; processes++) together(processes, 2, ask_and_answer);
}

// ---- timeouts ----

static void whatever_waits_can_give_up(void **state)
{
    (void)state;
    gr_shm shm;
    common *c = new_common(&shm);
    bool died;
    static const double times[] = {0, 0.01, 0.12}; // none, within a slice, several
    assert_int_equal(gr_shm_semaphore_wait(&c->semaphore, 0), GR_OK);
    assert_int_equal(gr_shm_semaphore_wait(&c->semaphore, 0), GR_OK);
    assert_int_equal(gr_shm_lock_take(&c->lock, 0, &died), GR_OK);
    for (size_t i = 0; i < 3; i++) {
        double start = gr_now();
        assert_int_equal(gr_shm_semaphore_wait(&c->semaphore, times[i]), GR_ETIME);
        assert_int_equal(gr_shm_event_wait(&c->event, times[i]), GR_ETIME);
        assert_int_equal(gr_shm_condition_wait(&c->condition, &c->lock, times[i], &died), GR_ETIME);
        assert_true(gr_now() - start >= 3 * times[i]);
        assert_int_equal(gr_shm_lock_take(&c->lock, times[i], &died), GR_EARG); // it is ours still
    }
    gr_shm_lock_release(&c->lock);
    gr_shm_semaphore_post(&c->semaphore);
    assert_int_equal(gr_shm_semaphore_wait(&c->semaphore, 0), GR_OK);
    gr_shm_event_set(&c->event);
    assert_true(gr_shm_event_is_set(&c->event));
    assert_int_equal(gr_shm_event_wait(&c->event, 0), GR_OK);
    gr_shm_event_clear(&c->event);
    assert_int_equal(gr_shm_event_wait(&c->event, 0), GR_ETIME);
    gr_shm_free(&shm);
}

// ---- deaths ----

// A child that runs `last` and then waits to be killed.
static pid_t start(void (*last)(common *), common *c)
{
    pid_t pid = fork();
    if (pid > 0) return pid;
    last(c);
    atomic_fetch_add(&c->inside, 1);
    for (;;) pause();
}

static void finish(pid_t pid)
{
    kill(pid, SIGKILL);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void die_in_the_middle(common *c)
{
    bool died;
    if (gr_shm_lock_take(&c->lock, PATIENCE, &died)) _exit(1);
    c->count++; // and not `twice`
    gr_shm_event_set(&c->event);
}

static void the_next_owner_is_told_of_a_death(void **state)
{
    (void)state;
    gr_shm shm;
    common *c = new_common(&shm);
    bool died;
    for (int round = 1; round <= 20; round++) {
        pid_t pid = start(die_in_the_middle, c);
        assert_int_equal(gr_shm_event_wait(&c->event, PATIENCE), GR_OK);
        assert_int_equal(gr_shm_lock_take(&c->lock, 0.01, &died), GR_ETIME); // it lives and has it
        finish(pid);
        assert_int_equal(gr_shm_lock_take(&c->lock, PATIENCE, &died), GR_OK);
        assert_true(died);
        assert_int_equal(c->twice, 2 * c->count - 2);
        c->twice = 2 * c->count; // repaired
        gr_shm_lock_release(&c->lock);
        assert_int_equal(gr_shm_lock_take(&c->lock, PATIENCE, &died), GR_OK);
        assert_false(died); // it is told once
        gr_shm_lock_release(&c->lock);
        gr_shm_event_clear(&c->event);
    }
    gr_shm_free(&shm);
}

static gr_status wait_for_lock(int member, int size, void *context)
{
    common *c = context;
    bool died;
    (void)size;
    if (member == 0) {
        die_in_the_middle(c);
        usleep(20000); // the others sleep by now
        return GR_OK;  // ends, with the lock
    }
    if (gr_shm_event_wait(&c->event, PATIENCE)) return gr_fail(GR_ETIME, "no event");
    GR_TRY(gr_shm_lock_take(&c->lock, PATIENCE, &died));
    if (died) atomic_fetch_add(&c->most, 1);
    atomic_fetch_add(&c->inside, 1);
    gr_shm_lock_release(&c->lock);
    return GR_OK;
}

static void sleepers_take_over_from_the_dead(void **state)
{
    (void)state;
    gr_shm shm;
    common *c = new_common(&shm);
    assert_int_equal(gr_fork_team_run(5, PATIENCE, wait_for_lock, c), GR_OK);
    assert_int_equal(c->inside, 4);
    assert_int_equal(c->most, 1);
    gr_shm_free(&shm);
}

static void sleep_for_an_event(common *c)
{
    gr_shm_event_set(&c->answer);
    gr_shm_event_wait(&c->event, -1);
}

static void sleep_for_a_condition(common *c)
{
    bool died;
    gr_shm_lock_take(&c->lock, PATIENCE, &died);
    gr_shm_event_set(&c->answer);
    if (!gr_shm_condition_wait(&c->condition, &c->lock, -1, &died)) gr_shm_lock_release(&c->lock);
}

static void sleep_for_a_unit(common *c)
{
    gr_shm_event_set(&c->answer);
    gr_shm_semaphore_wait(&c->semaphore, -1);
}

// One waiter is killed asleep. Whoever waits beside it must still be woken.
static void a_killed_sleeper_holds_up_nobody(void **state)
{
    (void)state;
    static void (*const sleeps[])(common *) = {sleep_for_an_event, sleep_for_a_condition,
                                               sleep_for_a_unit};
    for (size_t i = 0; i < 3; i++) {
        gr_shm shm;
        common *c = new_common(&shm);
        bool died;
        gr_shm_semaphore_init(&c->semaphore, 0);
        pid_t dead = start(sleeps[i], c);
        assert_int_equal(gr_shm_event_wait(&c->answer, PATIENCE), GR_OK);
        usleep(20000);
        finish(dead);
        gr_shm_event_clear(&c->answer);
        pid_t alive = start(sleeps[i], c);
        assert_int_equal(gr_shm_event_wait(&c->answer, PATIENCE), GR_OK);
        gr_shm_event_set(&c->event);
        gr_shm_semaphore_post(&c->semaphore);
        assert_int_equal(gr_shm_lock_take(&c->lock, PATIENCE, &died), GR_OK);
        assert_false(died); // who sleeps for a condition holds no lock
        gr_shm_condition_signal(&c->condition);
        gr_shm_lock_release(&c->lock);
        for (int ms = 0; atomic_load(&c->inside) < 1 && ms < 1000 * PATIENCE; ms++) usleep(1000);
        assert_int_equal(atomic_load(&c->inside), 1); // the living one was woken
        finish(alive);
        gr_shm_free(&shm);
    }
}

// A notification that never comes, as its sender is killed before it: found within a slice.
static void a_lost_notification_costs_a_slice(void **state)
{
    (void)state;
    gr_shm shm;
    common *c = new_common(&shm);
    pid_t pid = fork();
    if (pid == 0) {
        usleep(20000);
        atomic_store(&c->event.set, 1); // and is killed here
        raise(SIGKILL);
    }
    assert_int_equal(gr_shm_event_wait(&c->event, -1), GR_OK);
    finish(pid);
    gr_shm_free(&shm);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lock_loses_nothing),
        cmocka_unit_test(a_semaphore_lets_in_as_many_as_it_has),
        cmocka_unit_test(a_condition_wakes_whose_turn_it_is),
        cmocka_unit_test(an_event_hands_over),
        cmocka_unit_test(whatever_waits_can_give_up),
        cmocka_unit_test(the_next_owner_is_told_of_a_death),
        cmocka_unit_test(sleepers_take_over_from_the_dead),
        cmocka_unit_test(a_killed_sleeper_holds_up_nobody),
        cmocka_unit_test(a_lost_notification_costs_a_slice),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
