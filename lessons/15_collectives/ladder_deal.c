// SPDX-License-Identifier: BSD-3-Clause
// deal -- everybody has items for everybody, and nobody knows how many will come. It is the step in
// the middle of every distributed sort, and of every change of who owns what.
#include "lessons/15_collectives/collectives.h"
#include "lib/rng.h"
#include <stdlib.h>
#include <string.h>

// Rank r has n items and some more or less.
static size_t items_of(size_t n, int rank)
{
    return n + (size_t)rank % 3 - (n > 0 && rank % 4 == 3);
}

// Some ranks own many items, others few.
static void fill(int64_t *items, size_t n, int rank, uint64_t seed)
{
    gr_rng rng = gr_rng_of(seed, (uint64_t)rank);
    for (size_t i = 0; i < n; i++) {
        uint64_t x = gr_rng_below(&rng, 1000);
        items[i] = (int64_t)(x % 3 ? x - x % 6 : x);
    }
}

static void teardown(void *problem)
{
    deal *p = problem;
    if (!p) return;
    free((void *)p->items), free(p->sorted), free(p->in), free(p->counts);
    free(p);
}

static gr_status allocate(deal *p, int ranks)
{
    int64_t *items = malloc((p->n + 1) * sizeof *items);
    p->items = items;
    p->sorted = malloc((p->n + 1) * sizeof *items);
    p->in = calloc(p->room + 1, sizeof *items);
    p->counts = calloc(4 * (size_t)ranks, sizeof *p->counts);
    if (!items || !p->sorted || !p->in || !p->counts)
        return gr_fail(GR_ENOMEM, "%zu items: out of memory", p->room);
    p->places = p->counts + ranks;
    p->from_counts = p->places + ranks, p->from_places = p->from_counts + ranks;
    fill(items, p->n, gr_rank(), p->seed);
    return GR_OK;
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    *problem = NULL;
    int ranks = gr_ranks();
    if (size.n > 10000000) return gr_fail(GR_EARG, "%zu items: too many", size.n);
    deal *p = calloc(1, sizeof *p);
    if (!p) return gr_fail(GR_ENOMEM, "deal: out of memory");
    p->n = items_of(size.n, gr_rank()), p->seed = seed;
    for (int r = 0; r < ranks; r++) p->room += items_of(size.n, r);
    p->all = size.n;
    gr_status status = allocate(p, ranks);
    if (status) return teardown(p), status;
    *problem = p;
    return GR_OK;
}

static void reset(void *problem)
{
    deal *p = problem;
    memset(p->in, 0, p->room * sizeof *p->in);
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    deal *p = problem;
    out[0] = (gr_output){"size", gr_array_of(&p->size, GR_I64, 1, (size_t[]){1}), true};
    out[1] = (gr_output){"in", gr_array_of(p->in, GR_I64, 1, &p->room), true};
    return 2;
}

static double items(const void *problem) { return (double)((const deal *)problem)->n; }

static gr_status foreseen(void *problem, int workers)
{
    deal *p = problem;
    int ranks = gr_ranks();
    (void)workers;
    int64_t *theirs = malloc((p->all + 3) * sizeof *theirs);
    if (!theirs) return gr_fail(GR_ENOMEM, "%zu items: out of memory", p->all);
    p->size = 0;
    for (int r = 0; r < ranks; r++) {
        fill(theirs, items_of(p->all, r), r, p->seed);
        for (size_t i = 0; i < items_of(p->all, r); i++)
            if (theirs[i] % ranks == gr_rank()) p->in[p->size++] = theirs[i];
    }
    free(theirs);
    return GR_OK;
}

static const gr_size no_sizes[] = {{0, 0}}; // judged, not timed

static const gr_rung rungs[] = {
    {.name = "foreseen", .idea = "look into the box: who has what?", .run = foreseen},
    {.name = "counts-first",
     .idea = "MPI_Alltoall tells how many, then MPI_Alltoallv brings them",
     .run = deal_counts_first,
     .launcher = GR_LAUNCH_MPI},
    {.name = "nonblocking",
     .idea = "MPI_Ialltoall: the items are sorted while the counts travel",
     .run = deal_nonblocking,
     .launcher = GR_LAUNCH_MPI},
    {.name = "probed",
     .idea = "no counts: messages know their length, and MPI_Probe tells",
     .run = deal_probed,
     .launcher = GR_LAUNCH_MPI},
    {0},
};

const gr_ladder gr_ladder_deal = {
    .name = "deal",
    .title = "Each item to the rank that owns it",
    .lesson = "15_collectives",
    .n_name = "items of a rank",
    .sizes = no_sizes,
    .rungs = rungs,
    .setup = setup,
    .reset = reset,
    .teardown = teardown,
    .outputs = outputs,
    .per_rank = true,
    .unit = "item",
    .work = items,
};
