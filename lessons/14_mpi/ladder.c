// SPDX-License-Identifier: BSD-3-Clause
// hello -- every rank says a line, and all are to be heard in the order of the ranks. Who prints by
// itself is heard when it pleases the pipes; so the lines travel to rank 0.
#include "lessons/14_mpi/messages.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int64_t messages_number(uint64_t seed, int rank, size_t k)
{
    return (int64_t)((seed + 3) * (k % 1009 + 1) + (uint64_t)rank * 7919 * (k % 13 + 1));
}

// The line of a rank, which is the problem's size and a little more long.
static size_t length_of(size_t n, int rank) { return n + (size_t)(rank * 7 % 5); }

static void write_line(uint8_t *line, size_t length, int rank)
{
    char start[32];
    int used = snprintf(start, sizeof start, "rank %d: ", rank);
    for (size_t i = 0; i < length; i++)
        line[i] = i < (size_t)used ? (uint8_t)start[i] : (uint8_t)('a' + (i + (size_t)rank) % 26);
}

static void teardown(void *problem)
{
    hello *p = problem;
    if (!p) return;
    free(p->line), free(p->lines), free(p->lengths);
    free(p);
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    (void)seed;
    *problem = NULL;
    size_t ranks = (size_t)gr_ranks();
    if (size.n > 1000000) return gr_fail(GR_EARG, "lines of %zu: expected at most 1000000", size.n);
    hello *p = calloc(1, sizeof *p);
    if (!p) return gr_fail(GR_ENOMEM, "hello: out of memory");
    p->room = size.n + 5, p->length = length_of(size.n, gr_rank());
    p->line = malloc(p->length + 1), p->lines = malloc(ranks * p->room);
    p->lengths = malloc(ranks * sizeof *p->lengths);
    if (!p->line || !p->lines || !p->lengths) {
        teardown(p);
        return gr_fail(GR_ENOMEM, "lines of %zu: out of memory", size.n);
    }
    write_line(p->line, p->length, gr_rank());
    *problem = p;
    return GR_OK;
}

static void reset(void *problem)
{
    hello *p = problem;
    memset(p->lines, 0, (size_t)gr_ranks() * p->room);
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    hello *p = problem;
    size_t shape[] = {(size_t)gr_ranks(), p->room};
    out[0] = (gr_output){"line", gr_array_of(p->lines, GR_U8, 2, shape), true};
    out[1] = (gr_output){"length", gr_array_of(p->lengths, GR_I64, 1, shape), true};
    return 2;
}

static double lines(const void *problem) { return problem ? gr_ranks() : 0; }

static gr_status foreseen(void *problem, int workers)
{
    hello *p = problem;
    (void)workers;
    for (int rank = 0; rank < gr_ranks(); rank++) {
        size_t length = length_of(p->room - 5, rank);
        write_line(p->lines + (size_t)rank * p->room, length, rank);
        p->lengths[rank] = (int64_t)length;
    }
    return GR_OK;
}

static const gr_size no_sizes[] = {{0, 0}}; // judged, not timed

static const gr_rung rungs[] = {
    {.name = "foreseen", .idea = "look into the box: what would they say?", .run = foreseen},
    {.name = "in-turn",
     .idea = "rank 0 receives from 1, then from 2 ...; MPI_Probe tells how long a line is",
     .run = hello_in_turn,
     .launcher = GR_LAUNCH_MPI},
    {.name = "as-they-come",
     .idea = "rank 0 receives from whoever is ready; the status tells who it was",
     .run = hello_as_they_come,
     .launcher = GR_LAUNCH_MPI},
    {0},
};

const gr_ladder gr_ladder_hello = {
    .name = "hello",
    .title = "Every rank says a line; rank 0 has them in order",
    .lesson = "14_mpi",
    .n_name = "characters",
    .sizes = no_sizes,
    .rungs = rungs,
    .setup = setup,
    .reset = reset,
    .teardown = teardown,
    .outputs = outputs,
    .unit = "line",
    .work = lines,
};
