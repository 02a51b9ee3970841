// SPDX-License-Identifier: BSD-3-Clause
// map_type -- what is behind a map: what a launcher implements, and what all of them share.
//
// A launcher says how tasks are run; what a job is, which tasks are done, what is told and what is
// returned is the same for all of them (map.c, map_run.c), and read from one place: the job's deal.
// A launcher that runs its workers elsewhere keeps a deal at home and marks in it what it hears.
// To use maps, include lib/map.h; this is for those who write one.
#pragma once
#include "lib/deal.h"
#include "lib/map.h"
#include <sys/types.h>

// ---- work: a job as its workers see it ----

typedef struct gr_work {
    gr_func_call *call;
    size_t in_size, out_size; // 0: `in` and `out` are (n) gr_bytes
    const void *in;
    void *out;
    const void *context;
    size_t context_size;
    uint64_t seed;
    size_t first;
    gr_outcome *notes; // (n), zero: what is not plain success; see gr_chunk_word.noted
    gr_deal deal;
} gr_work;

// Where gr_reply puts the bytes of the task that runs now. One for each worker.
struct gr_reply {
    char *data;
    size_t size, room; // used, and there
    bool open;         // may the function reply?
    // Makes room for `room` bytes, with the `size` there are.
    gr_status (*grow)(struct gr_reply *reply, size_t room);
    // The task is done: its bytes, and none for the next one.
    gr_bytes (*keep)(struct gr_reply *reply);
    void (*fini)(struct gr_reply *reply); // frees what is left over
    void *keeper;                         // whoever made this
};

// Replies on the heap, each a block of its own.
struct gr_reply gr_reply_on_heap(void);

// Runs task hand->at, writes its result and its outcome, and marks it done. True: on to the next.
bool gr_work_task(gr_work *w, int place, gr_hand *hand, void *state, struct gr_reply *reply);

// What a task that was given up leaves: its outcome, and zeros for a result.
void gr_work_give_up(gr_work *w, size_t task, gr_status status, int attempts, const char *text);

// ---- maps and runs ----

typedef struct gr_map_type gr_map_type;

struct gr_map {
    const gr_map_type *type;
    gr_map_spec spec;
    char name[96]; // the spec as it was given
    gr_map_options options;
    pid_t owner;          // a forked process must not use its parent's map
    const gr_map *within; // the map that has its tasks done by this one; NULL: none
    atomic_bool cancelled;
    gr_run *first;          // runs under way, in the order of their starting
    int posted;             // how many of them the launcher has
    gr_worker *workers;     // (spec.workers): the last finished run's
    bool ran;               // is there one?
    struct gr_block *block; // memory from the heap
    void *launcher;         // the launcher's own
};

struct gr_run {
    gr_map *map; // NULL once finished
    gr_run *next;
    gr_job job;    // with the map's defaults filled in
    gr_work *work; // while posted
    int slot;      // the launcher's own
    bool finished;
    atomic_bool cancelled;
    bool dropped;       // was the deal told of it?
    double started;     // when it was posted
    gr_status status;   // once finished: what gr_map_run returns
    char text[200];     // and says
    size_t over;        // chunks before this one are finished or dropped
    size_t done;        // tasks done in them
    bool noted;         // one of them has an outcome that is not plain success
    gr_worker *workers; // (spec.workers)
    // Task by task, where somebody may want it:
    bool followed;   // somebody does
    size_t *order;   // (n): the tasks as they ended
    bool *seen;      // (n): that have ended
    size_t *told;    // (chunks): tasks of each that were seen to end
    size_t *cursor;  // (lanes): all chunks of a lane before this one were seen to end
    size_t ended;    // how many of `order` are known
    size_t heard;    // how many of them the listener was told of
    size_t came;     // how many of them gr_run_next gave
    size_t front;    // the next task that it gives in the tasks' order
    double progress; // when the listener's progress was last called
    bool telling;    // a listener is being called
};

struct gr_map_type {
    const char *name;
    const char *about; // one line
    bool kills;        // can it end a task that hangs?
    bool nests;        // may there be a map in brackets?
    bool ranks;        // are its workers MPI ranks?
    int slots;         // runs it may have at a time; at least 1
    int most;          // workers; 0: no limit
    // GR_EUNSUP, with the reason, if the launcher cannot keep what the spec asks for. NULL: it is
    // not part of this program.
    gr_status (*make)(gr_map *map);
    gr_status (*serve)(gr_map *map); // gr_map_serve, of a map that is not made; NULL: nothing
    void (*free)(gr_map *map);
    // Starts what is missing and hands the job to the workers; sets run->work.
    gr_status (*post)(gr_map *map, gr_run *run);
    // Looks after the workers, and waits at most `seconds` (negative: for ever) until a posted run
    // is over or, if it is followed, until a task of it ends. May return early.
    void (*attend)(gr_map *map, double seconds);
    // Tasks [lo, hi) have ended: brings their results to job->out. NULL: they are there.
    gr_status (*collect)(gr_map *map, gr_run *run, size_t lo, size_t hi);
    // Fills in busy and lost of each worker in this run.
    void (*count)(gr_map *map, gr_run *run, gr_worker *workers);
    void (*unpost)(gr_map *map, gr_run *run); // the run is over, its work no longer wanted
    void (*close)(gr_map *map);               // ends the workers; no run is posted any more
    // Memory that the workers see; NULL: the heap's will do.
    void *(*memory)(gr_map *map, size_t bytes);
    void (*release)(gr_map *map, void *memory);
};

extern const gr_map_type *const gr_map_types[];          // made by the Makefile; NULL ends
const gr_map_type *gr_map_type_of(const char *launcher); // NULL if there is none of that name

// The maps whose tasks this thread is running, innermost first: a task that waited for one of them
// would wait for itself. A worker sets gr_map_inside while it runs tasks, and resets it to `outer`.
typedef struct gr_inside {
    const gr_map *map;
    const struct gr_inside *outer;
} gr_inside;
extern _Thread_local const gr_inside *gr_map_inside;

// GR_EUNSUP: may this process, and the task that it runs, use the map; can tasks be limited in
// time?
gr_status gr_map_check_owner(const gr_map *map);
gr_status gr_map_check_timeout(const gr_map *map, double timeout);

// Ends the run as a whole: what has not begun is dropped, and this is what it returns.
void gr_run_fail(gr_run *run, gr_status status, const char *text);

bool gr_run_over(gr_run *run); // are all its chunks finished or dropped?

// Is there anything that gr_run_update would see: is it over, or has a task of it ended?
bool gr_run_news(gr_run *run);

// Sees what has happened to a posted run: tells its listener, and finishes it when it is over.
void gr_run_update(gr_run *run);

// The work of a job, dealt; its pointers are the job's own. `notes` and `words` are zeroed and
// borrowed: job->n outcomes, and gr_deal_bytes().
void gr_work_make(gr_work *w, const gr_run *run, gr_outcome *notes, void *words);

// The same in one block on the heap, which the caller frees.
gr_status gr_work_new(gr_work **work, const gr_run *run);
