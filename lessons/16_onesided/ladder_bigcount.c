// SPDX-License-Identifier: BSD-3-Clause
// bigcount -- counts in MPI are ints, so 2^31 elements are too many for one call. One element of a
// type that is large enough is not.
#include "lessons/16_onesided/onesided.h"
#include <stdlib.h>

const int64_t bigcount_counts[BIG_COUNTS] = {5, INT32_MAX, (int64_t)INT32_MAX + 6,
                                             ((int64_t)1 << 33) + 1};

static void teardown(void *problem)
{
    bigcount *p = problem;
    if (!p) return;
    free((void *)p->own), free(p->in);
    free(p);
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    *problem = NULL;
    if (size.n > 10000000) return gr_fail(GR_EARG, "%zu numbers: too many", size.n);
    bigcount *p = calloc(1, sizeof *p);
    if (!p) return gr_fail(GR_ENOMEM, "bigcount: out of memory");
    p->n = size.n, p->seed = seed;
    int64_t *own = malloc((p->n + 1) * sizeof *own);
    p->own = own, p->in = malloc((p->n + 1) * sizeof *own);
    if (!own || !p->in) {
        teardown(p);
        return gr_fail(GR_ENOMEM, "%zu numbers: out of memory", size.n);
    }
    for (size_t k = 0; k < p->n; k++) own[k] = onesided_number(seed, gr_rank(), k);
    *problem = p;
    return GR_OK;
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    bigcount *p = problem;
    size_t shape[] = {BIG_COUNTS};
    out[0] = (gr_output){"in", gr_array_of(p->in, GR_I64, 1, &p->n), true};
    out[1] = (gr_output){"bytes", gr_array_of(p->bytes, GR_I64, 1, shape), true};
    out[2] = (gr_output){"extent", gr_array_of(p->extent, GR_I64, 1, shape), true};
    return 3;
}

static double work(const void *problem) { return (double)((const bigcount *)problem)->n; }

static gr_status foreseen(void *problem, int workers)
{
    bigcount *p = problem;
    int left = (gr_rank() + gr_ranks() - 1) % gr_ranks();
    (void)workers;
    for (size_t k = 0; k < p->n; k++) p->in[k] = onesided_number(p->seed, left, k);
    for (int i = 0; i < BIG_COUNTS; i++)
        p->bytes[i] = p->extent[i] = bigcount_counts[i] * (int64_t)sizeof *p->in;
    return GR_OK;
}

static const gr_size no_sizes[] = {{0, 0}}; // judged, not timed

static const gr_rung rungs[] = {
    {.name = "foreseen",
     .idea = "no messages: what would come, and how long types should be",
     .run = foreseen},
    {.name = "pieces",
     .idea = "a vector of long pieces and a rest, joined by a struct: one element",
     .run = bigcount_pieces,
     .launcher = GR_LAUNCH_MPI},
    {0},
};

const gr_ladder gr_ladder_bigcount = {
    .name = "bigcount",
    .title = "More numbers than an int can count, in one message",
    .lesson = "16_onesided",
    .n_name = "numbers",
    .sizes = no_sizes,
    .rungs = rungs,
    .setup = setup,
    .teardown = teardown,
    .outputs = outputs,
    .per_rank = true,
    .unit = "number",
    .work = work,
};
