// SPDX-License-Identifier: BSD-3-Clause
// ranks_end -- how a job of ranks ended, in one sentence, from what its launcher says.
//
// mpirun of Open MPI 4.1 and of 5, and srun: each has words of its own for the same ends.
#pragma once
#include "bench/child.h"
#include "bench/ranks.h"

// Takes the launcher's words out of child->err, which is left with those of the ranks, and writes
// one sentence into `why`: "" if the job ended well. child->signal is that of the first rank that
// was killed; a launcher that was killed itself has its own.
void gr_ranks_explain(gr_child *child, const char *launcher, char why[GR_RANKS_WHY]);
