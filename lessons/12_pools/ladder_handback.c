// SPDX-License-Identifier: BSD-3-Clause
// handback -- rows of numbers that only a child process can make, and that its parent wants to
// have. What a child writes into its own copy of the array is lost with it; a row is longer than a
// pipe holds at a time; and neither processes nor descriptors may be left behind.
#include "lessons/12_pools/pools.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void make(size_t i, int64_t *row)
{
    for (size_t k = 0; k < HANDBACK_ROW; k++) row[k] = (int64_t)(i * HANDBACK_ROW + k * k % 9973);
}

void handback_make(const handback *p, size_t i, int64_t *row)
{
    if (getpid() == p->owner)
        memset(row, 0, HANDBACK_ROW * sizeof *row);
    else
        make(i, row);
}

static void teardown(void *problem)
{
    handback *p = problem;
    if (!p) return;
    free(p->rows);
    free(p);
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    (void)seed;
    *problem = NULL;
    if (size.n > 10000) return gr_fail(GR_EARG, "%zu rows: expected at most 10000", size.n);
    handback *p = calloc(1, sizeof *p);
    int64_t *rows = malloc((size.n + 1) * HANDBACK_ROW * sizeof *rows);
    if (!p || !rows) {
        free(p), free(rows);
        return gr_fail(GR_ENOMEM, "%zu rows: out of memory", size.n);
    }
    *p = (handback){.n = size.n, .rows = rows, .owner = getpid()};
    p->descriptors_at_start = pools_descriptors();
    *problem = p;
    return GR_OK;
}

static void reset(void *problem)
{
    handback *p = problem;
    p->descriptors_at_start = pools_descriptors();
    p->alone = false;
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    handback *p = problem;
    p->left[0] = p->alone ? 0 : pools_children();
    p->left[1] = p->alone ? 0 : pools_descriptors() - p->descriptors_at_start;
    out[0] =
        (gr_output){"row", gr_array_of(p->rows, GR_I64, 2, (size_t[]){p->n, HANDBACK_ROW}), true};
    out[1] =
        (gr_output){"processes left", gr_array_of(&p->left[0], GR_I64, 1, (size_t[]){1}), true};
    out[2] =
        (gr_output){"descriptors left", gr_array_of(&p->left[1], GR_I64, 1, (size_t[]){1}), true};
    return 3;
}

static double rows(const void *problem) { return (double)((const handback *)problem)->n; }

// ---- the rungs ----

static gr_status itself(void *problem, int workers)
{
    handback *p = problem;
    (void)workers;
    p->alone = true;
    for (size_t i = 0; i < p->n; i++) make(i, p->rows + i * HANDBACK_ROW);
    return GR_OK;
}

static gr_status send_row(int i, int fd, void *context)
{
    const handback *p = context;
    static int64_t row[HANDBACK_ROW];
    handback_make(p, (size_t)i, row);
    return pools_write(fd, row, sizeof row);
}

static gr_status by_children(void *problem, int workers)
{
    handback *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) {
        pools_worker child;
        GR_TRY(pools_start(&child, send_row, (int)i, p));
        gr_status status =
            pools_read(child.fd, p->rows + i * HANDBACK_ROW, HANDBACK_ROW * sizeof *p->rows);
        if (status) pools_kill(&child);
        GR_TRY(status ? status : pools_end(&child));
    }
    return GR_OK;
}

static const gr_size no_sizes[] = {{0, 0}}; // judged, not timed

static const gr_rung rungs[] = {
    {.name = "itself", .idea = "look into the box: no child is needed here", .run = itself},
    {.name = "children",
     .idea = "a child makes each row, hands it back through a pipe, and is waited for",
     .run = by_children},
    {0},
};

const gr_ladder gr_ladder_handback = {
    .name = "handback",
    .title = "How does a child hand back what it has made?",
    .lesson = "12_pools",
    .n_name = "rows",
    .sizes = no_sizes,
    .rungs = rungs,
    .setup = setup,
    .reset = reset,
    .teardown = teardown,
    .outputs = outputs,
    .unit = "row",
    .work = rows,
};
