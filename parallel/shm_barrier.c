// SPDX-License-Identifier: BSD-3-Clause
#include "parallel/shm_barrier.h"
#include "lib/timer.h"
#include <assert.h>
#include <limits.h>
#include <math.h>

enum { ABSENT, PRESENT, LEFT, DEAD };      // of a member
enum { HAS_LEFT, HAS_DIED, HAS_GIVEN_UP }; // why a barrier is broken
enum { BROKEN = 1, TURN = 2 };             // of a phase, whose number are its lower 32 bits;
enum { WHY = 32, WHO = 34 };               // where these stand in a broken one

gr_status gr_shm_barrier_init(gr_shm_barrier *barrier, int size)
{
    if (size < 1 || size > GR_SHM_MEMBERS)
        return gr_fail(GR_EARG, "a barrier for %d: expected 1 to %d", size, GR_SHM_MEMBERS);
    barrier->size = size;
    atomic_init(&barrier->arrived, 0);
    atomic_init(&barrier->phase, 0);
    gr_eventcount_init(&barrier->turned);
    for (int m = 0; m < size; m++) {
        GR_TRY(gr_shm_lock_init(&barrier->member[m].life));
        atomic_init(&barrier->member[m].state, ABSENT);
    }
    return GR_OK;
}

// ---- members ----

static gr_status join(gr_shm_barrier *b, int number)
{
    gr_shm_member *m = &b->member[number];
    bool died;
    if (atomic_load(&m->state) == PRESENT) return GR_OK;
    if (gr_shm_lock_take(&m->life, 0, &died))
        return gr_fail(GR_EARG, "barrier: member %d of %d is somebody else", number, b->size);
    atomic_store(&m->state, PRESENT);
    return GR_OK;
}

void gr_shm_barrier_leave(gr_shm_barrier *barrier, int member)
{
    assert(member >= 0 && member < barrier->size);
    gr_shm_member *m = &barrier->member[member];
    if (atomic_load(&m->state) != PRESENT) return;
    atomic_store(&m->state, LEFT);
    gr_shm_lock_release(&m->life);
}

// Is the life of a member who came no longer held? A look from outside, by another member.
static bool has_gone(gr_shm_member *m, unsigned *why)
{
    bool died;
    unsigned state = atomic_load(&m->state);
    if (state == PRESENT && gr_shm_lock_take(&m->life, 0, &died) == GR_OK) {
        state = died ? DEAD : LEFT; // not held: he left between the two looks, or he died
        atomic_store(&m->state, state);
        gr_shm_lock_release(&m->life);
    }
    *why = state == DEAD ? HAS_DIED : HAS_LEFT;
    return state == LEFT || state == DEAD;
}

// ---- phases ----

// One step decides whether a phase is completed or broken, by whom and why: nobody is told one and
// another the other.
static void end_phase(gr_shm_barrier *b, uint64_t phase, uint64_t next)
{
    if (atomic_compare_exchange_strong(&b->phase, &phase, next))
        gr_eventcount_notify(&b->turned, INT_MAX);
}

static void turn_phase(gr_shm_barrier *b, uint64_t phase)
{
    end_phase(b, phase, (uint32_t)(phase + TURN));
}

static void break_phase(gr_shm_barrier *b, uint64_t phase, int member, unsigned why)
{
    end_phase(b, phase, phase | BROKEN | (uint64_t)why << WHY | (uint64_t)member << WHO);
}

static gr_status outcome(const gr_shm_barrier *b, uint64_t phase)
{
    static const gr_status status[] = {
        [HAS_LEFT] = GR_ECANCEL, [HAS_DIED] = GR_ESYS, [HAS_GIVEN_UP] = GR_ETIME};
    static const char *const words[] = {
        [HAS_LEFT] = "has left", [HAS_DIED] = "has died", [HAS_GIVEN_UP] = "gave up waiting"};
    if (!(phase & BROKEN)) return GR_OK;
    unsigned why = phase >> WHY & 3;
    return gr_fail(status[why], "barrier: member %d of %d %s", (int)(phase >> WHO), b->size,
                   words[why]);
}

typedef struct expectation {
    gr_shm_barrier *barrier;
    uint64_t phase;
} expectation;

static bool has_ended(void *object)
{
    expectation *x = object;
    return atomic_load(&x->barrier->phase) != x->phase;
}

// A phase that was completed before somebody went stays completed: end_phase finds it changed.
static void look_after_members(gr_shm_barrier *b, uint64_t phase, int self)
{
    unsigned why;
    for (int m = 0; m < b->size; m++)
        if (m != self && has_gone(&b->member[m], &why)) break_phase(b, phase, m, why);
}

static void await_end(gr_shm_barrier *b, uint64_t phase, int self, double timeout)
{
    expectation x = {b, phase};
    double end = timeout < 0 ? INFINITY : gr_now() + timeout;
    for (double left = timeout; !has_ended(&x); left = end - gr_now()) {
        if (timeout >= 0 && !(left > 0)) break_phase(b, phase, self, HAS_GIVEN_UP);
        double slice = timeout < 0 ? GR_SHM_SLICE : fmin(left, GR_SHM_SLICE);
        if (!gr_eventcount_await(&b->turned, has_ended, &x, fmax(slice, 0)))
            look_after_members(b, phase, self);
    }
}

gr_status gr_shm_barrier_wait(gr_shm_barrier *barrier, int member, double timeout)
{
    assert(member >= 0 && member < barrier->size && !isnan(timeout));
    GR_TRY(join(barrier, member));
    uint64_t phase = atomic_load(&barrier->phase);
    GR_TRY(outcome(barrier, phase));
    if (atomic_fetch_add(&barrier->arrived, 1) + 1 == (unsigned)barrier->size) {
        atomic_store(&barrier->arrived, 0); // before the turn: afterwards the next ones come
        turn_phase(barrier, phase);
    } else {
        await_end(barrier, phase, member, timeout);
    }
    uint64_t now = atomic_load(&barrier->phase);
    return (uint32_t)now == (phase | BROKEN) ? outcome(barrier, now) : GR_OK;
}
