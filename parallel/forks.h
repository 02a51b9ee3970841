// SPDX-License-Identifier: BSD-3-Clause
// forks -- what the parts of the fork map know of each other; the map itself is fork_map.c.
//
//   fork_job.c     a job in shared memory: records in, results out
//   fork_child.c   a worker: a process of its own from its birth to its end
//   fork_watch.c   who looks after them: deaths, time limits, replacements
#pragma once
#include "parallel/arena.h"
#include "parallel/crew.h"
#include <sys/types.h>

enum { GR_FORK_STILLBORN = 3 }; // so many that die while starting, and none that does not: enough

// How the owner sees a worker.
typedef struct gr_fork {
    pid_t pid;     // 0: none
    uint64_t beat; // as last seen
    double since;  // when it was first seen so
    double late;   // s, the limit for which it was killed; 0: it was not
} gr_fork;

typedef struct gr_forks {
    gr_arena arena;
    gr_crew *crew;
    unsigned long long code; // how often the program had loaded code when the first was forked
    int stillborn;           // workers that died while starting since one last did start
    uint32_t started;        // how many had, then
    int blas;                // threads that OpenBLAS had before the first fork; 0: not asked
    double looked;           // when the workers were last looked after
    double cancelled[GR_CREW_SLOTS]; // when the job there was; 0: it was not
    gr_fork forks[];                 // (spec.workers)
} gr_forks;

// A job in the arena.
typedef struct gr_fork_job {
    gr_work work;
    char *region; // where replies go
    size_t region_size;
    _Atomic size_t region_used;
    bool out_copied;
    void *blocks[5]; // what belongs to it, but the region
} gr_fork_job;

gr_status gr_fork_job_new(gr_map *map, gr_run *run);
void gr_fork_job_free(const gr_map *map, gr_work *work);
gr_status gr_fork_job_collect(gr_map *map, gr_run *run, size_t lo, size_t hi);
struct gr_reply gr_fork_reply_of(gr_work *work);

// Forks a worker for a vacant place.
gr_status gr_fork_worker(gr_map *map, int place);

// While there are workers, OpenBLAS has one thread here and in them: they have the cores.
void gr_fork_quiet_blas(gr_forks *forks);
void gr_fork_restore_blas(gr_forks *forks);

// Sees which workers are dead, ends those that are late, and fills vacant places.
void gr_fork_watch(gr_map *map);

// Fills vacant places; GR_ESYS if nobody is there then.
gr_status gr_fork_fill(gr_map *map);

// Ends all workers. Those still in a task after half a second are killed, and those that have not
// gone after five.
void gr_fork_end(gr_map *map);
