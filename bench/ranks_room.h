// SPDX-License-Identifier: BSD-3-Clause
// ranks_room -- a folder in memory for the files of one job of MPI ranks.
//
// Open MPI removes its files itself, except when mpirun is killed with SIGKILL. So each job gets a
// folder of its own, /dev/shm/gradus-ranks.UID.PID, and goes with it. Where this process is killed
// so, an empty folder is left; the next job of the same user removes it.
#pragma once
#include "lib/status.h"

// Makes the folder and tells Open MPI through the environment; removes those whose makers are gone.
// Without /dev/shm, or on several nodes, nothing is done: Open MPI's own places are used.
void gr_ranks_room_make(void);

// Removes the folder and all that is in it.
void gr_ranks_room_free(void);
