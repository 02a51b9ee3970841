// SPDX-License-Identifier: BSD-3-Clause
// The talk's shared array: processes fill the rows of a table that all of them see.
#include "lessons/13_shared_memory/shared.h"
#include "parallel/fork_team.h"
#include "parallel/shm.h"
#include <stdlib.h>

static void teardown(void *problem)
{
    shared_table *p = problem;
    if (p) free(p->a);
    free(p);
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    (void)seed;
    *problem = NULL;
    if (size.n > 20000) return gr_fail(GR_ENOMEM, "a table of %zu x %zu", size.n, size.n);
    shared_table *p = calloc(1, sizeof *p);
    if (!p) return gr_fail(GR_ENOMEM, "a table: out of memory");
    p->n = size.n;
    p->a = calloc(size.n * size.n + 1, sizeof *p->a);
    if (!p->a) return teardown(p), gr_fail(GR_ENOMEM, "a table of %zu x %zu", size.n, size.n);
    *problem = p;
    return GR_OK;
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    shared_table *p = problem;
    out[0] = (gr_output){"table", gr_array_of(p->a, GR_I32, 2, (size_t[]){p->n, p->n}), true};
    return 1;
}

static double numbers(const void *problem)
{
    const shared_table *p = problem;
    return (double)p->n * (double)p->n;
}

// ---- the rungs ----

static void fill_rows(const gr_array *a, size_t first, size_t last)
{
    for (size_t i = first; i < last; i++) {
        gr_array row = gr_array_slice(*a, 0, (ptrdiff_t)i, (ptrdiff_t)i + 1, 1);
        int32_t number = (int32_t)i + 1;
        gr_array_fill(&row, &number);
    }
}

static gr_status with_one(void *problem, int workers)
{
    shared_table *p = problem;
    (void)workers;
    gr_array a = gr_array_of(p->a, GR_I32, 2, (size_t[]){p->n, p->n});
    fill_rows(&a, 0, p->n);
    return GR_OK;
}

static gr_status fill_share(int member, int size, void *context)
{
    const gr_array *a = context;
    size_t n = a->shape[0];
    fill_rows(a, shared_begin(n, member, size), shared_begin(n, member + 1, size));
    return GR_OK;
}

static gr_status with_processes(void *problem, int workers)
{
    shared_table *p = problem;
    gr_array mine = gr_array_of(p->a, GR_I32, 2, (size_t[]){p->n, p->n}), shared;
    gr_shm shm;
    GR_TRY(gr_shm_array(&shm, &shared, GR_I32, 2, (size_t[]){p->n, p->n}));
    gr_status status = gr_fork_team_run(workers, -1, fill_share, &shared);
    if (!status) status = gr_array_copy(&mine, &shared);
    gr_shm_free(&shm);
    return status;
}

static const gr_rung rungs[] = {
    {.name = "serial", .idea = "row by row", .run = with_one},
    {.name = "fork",
     .idea = "processes fill their rows of a table in shared memory",
     .run = with_processes,
     .launcher = GR_LAUNCH_FORK},
    {0},
};

const gr_ladder gr_ladder_fill = {
    .name = "fill",
    .title = "The talk's 2 x 2 array, filled by several processes",
    .lesson = "13_shared_memory",
    .n_name = "rows",
    .sizes = (const gr_size[]){{0, 0}}, // judged, not timed
    .rungs = rungs,
    .setup = setup,
    .teardown = teardown,
    .outputs = outputs,
    .unit = "number",
    .work = numbers,
};
