// SPDX-License-Identifier: BSD-3-Clause
// sharedmix -- the ranks of one machine have memory that all of them see. A halo is then a plain
// read; but when may I read, and when may I write?
#include "lessons/16_onesided/onesided.h"
#include <stdlib.h>
#include <string.h>

void sharedmix_mix(uint32_t *to, const uint32_t *own, const uint32_t *left, const uint32_t *right,
                   size_t n)
{
    for (size_t k = 0; k < n; k++) to[k] = left[k] + 3 * own[k] + 5 * right[k];
}

static void begin(const sharedmix *p, int rank, uint32_t *numbers)
{
    for (size_t k = 0; k < p->n; k++) numbers[k] = (uint32_t)onesided_number(p->seed, rank, k);
}

void sharedmix_begin(const sharedmix *p, uint32_t *numbers) { begin(p, p->me, numbers); }

static void reset(void *problem)
{
    sharedmix *p = problem;
    begin(p, p->me, p->own);
}

static void teardown(void *problem)
{
    sharedmix *p = problem;
    if (!p) return;
    free(p->own), free(p->both), free(p->ring);
    free(p);
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    *problem = NULL;
    if (size.n > 10000000 || size.steps > 1000000)
        return gr_fail(GR_EARG, "%zu numbers, %zu steps: too many", size.n, size.steps);
    sharedmix *p = calloc(1, sizeof *p);
    if (!p) return gr_fail(GR_ENOMEM, "sharedmix: out of memory");
    p->n = size.n, p->steps = size.steps, p->seed = seed;
    p->ranks = gr_ranks(), p->me = gr_rank();
    p->own = malloc((p->n + 1) * sizeof *p->own);
    p->both = malloc((2 * p->n + 1) * sizeof *p->own);
    p->ring = malloc((2 * (size_t)p->ranks * p->n + 1) * sizeof *p->own);
    if (!p->own || !p->both || !p->ring) {
        teardown(p);
        return gr_fail(GR_ENOMEM, "%zu numbers: out of memory", size.n);
    }
    reset(p);
    *problem = p;
    return GR_OK;
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    sharedmix *p = problem;
    out[0] = (gr_output){"number", gr_array_of(p->own, GR_I32, 1, &p->n), true};
    return 1;
}

static double work(const void *problem)
{
    const sharedmix *p = problem;
    return (double)p->n * (double)p->steps;
}

static gr_status foreseen(void *problem, int workers)
{
    sharedmix *p = problem;
    size_t n = p->n, ranks = (size_t)p->ranks;
    uint32_t *old = p->ring, *fresh = p->ring + ranks * n;
    (void)workers;
    for (int r = 0; r < p->ranks; r++) begin(p, r, old + (size_t)r * n);
    for (size_t s = 0; s < p->steps; s++) {
        for (size_t r = 0; r < ranks; r++)
            sharedmix_mix(fresh + r * n, old + r * n, old + (r + ranks - 1) % ranks * n,
                          old + (r + 1) % ranks * n, n);
        uint32_t *came = fresh;
        fresh = old, old = came;
    }
    memcpy(p->own, old + (size_t)p->me * n, n * sizeof *old);
    return GR_OK;
}

static const gr_size no_sizes[] = {{0, 0}}; // judged, not timed

static const gr_rung rungs[] = {
    {.name = "foreseen", .idea = "every rank computes the whole ring", .run = foreseen},
    {.name = "messages",
     .idea = "the neighbours' numbers are sent and copied",
     .run = sharedmix_messages,
     .launcher = GR_LAUNCH_MPI},
    {.name = "shared",
     .idea = "MPI_Win_allocate_shared: they are read where they are",
     .run = sharedmix_shared,
     .launcher = GR_LAUNCH_MPI},
    {0},
};

const gr_ladder gr_ladder_sharedmix = {
    .name = "sharedmix",
    .title = "Neighbours' numbers in shared memory, step after step",
    .lesson = "16_onesided",
    .n_name = "numbers",
    .steps_name = "steps",
    .sizes = no_sizes,
    .rungs = rungs,
    .setup = setup,
    .reset = reset,
    .teardown = teardown,
    .outputs = outputs,
    .per_rank = true,
    .unit = "number",
    .work = work,
};
