// SPDX-License-Identifier: BSD-3-Clause
// The collectives of the slides that add, one that sends all to all, and the barrier. Sources:
// ladder_slides.c.
#include "lessons/15_collectives/ladder_part.h"

static const gr_size no_sizes[] = {{0, 0}}; // judged here; `gradus ranks --sweep` times them

// ---- reduce ----

static gr_status reduce_setup(void **problem, gr_size size, uint64_t seed)
{
    return collective_setup(problem, size, seed, REDUCE);
}

static const gr_rung reduce_rungs[] = {
    {.name = "foreseen", .idea = "look into the box: who has what?", .run = collective_foreseen},
    {.name = "linear",
     .idea = "the root receives from one after the other, and adds",
     .run = reduce_linear,
     .launcher = GR_LAUNCH_MPI},
    {.name = "binomial",
     .idea = "sums of two, of four ...: half of the ranks drop out in every round",
     .run = reduce_binomial,
     .launcher = GR_LAUNCH_MPI},
    {.name = "native", .idea = "MPI_Reduce", .run = reduce_native, .launcher = GR_LAUNCH_MPI},
    {0},
};

const gr_ladder gr_ladder_reduce = {
    .name = "reduce",
    .title = "The sum over all ranks, on the root",
    .lesson = "15_collectives",
    .n_name = "numbers in a block",
    .sizes = no_sizes,
    .rungs = reduce_rungs,
    .setup = reduce_setup,
    .reset = collective_reset,
    .keeps = true,
    .teardown = collective_teardown,
    .outputs = collective_outputs,
    .per_rank = true,
    .unit = "number",
    .work = collective_numbers,
};

// ---- allreduce ----

static gr_status allreduce_setup(void **problem, gr_size size, uint64_t seed)
{
    return collective_setup(problem, size, seed, ALLREDUCE);
}

static const gr_rung allreduce_rungs[] = {
    {.name = "foreseen", .idea = "look into the box: who has what?", .run = collective_foreseen},
    {.name = "tree",
     .idea = "a binomial tree up, and a binomial tree down",
     .run = allreduce_tree,
     .launcher = GR_LAUNCH_MPI},
    {.name = "doubling",
     .idea = "pairs swap their sums at distance 1, 2, 4 ...: all are busy, half the rounds",
     .run = allreduce_doubling,
     .launcher = GR_LAUNCH_MPI},
    {.name = "ring",
     .idea = "sums of parts go round the ring twice: no number is sent more than needed",
     .run = allreduce_ring,
     .launcher = GR_LAUNCH_MPI},
    {.name = "native", .idea = "MPI_Allreduce", .run = allreduce_native, .launcher = GR_LAUNCH_MPI},
    {0},
};

const gr_ladder gr_ladder_allreduce = {
    .name = "allreduce",
    .title = "The sum over all ranks, on all of them",
    .lesson = "15_collectives",
    .n_name = "numbers in a block",
    .sizes = no_sizes,
    .rungs = allreduce_rungs,
    .setup = allreduce_setup,
    .reset = collective_reset,
    .keeps = true,
    .teardown = collective_teardown,
    .outputs = collective_outputs,
    .per_rank = true,
    .unit = "number",
    .work = collective_numbers,
};

// ---- reducescatter ----

static gr_status reducescatter_setup(void **problem, gr_size size, uint64_t seed)
{
    return collective_setup(problem, size, seed, REDUCE_SCATTER);
}

static const gr_rung reducescatter_rungs[] = {
    {.name = "foreseen", .idea = "look into the box: who has what?", .run = collective_foreseen},
    {.name = "pairwise",
     .idea = "to each rank its block, from each rank one: ranks - 1 swaps",
     .run = reducescatter_pairwise,
     .launcher = GR_LAUNCH_MPI},
    {.name = "ring",
     .idea = "sums go round the ring; each rank adds its own and hands on",
     .run = reducescatter_ring,
     .launcher = GR_LAUNCH_MPI},
    {.name = "native",
     .idea = "MPI_Reduce_scatter_block",
     .run = reducescatter_native,
     .launcher = GR_LAUNCH_MPI},
    {0},
};

const gr_ladder gr_ladder_reducescatter = {
    .name = "reducescatter",
    .title = "To each rank its block of the sum",
    .lesson = "15_collectives",
    .n_name = "numbers in a block",
    .sizes = no_sizes,
    .rungs = reducescatter_rungs,
    .setup = reducescatter_setup,
    .reset = collective_reset,
    .keeps = true,
    .teardown = collective_teardown,
    .outputs = collective_outputs,
    .per_rank = true,
    .unit = "number",
    .work = collective_numbers,
};

// ---- alltoall ----

static gr_status alltoall_setup(void **problem, gr_size size, uint64_t seed)
{
    return collective_setup(problem, size, seed, ALLTOALL);
}

static const gr_rung alltoall_rungs[] = {
    {.name = "foreseen", .idea = "look into the box: who has what?", .run = collective_foreseen},
    {.name = "linear",
     .idea = "all messages are started, then waited for",
     .run = alltoall_linear,
     .launcher = GR_LAUNCH_MPI},
    {.name = "pairwise",
     .idea = "at distance 1, 2, 3 ...: everybody sends one and receives one at a time",
     .run = alltoall_pairwise,
     .launcher = GR_LAUNCH_MPI},
    {.name = "native", .idea = "MPI_Alltoall", .run = alltoall_native, .launcher = GR_LAUNCH_MPI},
    {0},
};

const gr_ladder gr_ladder_alltoall = {
    .name = "alltoall",
    .title = "From each rank a block to each",
    .lesson = "15_collectives",
    .n_name = "numbers in a block",
    .sizes = no_sizes,
    .rungs = alltoall_rungs,
    .setup = alltoall_setup,
    .reset = collective_reset,
    .keeps = true,
    .teardown = collective_teardown,
    .outputs = collective_outputs,
    .per_rank = true,
    .unit = "number",
    .work = collective_numbers,
};

// ---- scan ----

static gr_status scan_setup(void **problem, gr_size size, uint64_t seed)
{
    return collective_setup(problem, size, seed, SCAN);
}

static const gr_rung scan_rungs[] = {
    {.name = "foreseen", .idea = "look into the box: who has what?", .run = collective_foreseen},
    {.name = "chain",
     .idea = "each waits for the one before it, adds, and sends on",
     .run = scan_chain,
     .launcher = GR_LAUNCH_MPI},
    {.name = "doubling",
     .idea = "sums of 1, 2, 4 ... ranks come from that far (Hillis and Steele)",
     .run = scan_doubling,
     .launcher = GR_LAUNCH_MPI},
    {.name = "native", .idea = "MPI_Scan", .run = scan_native, .launcher = GR_LAUNCH_MPI},
    {0},
};

const gr_ladder gr_ladder_scan = {
    .name = "scan",
    .title = "The sum over the ranks up to this one",
    .lesson = "15_collectives",
    .n_name = "numbers in a block",
    .sizes = no_sizes,
    .rungs = scan_rungs,
    .setup = scan_setup,
    .reset = collective_reset,
    .keeps = true,
    .teardown = collective_teardown,
    .outputs = collective_outputs,
    .per_rank = true,
    .unit = "number",
    .work = collective_numbers,
};

// ---- barrier ----

static gr_status barrier_setup(void **problem, gr_size size, uint64_t seed)
{
    return collective_setup(problem, size, seed, BARRIER);
}

static const gr_rung barrier_rungs[] = {
    {.name = "foreseen", .idea = "look into the box: who has what?", .run = collective_foreseen},
    {.name = "central",
     .idea = "all tell rank 0, and rank 0 tells all",
     .run = barrier_central,
     .launcher = GR_LAUNCH_MPI},
    {.name = "dissemination",
     .idea = "tell the one at distance 1, 2, 4 ...: what is heard is told on",
     .run = barrier_dissemination,
     .launcher = GR_LAUNCH_MPI},
    {.name = "native", .idea = "MPI_Barrier", .run = barrier_native, .launcher = GR_LAUNCH_MPI},
    {0},
};

// One rank comes late on purpose, so a run says nothing of how long a barrier takes.
static double barrier_work(const void *problem)
{
    (void)problem;
    return 0;
}

const gr_ladder gr_ladder_barrier = {
    .name = "barrier",
    .title = "Nobody goes on before all have come",
    .lesson = "15_collectives",
    .n_name = "numbers in a block",
    .sizes = no_sizes,
    .rungs = barrier_rungs,
    .setup = barrier_setup,
    .reset = collective_reset,
    .keeps = true,
    .teardown = collective_teardown,
    .outputs = collective_outputs,
    .per_rank = true,
    .unit = "number",
    .work = barrier_work,
};
