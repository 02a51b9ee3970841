// SPDX-License-Identifier: BSD-3-Clause
// ringmix -- ranks stand in a ring, and in every step each needs what both neighbours have: a halo.
// The same pattern, step after step, is what MPI can be told beforehand.
#include "lessons/15_collectives/collectives.h"

static const gr_size no_sizes[] = {{0, 0}}; // judged, not timed

static const gr_rung rungs[] = {
    {.name = "foreseen", .idea = "every rank computes the whole ring", .run = gr_ringmix_foreseen},
    {.name = "sendrecv",
     .idea = "to the right and from the left, then the other way",
     .run = ringmix_sendrecv,
     .launcher = GR_LAUNCH_MPI},
    {.name = "persistent",
     .idea = "MPI_Send_init once, MPI_Startall in each step: what does not change is set up once",
     .run = ringmix_persistent,
     .launcher = GR_LAUNCH_MPI},
    {.name = "neighbourhood",
     .idea = "a communicator that knows the ring; MPI_Neighbor_allgather does all four messages",
     .run = ringmix_neighbourhood,
     .launcher = GR_LAUNCH_MPI},
    {.name = "nonblocking",
     .idea = "MPI_Ineighbor_allgather: there is time until MPI_Wait",
     .run = ringmix_nonblocking,
     .launcher = GR_LAUNCH_MPI},
    {.name = "prepared",
     .idea = "MPI_Neighbor_allgather_init once, MPI_Start in each step: a persistent collective",
     .run = ringmix_prepared,
     .launcher = GR_LAUNCH_MPI,
     .needs = GR_NEED_PERSISTENT},
    {0},
};

const gr_ladder gr_ladder_ringmix = {
    .name = "ringmix",
    .title = "Both neighbours' numbers, step after step",
    .lesson = "15_collectives",
    .n_name = "numbers",
    .steps_name = "steps",
    .sizes = no_sizes,
    .rungs = rungs,
    .setup = gr_ringmix_setup,
    .reset = gr_ringmix_reset,
    .teardown = gr_ringmix_teardown,
    .outputs = gr_ringmix_outputs,
    .per_rank = true,
    .unit = "number",
    .work = gr_ringmix_work,
};
