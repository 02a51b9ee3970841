// SPDX-License-Identifier: BSD-3-Clause
// transpose -- rows are shared out, and each rank wants columns. A column is not one piece of
// memory: it can be packed into one, or described.
#include "lessons/16_onesided/onesided.h"
#include <stdlib.h>

static double element(size_t i, size_t j) { return (double)(i * 1000 + j); }

static void teardown(void *problem)
{
    transpose *p = problem;
    if (!p) return;
    free((void *)p->rows), free(p->columns), free(p->work);
    free(p);
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    (void)seed;
    *problem = NULL;
    size_t ranks = (size_t)gr_ranks(), me = (size_t)gr_rank();
    if (size.n > 20000 / ranks) return gr_fail(GR_EARG, "%zu rows a rank: too many", size.n);
    transpose *p = calloc(1, sizeof *p);
    if (!p) return gr_fail(GR_ENOMEM, "transpose: out of memory");
    p->n = size.n, p->whole = size.n * ranks;
    size_t count = p->n * p->whole;
    double *rows = malloc((count + 1) * sizeof *rows);
    p->rows = rows, p->columns = malloc((count + 1) * sizeof *rows);
    p->work = malloc((2 * count + 1) * sizeof *rows);
    if (!rows || !p->columns || !p->work) {
        teardown(p);
        return gr_fail(GR_ENOMEM, "%zu rows a rank: out of memory", size.n);
    }
    for (size_t k = 0; k < count; k++) rows[k] = element(me * p->n + k / p->whole, k % p->whole);
    *problem = p;
    return GR_OK;
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    transpose *p = problem;
    size_t shape[] = {p->n, p->whole};
    out[0] = (gr_output){"column", gr_array_of(p->columns, GR_F64, 2, shape), true};
    return 1;
}

static double work(const void *problem)
{
    const transpose *p = problem;
    return (double)(p->n * p->whole);
}

static gr_status foreseen(void *problem, int workers)
{
    transpose *p = problem;
    size_t first = (size_t)gr_rank() * p->n;
    (void)workers;
    for (size_t c = 0; c < p->n; c++)
        for (size_t i = 0; i < p->whole; i++) p->columns[c * p->whole + i] = element(i, first + c);
    return GR_OK;
}

static const gr_size no_sizes[] = {{0, 0}}; // judged, not timed

static const gr_rung rungs[] = {
    {.name = "foreseen", .idea = "look into the box: what do the others have?", .run = foreseen},
    {.name = "packed",
     .idea = "loops turn the blocks and put them together; MPI_Alltoall sends what is in order",
     .run = transpose_packed,
     .launcher = GR_LAUNCH_MPI},
    {.name = "types",
     .idea = "vector and resized say where the elements are; MPI_Alltoall finds them itself",
     .run = transpose_types,
     .launcher = GR_LAUNCH_MPI},
    {0},
};

const gr_ladder gr_ladder_transpose = {
    .name = "transpose",
    .title = "A matrix by rows becomes one by columns",
    .lesson = "16_onesided",
    .n_name = "rows of each rank",
    .sizes = no_sizes,
    .rungs = rungs,
    .setup = setup,
    .teardown = teardown,
    .outputs = outputs,
    .per_rank = true,
    .unit = "element",
    .work = work,
};
