// SPDX-License-Identifier: BSD-3-Clause
// fork_team -- run one function in several processes at once and wait for all: fork and join.
//
// The sibling of team.h. Members see the caller's memory as it was when they were started, and what
// they write stays their own, except in shared memory (parallel/shm.h). They are all or nothing:
// the first that fails, dies or is killed ends the others, so nobody waits for ever for one who is
// gone. They die with the caller.
#pragma once
#include "lib/status.h"

// Called once in each process: member 0 .. size-1. Its failure, with its text, is the team's. It
// must not use threads, nor what needs them (OpenMP); exit() and buffered output are the caller's.
typedef gr_status gr_fork_work(int member, int size, void *context);

// Runs work(member, size, context) in `size` >= 1 child processes and returns when all are done, or
// none is left. timeout: seconds; negative: none. GR_EARG, GR_ENOMEM; GR_ESYS if one could not be
// started or died ("member 1 of 3 was killed by signal 9 (Killed)"); GR_ETIME; or what a member
// returned.
gr_status gr_fork_team_run(int size, double timeout, gr_fork_work *work, void *context);
