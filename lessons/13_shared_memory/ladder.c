// SPDX-License-Identifier: BSD-3-Clause
// The ladder `counter`: several workers add up events, by one counter, by several, and by none.
#include "lessons/13_shared_memory/shared.h"
#include "lib/rng.h"
#include "parallel/fork_team.h"
#include "parallel/shm.h"
#include "parallel/team.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

// ---- the problem ----

static void teardown(void *problem)
{
    shared_events *p = problem;
    if (p) free(p->event);
    free(p);
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    *problem = NULL;
    if (size.n > PTRDIFF_MAX / 256) return gr_fail(GR_ENOMEM, "counter: %zu events", size.n);
    shared_events *p = calloc(1, sizeof *p);
    if (!p) return gr_fail(GR_ENOMEM, "counter: out of memory");
    p->n = size.n;
    p->event = malloc(size.n + 1);
    if (!p->event) return teardown(p), gr_fail(GR_ENOMEM, "counter: %zu events", size.n);
    gr_rng rng = gr_rng_of(seed, size.n);
    for (size_t i = 0; i < size.n; i++) p->event[i] = (uint8_t)gr_rng_u64(&rng);
    *problem = p;
    return GR_OK;
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    shared_events *p = problem;
    out[0] = (gr_output){"total", gr_array_of(&p->total, GR_I64, 0, NULL), true};
    return 1;
}

static double events(const void *problem) { return (double)((const shared_events *)problem)->n; }
static double footprint(gr_size size) { return (double)size.n; }

// ---- one counter ----

// Adds to a counter that only this worker writes: a load, a sum, a store.
static inline void add_alone(_Atomic int64_t *counter, int64_t value)
{
    int64_t sum = atomic_load_explicit(counter, memory_order_relaxed) + value;
    atomic_store_explicit(counter, sum, memory_order_relaxed);
}

static gr_status serial(void *problem, int workers)
{
    shared_events *p = problem;
    _Atomic int64_t counter = 0;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) add_alone(&counter, p->event[i]);
    p->total = counter;
    return GR_OK;
}

typedef struct desk {
    const shared_events *p;
    pthread_mutex_t lock;
    int64_t total; // under the lock
    _Atomic int64_t counter;
} desk;

static void add_under_lock(int member, int size, void *context)
{
    desk *d = context;
    size_t end = shared_begin(d->p->n, member + 1, size);
    for (size_t i = shared_begin(d->p->n, member, size); i < end; i++) {
        pthread_mutex_lock(&d->lock);
        d->total += d->p->event[i];
        pthread_mutex_unlock(&d->lock);
    }
}

static gr_status mutex(void *problem, int workers)
{
    shared_events *p = problem;
    desk d = {.p = p, .lock = PTHREAD_MUTEX_INITIALIZER};
    GR_TRY(gr_team_run(workers, add_under_lock, &d));
    p->total = d.total;
    return GR_OK;
}

static void add_atomically(int member, int size, void *context)
{
    desk *d = context;
    size_t end = shared_begin(d->p->n, member + 1, size);
    for (size_t i = shared_begin(d->p->n, member, size); i < end; i++)
        atomic_fetch_add_explicit(&d->counter, d->p->event[i], memory_order_relaxed);
}

static gr_status atomic(void *problem, int workers)
{
    shared_events *p = problem;
    desk d = {.p = p};
    GR_TRY(gr_team_run(workers, add_atomically, &d));
    p->total = d.counter;
    return GR_OK;
}

// ---- a counter for each ----

typedef struct counters {
    const shared_events *p;
    _Atomic int64_t *of; // (workers, step)
    size_t step;         // counters from one worker's to the next: 1, or a whole line of the cache
} counters;

enum { LINE = 64 / sizeof(int64_t) };

static void add_to_own(int member, int size, void *context)
{
    const counters *c = context;
    _Atomic int64_t *mine = c->of + (size_t)member * c->step;
    size_t end = shared_begin(c->p->n, member + 1, size);
    for (size_t i = shared_begin(c->p->n, member, size); i < end; i++)
        add_alone(mine, c->p->event[i]);
}

// The same loop; only the place where it puts its result differs from rung to rung.
static void add_in_register(int member, int size, void *context)
{
    const counters *c = context;
    size_t end = shared_begin(c->p->n, member + 1, size);
    int64_t sum = 0;
    for (size_t i = shared_begin(c->p->n, member, size); i < end; i++) sum += c->p->event[i];
    atomic_store_explicit(c->of + (size_t)member * c->step, sum, memory_order_relaxed);
}

static gr_status count_apart(shared_events *p, int workers, size_t step, gr_team_work *work)
{
    size_t bytes = ((size_t)workers * step * sizeof(int64_t) + 63) / 64 * 64;
    counters c = {p, aligned_alloc(64, bytes), step};
    if (!c.of) return gr_fail(GR_ENOMEM, "%d counters", workers);
    for (int w = 0; w < workers; w++) atomic_init(&c.of[(size_t)w * step], 0);
    gr_status status = gr_team_run(workers, work, &c);
    p->total = 0;
    for (int w = 0; w < workers; w++) p->total += c.of[(size_t)w * step];
    free(c.of);
    return status;
}

static gr_status line(void *p, int workers) { return count_apart(p, workers, 1, add_to_own); }
static gr_status padded(void *p, int workers) { return count_apart(p, workers, LINE, add_to_own); }
static gr_status local(void *p, int workers) { return count_apart(p, workers, 1, add_in_register); }

// ---- processes ----

static gr_status add_as_process(int member, int size, void *context)
{
    add_in_register(member, size, context);
    return GR_OK;
}

static gr_status processes(void *problem, int workers)
{
    shared_events *p = problem;
    gr_shm shm;
    GR_TRY(gr_shm_new(&shm, (size_t)workers * sizeof(int64_t)));
    counters c = {p, shm.data, 1};
    gr_status status = gr_fork_team_run(workers, -1, add_as_process, &c);
    p->total = 0;
    for (int w = 0; w < workers; w++) p->total += c.of[w];
    gr_shm_free(&shm);
    return status;
}

static const gr_rung rungs[] = {
    {.name = "serial", .idea = "one worker, one counter in memory", .run = serial},
    {.name = "mutex",
     .idea = "one counter for all, a lock around every addition",
     .run = mutex,
     .launcher = GR_LAUNCH_THREADS},
    {.name = "atomic",
     .idea = "one counter for all, added to in one indivisible step",
     .run = atomic,
     .launcher = GR_LAUNCH_THREADS},
    {.name = "line",
     .idea = "a counter for each, side by side in one line of the cache",
     .run = line,
     .launcher = GR_LAUNCH_THREADS},
    {.name = "padded",
     .idea = "a counter for each, on a line of its own",
     .run = padded,
     .launcher = GR_LAUNCH_THREADS},
    {.name = "local",
     .idea = "a sum in a register, stored once: nothing shared until the end",
     .run = local,
     .launcher = GR_LAUNCH_THREADS},
    {.name = "fork",
     .idea = "the same by processes that leave their sums in shared memory",
     .run = processes,
     .launcher = GR_LAUNCH_FORK},
    {0},
};

const gr_ladder gr_ladder_counter = {
    .name = "counter",
    .title = "Several workers count",
    .lesson = "13_shared_memory",
    .n_name = "events",
    .sizes = (const gr_size[]){{4000000, 0}, {0}},
    .rungs = rungs,
    .setup = setup,
    .teardown = teardown,
    .outputs = outputs,
    .unit = "event",
    .work = events,
    .flops = 1,
    .bytes = 1,
    .footprint = footprint,
};
