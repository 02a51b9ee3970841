// SPDX-License-Identifier: BSD-3-Clause
// histogram -- many ranks add to the same numbers. MPI_Put from two of them to one place is an
// error; MPI_Accumulate is made for it: each addition is one piece.
#include "lessons/16_onesided/onesided.h"
#include "lib/rng.h"
#include <stdlib.h>

static size_t values_of(size_t n, int rank) { return n + (size_t)rank; }

static gr_rng values(const histogram *p, int rank) { return gr_rng_of(p->seed, (uint64_t)rank); }

static int32_t value(gr_rng *rng, int ranks)
{
    return (int32_t)gr_rng_below(rng, BINS * (size_t)ranks);
}

static void teardown(void *problem)
{
    histogram *p = problem;
    if (!p) return;
    free((void *)p->value), free(p->work);
    free(p);
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    *problem = NULL;
    if (size.n > 10000000) return gr_fail(GR_EARG, "%zu values: too many", size.n);
    histogram *p = calloc(1, sizeof *p);
    if (!p) return gr_fail(GR_ENOMEM, "histogram: out of memory");
    p->n = values_of(size.n, gr_rank()), p->seed = seed, p->all = size.n;
    int32_t *own = malloc((p->n + 1) * sizeof *own);
    p->value = own, p->work = malloc(BINS * (size_t)gr_ranks() * sizeof *p->work);
    if (!own || !p->work) {
        teardown(p);
        return gr_fail(GR_ENOMEM, "%zu values: out of memory", size.n);
    }
    gr_rng rng = values(p, gr_rank());
    for (size_t k = 0; k < p->n; k++) own[k] = value(&rng, gr_ranks());
    *problem = p;
    return GR_OK;
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    histogram *p = problem;
    out[0] = (gr_output){"bin", gr_array_of(p->bin, GR_I64, 1, (size_t[]){BINS}), true};
    return 1;
}

static double work(const void *problem) { return (double)((const histogram *)problem)->n; }

static gr_status foreseen(void *problem, int workers)
{
    histogram *p = problem;
    (void)workers;
    for (int b = 0; b < BINS; b++) p->bin[b] = 0;
    for (int r = 0; r < gr_ranks(); r++) {
        gr_rng rng = values(p, r);
        for (size_t k = 0; k < values_of(p->all, r); k++) {
            int32_t v = value(&rng, gr_ranks());
            if (v / BINS == gr_rank()) p->bin[v % BINS]++;
        }
    }
    return GR_OK;
}

static const gr_size no_sizes[] = {{0, 0}}; // judged, not timed

static const gr_rung rungs[] = {
    {.name = "foreseen", .idea = "look into the box: count what all have", .run = foreseen},
    {.name = "each",
     .idea = "MPI_Accumulate for each value",
     .run = histogram_each,
     .launcher = GR_LAUNCH_MPI},
    {.name = "counted",
     .idea = "count at home first; then one MPI_Accumulate for each rank",
     .run = histogram_counted,
     .launcher = GR_LAUNCH_MPI},
    {.name = "reduced",
     .idea = "count at home; MPI_Reduce_scatter_block adds: a collective is enough here",
     .run = histogram_reduced,
     .launcher = GR_LAUNCH_MPI},
    {0},
};

const gr_ladder gr_ladder_histogram = {
    .name = "histogram",
    .title = "Values are counted in bins that the ranks share out",
    .lesson = "16_onesided",
    .n_name = "values of a rank",
    .sizes = no_sizes,
    .rungs = rungs,
    .setup = setup,
    .teardown = teardown,
    .outputs = outputs,
    .per_rank = true,
    .unit = "value",
    .work = work,
};
