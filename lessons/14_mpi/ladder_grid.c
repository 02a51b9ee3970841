// SPDX-License-Identifier: BSD-3-Clause
// grid -- ranks stand in rows and columns, and each wants the sums over its row and over its
// column. A communicator is a set of ranks that can do something together: one for the row, one for
// the column.
#include "lessons/14_mpi/messages.h"
#include <stdlib.h>

// As square as it can be: at least as many rows as columns.
static void shape(grid *p)
{
    int ranks = gr_ranks();
    p->columns = 1;
    for (int c = 1; c * c <= ranks; c++)
        if (ranks % c == 0) p->columns = c;
    p->rows = ranks / p->columns;
}

static void teardown(void *problem)
{
    grid *p = problem;
    if (!p) return;
    free((void *)p->own), free(p->in_row), free(p->in_column);
    free(p);
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    *problem = NULL;
    if (size.n > 10000000) return gr_fail(GR_EARG, "%zu numbers: too many", size.n);
    grid *p = calloc(1, sizeof *p);
    if (!p) return gr_fail(GR_ENOMEM, "grid: out of memory");
    p->n = size.n, p->seed = seed;
    shape(p);
    int64_t *own = malloc((p->n + 1) * sizeof *own);
    p->own = own;
    p->in_row = malloc((p->n + 1) * sizeof *own), p->in_column = malloc((p->n + 1) * sizeof *own);
    if (!own || !p->in_row || !p->in_column) {
        teardown(p);
        return gr_fail(GR_ENOMEM, "%zu numbers: out of memory", size.n);
    }
    for (size_t k = 0; k < p->n; k++) own[k] = messages_number(seed, gr_rank(), k);
    *problem = p;
    return GR_OK;
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    grid *p = problem;
    out[0] = (gr_output){"place", gr_array_of(p->place, GR_I64, 1, (size_t[]){2}), true};
    out[1] = (gr_output){"in row", gr_array_of(p->in_row, GR_I64, 1, &p->n), true};
    out[2] = (gr_output){"in column", gr_array_of(p->in_column, GR_I64, 1, &p->n), true};
    return 3;
}

static double numbers(const void *problem) { return (double)((const grid *)problem)->n; }

static gr_status foreseen(void *problem, int workers)
{
    grid *p = problem;
    (void)workers;
    int row = gr_rank() / p->columns, column = gr_rank() % p->columns;
    p->place[0] = row, p->place[1] = column;
    for (size_t k = 0; k < p->n; k++) {
        p->in_row[k] = p->in_column[k] = 0;
        for (int c = 0; c < p->columns; c++)
            p->in_row[k] += messages_number(p->seed, row * p->columns + c, k);
        for (int r = 0; r < p->rows; r++)
            p->in_column[k] += messages_number(p->seed, r * p->columns + column, k);
    }
    return GR_OK;
}

static const gr_size no_sizes[] = {{0, 0}}; // judged, not timed

static const gr_rung rungs[] = {
    {.name = "foreseen", .idea = "look into the box: what do the others have?", .run = foreseen},
    {.name = "split",
     .idea = "MPI_Comm_split: ranks that name the same colour are together",
     .run = grid_split,
     .launcher = GR_LAUNCH_MPI},
    {.name = "cart",
     .idea = "MPI_Cart_create knows rows and columns; MPI_Cart_sub cuts them out",
     .run = grid_cart,
     .launcher = GR_LAUNCH_MPI},
    {.name = "group",
     .idea = "MPI_Group_incl lists the members; no others take part in making the communicator",
     .run = grid_group,
     .launcher = GR_LAUNCH_MPI},
    {0},
};

const gr_ladder gr_ladder_grid = {
    .name = "grid",
    .title = "Sums over the rows and the columns of ranks",
    .lesson = "14_mpi",
    .n_name = "numbers",
    .sizes = no_sizes,
    .rungs = rungs,
    .setup = setup,
    .teardown = teardown,
    .outputs = outputs,
    .per_rank = true,
    .unit = "number",
    .work = numbers,
};
