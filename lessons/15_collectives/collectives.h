// SPDX-License-Identifier: BSD-3-Clause
// collectives -- the problems that the ladders and exercises of lesson 15 solve.
//
// Every rank has a problem of its own, made alike. Rung 0 of each ladder knows what all ranks hold,
// so it needs no message: it is what the others are compared with. Numbers are integers, so that
// sums are the same in whatever order they are added; ladder `exactsum` is about those that are
// not.
#pragma once
#include "lib/ladder.h"
#include "lib/ranks.h"
#include "lib/ringmix.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// ---- the collectives of the slides, one ladder each ----
//
// A block is n numbers. What a rank gives are blocks, what it gets are blocks.
//
//   ladder          gives        gets, on rank `me`
//   bcast           -            in[0], which on the root is there already
//   scatter         out (ranks)  in[0] = block `me` of the root's
//   gather          out[0]       the root: in[r] = rank r's; others nothing
//   allgather       out[0]       in[r] = rank r's
//   reduce          out[0]       the root: in[0] = sum over all ranks; others nothing
//   allreduce       out[0]       in[0] = sum over all ranks
//   reducescatter   out (ranks)  in[0] = sum over all ranks of their block `me`
//   alltoall        out (ranks)  in[r] = block `me` of rank r's
//   scan            out[0]       in[0] = sum over the ranks 0 .. me
//   barrier         -            in[0][0] = 1: nobody left before everybody had come

typedef enum collective_kind {
    BCAST,
    SCATTER,
    GATHER,
    ALLGATHER,
    REDUCE,
    ALLREDUCE,
    REDUCE_SCATTER,
    ALLTOALL,
    SCAN,
    BARRIER
} collective_kind;

typedef struct collective {
    collective_kind kind;
    int ranks, me;
    int root;           // not always 0
    size_t n;           // numbers in a block
    const int64_t *out; // (1 or ranks, n): what this rank gives
    int64_t *in;        // (gets, n): what it is to have
    int64_t *work;      // (ranks + 1, n): room
    size_t gets;        // blocks
    uint64_t seed;

    // What this rank may send by MPI_Send, MPI_Isend and MPI_Sendrecv, as counted by PMPI.
    int64_t least[2], most[2]; // messages, bytes
    gr_traffic before;         // what it had sent when the run began
    int64_t off[2];            // how much more it was, or how much less (negative)
    bool foreseen;             // rung 0 has sent none, and that is right
} collective;

// A rung says what its method costs this rank: exactly so many messages, of so many numbers in all.
void collective_costs(collective *p, int messages, size_t numbers);

// Where part i of n numbers begins that are cut into `parts`: nearly alike, in order.
size_t collective_cut(size_t n, int parts, int i);

// The least k with 2^k >= ranks: no method can reach all ranks in fewer rounds.
int collective_rounds(int ranks);

// to[k] += from[k], for k < n.
void collective_add(int64_t *restrict to, const int64_t *restrict from, size_t n);

gr_rung_run bcast_linear GR_MPI_ONLY, bcast_binomial GR_MPI_ONLY; // mpi_bcast.c
gr_rung_run bcast_pipeline GR_MPI_ONLY, bcast_scatter_ring GR_MPI_ONLY, bcast_native GR_MPI_ONLY;
gr_rung_run scatter_linear GR_MPI_ONLY, scatter_binomial GR_MPI_ONLY; // mpi_scatter.c
gr_rung_run scatter_native GR_MPI_ONLY, gather_linear GR_MPI_ONLY, gather_binomial GR_MPI_ONLY;
gr_rung_run gather_native GR_MPI_ONLY;
gr_rung_run allgather_linear GR_MPI_ONLY, allgather_ring GR_MPI_ONLY; // mpi_allgather.c
gr_rung_run allgather_bruck GR_MPI_ONLY, allgather_native GR_MPI_ONLY;
gr_rung_run alltoall_linear GR_MPI_ONLY, alltoall_pairwise GR_MPI_ONLY;
gr_rung_run alltoall_native GR_MPI_ONLY;
gr_rung_run reduce_linear GR_MPI_ONLY, reduce_binomial GR_MPI_ONLY; // mpi_reduce.c
gr_rung_run reduce_native GR_MPI_ONLY, reducescatter_pairwise GR_MPI_ONLY;
gr_rung_run reducescatter_ring GR_MPI_ONLY, reducescatter_native GR_MPI_ONLY;
gr_rung_run allreduce_tree GR_MPI_ONLY, allreduce_doubling GR_MPI_ONLY; // mpi_allreduce.c
gr_rung_run allreduce_ring GR_MPI_ONLY, allreduce_native GR_MPI_ONLY;
gr_rung_run scan_chain GR_MPI_ONLY, scan_doubling GR_MPI_ONLY,
    scan_native GR_MPI_ONLY; // mpi_scan.c
gr_rung_run barrier_central GR_MPI_ONLY, barrier_dissemination GR_MPI_ONLY;
gr_rung_run barrier_native GR_MPI_ONLY;

// ---- ladder `deal`: everybody has something for everybody, and not the same much ----
//
// Item x belongs to rank x mod ranks. Every rank has items; in the end each has those that belong
// to it, those of rank 0 first, each rank's in the order they stood in.

typedef struct deal {
    size_t n;                       // items that this rank has
    size_t all;                     // about as many have the others
    const int64_t *items;           // (n)
    int64_t *sorted;                // (n): room
    int *counts, *places;           // (ranks): room, how many go to each rank, and from where on
    int *from_counts, *from_places; // (ranks): room, how many come
    size_t room;                    // all items of all ranks
    int64_t *in;                    // (room): what belongs here, the rest is 0
    int64_t size;                   // how many that are
    uint64_t seed;
} deal;

gr_rung_run deal_counts_first GR_MPI_ONLY, deal_nonblocking GR_MPI_ONLY; // mpi_deal.c
gr_rung_run deal_probed GR_MPI_ONLY;

// ---- ladder `recurrence`: x becomes a[k] x + b[k] mod 2^61 - 1, for one k after the other ----
//
// The steps are shared out to the ranks in order; each wants x after each of its own steps. Doing a
// step after another is one step, too: (a, b) and then (c, d) is (c a, c b + d).

enum { RECURRENCE_START = 12345 };

typedef struct affine {
    uint64_t a, b; // x becomes a x + b
} affine;

typedef struct recurrence {
    size_t n;           // steps of all ranks
    size_t first, own;  // this rank's: first .. first + own - 1
    const affine *step; // (own)
    uint64_t *x;        // (own): x after each of them
    uint64_t seed;
} recurrence;

uint64_t affine_apply(affine f, uint64_t x); // f.a x + f.b mod 2^61 - 1
affine affine_then(affine f, affine g);      // first f, then g, as one

gr_rung_run recurrence_chain GR_MPI_ONLY, recurrence_exscan GR_MPI_ONLY; // mpi_recurrence.c

// ---- ladder `exactsum`: a sum with the same bits on any number of ranks ----
//
// Every double is a whole multiple of 2^-1074, so a whole number that is wide enough holds any sum
// of them without rounding: WIDE_LIMBS limbs, limb i in units of 2^(32 i - 1074). Limbs take
// carries for 2^30 additions before they overflow.

enum { WIDE_LIMBS = 68 };
typedef struct wide {
    int64_t limb[WIDE_LIMBS];
} wide;

void wide_add(wide *sum, double x);    // x is finite
void wide_carry(wide *number);         // the same number, room for 2^30 additions again
double wide_round(const wide *number); // the nearest double; ties to even

typedef struct exactsum {
    size_t n, first, own; // numbers of all ranks; this rank's share of them
    const double *number; // (own)
    double sum;           // of all n, on every rank
    uint64_t seed;
} exactsum;

gr_rung_run exactsum_chain GR_MPI_ONLY, exactsum_limbs GR_MPI_ONLY; // mpi_exactsum.c
gr_rung_run exactsum_operation GR_MPI_ONLY;

// ---- ladder `ringmix`: in every step each rank mixes its numbers with both neighbours' ----
//
// The problem: lib/ringmix.h.

gr_rung_run ringmix_sendrecv GR_MPI_ONLY, ringmix_persistent GR_MPI_ONLY; // mpi_ringmix.c
gr_rung_run ringmix_neighbourhood GR_MPI_ONLY, ringmix_nonblocking GR_MPI_ONLY;
gr_rung_run ringmix_prepared GR_MPI_ONLY; // only where collectives can be persistent
