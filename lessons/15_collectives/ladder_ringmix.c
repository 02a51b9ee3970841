// SPDX-License-Identifier: BSD-3-Clause
// ringmix -- ranks stand in a ring, and in every step each needs what both neighbours have: a halo.
// The same pattern, step after step, is what MPI can be told beforehand.
#include "lessons/15_collectives/collectives.h"
#include <stdlib.h>
#include <string.h>

void ringmix_mix(uint32_t *own, const uint32_t *left, const uint32_t *right, size_t n)
{
    for (size_t k = 0; k < n; k++) own[k] = left[k] + 3 * own[k] + 5 * right[k];
}

static void begin(const ringmix *p, int rank, uint32_t *numbers)
{
    for (size_t k = 0; k < p->n; k++)
        numbers[k] = (uint32_t)(p->seed + 7919u * (unsigned)rank + 31u * k);
}

static void reset(void *problem)
{
    ringmix *p = problem;
    begin(p, p->me, p->own);
}

static void teardown(void *problem)
{
    ringmix *p = problem;
    if (!p) return;
    free(p->own), free(p->both), free(p->ring);
    free(p);
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    *problem = NULL;
    if (size.n > 10000000 || size.steps > 1000000)
        return gr_fail(GR_EARG, "%zu numbers, %zu steps: too many", size.n, size.steps);
    ringmix *p = calloc(1, sizeof *p);
    if (!p) return gr_fail(GR_ENOMEM, "ringmix: out of memory");
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
    ringmix *p = problem;
    out[0] = (gr_output){"number", gr_array_of(p->own, GR_I32, 1, &p->n), true};
    return 1;
}

static double mixes(const void *problem)
{
    const ringmix *p = problem;
    return (double)p->n * (double)p->steps;
}

static gr_status foreseen(void *problem, int workers)
{
    ringmix *p = problem;
    size_t n = p->n, ranks = (size_t)p->ranks, size = n * sizeof *p->own;
    uint32_t *old = p->ring, *fresh = p->ring + ranks * n;
    (void)workers;
    for (int r = 0; r < p->ranks; r++) begin(p, r, old + (size_t)r * n);
    for (size_t s = 0; s < p->steps; s++) {
        memcpy(fresh, old, ranks * size);
        for (size_t r = 0; r < ranks; r++)
            ringmix_mix(fresh + r * n, old + (r + ranks - 1) % ranks * n, old + (r + 1) % ranks * n,
                        n);
        memcpy(old, fresh, ranks * size);
    }
    memcpy(p->own, old + (size_t)p->me * n, size);
    return GR_OK;
}

static const gr_size no_sizes[] = {{0, 0}}; // judged, not timed

static const gr_rung rungs[] = {
    {.name = "foreseen", .idea = "every rank computes the whole ring", .run = foreseen},
    {.name = "sendrecv",
     .idea = "to the right and from the left, then the other way",
     .run = ringmix_sendrecv,
     .launcher = GR_LAUNCH_MPI},
    {.name = "persistent",
     .idea = "MPI_Send_init once, MPI_Startall in each step: what does not change is set up once",
     .run = ringmix_persistent,
     .launcher = GR_LAUNCH_MPI},
    {.name = "neighbourhood",
     .idea = "a communicator that knows the ring; MPI_Neighbor_allgather does all four messages",
     .run = ringmix_neighbourhood,
     .launcher = GR_LAUNCH_MPI},
    {.name = "nonblocking",
     .idea = "MPI_Ineighbor_allgather: there is time until MPI_Wait",
     .run = ringmix_nonblocking,
     .launcher = GR_LAUNCH_MPI},
    {.name = "prepared",
     .idea = "MPI_Neighbor_allgather_init once, MPI_Start in each step: a persistent collective",
     .run = ringmix_prepared,
     .launcher = GR_LAUNCH_MPI,
     .needs = GR_NEED_PERSISTENT},
    {0},
};

const gr_ladder gr_ladder_ringmix = {
    .name = "ringmix",
    .title = "Both neighbours' numbers, step after step",
    .lesson = "15_collectives",
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
    .work = mixes,
};
