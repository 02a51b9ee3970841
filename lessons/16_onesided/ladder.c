// SPDX-License-Identifier: BSD-3-Clause
// puts -- every rank writes its block into the memory of all the others, which do nothing for it.
// When is it there? When both sides know that it is: the ways to know are the rungs.
#include "lessons/16_onesided/onesided.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

int64_t onesided_number(uint64_t seed, int rank, size_t k)
{
    return (int64_t)((seed + 5) * (k % 1013 + 1) + (uint64_t)rank * 6007 * (k % 11 + 1));
}

void onesided_late(int turn)
{
    if (gr_rank() == turn % gr_ranks()) nanosleep(&(struct timespec){.tv_nsec = 300000}, NULL);
}

static void teardown(void *problem)
{
    puts_problem *p = problem;
    if (!p) return;
    free((void *)p->own), free(p->in);
    free(p);
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    *problem = NULL;
    if (size.n > 10000000) return gr_fail(GR_EARG, "blocks of %zu: too many", size.n);
    puts_problem *p = calloc(1, sizeof *p);
    if (!p) return gr_fail(GR_ENOMEM, "puts: out of memory");
    p->n = size.n, p->seed = seed, p->ranks = gr_ranks(), p->me = gr_rank();
    int64_t *own = malloc((p->n + 1) * sizeof *own);
    p->own = own, p->in = malloc(((size_t)p->ranks * p->n + 1) * sizeof *own);
    if (!own || !p->in) {
        teardown(p);
        return gr_fail(GR_ENOMEM, "blocks of %zu: out of memory", size.n);
    }
    for (size_t k = 0; k < p->n; k++) own[k] = onesided_number(seed, p->me, k);
    *problem = p;
    return GR_OK;
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    puts_problem *p = problem;
    size_t shape[] = {(size_t)p->ranks, p->n};
    out[0] = (gr_output){"in", gr_array_of(p->in, GR_I64, 2, shape), true};
    return 1;
}

static double work(const void *problem) { return (double)((const puts_problem *)problem)->n; }

static gr_status foreseen(void *problem, int workers)
{
    puts_problem *p = problem;
    (void)workers;
    for (int r = 0; r < p->ranks; r++)
        for (size_t k = 0; k < p->n; k++)
            p->in[(size_t)r * p->n + k] = onesided_number(p->seed, r, k);
    return GR_OK;
}

static const gr_size no_sizes[] = {{0, 0}}; // judged, not timed

static const gr_rung rungs[] = {
    {.name = "foreseen", .idea = "look into the box: who puts what?", .run = foreseen},
    {.name = "fence",
     .idea = "MPI_Win_fence before and after: all ranks wait for all",
     .run = puts_fence,
     .launcher = GR_LAUNCH_MPI},
    {.name = "pscw",
     .idea = "post, start, complete, wait: each waits for those that it has to do with",
     .run = puts_pscw,
     .launcher = GR_LAUNCH_MPI},
    {.name = "lock",
     .idea =
         "MPI_Win_lock_all and flush: the target takes no part; a barrier says when it may read",
     .run = puts_lock,
     .launcher = GR_LAUNCH_MPI},
    {0},
};

const gr_ladder gr_ladder_puts = {
    .name = "puts",
    .title = "A block into the memory of every rank",
    .lesson = "16_onesided",
    .n_name = "numbers in a block",
    .sizes = no_sizes,
    .rungs = rungs,
    .setup = setup,
    .teardown = teardown,
    .outputs = outputs,
    .per_rank = true,
    .unit = "number",
    .work = work,
};
