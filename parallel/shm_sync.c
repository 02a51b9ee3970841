// SPDX-License-Identifier: BSD-3-Clause
#include "parallel/shm_sync.h"
#include "lib/timer.h"
#include "parallel/futex.h"
#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <math.h>

// ---- event count ----

enum { SPINS = 2000 }; // looks before sleeping: some tens of microseconds, as a sleep costs

void gr_eventcount_init(gr_eventcount *e)
{
    atomic_init(&e->turns, 0);
    atomic_init(&e->sleepers, 0);
}

static bool spin(gr_look *look, void *object)
{
    for (int i = 0; i < SPINS; i++) {
        if (look(object)) return true;
        gr_relax();
    }
    return false;
}

// Either the notifier, after its turn, sees this sleeper; or this sleeper, after it has said that
// it is one, sees the turn and with it what was done before: all four accesses are sequentially
// consistent. A turn between looking and sleeping changes the word, and there is no sleep.
static bool sleep_until(gr_eventcount *e, gr_look *look, void *object, double end)
{
    bool seen;
    atomic_fetch_add(&e->sleepers, 1);
    for (;;) {
        unsigned turn = atomic_load(&e->turns);
        seen = look(object);
        double left = seen ? 0 : end - gr_now();
        if (seen || !(left > 0)) break;
        gr_futex_wait(&e->turns, turn, fmin(left, GR_SHM_SLICE));
    }
    atomic_fetch_sub(&e->sleepers, 1);
    return seen;
}

bool gr_eventcount_await(gr_eventcount *e, gr_look *look, void *object, double timeout)
{
    assert(!isnan(timeout));
    if (timeout >= 0 && timeout <= 0) return look(object);
    double end = timeout < 0 ? INFINITY : gr_now() + timeout;
    return spin(look, object) || sleep_until(e, look, object, end);
}

void gr_eventcount_notify(gr_eventcount *e, int sleepers)
{
    atomic_fetch_add(&e->turns, 1);
    if (atomic_load(&e->sleepers) > 0) gr_futex_wake(&e->turns, sleepers);
}

static gr_status in_time(bool done, const char *what, double timeout)
{
    return done ? GR_OK : gr_fail(GR_ETIME, "%s: not after %g s", what, timeout);
}

// ---- lock ----

gr_status gr_shm_lock_init(gr_shm_lock *lock)
{
    pthread_mutexattr_t how;
    int error = pthread_mutexattr_init(&how);
    if (!error) error = pthread_mutexattr_setpshared(&how, PTHREAD_PROCESS_SHARED);
    if (!error) error = pthread_mutexattr_setrobust(&how, PTHREAD_MUTEX_ROBUST);
    if (!error) error = pthread_mutexattr_settype(&how, PTHREAD_MUTEX_ERRORCHECK);
    if (!error) error = pthread_mutex_init(&lock->mutex, &how);
    pthread_mutexattr_destroy(&how);
    gr_eventcount_init(&lock->released);
    errno = error;
    return error ? gr_fail_errno("a lock between processes") : GR_OK;
}

typedef struct attempt {
    gr_shm_lock *lock;
    int error; // of the last try: 0, EBUSY, EOWNERDEAD, or one that does not pass
} attempt;

static bool try_lock(void *object)
{
    attempt *a = object;
    a->error = pthread_mutex_trylock(&a->lock->mutex);
    return a->error != EBUSY;
}

gr_status gr_shm_lock_take(gr_shm_lock *lock, double timeout, bool *owner_died)
{
    attempt a = {.lock = lock};
    *owner_died = false;
    GR_TRY(in_time(gr_eventcount_await(&lock->released, try_lock, &a, timeout), "lock", timeout));
    if (a.error == EOWNERDEAD) {
        *owner_died = true;
        a.error = pthread_mutex_consistent(&lock->mutex); // usable again, by the new owner first
    }
    if (a.error == EDEADLK) return gr_fail(GR_EARG, "lock: this thread has it already");
    errno = a.error;
    return a.error ? gr_fail_errno("lock") : GR_OK;
}

void gr_shm_lock_release(gr_shm_lock *lock)
{
    int error = pthread_mutex_unlock(&lock->mutex);
    assert(!error); // only its owner releases a lock
    (void)error;
    gr_eventcount_notify(&lock->released, 1);
}

// ---- condition ----

void gr_shm_condition_init(gr_shm_condition *condition) { gr_eventcount_init(&condition->changed); }

typedef struct expectation {
    gr_shm_condition *condition;
    unsigned turn; // before the lock was released
} expectation;

static bool has_turned(void *object)
{
    expectation *x = object;
    return atomic_load(&x->condition->changed.turns) != x->turn;
}

gr_status gr_shm_condition_wait(gr_shm_condition *condition, gr_shm_lock *lock, double timeout,
                                bool *owner_died)
{
    expectation x = {condition, atomic_load(&condition->changed.turns)};
    gr_shm_lock_release(lock);
    bool signalled = gr_eventcount_await(&condition->changed, has_turned, &x, timeout);
    GR_TRY(gr_shm_lock_take(lock, -1, owner_died));
    return in_time(signalled, "condition", timeout);
}

void gr_shm_condition_signal(gr_shm_condition *condition)
{
    gr_eventcount_notify(&condition->changed, 1);
}

void gr_shm_condition_broadcast(gr_shm_condition *condition)
{
    gr_eventcount_notify(&condition->changed, INT_MAX);
}

// ---- semaphore ----

void gr_shm_semaphore_init(gr_shm_semaphore *semaphore, unsigned units)
{
    atomic_init(&semaphore->units, units);
    gr_eventcount_init(&semaphore->posted);
}

static bool take_unit(void *object)
{
    gr_shm_semaphore *s = object;
    unsigned units = atomic_load(&s->units);
    while (units > 0)
        if (atomic_compare_exchange_weak(&s->units, &units, units - 1)) return true;
    return false;
}

gr_status gr_shm_semaphore_wait(gr_shm_semaphore *semaphore, double timeout)
{
    return in_time(gr_eventcount_await(&semaphore->posted, take_unit, semaphore, timeout),
                   "semaphore", timeout);
}

void gr_shm_semaphore_post(gr_shm_semaphore *semaphore)
{
    atomic_fetch_add(&semaphore->units, 1);
    gr_eventcount_notify(&semaphore->posted, 1);
}

// ---- event ----

void gr_shm_event_init(gr_shm_event *event)
{
    atomic_init(&event->set, 0);
    gr_eventcount_init(&event->happened);
}

static bool is_set(void *object)
{
    gr_shm_event *event = object;
    return atomic_load(&event->set) != 0;
}

bool gr_shm_event_is_set(gr_shm_event *event) { return is_set(event); }

void gr_shm_event_set(gr_shm_event *event)
{
    atomic_store(&event->set, 1);
    gr_eventcount_notify(&event->happened, INT_MAX);
}

void gr_shm_event_clear(gr_shm_event *event) { atomic_store(&event->set, 0); }

gr_status gr_shm_event_wait(gr_shm_event *event, double timeout)
{
    return in_time(gr_eventcount_await(&event->happened, is_set, event, timeout), "event", timeout);
}
