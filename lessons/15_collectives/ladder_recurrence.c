// SPDX-License-Identifier: BSD-3-Clause
// recurrence -- x after every step of a long chain of steps, each of which needs the one before. It
// looks like work for one rank alone. It is a scan: steps can be joined before anybody knows x.
// Source: G. Blelloch, Prefix sums and their applications, 1990.
#include "lessons/15_collectives/collectives.h"
#include "lib/rng.h"
#include <stdlib.h>

__extension__ typedef unsigned __int128 uint128;

static const uint64_t prime = ((uint64_t)1 << 61) - 1;

uint64_t affine_apply(affine f, uint64_t x) { return (uint64_t)(((uint128)f.a * x + f.b) % prime); }

affine affine_then(affine f, affine g)
{
    return (affine){(uint64_t)((uint128)g.a * f.a % prime), affine_apply(g, f.b)};
}

static affine step_of(const recurrence *p, size_t k)
{
    gr_rng rng = gr_rng_of(p->seed, k);
    return (affine){gr_rng_u64(&rng) % prime, gr_rng_u64(&rng) % prime};
}

static void teardown(void *problem)
{
    recurrence *p = problem;
    if (!p) return;
    free((void *)p->step), free(p->x);
    free(p);
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    *problem = NULL;
    size_t ranks = (size_t)gr_ranks(), me = (size_t)gr_rank();
    if (size.n > 100000000) return gr_fail(GR_EARG, "%zu steps: too many", size.n);
    recurrence *p = calloc(1, sizeof *p);
    if (!p) return gr_fail(GR_ENOMEM, "recurrence: out of memory");
    p->n = size.n, p->seed = seed;
    p->first = size.n * me / ranks, p->own = size.n * (me + 1) / ranks - p->first;
    affine *step = malloc((p->own + 1) * sizeof *step);
    p->step = step, p->x = malloc((p->own + 1) * sizeof *p->x);
    if (!step || !p->x) {
        teardown(p);
        return gr_fail(GR_ENOMEM, "%zu steps: out of memory", size.n);
    }
    for (size_t k = 0; k < p->own; k++) step[k] = step_of(p, p->first + k);
    *problem = p;
    return GR_OK;
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    recurrence *p = problem;
    out[0] = (gr_output){"x", gr_array_of(p->x, GR_I64, 1, &p->own), true};
    return 1;
}

static double steps(const void *problem) { return (double)((const recurrence *)problem)->n; }

static gr_status foreseen(void *problem, int workers)
{
    recurrence *p = problem;
    uint64_t x = RECURRENCE_START;
    (void)workers;
    for (size_t k = 0; k < p->first + p->own; k++) {
        x = affine_apply(step_of(p, k), x);
        if (k >= p->first) p->x[k - p->first] = x;
    }
    return GR_OK;
}

static const gr_size no_sizes[] = {{0, 0}}; // judged, not timed

static const gr_rung rungs[] = {
    {.name = "foreseen", .idea = "all the steps of the ranks before, too", .run = foreseen},
    {.name = "chain",
     .idea = "wait for x from the rank before: only one rank works at a time",
     .run = recurrence_chain,
     .launcher = GR_LAUNCH_MPI},
    {.name = "exscan",
     .idea = "join the own steps to one; MPI_Exscan joins those of the ranks before",
     .run = recurrence_exscan,
     .launcher = GR_LAUNCH_MPI},
    {0},
};

const gr_ladder gr_ladder_recurrence = {
    .name = "recurrence",
    .title = "A chain of steps, shared out to the ranks",
    .lesson = "15_collectives",
    .n_name = "steps of the chain",
    .sizes = no_sizes,
    .rungs = rungs,
    .setup = setup,
    .teardown = teardown,
    .outputs = outputs,
    .per_rank = true,
    .unit = "step",
    .work = steps,
};
