// SPDX-License-Identifier: BSD-3-Clause
// messages -- the problems that the ladders and exercises of lesson 14 solve.
//
// Every rank runs the same program and has a problem of its own, made alike; gr_rank() and
// gr_ranks() say which it is and how many there are (lib/ranks.h). Rung 0 of each ladder knows what
// the others would have sent, so it needs no message: it is what the others are compared with.
#pragma once
#include "lib/ladder.h"
#include "lib/ranks.h"
#include <stddef.h>
#include <stdint.h>

// ---- ladder `hello`: every rank has a line; rank 0 is to have all, in order ----

typedef struct hello {
    size_t length;    // of this rank's line, in bytes; others have other lengths
    uint8_t *line;    // (length)
    size_t room;      // no line is longer
    uint8_t *lines;   // (ranks, room): row r is the line of rank r, then zeros; rank 0's is judged
    int64_t *lengths; // (ranks), likewise
} hello;

gr_rung_run hello_in_turn GR_MPI_ONLY, hello_as_they_come GR_MPI_ONLY; // mpi_hello.c

// ---- ladder `ringsum`: every rank is to have the sum of all ranks' numbers ----

enum { RING_GRAIN = 64 }; // numbers for each unit of the problem's size

typedef struct ring {
    size_t n;           // numbers
    const int64_t *own; // (n): this rank's
    int64_t *sum;       // (n): of all ranks, on every rank
    int64_t *work;      // (2, n): room for what is sent and what comes
    int64_t messages;   // that this rank has sent in the run
    uint64_t before;    // that it had sent before
    bool foreseen;      // rung 0 has sent none, and says how many are right
    uint64_t seed;
} ring;

gr_rung_run ring_sendrecv GR_MPI_ONLY, ring_parity GR_MPI_ONLY; // mpi_ring.c
gr_rung_run ring_nonblocking GR_MPI_ONLY;

// ---- ladder `latency`: the line through the times of messages ----

typedef struct latency {
    size_t n;              // messages that were timed
    const double *bytes;   // (n), growing
    const double *seconds; // (n): every one off by some per cent
    double line[2];        // latency in s, seconds a byte; NaN if n < 2
} latency;

// ---- ladder `rod`: heat flows along a rod whose cells are shared out to the ranks ----
//
// A step: new[i] = (old[i-1] + 2 old[i] + old[i+1]) / 4; the cells 0 and n-1 keep their values.

typedef struct rod {
    size_t n, steps; // cells of the whole rod
    double *u;       // (n): the rod; at first the same on all ranks, in the end rank 0 has all
    // This rank's share: cells first .. first + cells - 1. With fewer cells than ranks, the last
    // ranks have none.
    size_t first, cells;
    int left, right; // the ranks that have the cells before and behind; -1: none
    double *old;     // (cells + 2): old[0] and old[cells+1] are the halo: copies of the neighbours'
    double *fresh;   // (cells + 2)
    double *whole;   // (2, n + 2): room for rung 0, which has the whole rod
} rod;

// Copies this rank's share and its halo from u to `old` and `fresh`.
void rod_begin(rod *p);

// New values of those of this rank's cells from .. to-1, counted from 1, that there are: fresh[i]
// from old[i-1 .. i+1].
void rod_update(const rod *p, size_t from, size_t to);

// The step is done: old and fresh change places.
void rod_swap(rod *p);

gr_rung_run rod_blocking GR_MPI_ONLY, rod_nonblocking GR_MPI_ONLY; // mpi_rod.c
gr_rung_run rod_overlap GR_MPI_ONLY;

// Brings all shares to u of rank 0; every rank calls it after its last step.
gr_status rod_gather(rod *p) GR_MPI_ONLY;

// ---- ladder `overlap`: a message to the next rank, and arithmetic that does not need it ----

typedef struct overlap {
    size_t n;          // numbers in the message
    const double *out; // (n): what this rank sends; all send the same
    double *in;        // (n): what comes from the rank before it in the ring
    double *table;     // (n / 4 + 1): what is computed meanwhile
    size_t table_size;
} overlap;

// Piece `part` of OVERLAP_PARTS of the arithmetic.
enum { OVERLAP_PARTS = 64 };
void overlap_compute(overlap *p, int part);

gr_rung_run overlap_after GR_MPI_ONLY, overlap_meanwhile GR_MPI_ONLY; // mpi_overlap.c
gr_rung_run overlap_poked GR_MPI_ONLY;

// ---- ladder `grid`: ranks in rows and columns ----
//
// Rank r stands in row r / columns, column r % columns.

typedef struct grid {
    size_t n;
    int rows, columns;  // rows x columns = ranks
    const int64_t *own; // (n)
    int64_t *in_row;    // (n): sum over the ranks of this rank's row
    int64_t *in_column; // (n): sum over those of its column
    int64_t place[2];   // its row and its column
    uint64_t seed;
} grid;

gr_rung_run grid_split GR_MPI_ONLY, grid_cart GR_MPI_ONLY, grid_group GR_MPI_ONLY; // mpi_grid.c

// Number k of rank r: what ring and grid add up.
int64_t messages_number(uint64_t seed, int rank, size_t k);
