// SPDX-License-Identifier: BSD-3-Clause
// ranks_map -- the row of the map over MPI ranks, which plain programs know by name only.
#include "parallel/ranks_map.h"

const gr_map_type gr_map_mpi = {
    .name = "mpi",
    .about = "MPI ranks, rank 0 among them; mpi(fork:2): each has its tasks done by two processes",
    .kills = true, // by forked workers of the ranks
    .nests = true,
    .ranks = true,
    .slots = 1,
    .make = gr_mpi_map_make,
    .serve = gr_mpi_map_serve,
    .free = gr_mpi_map_free,
    .post = gr_mpi_map_post,
    .attend = gr_mpi_map_attend,
    .count = gr_mpi_map_count,
    .unpost = gr_mpi_map_unpost,
    .close = gr_mpi_map_close,
};
