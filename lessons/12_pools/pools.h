// SPDX-License-Identifier: BSD-3-Clause
// pools -- what the ladders and exercises of lesson 12 share: a little around fork() and wait(),
// and the problems that they solve.
//
// A forked process starts as a copy of its parent. Whatever either writes afterwards, the other
// does not see: except in memory that was made shared before the fork, and through descriptors that
// both hold. A child that has ended stays in the process table until its parent waits for it.
#pragma once
#include "lib/ladder.h"
#include "lib/map.h"
#include "lib/rng.h"
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// ---- memory, messages, ends ----

// `bytes` of memory, zeroed, that this process and all it forks from now on see alike. It ends
// where a forbidden page begins, so that a write beyond its end is no secret. NULL and gr_errmsg()
// if there is none. `bytes` a multiple of what the type must be aligned to.
void *pools_share(size_t bytes);
void pools_unshare(void *memory, size_t bytes); // NULL is fine

// Reads or writes all `size` bytes: a pipe and a socket may take or give fewer at a time.
// GR_ESYS if the other side has gone.
gr_status pools_read(int fd, void *to, size_t size);
gr_status pools_write(int fd, const void *from, size_t size);

typedef struct pools_worker {
    pid_t pid; // 0: none
    int fd;    // our end of a pair of sockets; -1: none
} pools_worker;

// What a worker does: its number, its end of the pair, and the context as it was at the fork.
typedef gr_status pools_main(int number, int fd, void *context);

// Forks a worker. It ends when `main` returns, and when this process dies. pools_end waits for it:
// GR_ESYS if it died of a signal or its main failed. pools_kill does not wait for long.
gr_status pools_start(pools_worker *worker, pools_main *main, int number, void *context);
gr_status pools_end(pools_worker *worker);
void pools_kill(pools_worker *worker);

// Waits for a child of any kind. GR_ESYS unless it exits with 0.
gr_status pools_wait(pid_t child);

// Runs `main` in `count` workers at once and waits for all. The first failure is returned.
gr_status pools_run(int count, pools_main *main, void *context);

// What a run has left behind: 1 if this process has a child that runs or was not waited for, else
// 0; and how many descriptors it has open.
int64_t pools_children(void);
int64_t pools_descriptors(void);

// ---- ladders `primes` and `chunks`: which of n numbers pass Fermat's test? ----

typedef struct primes {
    size_t n;
    uint64_t first;  // the numbers are first, first + 1, ... first + n - 1
    uint8_t *passes; // (n), shared: 1 for a number that passes, else 0
} primes;

gr_status pools_primes_setup(void **problem, gr_size size, uint64_t seed);
void pools_primes_teardown(void *problem);
int pools_primes_outputs(void *problem, gr_output out[GR_MAX_OUTPUTS]);
double pools_primes_work(const void *problem);

gr_rung_run pools_serial;                 // ladder.c
gr_rung_run pools_process, pools_pool;    // ladder_pipes.c
gr_rung_run pools_fork_map, pools_blocks; // ladder_map.c

// Functions for maps, of one uint64_t each: 1 or 0 as an int64_t.
extern const gr_func gr_func_fermat;      // does it pass Fermat's test to base 2?
extern const gr_func gr_func_millerrabin; // is it prime?

// ---- ladder `handback`: rows that only a child can make ----

enum { HANDBACK_ROW = 12000 }; // numbers in a row: more than a pipe holds

typedef struct handback {
    size_t n;
    int64_t *rows;                // (n, HANDBACK_ROW), not shared
    int64_t left[2];              // children, and descriptors more than before the run
    int64_t descriptors_at_start; // before the run
    bool alone;                   // made by rung 0, which has no children: nothing is left
    pid_t owner;                  // the process that set this up
} handback;

// Makes row i: row is (HANDBACK_ROW). Works in a child only; in the owner it writes zeros.
void handback_make(const handback *p, size_t i, int64_t *row);

// ---- ladder `casualties`: tasks that kill the process that does them ----

enum { CASUALTIES_ATTEMPTS = 3, CASUALTIES_GIVEN_UP = -1 };

typedef struct casualties {
    size_t n;
    int64_t *result;   // (n), shared
    int64_t *attempts; // (n), shared: how often each task was begun; counted by casualties_do
    int64_t left;      // pools_children() after the run
    bool alone;        // done by rung 0, which has no children: none is left
    uint64_t seed;
} casualties;

// Does task i. Some tasks kill the process on their first attempt, by one signal or another; some
// on every attempt.
int64_t casualties_do(casualties *p, size_t i);

// ---- ladder `streams`: each task throws darts ----

enum { STREAMS_DARTS = 200 };

typedef struct streams {
    size_t n;
    uint64_t seed;
    int64_t *hits; // (n), shared: darts of task i within the quarter circle
} streams;

// The hits of one task, with the numbers that come next from rng.
int64_t streams_throw(gr_rng *rng);

// ---- ladder `witnesses`: which of n numbers are prime, really? ----

typedef struct witnesses {
    size_t n;
    const uint64_t *numbers; // (n), of up to 64 bits
    uint8_t *prime;          // (n): 1 or 0
} witnesses;
