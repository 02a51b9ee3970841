// SPDX-License-Identifier: BSD-3-Clause
// overlap -- a large message goes to the next rank of the ring, and there is arithmetic to do that
// does not need it. Can both go on at a time? Only if somebody moves the message meanwhile.
#include "lessons/14_mpi/messages.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static double number(size_t k) { return 1 + (double)(k % 1021) * 0.25; }

static void teardown(void *problem)
{
    overlap *p = problem;
    if (!p) return;
    free((void *)p->out), free(p->in), free(p->table);
    free(p);
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    (void)seed;
    *problem = NULL;
    if (size.n > (size_t)1 << 28) return gr_fail(GR_EARG, "%zu numbers: too many", size.n);
    overlap *p = calloc(1, sizeof *p);
    if (!p) return gr_fail(GR_ENOMEM, "overlap: out of memory");
    p->n = size.n, p->table_size = size.n / 4 + 1;
    double *out = malloc((p->n + 1) * sizeof *out);
    p->out = out, p->in = malloc((p->n + 1) * sizeof *p->in);
    p->table = malloc(p->table_size * sizeof *p->table);
    if (!out || !p->in || !p->table) {
        teardown(p);
        return gr_fail(GR_ENOMEM, "%zu numbers: out of memory", size.n);
    }
    for (size_t k = 0; k < p->n; k++) out[k] = number(k);
    *problem = p;
    return GR_OK;
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    overlap *p = problem;
    out[0] = (gr_output){"table", gr_array_of(p->table, GR_F64, 1, &p->table_size), true};
    out[1] = (gr_output){"in", gr_array_of(p->in, GR_F64, 1, &p->n), true};
    return 2;
}

static double numbers(const void *problem) { return (double)((const overlap *)problem)->n; }

// Some roots, by Newton's method: as long as a message takes, and none of its memory.
void overlap_compute(overlap *p, int part)
{
    size_t from = p->table_size * (size_t)part / OVERLAP_PARTS;
    size_t to = p->table_size * ((size_t)part + 1) / OVERLAP_PARTS;
    for (size_t i = from; i < to; i++) {
        double x = 1 + (double)(i % 100), root = x;
        for (int k = 0; k < 12; k++) root = 0.5 * (root + x / root);
        p->table[i] = root;
    }
}

static gr_status no_message(void *problem, int workers)
{
    overlap *p = problem;
    (void)workers;
    for (size_t k = 0; k < p->n; k++) p->in[k] = number(k);
    for (int part = 0; part < OVERLAP_PARTS; part++) overlap_compute(p, part);
    return GR_OK;
}

static const gr_size sizes[] = {{500000, 0}, {0}};

static const gr_rung rungs[] = {
    {.name = "foreseen",
     .idea = "no message: what would come is written down, and the arithmetic is done",
     .run = no_message},
    {.name = "after",
     .idea = "the message goes round the ring, then the arithmetic is done",
     .run = overlap_after,
     .launcher = GR_LAUNCH_MPI},
    {.name = "meanwhile",
     .idea = "MPI_Isend and MPI_Irecv, the arithmetic, MPI_Waitall: is that overlap?",
     .run = overlap_meanwhile,
     .launcher = GR_LAUNCH_MPI},
    {.name = "poked",
     .idea = "the same, with an MPI_Testall now and then: who calls MPI moves messages",
     .run = overlap_poked,
     .launcher = GR_LAUNCH_MPI},
    {0},
};

const gr_ladder gr_ladder_overlap = {
    .name = "overlap",
    .title = "A message, and arithmetic that does not need it",
    .lesson = "14_mpi",
    .n_name = "numbers",
    .sizes = sizes,
    .rungs = rungs,
    .setup = setup,
    .teardown = teardown,
    .outputs = outputs,
    .unit = "number",
    .work = numbers,
};
