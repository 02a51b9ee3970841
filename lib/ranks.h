// SPDX-License-Identifier: BSD-3-Clause
// ranks -- the same program in several processes: which one is this, and what do they agree on?
//
// A plain program is rank 0 of 1, and the calls below cost nothing. In `gradus-mpi` they are
// collective: every rank of the crowd makes them, in the same order. The crowd is all ranks, or
// the first few of them after gr_ranks_narrow.
//
// Interface:
//   gr_rank, gr_ranks        who am I, and of how many
//   gr_ranks_agree, _max     one answer for all: the first failure, the longest time, or times
//   gr_ranks_gather          what each has, at rank 0
//   gr_ranks_narrow, _widen  let only the first few go on
//   gr_ranks_sent            messages counted so far
#pragma once
#include "lib/status.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A function or row that only `gradus-mpi` has: elsewhere its address is NULL.
#define GR_MPI_ONLY __attribute__((weak))

// What this process has sent so far, by point-to-point calls of its own code, and how often it
// waited for a message or a request.
typedef struct gr_traffic {
    uint64_t messages, bytes, waits;
} gr_traffic;

// This process's number in the crowd, 0 .. gr_ranks() - 1, and the crowd's size.
int gr_rank(void);
int gr_ranks(void);

// Is this a program whose ranks can be more than one (gradus-mpi)?
bool gr_ranks_possible(void);

// The same on every rank: GR_OK if all say so, else the failure of the first rank that has one,
// with its text ("rank 1 of 3: ..."). Also a barrier.
gr_status gr_ranks_agree(gr_status status);

// The largest of all ranks' values, on every rank; NaN if one is NaN. Also a barrier.
double gr_ranks_max(double value);

// The same for each of n values, in place.
void gr_ranks_max_each(double *values, size_t n);

// Brings `bytes` bytes of each rank to rank 0, in the order of ranks: all has room for gr_ranks()
// times as many there, and is not looked at elsewhere.
void gr_ranks_gather(const void *mine, size_t bytes, void *all);

// From now on the crowd is the first `size` ranks; 1 <= size <= gr_ranks(). True in them. In the
// others it returns false, after those have called gr_ranks_widen and the crowd is all again.
bool gr_ranks_narrow(int size);
void gr_ranks_widen(void);

gr_traffic gr_ranks_sent(void);

// At the start and the end of main(). `code` is what the program exits with: begin's failure is
// printed by the caller.
gr_status gr_ranks_begin(void);
void gr_ranks_end(void);

// What a kind of ranks implements; parallel/mpi_ranks.c is the only one.
typedef struct gr_ranks_type {
    gr_status (*begin)(void);
    void (*end)(void);
    int (*rank)(void), (*size)(void);
    gr_status (*agree)(gr_status status);
    void (*max)(double *values, size_t n);
    void (*gather)(const void *mine, size_t bytes, void *all);
    bool (*narrow)(int size);
    void (*widen)(void);
    gr_traffic (*sent)(void);
} gr_ranks_type;
extern const gr_ranks_type gr_ranks_mpi GR_MPI_ONLY;
