// SPDX-License-Identifier: BSD-3-Clause
// ranks_map -- what the map over MPI ranks is made of; all of it is in gradus-mpi only.
#pragma once
#include "lib/map_type.h"
#include "lib/ranks.h"

gr_status gr_mpi_map_make(gr_map *map) GR_MPI_ONLY;
gr_status gr_mpi_map_serve(gr_map *map) GR_MPI_ONLY;
void gr_mpi_map_free(gr_map *map) GR_MPI_ONLY;
gr_status gr_mpi_map_post(gr_map *map, gr_run *run) GR_MPI_ONLY;
void gr_mpi_map_attend(gr_map *map, double seconds) GR_MPI_ONLY;
void gr_mpi_map_count(gr_map *map, gr_run *run, gr_worker *workers) GR_MPI_ONLY;
void gr_mpi_map_unpost(gr_map *map, gr_run *run) GR_MPI_ONLY;
void gr_mpi_map_close(gr_map *map) GR_MPI_ONLY;
