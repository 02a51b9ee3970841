// SPDX-License-Identifier: BSD-3-Clause
// shm_sync -- waiting for one another in shared memory: lock, condition, semaphore, event.
//
// Each is a plain struct that stands in memory seen by all who use it (parallel/shm.h; for threads,
// any memory), is made ready once by _init before the others come, and needs no end. They work
// between the threads of one process as well.
//
// All waiting is one thing, an *event count*: look; if it is not so yet, spin for some tens of
// microseconds; then sleep in the kernel (futex) until somebody notifies, but never longer than
// GR_SHM_SLICE, and look again. What is true stands in the struct, in one word that changes in one
// atomic step; a notification is only a hint. So a process may be killed between any two
// instructions: nothing is half done, and a notification lost with it delays others by one slice,
// never for ever.
//
// What is promised when a participant dies:
//   lock       its owner's death is told to the next owner, within a slice
//   condition  others are woken as if the dead had never waited; the lock tells of an owner's death
//   event      nothing is lost
//   semaphore  a unit taken by the dead stays taken: semaphores have no owners. Give a timeout.
// Barriers (shm_barrier.h) and queues (shm_queue.h) say so for themselves.
//
// timeout: seconds; 0 only tries; negative waits for ever. GR_ETIME when it is over.
// Source: D. Reed and R. Kanodia, Synchronization with eventcounts and sequencers, CACM 22 (1979);
// U. Drepper, Futexes are tricky (2011); POSIX.1-2008, robust mutexes.
#pragma once
#include "lib/status.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#define GR_SHM_SLICE 0.05 // s

// ---- event count ----

typedef struct gr_eventcount {
    atomic_uint turns;    // notifications so far, modulo 2^32
    atomic_uint sleepers; // who may be asleep; too many after a death, which costs a system call
} gr_eventcount;

// Looks: does what is waited for, if it can be done now, and says whether it was.
typedef bool gr_look(void *object);

void gr_eventcount_init(gr_eventcount *e);

// Calls look(object) until it is true. Whoever makes it true notifies afterwards.
bool gr_eventcount_await(gr_eventcount *e, gr_look *look, void *object, double timeout);

void gr_eventcount_notify(gr_eventcount *e, int sleepers); // wakes at most so many; INT_MAX: all

// ---- lock ----

typedef struct gr_shm_lock {
    pthread_mutex_t mutex; // robust: the kernel unlocks it when its owner dies
    gr_eventcount released;
} gr_shm_lock;

// GR_ESYS if the system has no robust mutexes between processes.
gr_status gr_shm_lock_init(gr_shm_lock *lock);

// Takes the lock. *owner_died: the last owner died with it, and what the lock protects may be half
// changed; repair it, then go on as usual. (It is told once: to the owner who gets true.)
// GR_EARG if this thread has it already.
gr_status gr_shm_lock_take(gr_shm_lock *lock, double timeout, bool *owner_died);

void gr_shm_lock_release(gr_shm_lock *lock); // by its owner

// ---- condition ----

typedef struct gr_shm_condition {
    gr_eventcount changed;
} gr_shm_condition;

void gr_shm_condition_init(gr_shm_condition *condition);

// Releases the lock, waits until the condition is signalled, and takes the lock again: for that it
// waits as long as it takes. May return without a signal, so look in a loop. After GR_ETIME the
// lock is held, too; after any other failure it is not.
gr_status gr_shm_condition_wait(gr_shm_condition *condition, gr_shm_lock *lock, double timeout,
                                bool *owner_died);

// One waiter, or all of them, look again at once; the other waiters within a slice.
void gr_shm_condition_signal(gr_shm_condition *condition);
void gr_shm_condition_broadcast(gr_shm_condition *condition);

// ---- semaphore ----

typedef struct gr_shm_semaphore {
    atomic_uint units; // free ones
    gr_eventcount posted;
} gr_shm_semaphore;

void gr_shm_semaphore_init(gr_shm_semaphore *semaphore, unsigned units);
gr_status gr_shm_semaphore_wait(gr_shm_semaphore *semaphore, double timeout); // takes a unit
void gr_shm_semaphore_post(gr_shm_semaphore *semaphore);                      // gives one

// ---- event ----

typedef struct gr_shm_event {
    atomic_uint set;
    gr_eventcount happened;
} gr_shm_event;

void gr_shm_event_init(gr_shm_event *event);
void gr_shm_event_set(gr_shm_event *event); // lets all pass, now and later, until it is cleared
void gr_shm_event_clear(gr_shm_event *event);
bool gr_shm_event_is_set(gr_shm_event *event);
gr_status gr_shm_event_wait(gr_shm_event *event, double timeout);
