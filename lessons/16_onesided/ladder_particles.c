// SPDX-License-Identifier: BSD-3-Clause
// particles -- structs with gaps. As bytes they can be sent between equal machines, gaps and all;
// as a type MPI knows what is in them, and sends no gaps.
#include "lessons/16_onesided/onesided.h"
#include <stdlib.h>
#include <string.h>

static particle of_rank(uint64_t seed, int rank, size_t k)
{
    int64_t number = onesided_number(seed, rank, k);
    particle made;
    memset(&made, 0xEE, sizeof made); // the gaps, too
    made.kind = (char)('a' + number % 26), made.number = (int32_t)(number % 1000000);
    made.x = (double)number / 3, made.y = -(double)number;
    return made;
}

static void teardown(void *problem)
{
    particles *p = problem;
    if (!p) return;
    free(p->own), free(p->came), free(p->shown);
    free(p);
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    *problem = NULL;
    if (size.n > 10000000) return gr_fail(GR_EARG, "%zu particles: too many", size.n);
    particles *p = calloc(1, sizeof *p);
    if (!p) return gr_fail(GR_ENOMEM, "particles: out of memory");
    p->n = size.n, p->seed = seed;
    p->own = malloc((p->n + 1) * sizeof *p->own), p->came = calloc(p->n + 1, sizeof *p->came);
    p->shown = malloc((4 * p->n + 1) * sizeof *p->shown);
    if (!p->own || !p->came || !p->shown) {
        teardown(p);
        return gr_fail(GR_ENOMEM, "%zu particles: out of memory", size.n);
    }
    for (size_t k = 0; k < p->n; k++) p->own[k] = of_rank(seed, gr_rank(), k);
    *problem = p;
    return GR_OK;
}

static void reset(void *problem)
{
    particles *p = problem;
    memset(p->came, 0, p->n * sizeof *p->came);
    p->before = gr_ranks_sent().bytes, p->due = -1;
}

void particles_show(particles *p)
{
    for (size_t k = 0; k < p->n; k++) {
        const particle *c = &p->came[k];
        double *to = p->shown + 4 * k;
        to[0] = c->kind, to[1] = c->x, to[2] = c->y, to[3] = c->number;
    }
}

// `due` below zero: rung 0, which sends nothing.
static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    particles *p = problem;
    size_t shape[] = {p->n, 4};
    p->bytes = p->due < 0 ? 0 : (int64_t)(gr_ranks_sent().bytes - p->before) - p->due;
    out[0] = (gr_output){"particle", gr_array_of(p->shown, GR_F64, 2, shape), true};
    out[1] = (gr_output){"bytes too many", gr_array_of(&p->bytes, GR_I64, 1, (size_t[]){1}), true};
    return 2;
}

static double work(const void *problem) { return (double)((const particles *)problem)->n; }

static gr_status foreseen(void *problem, int workers)
{
    particles *p = problem;
    int left = (gr_rank() + gr_ranks() - 1) % gr_ranks();
    (void)workers;
    for (size_t k = 0; k < p->n; k++) p->came[k] = of_rank(p->seed, left, k);
    particles_show(p);
    return GR_OK;
}

static const gr_size no_sizes[] = {{0, 0}}; // judged, not timed

static const gr_rung rungs[] = {
    {.name = "foreseen", .idea = "look into the box: what would come?", .run = foreseen},
    {.name = "raw",
     .idea = "as bytes, gaps and all: right as long as all machines are alike",
     .run = particles_raw,
     .launcher = GR_LAUNCH_MPI},
    {.name = "struct",
     .idea = "MPI_Type_create_struct: only what is in them, whatever the machine",
     .run = particles_struct,
     .launcher = GR_LAUNCH_MPI},
    {0},
};

const gr_ladder gr_ladder_particles = {
    .name = "particles",
    .title = "Structs with gaps go to the next rank",
    .lesson = "16_onesided",
    .n_name = "particles",
    .sizes = no_sizes,
    .rungs = rungs,
    .setup = setup,
    .reset = reset,
    .teardown = teardown,
    .outputs = outputs,
    .per_rank = true,
    .unit = "particle",
    .work = work,
};
