// SPDX-License-Identifier: BSD-3-Clause
// rod -- heat flows along a rod. Each rank has some of its cells; for the cells at its ends it
// needs one cell of each neighbour, anew in every step: the halo.
#include "lessons/14_mpi/messages.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

// ---- the share of a rank ----

static void take_share(rod *p)
{
    size_t ranks = (size_t)gr_ranks(), me = (size_t)gr_rank();
    size_t busy = p->n < ranks ? p->n : ranks; // ranks that have cells
    bool some = me < busy;
    p->first = some ? p->n * me / busy : p->n;
    p->cells = some ? p->n * (me + 1) / busy - p->first : 0;
    p->left = some && me > 0 ? (int)me - 1 : -1;
    p->right = some && me + 1 < busy ? (int)me + 1 : -1;
}

void rod_begin(rod *p)
{
    for (size_t i = 0; i < p->cells + 2; i++) {
        size_t cell = p->first + i; // counted from 1: cell 0 has no left neighbour
        p->old[i] = cell >= 1 && cell <= p->n ? p->u[cell - 1] : 0;
    }
    memcpy(p->fresh, p->old, (p->cells + 2) * sizeof *p->old);
}

void rod_update(const rod *p, size_t from, size_t to)
{
    const double *restrict old = p->old;
    double *restrict fresh = p->fresh;
    if (from == 1 && p->first == 0) from = 2; // the rod's ends stay
    if (to > p->cells + 1) to = p->cells + 1; // a rank may have none
    if (to == p->cells + 1 && p->first + p->cells == p->n) to = p->cells;
    for (size_t i = from; i < to; i++) fresh[i] = 0.25 * (old[i - 1] + 2 * old[i] + old[i + 1]);
}

void rod_swap(rod *p)
{
    double *old = p->old;
    p->old = p->fresh, p->fresh = old;
}

// ---- the problem ----

static void reset(void *problem)
{
    rod *p = problem;
    for (size_t i = 0; i < p->n; i++) p->u[i] = i == 0 ? 1 : 0.5 * sin(0.37 * (double)(i % 1000));
}

static void teardown(void *problem)
{
    rod *p = problem;
    if (!p) return;
    free(p->u), free(p->old), free(p->fresh), free(p->whole);
    free(p);
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    (void)seed;
    *problem = NULL;
    if (size.n > (size_t)1 << 30 || size.steps > 1000000)
        return gr_fail(GR_EARG, "%zu cells, %zu steps: too many", size.n, size.steps);
    rod *p = calloc(1, sizeof *p);
    if (!p) return gr_fail(GR_ENOMEM, "rod: out of memory");
    p->n = size.n, p->steps = size.steps;
    take_share(p);
    p->u = malloc((p->n + 1) * sizeof *p->u);
    p->old = calloc(p->cells + 2, sizeof *p->old), p->fresh = calloc(p->cells + 2, sizeof *p->old);
    p->whole = malloc(2 * (p->n + 2) * sizeof *p->whole);
    if (!p->u || !p->old || !p->fresh || !p->whole) {
        teardown(p);
        return gr_fail(GR_ENOMEM, "%zu cells: out of memory", size.n);
    }
    reset(p);
    *problem = p;
    return GR_OK;
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    rod *p = problem;
    out[0] = (gr_output){"cell", gr_array_of(p->u, GR_F64, 1, &p->n), true};
    return 1;
}

static double updates(const void *problem)
{
    const rod *p = problem;
    return (double)p->n * (double)p->steps;
}

static double footprint(gr_size size) { return 24.0 * (double)size.n; }

// ---- without messages ----

// This rank does the whole rod, whatever its share.
static gr_status one(void *problem, int workers)
{
    rod *p = problem, whole = *p;
    (void)workers;
    whole.first = 0, whole.cells = p->n;
    whole.old = p->whole, whole.fresh = p->whole + p->n + 2;
    rod_begin(&whole);
    for (size_t k = 0; k < p->steps; k++) rod_update(&whole, 1, p->n + 1), rod_swap(&whole);
    memcpy(p->u, whole.old + 1, p->n * sizeof *p->u);
    return GR_OK;
}

static const gr_size sizes[] = {{1000000, 50}, {0}};

static const gr_rung rungs[] = {
    {.name = "one", .idea = "one rank has the whole rod", .run = one},
    {.name = "blocking",
     .idea = "each has a share; MPI_Sendrecv with the left and the right, then the step",
     .run = rod_blocking,
     .launcher = GR_LAUNCH_MPI},
    {.name = "nonblocking",
     .idea = "all four messages of a rank are under way at a time",
     .run = rod_nonblocking,
     .launcher = GR_LAUNCH_MPI},
    {.name = "overlap",
     .idea = "the inner cells are computed while the halo travels",
     .run = rod_overlap,
     .launcher = GR_LAUNCH_MPI},
    {0},
};

const gr_ladder gr_ladder_rod = {
    .name = "rod",
    .title = "Heat along a rod whose cells are shared out to the ranks",
    .lesson = "14_mpi",
    .n_name = "cells",
    .steps_name = "steps",
    .sizes = sizes,
    .rungs = rungs,
    .setup = setup,
    .reset = reset,
    .teardown = teardown,
    .outputs = outputs,
    .unit = "update",
    .work = updates,
    .flops = 4,
    .bytes = 16, // reads a cell, writes one
    .footprint = footprint,
};
