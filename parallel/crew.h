// SPDX-License-Identifier: BSD-3-Clause
// crew -- workers that wait for jobs, take chunks of them and go back to waiting.
//
// What threads and forked processes have in common: one block of memory that all of them see. The
// owner puts jobs into slots and rings a bell; each worker looks at the jobs, oldest first, takes
// what it can, and sleeps when there is nothing. No task costs a system call; only who sleeps must
// be woken. A worker may vanish at any instruction: nothing here is ever locked.
//
// Interface:  owner: gr_crew_post, _remove, _ring, _wait, _busy     worker: gr_crew_work
#pragma once
#include "lib/map_type.h"

enum { GR_CREW_SLOTS = 8, GR_CREW_POSTS = 4 };

typedef enum gr_stage {
    GR_STAGE_VACANT, // nobody there
    GR_STAGE_STARTING,
    GR_STAGE_READY,
    GR_STAGE_FAILED, // the initializer did; see status and text
    GR_STAGE_LEAVING // by itself, with nothing in its hands
} gr_stage;

typedef enum gr_leaving { GR_LEAVE_STOPPED, GR_LEAVE_RETIRED, GR_LEAVE_FAILED } gr_leaving;

typedef struct gr_place {
    _Atomic uint64_t beat;               // raised with each step; odd while it is at work
    _Atomic uint32_t heard;              // the bell up to which it has looked
    _Atomic uint32_t visiting;           // the slot it looks at, plus 1
    _Atomic uint32_t stage;              // gr_stage
    _Atomic int64_t busy[GR_CREW_SLOTS]; // ns; while it works, less the time at which it began
    gr_status status;                    // if it failed: why, and whether the runs were told
    char text[160];
    bool told;
    char apart[GR_DEAL_LINE];
} gr_place;

typedef struct gr_slot {
    _Atomic uint64_t number; // jobs are numbered from 1; 0: none
    gr_work *work;
} gr_slot;

typedef struct gr_crew {
    _Atomic uint32_t bell; // workers sleep on it
    atomic_bool stop;
    char apart[GR_DEAL_LINE];
    _Atomic uint32_t wanted; // gr_wanted: what the owner sleeps for, and on
    char apart2[GR_DEAL_LINE];
    _Atomic uint32_t started; // how many workers came to be ready so far
    gr_slot slots[GR_CREW_SLOTS];
    const gr_map *map;
    struct gr_reply (*reply_of)(gr_work *work);
    void (*free_work)(const gr_map *map, gr_work *work);
    pid_t parent; // whose end is the workers' end; 0: they are threads
    int workers;
    gr_place places[];
} gr_crew;

size_t gr_crew_bytes(int workers);

// `crew` is zeroed. reply_of: where a worker's replies for this job go; free_work: frees a job that
// was removed.
void gr_crew_make(gr_crew *crew, const gr_map *map, struct gr_reply (*reply_of)(gr_work *work),
                  void (*free_work)(const gr_map *map, gr_work *work));

// ---- the owner ----

// Puts a job into a free slot and rings; what belongs to vacant places is for anyone. Returns the
// slot, or -1 if there is none: jobs that are over keep theirs while a worker still looks at them.
int gr_crew_post(gr_crew *crew, gr_work *work);

// Takes the job, which is over, out of its slot, and frees its work now or when the last worker has
// looked away: one that was stopped there (SIGSTOP) may take its time.
void gr_crew_remove(gr_crew *crew, int slot);
void gr_crew_sweep(gr_crew *crew); // frees what now can be

void gr_crew_ring(gr_crew *crew); // there is something new to look at

// Waits at most `seconds` for news of a posted run.
void gr_crew_wait(gr_crew *crew, double seconds);

// Seconds that the worker at a place worked on the job in a slot, up to now.
double gr_crew_busy(const gr_crew *crew, int place, int slot);

// Nobody is there any more, or not yet again.
void gr_crew_vacate(gr_crew *crew, int place);

// Hands the failure of an initializer, once, to all posted runs.
void gr_crew_trouble(gr_crew *crew, gr_map *map);

// ---- a worker ----

// The life of a worker, from its initializer to its end.
gr_leaving gr_crew_work(gr_crew *crew, int place);
