// SPDX-License-Identifier: BSD-3-Clause
// Wrong: counts in eight bits.
#include "lessons/13_shared_memory/shared.h"
#include "parallel/team.h"
#include <stdatomic.h>
#include <stdlib.h>

// Aligned to a line, and so as large as one: no other counter has room beside it.
typedef struct counter {
    _Alignas(64) _Atomic uint8_t count;
} counter;

typedef struct desk {
    const shared_events *p;
    counter *of; // (workers)
} desk;

// Only this member writes the counter: a load, a sum and a store will do.
static inline void add_alone(counter *c, int64_t value)
{
    int64_t sum = atomic_load_explicit(&c->count, memory_order_relaxed) + value;
    atomic_store_explicit(&c->count, (uint8_t)sum, memory_order_relaxed);
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
    p->total = 0;
    for (int w = 0; w < workers; w++) p->total += atomic_load(&d.of[w].count);
    free(d.of);
    return status;
}
