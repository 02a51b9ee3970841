// SPDX-License-Identifier: BSD-3-Clause
// deal -- which worker does which tasks, so that a worker may die at any instruction.
//
// A job's tasks lie in chunks; each chunk has one atomic word that says who has it and how many of
// its tasks are done. To take a chunk is to change its word from FREE to OWNED in one instruction,
// to finish a task is one store: at each moment the words alone say what is done, what runs, and
// what nobody has. What else there is (the next ticket, the sweep) only helps to find chunks.
// After a death the survivors' side calls gr_deal_bury: the dead worker's task is charged one
// attempt and everything it left becomes RETURNED, for anyone to take.
//
// A deal holds no system resources and knows no processes: it lies in memory that all workers see.
#pragma once
#include "lib/map.h"
#include <stdatomic.h>

enum { GR_DEAL_PLACES = 4095, GR_DEAL_LOSSES = 254, GR_DEAL_LINE = 64 };

typedef struct gr_deal {
    gr_strategy strategy;
    int workers;
    size_t n, chunk, chunks;
    size_t block, rest;      // equalportion: n / workers and n % workers
    size_t *bounds;          // guided: (chunks + 1); else NULL
    _Atomic uint64_t *words; // (chunks)
    atomic_bool cancelled;
    char apart[GR_DEAL_LINE];
    _Atomic uint64_t next; // pool, guided: the next chunk nobody drew
    char apart2[GR_DEAL_LINE];
    _Atomic uint64_t sweep; // from where to look for RETURNED chunks
    char apart3[GR_DEAL_LINE];
} gr_deal;

typedef enum gr_chunk_state {
    GR_CHUNK_FREE,     // never taken
    GR_CHUNK_RETURNED, // its worker died or left: the rest is for anyone
    GR_CHUNK_OWNED,
    GR_CHUNK_FINISHED,
    GR_CHUNK_DROPPED // cancelled: what is not done will not be
} gr_chunk_state;

// A chunk's word, taken apart.
typedef struct gr_chunk_word {
    gr_chunk_state state;
    bool noted; // some task of it has an outcome worth reading
    int place;  // who has it, or had it last
    int losses; // workers lost by the first task that is not done
    size_t done;
} gr_chunk_word;

// What a worker holds: tasks at .. hi-1 of a chunk are its own.
typedef struct gr_hand {
    size_t chunk, lo, at, hi;
    int losses; // of task `at`
    bool noted;
} gr_hand;

// Chunks of a job, and bytes of memory, zeroed, that a deal of it needs.
size_t gr_deal_chunks(gr_strategy strategy, size_t n, size_t chunk, int workers);
size_t gr_deal_bytes(gr_strategy strategy, size_t chunks);

// Deals n tasks to `workers` in 1 .. GR_DEAL_PLACES. `memory` is borrowed.
void gr_deal_make(gr_deal *d, gr_strategy strategy, size_t n, size_t chunk, int workers,
                  void *memory);

size_t gr_deal_lo(const gr_deal *d, size_t chunk); // first task of a chunk; of chunk `chunks`: n
size_t gr_deal_chunk_of(const gr_deal *d, size_t task);

// ---- words ----

// State in bits 0-2, noted in 3, place in 4-15, losses in 16-23, done in 24-63.
enum { GR_WORD_NOTED = 3, GR_WORD_PLACE = 4, GR_WORD_LOSSES = 16, GR_WORD_DONE = 24 };

// Neighbouring chunks are often in different hands, so their words are kept in different cache
// lines: in each block of 64 words, rows and columns are exchanged.
enum { GR_DEAL_SIDE = 8 };

static inline _Atomic uint64_t *gr_deal_word(const gr_deal *d, size_t chunk)
{
    size_t column = chunk % GR_DEAL_SIDE, row = chunk / GR_DEAL_SIDE % GR_DEAL_SIDE;
    return &d->words[chunk - chunk % (GR_DEAL_SIDE * GR_DEAL_SIDE) + column * GR_DEAL_SIDE + row];
}

static inline gr_chunk_word gr_deal_look(const gr_deal *d, size_t chunk)
{
    uint64_t word = atomic_load_explicit(gr_deal_word(d, chunk), memory_order_acquire);
    return (gr_chunk_word){.state = (gr_chunk_state)(word & 7),
                           .noted = word >> GR_WORD_NOTED & 1,
                           .place = (int)(word >> GR_WORD_PLACE & 0xfff),
                           .losses = (int)(word >> GR_WORD_LOSSES & 0xff),
                           .done = (size_t)(word >> GR_WORD_DONE)};
}

// Finished or dropped?
static inline bool gr_deal_over(gr_chunk_word w) { return w.state >= GR_CHUNK_FINISHED; }

// Chunks are taken in order within each of so many lanes: chunk k is in lane k modulo lanes.
size_t gr_deal_lanes(const gr_deal *d);

// ---- for workers ----

// Takes a chunk for the worker at `place`. *card is where this worker is in its own row of chunks:
// `place` at the start. False: there is nothing to take now.
bool gr_deal_claim(gr_deal *d, int place, size_t *card, gr_hand *hand);

// Task hand->at is done; its result and, if `noted`, its outcome are in place. True: on to the
// next.
bool gr_deal_done(gr_deal *d, int place, gr_hand *hand, bool noted);

// The worker leaves: the rest of its hand is for anyone.
void gr_deal_leave(gr_deal *d, int place, gr_hand *hand);

// ---- for who looks after them ----

// The worker at `place` is gone, and so is what it left. The task it was at, if it had one, is
// charged: with more than `retries` losses it is given up, that is `give_up` is called and it
// counts as done; else it will be tried again.
void gr_deal_bury(gr_deal *d, int place, int retries,
                  void (*give_up)(size_t task, int attempts, void *context), void *context);

// Nothing more is begun. Chunks that somebody has are dropped by who has them.
void gr_deal_cancel(gr_deal *d);
