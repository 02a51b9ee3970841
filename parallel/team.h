// SPDX-License-Identifier: BSD-3-Clause
// team -- run one function on several threads at once and wait for all: fork and join.
//
// All members start together or none does: if a thread cannot be made, those that wait are sent
// home and the call fails, so that members may wait for one another without fear.
#pragma once
#include "lib/status.h"

// Called once on each member: member 0 .. size-1. Member 0 is the calling thread.
typedef void gr_team_work(int member, int size, void *context);

// Runs work(member, size, context) on `size` >= 1 threads, each bound to a core of its own where
// there are enough, and returns when all are done. GR_ESYS if the threads could not be made.
gr_status gr_team_run(int size, gr_team_work *work, void *context);
