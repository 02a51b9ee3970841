// SPDX-License-Identifier: BSD-3-Clause
// mpi_lesson -- what the exercises of lesson 16 include: MPI, its ranks, and the problems.
//
// gr_mpi_comm() is the communicator to use: the check also takes the first one, two, three ...
// ranks of MPI_COMM_WORLD.
#pragma once
#include "lessons/16_onesided/onesided.h"
#include "parallel/mpi_ranks.h"
#include <mpi.h>
