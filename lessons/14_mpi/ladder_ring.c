// SPDX-License-Identifier: BSD-3-Clause
// ringsum -- every rank has numbers, and every rank is to have their sum. What a rank has just
// received it hands on to the next, until everything has been everywhere: ranks - 1 messages from
// each. All send at the same time, and that is the trap.
#include "lessons/14_mpi/messages.h"
#include <stdlib.h>
#include <string.h>

static void teardown(void *problem)
{
    ring *p = problem;
    if (!p) return;
    free((void *)p->own), free(p->sum), free(p->work);
    free(p);
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    *problem = NULL;
    if (size.n > 1000000) return gr_fail(GR_EARG, "size %zu: expected at most 1000000", size.n);
    ring *p = calloc(1, sizeof *p);
    if (!p) return gr_fail(GR_ENOMEM, "ring: out of memory");
    p->n = size.n * RING_GRAIN, p->seed = seed;
    int64_t *own = malloc((p->n + 1) * sizeof *own);
    p->own = own;
    p->sum = malloc((p->n + 1) * sizeof *p->sum);
    p->work = malloc((2 * p->n + 1) * sizeof *p->work);
    if (!own || !p->sum || !p->work) {
        teardown(p);
        return gr_fail(GR_ENOMEM, "ring of size %zu: out of memory", size.n);
    }
    for (size_t k = 0; k < p->n; k++) own[k] = messages_number(seed, gr_rank(), k);
    *problem = p;
    return GR_OK;
}

static void reset(void *problem)
{
    ring *p = problem;
    p->before = gr_ranks_sent().messages;
    p->foreseen = false;
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    ring *p = problem;
    p->messages = p->foreseen ? gr_ranks() - 1 : (int64_t)(gr_ranks_sent().messages - p->before);
    out[0] = (gr_output){"sum", gr_array_of(p->sum, GR_I64, 1, &p->n), true};
    out[1] =
        (gr_output){"messages sent", gr_array_of(&p->messages, GR_I64, 1, (size_t[]){1}), true};
    return 2;
}

static double numbers(const void *problem) { return (double)((const ring *)problem)->n; }

static gr_status foreseen(void *problem, int workers)
{
    ring *p = problem;
    (void)workers;
    p->foreseen = true;
    for (size_t k = 0; k < p->n; k++) {
        p->sum[k] = 0;
        for (int rank = 0; rank < gr_ranks(); rank++)
            p->sum[k] += messages_number(p->seed, rank, k);
    }
    return GR_OK;
}

static const gr_size no_sizes[] = {{0, 0}}; // judged, not timed

static const gr_rung rungs[] = {
    {.name = "foreseen", .idea = "look into the box: what do the others have?", .run = foreseen},
    {.name = "sendrecv",
     .idea = "send and receive are one call, so no order can be wrong",
     .run = ring_sendrecv,
     .launcher = GR_LAUNCH_MPI},
    {.name = "parity",
     .idea = "even ranks send first, odd ones receive first",
     .run = ring_parity,
     .launcher = GR_LAUNCH_MPI},
    {.name = "nonblocking",
     .idea = "both are started, then both are waited for",
     .run = ring_nonblocking,
     .launcher = GR_LAUNCH_MPI},
    {0},
};

const gr_ladder gr_ladder_ringsum = {
    .name = "ringsum",
    .title = "Round the ring until all ranks have the sum",
    .lesson = "14_mpi",
    .n_name = "times 64 numbers",
    .sizes = no_sizes,
    .rungs = rungs,
    .setup = setup,
    .reset = reset,
    .teardown = teardown,
    .outputs = outputs,
    .per_rank = true,
    .unit = "number",
    .work = numbers,
};
