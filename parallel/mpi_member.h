// SPDX-License-Identifier: BSD-3-Clause
// mpi_member -- one rank's part in a map: its mail and its agent. Rank 0's and the others'.
#pragma once
#include "parallel/mpi_agent.h"
#include "parallel/mpi_mail.h"
#include <sched.h>

typedef struct gr_member {
    gr_mail mail;
    gr_agent agent;  // without an inner map if this rank does no tasks
    bool moved;      // was it allowed more cores than its own?
    cpu_set_t cores; // its own
} gr_member;

// Why a rank can do no task of a job.
typedef struct gr_trouble {
    size_t job; // its number
    gr_status status;
    char text[200];
} gr_trouble;

// Those that ranks find by name.
const gr_func *const *gr_member_funcs(const gr_map *map);

// Collective over the crowd, and what it returns is agreed on. Ranks beyond the map's number do
// nothing. Of a map of nodes, such as mpi(fork), the first rank of each node works, with a worker
// for each of the map's ranks there, on the cores of all of them; mpi(fork:2) lets every rank work.
// works: (ranks) in rank 0, who does tasks; else NULL.
gr_status gr_member_open(gr_member *member, const gr_map *map, int *works);
void gr_member_close(gr_member *member);
