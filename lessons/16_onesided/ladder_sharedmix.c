// SPDX-License-Identifier: BSD-3-Clause
// sharedmix -- the ranks of one machine have memory that all of them see. A halo is then a plain
// read; but when may I read, and when may I write?
#include "lessons/16_onesided/onesided.h"

static const gr_size no_sizes[] = {{0, 0}}; // judged, not timed

static const gr_rung rungs[] = {
    {.name = "foreseen", .idea = "every rank computes the whole ring", .run = gr_ringmix_foreseen},
    {.name = "messages",
     .idea = "the neighbours' numbers are sent and copied",
     .run = sharedmix_messages,
     .launcher = GR_LAUNCH_MPI},
    {.name = "shared",
     .idea = "MPI_Win_allocate_shared: they are read where they are",
     .run = sharedmix_shared,
     .launcher = GR_LAUNCH_MPI},
    {0},
};

const gr_ladder gr_ladder_sharedmix = {
    .name = "sharedmix",
    .title = "Neighbours' numbers in shared memory, step after step",
    .lesson = "16_onesided",
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
