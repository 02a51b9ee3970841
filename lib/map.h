// SPDX-License-Identifier: BSD-3-Clause
// map -- apply one named function to n records. Who does it, and in what order, changes no result.
//
// A map is strategy (how work is dealt) x launcher (what runs it) x scheduler (who grants nodes),
// chosen by one string:
// [scheduler-]launcher[(map)][-strategy][:nodes[:ppn=K][:cpp=C]][,key=value]...
//   serial   threads:8   fork-carddealer:4   fork:4,chunk=16,retries=2   mpi(fork:2):4
// Launchers register by being defined, `const gr_map_type gr_map_NAME = {`, in lib/ or parallel/.
// A dead, hung or failing worker costs its task another attempt, never the caller its patience.
// A map is used by one thread at a time, in the process that made it; not in a task that it runs.
//
// Interface:
//   gr_map_new, _run, _close, _free        a map is a value with an owner; closed, it starts again
//   gr_map_start, gr_run_*, gr_map_serve   asynchronously or result by result; on MPI ranks
//   gr_map_memory, _release                memory that its workers see: records without copies
//   gr_reply                               what a function calls to return bytes of any number
//   gr_map_workers                         what each worker did in the last run
#pragma once
#include "lib/rng.h"
#include "lib/status.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

// ---- functions ----

// A record or a result of any number of bytes.
typedef struct gr_bytes {
    void *data;
    size_t size;
} gr_bytes;

// One task, as the function sees it.
typedef struct gr_call {
    const void *in;      // the record
    size_t in_size;      // its bytes
    void *out;           // where the result goes: func->out_size bytes; NULL if that is 0
    const void *context; // the job's, the same for all tasks; read only
    size_t context_size;
    void *state;  // what the map's initializer made in this worker; NULL without one
    size_t index; // of the task in its job: 0 .. n-1 (and job->first more)
    int attempt;  // 0, or how often this task's worker was lost before
    gr_rng rng;   // stream `index` of the job's seed: the same numbers whoever runs the task
    struct gr_reply *reply; // used by gr_reply
} gr_call;

// A failure is the task's outcome, with the text of gr_fail, wherever it ran. It is not tried
// again.
typedef gr_status gr_func_call(gr_call *call);

// A function has a name, since a pointer means nothing in another program. Those named
// gr_func_NAME at the start of a line stand in the table gr_funcs, and in `gradus list`.
typedef struct gr_func {
    const char *name, *about; // about: one line
    gr_func_call *call;
    size_t in_size, out_size; // bytes of a record and of a result; 0: any number
    // How `gradus map` writes a result; NULL: as one int64_t, or a failed task's status in words.
    void (*print)(FILE *stream, const void *out, size_t size);
} gr_func;

// Appends `size` bytes to the result of a function whose out_size is 0.
gr_status gr_reply(gr_call *call, const void *bytes, size_t size);

extern const gr_func *const gr_funcs[]; // made by the Makefile; NULL ends

// ---- jobs ----

// How a task ended.
typedef struct gr_outcome {
    gr_status status; // GR_OK, the function's own, GR_ESYS: its worker died, GR_ETIME: it ran out
    int attempts;     // 1, or more if workers were lost; 0: never begun (cancelled)
    char text[80];    // why, if status is not GR_OK
} gr_outcome;

// Told in the thread that waits (gr_map_run, gr_run_*), in the order in which tasks end.
typedef struct gr_listener {
    void (*result)(size_t index, const void *out, size_t size, void *user);
    void (*error)(size_t index, const gr_outcome *outcome, void *user);
    void (*progress)(size_t done, size_t n, void *user); // at most some ten times a second
    void *user;
} gr_listener;

typedef struct gr_job {
    const gr_func *func;
    size_t n; // tasks; 0 is fine
    // Records and results: (n, in_size) and (n, out_size) bytes, contiguous. Used in place where
    // they lie in gr_map_memory, else copied once. Where the function's size is 0, (n) gr_bytes:
    // results are then allocated, and the caller frees each `data`. A failed task's result is
    // zeros. `in` may be NULL, for functions that need no record; `out` too, if in bytes of any
    // number.
    const void *in;
    void *out;
    const void *context; // bytes sent to every worker, once a job; may be NULL
    size_t context_size;
    uint64_t seed;
    size_t first;         // call->index of task 0, where this job is a part of a larger one
    gr_outcome *outcomes; // (n), or NULL: only the first failure is wanted
    size_t chunk;         // tasks dealt at a time; 0: the map's, or by the rule in gr_chunk
    double timeout;       // seconds that one task may take; 0: the map's, or no limit
    int retries;          // attempts after a lost worker; 0: the map's, or 2; negative: none
    gr_listener listener;
} gr_job;

// ---- maps ----

typedef enum gr_strategy {
    GR_POOL,         // chunks to whoever is free
    GR_GUIDED,       // the same, chunks shrinking with what is left
    GR_EQUALPORTION, // one contiguous block each
    GR_CARDDEALER,   // chunk k to worker k modulo workers
    GR_SEQUENTIAL,   // one after the other, by one worker
    GR_STRATEGIES
} gr_strategy;

// "pool", "guided", ...: the word in a spec.
const char *gr_strategy_name(gr_strategy strategy);

// A spec string, taken apart. Without a number of nodes: gr_cpu_usable() workers.
typedef struct gr_map_spec {
    char launcher[32], scheduler[32]; // scheduler "": none
    char inner[64]; // in brackets: the map that each worker has its tasks done by; "": none
    int width;      // its workers; 1 without one
    gr_strategy strategy;
    int workers; // nodes x ppn
    int nodes, ppn, cpp;
    size_t chunk;   // chunk=
    double timeout; // timeout= seconds of one task
    int retries;    // retries= ; negative: none
    size_t tasks;   // tasks= : a worker is replaced after so many; 0: never
} gr_map_spec;

// GR_EARG names the bad word and the nearest valid one.
gr_status gr_map_spec_read(const char *text, gr_map_spec *spec);

typedef struct gr_map_options {
    // Called once in every worker before its first task, and after its last one; NULL: nothing.
    gr_status (*init)(void **state, int worker, void *argument);
    void (*fini)(void *state, int worker, void *argument);
    void *argument;              // borrowed; in a forked worker a copy, as of the fork
    const gr_func *const *funcs; // that ranks find by name, NULL-ended; NULL: gr_funcs
} gr_map_options;

typedef struct gr_map gr_map;
// *map is a map of this kind; its workers start with the first job. options may be NULL.
gr_status gr_map_new(gr_map **map, const char *spec, const gr_map_options *options);

// Of a program on MPI ranks, rank 0 makes the map and gets the results. Where it calls gr_map_new,
// the others call this, with the same spec and options of their own: they do tasks until rank 0
// frees the map. Of a spec without ranks there is nothing to do.
gr_status gr_map_serve(const char *spec, const gr_map_options *options);

// Cancels all runs of the map that are under way, as soon as somebody waits for one of them. Only
// this and gr_run_cancel may be called from a signal handler or another thread.
void gr_map_cancel(gr_map *map);

// Ends the workers (a running job is cancelled); the next job starts them again.
void gr_map_close(gr_map *map);
void gr_map_free(gr_map *map); // and everything else; NULL is fine

// Runs a job to its end. The first failure by index is the job's, with its text; all other tasks
// are done nevertheless. map NULL: serial.
gr_status gr_map_run(gr_map *map, const gr_job *job);

// Memory seen by all workers, zeroed, aligned to 64 bytes; NULL and gr_errmsg() if there is none.
void *gr_map_memory(gr_map *map, size_t bytes);
void gr_map_release(gr_map *map, void *memory); // NULL is fine

// ---- runs: a job under way ----

typedef struct gr_run gr_run;
// Starts a job and returns; jobs of one map run in the order of their starting. What the job points
// to stays untouched until gr_run_free. Work goes on by itself (serial: while somebody waits or
// asks); listeners, deaths and timeouts are attended to whenever one of the calls below is made.
gr_status gr_map_start(gr_map *map, const gr_job *job, gr_run **run);

bool gr_run_ready(gr_run *run);                // is it done?
bool gr_run_wait(gr_run *run, double seconds); // waits at most so long; is it done?
gr_status gr_run_get(gr_run *run);             // waits, and returns what gr_map_run would
void gr_run_cancel(gr_run *run);               // tasks not begun are dropped; running ones end
void gr_run_free(gr_run *run);                 // cancels what still runs, waits; NULL is fine

// The next task that ended, waiting up to `seconds` for it (negative: for ever): in the order of
// the tasks if `ordered`, else as they come. False when all were seen or the time is over.
bool gr_run_next(gr_run *run, bool ordered, double seconds, size_t *index);

// ---- what the workers did ----
typedef struct gr_worker {
    size_t tasks, chunks; // done, dealt
    double busy;          // s, from its first task to its last, dealing included
    double idle;          // s, the rest, from the job's start to its end
    int lost;             // workers that died in this place and were replaced
} gr_worker;

// Copies what up to `room` workers did in the map's last finished run; returns how many there are.
int gr_map_workers(const gr_map *map, gr_worker *workers, int room);

// The default number of tasks dealt at a time: such that every worker is dealt to 64 times, that
// is n / (64 workers) rounded up; docs/decisions.md says why. Guided dealing goes down to 1.
size_t gr_chunk(size_t n, int workers);
