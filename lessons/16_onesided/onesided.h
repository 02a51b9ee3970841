// SPDX-License-Identifier: BSD-3-Clause
// onesided -- the problems that the ladders and exercises of lesson 16 solve: memory that others
// write, memory that is shared, shapes in memory, and one file of all ranks.
//
// Every rank has a problem of its own, made alike. Rung 0 of each ladder needs no other rank.
#pragma once
#include "lib/ladder.h"
#include "lib/npy.h"
#include "lib/ranks.h"
#include "lib/ringmix.h"
#include <stddef.h>
#include <stdint.h>

// One rank sleeps for a moment, another one in each `turn`: who relies on luck is found out.
void onesided_late(int turn);

// ---- ladder `transpose`: a matrix whose rows are shared out; each rank wants its columns ----

typedef struct transpose {
    size_t n;           // rows of each rank
    size_t whole;       // n * ranks: rows and columns of the matrix
    const double *rows; // (n, whole): rows me * n ... of the matrix
    double *columns;    // (n, whole): columns me * n ..., each of them one row here
    double *work;       // (2, n, whole): room
} transpose;

gr_rung_run transpose_packed GR_MPI_ONLY, transpose_types GR_MPI_ONLY; // mpi_transpose.c

// ---- ladder `particles`: structs with gaps go to the next rank ----

typedef struct particle {
    char kind; // and then a gap
    double x, y;
    int32_t number; // and then another
} particle;

enum { PARTICLE_BYTES = 1 + 8 + 8 + 4 }; // without gaps

typedef struct particles {
    size_t n;
    particle *own, *came; // (n)
    double *shown;        // (n, 4): what came, as numbers
    int64_t bytes;        // that were sent
    int64_t due;          // that the method sends
    uint64_t before;      // that had been sent before
    uint64_t seed;
} particles;

void particles_show(particles *p); // came into shown

gr_rung_run particles_raw GR_MPI_ONLY, particles_struct GR_MPI_ONLY; // mpi_particles.c

// ---- ladder `puts`: each rank writes a block into the memory of every rank ----

typedef struct puts {
    size_t n;
    int ranks, me;
    const int64_t *own; // (n)
    int64_t *in;        // (ranks, n): what rank r has put, for each r
    uint64_t seed;
} puts_problem;

gr_rung_run puts_fence GR_MPI_ONLY, puts_pscw GR_MPI_ONLY, puts_lock GR_MPI_ONLY; // mpi_puts.c

// ---- ladder `tickets`: tasks are drawn, each once, from a counter that all ranks share ----

typedef struct tickets {
    size_t n;      // tasks
    int64_t *done; // (n): how often each task was done, by this rank, and then by all
    int64_t drawn; // tickets; each rank draws one that is too high, and so knows that it is over
} tickets;

// The end of a run: done is summed over all ranks, and `counter`, of rank 0, becomes drawn.
gr_status tickets_collect(tickets *p, int64_t counter) GR_MPI_ONLY;

gr_rung_run tickets_fetch GR_MPI_ONLY, tickets_compare GR_MPI_ONLY; // mpi_tickets.c

// ---- ladder `histogram`: values are counted in bins that the ranks share out ----

enum { BINS = 8 }; // of each rank

typedef struct histogram {
    size_t n;             // values of this rank
    size_t all;           // about as many have the others
    const int32_t *value; // (n): 0 .. BINS * ranks - 1; rank v / BINS has the bin of v
    int64_t bin[BINS];    // this rank's, of the values of all ranks
    int64_t *work;        // (BINS * ranks)
    uint64_t seed;
} histogram;

gr_rung_run histogram_each GR_MPI_ONLY, histogram_counted GR_MPI_ONLY; // mpi_histogram.c
gr_rung_run histogram_reduced GR_MPI_ONLY;

// ---- ladder `sharedmix`: both neighbours' numbers, step after step, without messages ----
//
// The problem: lib/ringmix.h.

gr_rung_run sharedmix_messages GR_MPI_ONLY, sharedmix_shared GR_MPI_ONLY; // mpi_sharedmix.c

// ---- ladder `npyfile`: an array of all ranks in one .npy file ----
//
// The array has `shape` numbers; the ranks stand in grid[0] rows of grid[1]. Each has a block, as
// MPI_DISTRIBUTE_BLOCK deals it: the last ranks may have less, or nothing.

typedef struct npyfile {
    char path[4096];
    char header[GR_NPY_HEADER]; // what a .npy file begins with
    size_t header_size;
    int shape[2], grid[2];
    int start[2], size[2]; // this rank's block; size[0] * size[1] may be 0
    double *block;         // (size[0], size[1])
    double *whole;         // (shape[0], shape[1]): room
    uint8_t *bytes;        // of the file, on rank 0
    size_t room;           // so many there should be
    int64_t length;        // so many there are
} npyfile;

// The end of a run: rank 0 has the bytes of the file, and the file is gone. Collective.
gr_status npyfile_read(npyfile *p) GR_MPI_ONLY;

gr_rung_run npyfile_gathered GR_MPI_ONLY, npyfile_subarray GR_MPI_ONLY; // mpi_npyfile.c
gr_rung_run npyfile_darray GR_MPI_ONLY;

// ---- ladder `bigcount`: more elements than an int can count, as one element ----

enum { BIG_COUNTS = 4, BIG_PIECE = 7 };
extern const int64_t bigcount_counts[BIG_COUNTS]; // some beyond 2^31

typedef struct bigcount {
    size_t n;
    const int64_t *own;         // (n)
    int64_t *in;                // (n): of the rank before this one
    int64_t bytes[BIG_COUNTS];  // of types with so many numbers
    int64_t extent[BIG_COUNTS]; // and how far apart two of them lie
    uint64_t seed;
} bigcount;

gr_rung_run bigcount_pieces GR_MPI_ONLY; // mpi_bigcount.c

int64_t onesided_number(uint64_t seed, int rank, size_t k);
