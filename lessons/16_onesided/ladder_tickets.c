// SPDX-License-Identifier: BSD-3-Clause
// tickets -- tasks of any length are dealt best by a counter: who is free draws the next number.
// One rank has the counter, and does nothing for it.
#include "lessons/16_onesided/onesided.h"
#include <stdlib.h>
#include <string.h>

static void reset(void *problem)
{
    tickets *p = problem;
    memset(p->done, 0, p->n * sizeof *p->done);
}

static void teardown(void *problem)
{
    tickets *p = problem;
    if (!p) return;
    free(p->done);
    free(p);
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    (void)seed;
    *problem = NULL;
    if (size.n > 10000000) return gr_fail(GR_EARG, "%zu tasks: too many", size.n);
    tickets *p = calloc(1, sizeof *p);
    int64_t *done = calloc(size.n + 1, sizeof *done);
    if (!p || !done) {
        free(p), free(done);
        return gr_fail(GR_ENOMEM, "%zu tasks: out of memory", size.n);
    }
    *p = (tickets){.n = size.n, .done = done};
    *problem = p;
    return GR_OK;
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    tickets *p = problem;
    out[0] = (gr_output){"times done", gr_array_of(p->done, GR_I64, 1, &p->n), true};
    out[1] = (gr_output){"tickets drawn", gr_array_of(&p->drawn, GR_I64, 1, (size_t[]){1}), true};
    return 2;
}

static double work(const void *problem) { return (double)((const tickets *)problem)->n; }

static gr_status foreseen(void *problem, int workers)
{
    tickets *p = problem;
    (void)workers;
    for (size_t k = 0; k < p->n; k++) p->done[k] = 1;
    p->drawn = (int64_t)p->n + gr_ranks();
    return GR_OK;
}

static const gr_size no_sizes[] = {{0, 0}}; // judged, not timed

static const gr_rung rungs[] = {
    {.name = "foreseen",
     .idea = "each task once, and each rank draws one ticket that is too high",
     .run = foreseen},
    {.name = "fetch",
     .idea = "MPI_Fetch_and_op: read and add in one, which nobody can come between",
     .run = tickets_fetch,
     .launcher = GR_LAUNCH_MPI},
    {.name = "compare",
     .idea =
         "MPI_Compare_and_swap: set it to one more, if it is still what I have read; else again",
     .run = tickets_compare,
     .launcher = GR_LAUNCH_MPI},
    {0},
};

const gr_ladder gr_ladder_tickets = {
    .name = "tickets",
    .title = "Tasks are drawn from one counter, each once",
    .lesson = "16_onesided",
    .n_name = "tasks",
    .sizes = no_sizes,
    .rungs = rungs,
    .setup = setup,
    .reset = reset,
    .teardown = teardown,
    .outputs = outputs,
    .per_rank = true,
    .unit = "task",
    .work = work,
};
