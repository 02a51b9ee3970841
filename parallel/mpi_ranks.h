// SPDX-License-Identifier: BSD-3-Clause
// mpi_ranks -- the ranks of lib/ranks.h by MPI; only `gradus-mpi` has them.
//
// MPI_Init is called at the program's start and MPI_Finalize at its end. An MPI call that fails
// says so in one line and ends the job. The time after which ranks that all wait are taken for
// stuck is 60 s, or GRADUS_RANKS_LIMIT seconds (0: they may wait for ever).
#pragma once
#include "lib/ranks.h"
#include <mpi.h>

// The crowd's communicator: what a rung or an exercise uses in place of MPI_COMM_WORLD.
MPI_Comm gr_mpi_comm(void);

// Of any communicator, past the watch.
int gr_mpi_rank_in(MPI_Comm comm);
int gr_mpi_size_of(MPI_Comm comm);

// Ends the job with this line, "gradus: rank 1: ...", and code 1. Does not return.
void gr_mpi_die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

// gr_rung_worked for all ranks: brings to rank 0 what each did in a run. Collective.
void gr_mpi_worked(size_t tasks, double busy);
