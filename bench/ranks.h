// SPDX-License-Identifier: BSD-3-Clause
// ranks -- how MPI ranks are started here: the one place that knows mpirun and srun.
//
// Open MPI 4.1 and 5. What the user has set in the environment (OMPI_MCA_...) is left as it is.
#pragma once
#include "bench/child.h"
#include "lib/map.h"
#include <stdbool.h>
#include <stddef.h>

enum { GR_MOST_RANKS = 4096, GR_RANKS_WHY = 600 };

// How many ranks, and where.
typedef struct gr_ranks_shape {
    int ranks;
    int cores;    // for each of them, if it has threads or a map of its own; 0: one
    int per_node; // in a job of several nodes, on each of them; 0: as they have room
} gr_ranks_shape;

typedef struct gr_ranks_how {
    const char *launcher; // "mpirun" or "srun"
    char version[64];     // "Open MPI 4.1.4"; "" if srun starts them
    char binding[24];     // "core", "2 cores", "none"
    int room;             // ranks that may compute at a time
    bool oversubscribed;  // there are more than that: right, but no measure of speed
} gr_ranks_how;

// Why ranks cannot be started here, in a few words; NULL if they can.
const char *gr_ranks_missing(void);

// The ranks of a map: mpi(fork:2):3:ppn=4 is 12, 4 on a node, with 2 cores each.
gr_ranks_shape gr_ranks_shape_of(const gr_map_spec *spec);

// Ranks of so many cores each that may compute at a time: on the cores that a job was granted, or
// those here; at least one.
int gr_ranks_room(int cores);

// How they would be started. GR_EUNSUP and GR_EARG, in words, if they cannot be.
gr_status gr_ranks_plan(gr_ranks_shape shape, gr_ranks_how *how);

// Runs the words of `gradus` (argv, NULL-ended, without the program's name) on so many ranks of a
// core each, with
// the gradus-mpi that stands beside `program`. limit: seconds after which ranks that all wait are
// stuck (0: the default). As gr_child_run, and: a rank that dies is a child that died of that
// signal; what mpirun says about it is left out of child->err. `why` is one sentence if the job
// ended badly, and "" if it did not.
gr_status gr_ranks_run(const char *program, int ranks, char *const argv[], double limit,
                       double seconds, gr_child *child, char why[GR_RANKS_WHY]);

// The same for a command that hands its words on: prints what the ranks print, on failure one line,
// and returns gradus' exit code. ^C ends the job.
int gr_ranks_main(gr_ranks_shape shape, char *const argv[]);
