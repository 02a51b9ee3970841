// SPDX-License-Identifier: BSD-3-Clause
// mpi_agent -- what a rank does with the chunks that it is dealt: it has their tasks done by a map
// of its own, the one in brackets, `serial` if there is none.
//
// A chunk goes into the inner map bit by bit, each bit a job of some milliseconds: between two of
// them the rank looks at its mail, and can tell how far it is. While the inner map's workers, if
// they are not the rank itself, do one bit, the next one is there already. A task that crashes or
// takes too long costs itself alone where the inner map can end it, as fork can.
#pragma once
#include "lib/map_type.h"

// A chunk in a rank's hands: tasks lo .. hi-1 of the job.
typedef struct gr_load {
    size_t chunk, lo, hi;
    size_t begun, done, told; // tasks before these: in the inner map, ended, and reported
    const void *in;           // records of lo and on, as in gr_job
    void *out;                // results
    gr_outcome *outcomes;     // (hi - lo)
    void *memory;             // freed with the load
} gr_load;

enum { GR_AGENT_LOADS = 2, GR_AGENT_BITS = 2 };

typedef struct gr_agent {
    gr_map *inner;
    gr_map_options options; // the user's
    int rank;
    gr_job job;         // what all tasks have in common
    gr_func_call *call; // of this job; another one's tasks take another time
    gr_load loads[GR_AGENT_LOADS];
    int held; // of them; the first is the oldest
    struct gr_bit {
        gr_run *run;
        size_t lo, hi; // tasks of the job
        double began;
    } bits[GR_AGENT_BITS];
    int under_way; // of them; the first is the oldest
    size_t grain;  // tasks in the next bit
    double since;  // when it began to be at work; 0: it is not
    double busy;   // s in this job before that
    int lost;      // workers of the inner map, in this job
} gr_agent;

// The inner map of `map`, for this rank. `workers`: of the inner map; 0: as its words say. GR_EARG
// and what the inner map's making says. Options are those of `map`.
gr_status gr_agent_open(gr_agent *agent, const gr_map *map, int rank, int workers);
void gr_agent_close(gr_agent *agent); // ends the inner map's workers; the next job starts them
void gr_agent_fini(gr_agent *agent);

// A new job: func, context, seed, first, timeout and retries. Nothing is held.
void gr_agent_begin(gr_agent *agent, const gr_job *job);

// Takes over a load; at most GR_AGENT_LOADS are held.
void gr_agent_take(gr_agent *agent, gr_load load);

// Goes on with what is held, for at most `seconds`: loads[k].done grows. A failure is the inner
// map's: it can do no task.
gr_status gr_agent_step(gr_agent *agent, double seconds);

// What has not ended is not wanted any more; waits for what runs.
void gr_agent_drop(gr_agent *agent);

// The oldest load was reported to its end, or is not wanted: away with it.
void gr_agent_put_down(gr_agent *agent);

double gr_agent_busy(const gr_agent *agent);
