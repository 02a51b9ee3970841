// SPDX-License-Identifier: BSD-3-Clause
// Step 3: a counter for each, and yet they quarrel.
//
// Every member of the team has a counter of its own, so there is nothing to protect. But the
// counters stand side by side in one line of the cache (64 bytes), and a line can be written by one
// core at a time: it travels to and fro with every addition. Give each counter a line of its own,
// and add up what the members have counted. add_alone keeps the counter in memory: here the point
// is where it stands.
#include "lessons/13_shared_memory/shared.h"
#include "parallel/team.h"
#include <stdatomic.h>
#include <stdlib.h>

// TODO: a line for each. _Alignas(64) before a member aligns it, and makes the struct as large.
typedef struct counter {
    _Atomic int64_t count;
} counter;

typedef struct desk {
    const shared_events *p;
    counter *of; // (workers)
} desk;

// Only this member writes the counter: a load, a sum and a store will do.
static inline void add_alone(counter *c, int64_t value)
{
    int64_t sum = atomic_load_explicit(&c->count, memory_order_relaxed) + value;
    atomic_store_explicit(&c->count, sum, memory_order_relaxed);
}

static void work(int member, int size, void *context)
{
    const desk *d = context;
    size_t end = shared_begin(d->p->n, member + 1, size);
    for (size_t i = shared_begin(d->p->n, member, size); i < end; i++)
        add_alone(&d->of[member], d->p->event[i]);
}

gr_status exercise(void *problem, int workers)
{
    shared_events *p = problem;
    size_t bytes = ((size_t)workers * sizeof(counter) + 63) / 64 * 64;
    desk d = {p, aligned_alloc(64, bytes)};
    if (!d.of) return gr_fail(GR_ENOMEM, "%d counters", workers);
    for (int w = 0; w < workers; w++) atomic_init(&d.of[w].count, 0);
    gr_status status = gr_team_run(workers, work, &d);
    p->total = 0; // TODO: the sum of what all members counted
    free(d.of);
    return status;
}
