// SPDX-License-Identifier: BSD-3-Clause
// mpi_lesson -- what the exercises of lesson 14 include: MPI, its ranks, and the problems.
//
// gr_mpi_comm() is the communicator to use. It often is MPI_COMM_WORLD, but the check also takes
// the first one, two, three ... ranks of it: a program that names the world would talk to those
// outside.
#pragma once
#include "lessons/14_mpi/messages.h"
#include "parallel/mpi_ranks.h"
#include <mpi.h>
