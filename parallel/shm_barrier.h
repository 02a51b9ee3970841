// SPDX-License-Identifier: BSD-3-Clause
// shm_barrier -- nobody goes on before all have come: for processes, one of which may die.
//
// A centralised sense-reversing barrier: who comes counts himself, the last one turns the phase and
// lets all pass. Each member also holds a robust lock of his own, from his first wait until he
// leaves: his *life*. While others wait they look, once a slice (GR_SHM_SLICE), whether everybody's
// life is still held. Where one is not, the barrier breaks, for good: everybody, now and later, is
// told by whom. So nobody waits for the dead, except for one who died before his first wait: of him
// nobody knows (gr_fork_team_run does; elsewhere give a timeout).
//
//   in shared memory: gr_shm_barrier b;     once: gr_shm_barrier_init(&s->b, 4)
//   in member m:      GR_TRY(gr_shm_barrier_wait(&s->b, m, 10));
//
// Source: J. Mellor-Crummey and M. Scott, Algorithms for scalable synchronization on shared-memory
// multiprocessors, ACM TOCS 9 (1991), section 3.1.
#pragma once
#include "parallel/shm_sync.h"
#include <stdint.h>

enum { GR_SHM_MEMBERS = 256 };

typedef struct gr_shm_member {
    gr_shm_lock life;
    atomic_uint state; // absent, present, left or dead
} gr_shm_member;

typedef struct gr_shm_barrier {
    int size;
    _Alignas(64) atomic_uint arrived;     // in this phase
    _Alignas(64) _Atomic(uint64_t) phase; // twice their number, + 1 once it is broken: by whom, why
    _Alignas(64) gr_eventcount turned;
    gr_shm_member member[GR_SHM_MEMBERS];
} gr_shm_barrier;

// For members 0 .. size-1. GR_EARG unless 1 <= size <= GR_SHM_MEMBERS; GR_ESYS as gr_shm_lock_init.
gr_status gr_shm_barrier_init(gr_shm_barrier *barrier, int size);

// Waits until all members wait. Seconds as in shm_sync.h; one who gives up breaks the barrier, as
// the others can never be complete. GR_ETIME: somebody gave up; GR_ESYS: somebody died; GR_ECANCEL:
// somebody left. The text says who. GR_EARG: another thread is this member.
gr_status gr_shm_barrier_wait(gr_shm_barrier *barrier, int member, double timeout);

// A member goes. Necessary before his memory is unmapped or his number passes to another; not at
// the end of a process. Who still waits for him is told.
void gr_shm_barrier_leave(gr_shm_barrier *barrier, int member);
