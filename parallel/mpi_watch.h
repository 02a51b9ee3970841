// SPDX-License-Identifier: BSD-3-Clause
// mpi_watch -- a table, shared by the ranks of a node, of the MPI call that each is in: who has not
// moved for a while, and for whom does it wait?
//
// The calls themselves are wrapped in mpi_calls.c by MPI's profiling interface (PMPI). A thread in
// every rank looks ten times a second. When all ranks of the node have been in the same call for
// `limit` seconds, one of them says so in a line and the job ends with GR_WATCH_EXIT. A rank that
// computes, or asks with MPI_Test, counts as moving. On several nodes each looks at its own ranks,
// so the limit must be longer than one node may have to wait for another.
#pragma once
#include "lib/ranks.h"
#include "lib/status.h"
#include <mpi.h>

enum { GR_WATCH_EXIT = 4 };

typedef enum gr_watched {
    GR_WATCHED_SEND,
    GR_WATCHED_SSEND,
    GR_WATCHED_RECV,
    GR_WATCHED_SENDRECV,
    GR_WATCHED_PROBE,
    GR_WATCHED_WAIT,
    GR_WATCHED_WAITALL,
    GR_WATCHED_WAITANY,
    GR_WATCHED_BARRIER,
    GR_WATCHED_BCAST,
    GR_WATCHED_GATHER,
    GR_WATCHED_SCATTER,
    GR_WATCHED_ALLGATHER,
    GR_WATCHED_REDUCE,
    GR_WATCHED_ALLREDUCE,
    GR_WATCHED_ALLTOALL,
    GR_WATCHED_SCAN,
    GR_WATCHED_EXSCAN,
    GR_WATCHED_REDUCE_SCATTER,
    GR_WATCHED_NEIGHBOURS,
    GR_WATCHED_SPLIT,
    GR_WATCHED_DUP,
    GR_WATCHED_CART,
    GR_WATCHED_FENCE,
    GR_WATCHED_WINDOW,
    GR_WATCHED_WIN_FREE,
    GR_WATCHED_WIN_START,
    GR_WATCHED_WIN_COMPLETE,
    GR_WATCHED_WIN_WAIT,
    GR_WATCHED_WIN_LOCK,
    GR_WATCHED_WIN_FLUSH,
    GR_WATCHED_FILE_OPEN,
    GR_WATCHED_FILE_VIEW,
    GR_WATCHED_FILE_WRITE,
    GR_WATCHED_FILE_CLOSE,
    GR_WATCHED_DONE,  // the harness waits for the others: this rank's work is over
    GR_WATCHED_IDLE,  // not in the crowd
    GR_WATCHED_SERVE, // a rank of a map that has nothing to do
    GR_WATCHED_CALLS
} gr_watched;

enum { GR_WATCH_ALL = -1, GR_WATCH_ANY = -2, GR_WATCH_NOBODY = -3 };

// Starts watching; collective. limit: seconds, 0: only count. GR_ESYS, GR_ENOMEM.
gr_status gr_watch_begin(double limit);
void gr_watch_end(void);

// Around a call. peer: a rank of MPI_COMM_WORLD, or GR_WATCH_ALL: all ranks of a communicator,
// GR_WATCH_ANY: any, GR_WATCH_NOBODY.
void gr_watch_enter(gr_watched call, int peer, int tag, long long bytes);
void gr_watch_leave(void);

// Counts a message of so many bytes sent, or a wait.
void gr_watch_sent(long long bytes);
void gr_watch_waited(void);
gr_traffic gr_watch_traffic(void);

// What this rank is in, for an error's text: "MPI_Send".
const char *gr_watch_now(void);
