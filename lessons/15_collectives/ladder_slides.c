// SPDX-License-Identifier: BSD-3-Clause
// The collectives of the slides, each by hand in several ways, and MPI's own. They differ in the
// number of messages, in the numbers that are sent, and in how many rounds follow one another.
//
// Sources: E. Chan, M. Heimlich, A. Purkayastha and R. van de Geijn, Collective communication:
// theory, practice, and experience, 2007; R. Thakur, R. Rabenseifner and W. Gropp, Optimization of
// collective communication operations in MPICH, 2005; J. Bruck and others, Efficient algorithms for
// all-to-all communications in multiport message-passing systems, 1997; D. Hensgen, R. Finkel and
// U. Manber, Two algorithms for barrier synchronization, 1988 (dissemination).
#include "lessons/15_collectives/ladder_part.h"

static const gr_size no_sizes[] = {{0, 0}}; // judged here; `gradus ranks --sweep` times them

// ---- bcast ----

static gr_status bcast_setup(void **problem, gr_size size, uint64_t seed)
{
    return collective_setup(problem, size, seed, BCAST);
}

static const gr_rung bcast_rungs[] = {
    {.name = "foreseen", .idea = "look into the box: who has what?", .run = collective_foreseen},
    {.name = "linear",
     .idea = "the root sends to one after the other: ranks - 1 messages, one after the other",
     .run = bcast_linear,
     .launcher = GR_LAUNCH_MPI},
    {.name = "binomial",
     .idea = "who has it sends, too: those that have it double in every round",
     .run = bcast_binomial,
     .launcher = GR_LAUNCH_MPI},
    {.name = "pipeline",
     .idea = "a chain, in segments: the first arrives while the next are sent",
     .run = bcast_pipeline,
     .launcher = GR_LAUNCH_MPI},
    {.name = "scatter-ring",
     .idea = "cut in parts, one for each rank, which then go round the ring (van de Geijn)",
     .run = bcast_scatter_ring,
     .launcher = GR_LAUNCH_MPI},
    {.name = "native", .idea = "MPI_Bcast", .run = bcast_native, .launcher = GR_LAUNCH_MPI},
    {0},
};

const gr_ladder gr_ladder_bcast = {
    .name = "bcast",
    .title = "The root's numbers for all ranks",
    .lesson = "15_collectives",
    .n_name = "numbers in a block",
    .sizes = no_sizes,
    .rungs = bcast_rungs,
    .setup = bcast_setup,
    .reset = collective_reset,
    .keeps = true,
    .teardown = collective_teardown,
    .outputs = collective_outputs,
    .per_rank = true,
    .unit = "number",
    .work = collective_numbers,
};

// ---- scatter ----

static gr_status scatter_setup(void **problem, gr_size size, uint64_t seed)
{
    return collective_setup(problem, size, seed, SCATTER);
}

static const gr_rung scatter_rungs[] = {
    {.name = "foreseen", .idea = "look into the box: who has what?", .run = collective_foreseen},
    {.name = "linear",
     .idea = "the root sends to one after the other",
     .run = scatter_linear,
     .launcher = GR_LAUNCH_MPI},
    {.name = "binomial",
     .idea = "half of the blocks go to one rank, which hands on half of them, and so forth",
     .run = scatter_binomial,
     .launcher = GR_LAUNCH_MPI},
    {.name = "native", .idea = "MPI_Scatter", .run = scatter_native, .launcher = GR_LAUNCH_MPI},
    {0},
};

const gr_ladder gr_ladder_scatter = {
    .name = "scatter",
    .title = "To each rank its block of the root's",
    .lesson = "15_collectives",
    .n_name = "numbers in a block",
    .sizes = no_sizes,
    .rungs = scatter_rungs,
    .setup = scatter_setup,
    .reset = collective_reset,
    .keeps = true,
    .teardown = collective_teardown,
    .outputs = collective_outputs,
    .per_rank = true,
    .unit = "number",
    .work = collective_numbers,
};

// ---- gather ----

static gr_status gather_setup(void **problem, gr_size size, uint64_t seed)
{
    return collective_setup(problem, size, seed, GATHER);
}

static const gr_rung gather_rungs[] = {
    {.name = "foreseen", .idea = "look into the box: who has what?", .run = collective_foreseen},
    {.name = "linear",
     .idea = "the root receives from one after the other",
     .run = gather_linear,
     .launcher = GR_LAUNCH_MPI},
    {.name = "binomial",
     .idea = "neighbours put theirs together, then neighbours of those",
     .run = gather_binomial,
     .launcher = GR_LAUNCH_MPI},
    {.name = "native", .idea = "MPI_Gather", .run = gather_native, .launcher = GR_LAUNCH_MPI},
    {0},
};

const gr_ladder gr_ladder_gather = {
    .name = "gather",
    .title = "All blocks to the root",
    .lesson = "15_collectives",
    .n_name = "numbers in a block",
    .sizes = no_sizes,
    .rungs = gather_rungs,
    .setup = gather_setup,
    .reset = collective_reset,
    .keeps = true,
    .teardown = collective_teardown,
    .outputs = collective_outputs,
    .per_rank = true,
    .unit = "number",
    .work = collective_numbers,
};

// ---- allgather ----

static gr_status allgather_setup(void **problem, gr_size size, uint64_t seed)
{
    return collective_setup(problem, size, seed, ALLGATHER);
}

static const gr_rung allgather_rungs[] = {
    {.name = "foreseen", .idea = "look into the box: who has what?", .run = collective_foreseen},
    {.name = "linear",
     .idea = "everybody sends to everybody: ranks - 1 messages from each, in one round",
     .run = allgather_linear,
     .launcher = GR_LAUNCH_MPI},
    {.name = "ring",
     .idea = "what came from the left goes on to the right: as many, between neighbours only",
     .run = allgather_ring,
     .launcher = GR_LAUNCH_MPI},
    {.name = "bruck",
     .idea = "all that one has goes on: it doubles in every round (Bruck)",
     .run = allgather_bruck,
     .launcher = GR_LAUNCH_MPI},
    {.name = "native", .idea = "MPI_Allgather", .run = allgather_native, .launcher = GR_LAUNCH_MPI},
    {0},
};

const gr_ladder gr_ladder_allgather = {
    .name = "allgather",
    .title = "All blocks to all ranks",
    .lesson = "15_collectives",
    .n_name = "numbers in a block",
    .sizes = no_sizes,
    .rungs = allgather_rungs,
    .setup = allgather_setup,
    .reset = collective_reset,
    .keeps = true,
    .teardown = collective_teardown,
    .outputs = collective_outputs,
    .per_rank = true,
    .unit = "number",
    .work = collective_numbers,
};
