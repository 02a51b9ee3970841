// SPDX-License-Identifier: BSD-3-Clause
// primes -- which of a million numbers pass Fermat's test? The program of the talk's slide "Task
// pools", which goes 4.5 times as fast on eight cores. Its rungs on one core, the one in shared
// memory, and the table of all.
//
// Number i is first + i, with first = 50 as in the talk's range(50, 100). Even numbers are answered
// at once, so the work comes in every second number only; blocks of many are alike.
#include "lessons/12_pools/pools.h"
#include "lib/primes.h"
#include <stdatomic.h>
#include <stdlib.h>

// ---- the problem ----

void pools_primes_teardown(void *problem)
{
    primes *p = problem;
    if (!p) return;
    pools_unshare(p->passes, p->n);
    free(p);
}

gr_status pools_primes_setup(void **problem, gr_size size, uint64_t seed)
{
    (void)seed; // the numbers are always the same
    *problem = NULL;
    if (size.n > UINT32_MAX)
        return gr_fail(GR_EARG, "primes: %zu numbers: expected at most %u", size.n, UINT32_MAX);
    primes *p = malloc(sizeof *p);
    uint8_t *passes = pools_share(size.n);
    if (!p || !passes) {
        free(p), pools_unshare(passes, size.n);
        return gr_fail(GR_ENOMEM, "primes: no memory for %zu numbers", size.n);
    }
    *p = (primes){.n = size.n, .first = 50, .passes = passes};
    *problem = p;
    return GR_OK;
}

int pools_primes_outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    primes *p = problem;
    out[0] = (gr_output){"passes", gr_array_of(p->passes, GR_U8, 1, &p->n), true};
    return 1;
}

double pools_primes_work(const void *problem) { return (double)((const primes *)problem)->n; }

static double footprint(gr_size size) { return (double)size.n; }

// ---- one core ----

static gr_status powers(void *problem, int workers)
{
    primes *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) {
        uint64_t number = p->first + i;
        p->passes[i] = gr_power_mod(2, number - 1, number) == 1;
    }
    return GR_OK;
}

gr_status pools_serial(void *problem, int workers)
{
    primes *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) p->passes[i] = gr_fermat(p->first + i);
    return GR_OK;
}

// ---- many processes: a counter and the answers in memory that all of them see ----

enum { CHUNK = 1000 }; // work enough to make the addition to the counter free

typedef struct desk {
    primes *p;
    atomic_size_t next; // the first number that nobody has taken
} desk;

static gr_status take_chunks(int number, int fd, void *context)
{
    desk *d = context;
    (void)number, (void)fd;
    for (size_t i; (i = atomic_fetch_add(&d->next, CHUNK)) < d->p->n;) {
        size_t end = i + CHUNK < d->p->n ? i + CHUNK : d->p->n;
        for (; i < end; i++) d->p->passes[i] = gr_fermat(d->p->first + i);
    }
    return GR_OK;
}

static gr_status shared(void *problem, int workers)
{
    desk *d = pools_share(sizeof *d);
    if (!d) return GR_ENOMEM;
    d->p = problem;
    gr_status status = pools_run(workers, take_chunks, d);
    pools_unshare(d, sizeof *d);
    return status;
}

// The parent is one of the workers: a fork fewer, and no core waits for the first child to start.
static gr_status parent_too(void *problem, int workers)
{
    desk *d = pools_share(sizeof *d);
    pools_worker *crew = calloc((size_t)workers, sizeof *crew);
    gr_status status = d && crew ? GR_OK : gr_fail(GR_ENOMEM, "parent: out of memory");
    if (!status) d->p = problem;
    for (int w = 1; w < workers && !status; w++) status = pools_start(&crew[w], take_chunks, w, d);
    if (!status) status = take_chunks(0, -1, d);
    for (int w = 1; w < workers && crew; w++) {
        if (status)
            pools_kill(&crew[w]);
        else
            status = pools_end(&crew[w]);
    }
    free(crew);
    pools_unshare(d, sizeof *d);
    return status;
}

// ---- the table ----

static const gr_size sizes[] = {{1000000, 0}, {0}};

static const gr_rung rungs[] = {
    {.name = "powers",
     .run = powers,
     .idea = "2^(n-1) mod n by squaring; every product is divided by n, 128 bits by 64"},
    {.name = "montgomery",
     .run = pools_serial,
     .idea = "no division: two products and a difference take its place"},
    {.name = "process",
     .run = pools_process,
     .launcher = GR_LAUNCH_FORK,
     .idea = "a process for each thousand numbers; its answers come through a pipe"},
    {.name = "pool",
     .run = pools_pool,
     .launcher = GR_LAUNCH_FORK,
     .idea = "processes that stay; numbers travel there, pairs back, as Python's Pool does it"},
    {.name = "shared",
     .run = shared,
     .launcher = GR_LAUNCH_FORK,
     .idea = "nothing travels: a common counter, and answers in memory that all of them see"},
    {.name = "parent",
     .run = parent_too,
     .launcher = GR_LAUNCH_FORK,
     .idea = "the parent works, too, where it waited: one process fewer to start"},
    {.name = "fork",
     .run = pools_fork_map,
     .launcher = GR_LAUNCH_FORK,
     .idea = "gr_map, one number a task: the dead are replaced, and each task pays for that"},
    {.name = "blocks",
     .run = pools_blocks,
     .launcher = GR_LAUNCH_FORK,
     .idea = "gr_map, a thousand numbers a task: the price is paid once a thousand"},
    {0},
};

const gr_ladder gr_ladder_primes = {
    .name = "primes",
    .title = "Task pools: which of a million numbers pass Fermat's test?",
    .lesson = "12_pools",
    .n_name = "numbers",
    .sizes = sizes,
    .rungs = rungs,
    .setup = pools_primes_setup,
    .teardown = pools_primes_teardown,
    .outputs = pools_primes_outputs,
    .unit = "number",
    .work = pools_primes_work,
    .bytes = 1, // writes an answer
    .footprint = footprint,
};
