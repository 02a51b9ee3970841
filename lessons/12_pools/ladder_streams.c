// SPDX-License-Identifier: BSD-3-Clause
// streams -- each of n tasks throws darts at the unit square and counts those within the quarter
// circle. The numbers belong to the task: who does it, and how many there are to do them, must not
// be seen in the result.
#include "lessons/12_pools/pools.h"
#include "lib/rng.h"
#include <stdatomic.h>
#include <stdlib.h>

static void teardown(void *problem)
{
    streams *p = problem;
    if (!p) return;
    pools_unshare(p->hits, p->n * sizeof *p->hits);
    free(p);
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    *problem = NULL;
    if (size.n > 1000000) return gr_fail(GR_EARG, "%zu tasks: expected at most 1000000", size.n);
    streams *p = calloc(1, sizeof *p);
    int64_t *hits = pools_share(size.n * sizeof *hits);
    if (!p || !hits) {
        free(p), pools_unshare(hits, size.n * sizeof *hits);
        return gr_fail(GR_ENOMEM, "streams: out of memory");
    }
    *p = (streams){.n = size.n, .seed = seed, .hits = hits};
    *problem = p;
    return GR_OK;
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    streams *p = problem;
    out[0] = (gr_output){"hits", gr_array_of(p->hits, GR_I64, 1, &p->n), true};
    return 1;
}

static double tasks(const void *problem) { return (double)((const streams *)problem)->n; }

int64_t streams_throw(gr_rng *rng)
{
    int64_t hits = 0;
    for (int dart = 0; dart < STREAMS_DARTS; dart++) {
        double x = gr_rng_unit(rng), y = gr_rng_unit(rng);
        hits += x * x + y * y < 1;
    }
    return hits;
}

// ---- the rungs ----

static gr_status serial(void *problem, int workers)
{
    streams *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) {
        gr_rng rng = gr_rng_of(p->seed, i);
        p->hits[i] = streams_throw(&rng);
    }
    return GR_OK;
}

typedef struct desk {
    streams *p;
    atomic_size_t next;
} desk;

static gr_status throw_all(int number, int fd, void *context)
{
    desk *d = context;
    (void)number, (void)fd;
    for (size_t i; (i = atomic_fetch_add(&d->next, 1)) < d->p->n;) {
        gr_rng rng = gr_rng_of(d->p->seed, i);
        d->p->hits[i] = streams_throw(&rng);
    }
    return GR_OK;
}

static gr_status by_workers(void *problem, int workers)
{
    desk *d = pools_share(sizeof *d);
    if (!d) return GR_ENOMEM;
    d->p = problem;
    gr_status status = pools_run(workers, throw_all, d);
    pools_unshare(d, sizeof *d);
    return status;
}

static const gr_size no_sizes[] = {{0, 0}}; // judged, not timed

static const gr_rung rungs[] = {
    {.name = "serial", .idea = "one process, a stream for each task", .run = serial},
    {.name = "workers",
     .idea = "tasks to whoever is free; each takes its stream along",
     .launcher = GR_LAUNCH_FORK,
     .run = by_workers},
    {0},
};

const gr_ladder gr_ladder_streams = {
    .name = "streams",
    .title = "Whose random numbers are these?",
    .lesson = "12_pools",
    .n_name = "tasks",
    .sizes = no_sizes,
    .rungs = rungs,
    .setup = setup,
    .teardown = teardown,
    .outputs = outputs,
    .unit = "task",
    .work = tasks,
};
