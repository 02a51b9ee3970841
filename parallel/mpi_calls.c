// SPDX-License-Identifier: BSD-3-Clause
// mpi_calls -- the MPI calls that a rank may wait in, wrapped: each notes itself in the watch's
// table and hands on to its PMPI_ twin. MPI's profiling interface (MPI 4.0, chapter 15).
//
// Here are the calls that lessons and rungs of this project make; others work, unwatched. Those on
// windows and files: mpi_calls_window.c.
#include "parallel/mpi_ranks.h"
#include "parallel/mpi_watch.h"

// ---- whom, in numbers of MPI_COMM_WORLD ----

static int world_rank(MPI_Comm comm, int rank)
{
    if (rank == MPI_ANY_SOURCE) return GR_WATCH_ANY;
    if (rank < 0 || comm == MPI_COMM_WORLD || comm == gr_mpi_comm()) return rank;
    MPI_Group all, some;
    int found = GR_WATCH_ANY;
    PMPI_Comm_group(MPI_COMM_WORLD, &all);
    PMPI_Comm_group(comm, &some);
    PMPI_Group_translate_ranks(some, 1, &rank, all, &found);
    PMPI_Group_free(&some);
    PMPI_Group_free(&all);
    return found;
}

static long long bytes_of(int count, MPI_Datatype type)
{
    int size = 0;
    PMPI_Type_size(type, &size);
    return (long long)count * size;
}

// ---- requests: for whom does a wait wait? ----

enum { MOST_KNOWN = 64 };
static struct {
    MPI_Request request;
    int peer, tag;
    long long bytes;
} known[MOST_KNOWN]; // the last ones; older ones are waited for without a name
static int next_known;

static int remember(int code, const MPI_Request *request, int peer, int tag, long long bytes)
{
    if (code) return code;
    known[next_known].request = *request, known[next_known].peer = peer;
    known[next_known].tag = tag, known[next_known].bytes = bytes;
    next_known = (next_known + 1) % MOST_KNOWN;
    return MPI_SUCCESS;
}

static void enter_wait(gr_watched call, const MPI_Request *request, int n)
{
    gr_watch_waited();
    for (int i = 0; i < n; i++)
        for (int k = 1; request[i] != MPI_REQUEST_NULL && k <= MOST_KNOWN; k++) {
            int at = (next_known - k + MOST_KNOWN) % MOST_KNOWN; // the newest first
            if (known[at].request != request[i] || !known[at].request) continue;
            gr_watch_enter(call, known[at].peer, known[at].tag, known[at].bytes);
            return;
        }
    gr_watch_enter(call, GR_WATCH_NOBODY, 0, -1);
}

static int leave(int code)
{
    gr_watch_leave();
    return code;
}

// ---- point to point ----

static void enter_send(gr_watched call, int count, MPI_Datatype type, int to, int tag,
                       MPI_Comm comm)
{
    long long bytes = bytes_of(count, type);
    if (to != MPI_PROC_NULL) gr_watch_sent(bytes);
    gr_watch_enter(call, world_rank(comm, to), tag, bytes);
}

int MPI_Send(const void *buf, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm)
{
    enter_send(GR_WATCHED_SEND, count, type, to, tag, comm);
    return leave(PMPI_Send(buf, count, type, to, tag, comm));
}

int MPI_Ssend(const void *buf, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm)
{
    enter_send(GR_WATCHED_SSEND, count, type, to, tag, comm);
    return leave(PMPI_Ssend(buf, count, type, to, tag, comm));
}

int MPI_Recv(void *buf, int count, MPI_Datatype type, int from, int tag, MPI_Comm comm,
             MPI_Status *status)
{
    gr_watch_waited();
    gr_watch_enter(GR_WATCHED_RECV, world_rank(comm, from), tag, bytes_of(count, type));
    return leave(PMPI_Recv(buf, count, type, from, tag, comm, status));
}

int MPI_Probe(int from, int tag, MPI_Comm comm, MPI_Status *status)
{
    gr_watch_enter(GR_WATCHED_PROBE, world_rank(comm, from), tag, 0);
    return leave(PMPI_Probe(from, tag, comm, status));
}

int MPI_Sendrecv(const void *out, int n, MPI_Datatype out_type, int to, int tag, void *in, int m,
                 MPI_Datatype in_type, int from, int in_tag, MPI_Comm comm, MPI_Status *status)
{
    if (to != MPI_PROC_NULL) gr_watch_sent(bytes_of(n, out_type));
    gr_watch_waited();
    gr_watch_enter(GR_WATCHED_SENDRECV, world_rank(comm, from), in_tag, bytes_of(m, in_type));
    return leave(
        PMPI_Sendrecv(out, n, out_type, to, tag, in, m, in_type, from, in_tag, comm, status));
}

int MPI_Isend(const void *buf, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm,
              MPI_Request *request)
{
    long long bytes = bytes_of(count, type);
    if (to != MPI_PROC_NULL) gr_watch_sent(bytes);
    return remember(PMPI_Isend(buf, count, type, to, tag, comm, request), request,
                    world_rank(comm, to), tag, bytes);
}

int MPI_Issend(const void *buf, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm,
               MPI_Request *request)
{
    long long bytes = bytes_of(count, type);
    if (to != MPI_PROC_NULL) gr_watch_sent(bytes);
    return remember(PMPI_Issend(buf, count, type, to, tag, comm, request), request,
                    world_rank(comm, to), tag, bytes);
}

int MPI_Irecv(void *buf, int count, MPI_Datatype type, int from, int tag, MPI_Comm comm,
              MPI_Request *request)
{
    return remember(PMPI_Irecv(buf, count, type, from, tag, comm, request), request,
                    world_rank(comm, from), tag, bytes_of(count, type));
}

int MPI_Wait(MPI_Request *request, MPI_Status *status)
{
    enter_wait(GR_WATCHED_WAIT, request, 1);
    return leave(PMPI_Wait(request, status));
}

int MPI_Waitall(int n, MPI_Request request[], MPI_Status status[])
{
    enter_wait(GR_WATCHED_WAITALL, request, n);
    return leave(PMPI_Waitall(n, request, status));
}

int MPI_Waitany(int n, MPI_Request request[], int *which, MPI_Status *status)
{
    enter_wait(GR_WATCHED_WAITANY, request, n);
    return leave(PMPI_Waitany(n, request, which, status));
}

// ---- collective: everybody waits for everybody ----

static void enter_all(gr_watched call) { gr_watch_enter(call, GR_WATCH_ALL, 0, -1); }

int MPI_Barrier(MPI_Comm comm)
{
    enter_all(GR_WATCHED_BARRIER);
    return leave(PMPI_Barrier(comm));
}

int MPI_Bcast(void *buf, int count, MPI_Datatype type, int root, MPI_Comm comm)
{
    enter_all(GR_WATCHED_BCAST);
    return leave(PMPI_Bcast(buf, count, type, root, comm));
}

int MPI_Gather(const void *out, int n, MPI_Datatype out_type, void *in, int m, MPI_Datatype in_type,
               int root, MPI_Comm comm)
{
    enter_all(GR_WATCHED_GATHER);
    return leave(PMPI_Gather(out, n, out_type, in, m, in_type, root, comm));
}

int MPI_Gatherv(const void *out, int n, MPI_Datatype out_type, void *in, const int counts[],
                const int at[], MPI_Datatype in_type, int root, MPI_Comm comm)
{
    enter_all(GR_WATCHED_GATHER);
    return leave(PMPI_Gatherv(out, n, out_type, in, counts, at, in_type, root, comm));
}

int MPI_Scatter(const void *out, int n, MPI_Datatype out_type, void *in, int m,
                MPI_Datatype in_type, int root, MPI_Comm comm)
{
    enter_all(GR_WATCHED_SCATTER);
    return leave(PMPI_Scatter(out, n, out_type, in, m, in_type, root, comm));
}

int MPI_Allgather(const void *out, int n, MPI_Datatype out_type, void *in, int m,
                  MPI_Datatype in_type, MPI_Comm comm)
{
    enter_all(GR_WATCHED_ALLGATHER);
    return leave(PMPI_Allgather(out, n, out_type, in, m, in_type, comm));
}

int MPI_Reduce(const void *out, void *in, int n, MPI_Datatype type, MPI_Op op, int root,
               MPI_Comm comm)
{
    enter_all(GR_WATCHED_REDUCE);
    return leave(PMPI_Reduce(out, in, n, type, op, root, comm));
}

int MPI_Allreduce(const void *out, void *in, int n, MPI_Datatype type, MPI_Op op, MPI_Comm comm)
{
    enter_all(GR_WATCHED_ALLREDUCE);
    return leave(PMPI_Allreduce(out, in, n, type, op, comm));
}

int MPI_Alltoall(const void *out, int n, MPI_Datatype out_type, void *in, int m,
                 MPI_Datatype in_type, MPI_Comm comm)
{
    enter_all(GR_WATCHED_ALLTOALL);
    return leave(PMPI_Alltoall(out, n, out_type, in, m, in_type, comm));
}

int MPI_Scan(const void *out, void *in, int n, MPI_Datatype type, MPI_Op op, MPI_Comm comm)
{
    enter_all(GR_WATCHED_SCAN);
    return leave(PMPI_Scan(out, in, n, type, op, comm));
}

int MPI_Alltoallv(const void *out, const int counts[], const int at[], MPI_Datatype out_type,
                  void *in, const int in_counts[], const int in_at[], MPI_Datatype in_type,
                  MPI_Comm comm)
{
    enter_all(GR_WATCHED_ALLTOALL);
    return leave(PMPI_Alltoallv(out, counts, at, out_type, in, in_counts, in_at, in_type, comm));
}

int MPI_Exscan(const void *out, void *in, int n, MPI_Datatype type, MPI_Op op, MPI_Comm comm)
{
    enter_all(GR_WATCHED_EXSCAN);
    return leave(PMPI_Exscan(out, in, n, type, op, comm));
}

int MPI_Reduce_scatter_block(const void *out, void *in, int n, MPI_Datatype type, MPI_Op op,
                             MPI_Comm comm)
{
    enter_all(GR_WATCHED_REDUCE_SCATTER);
    return leave(PMPI_Reduce_scatter_block(out, in, n, type, op, comm));
}

int MPI_Neighbor_allgather(const void *out, int n, MPI_Datatype out_type, void *in, int m,
                           MPI_Datatype in_type, MPI_Comm comm)
{
    enter_all(GR_WATCHED_NEIGHBOURS);
    return leave(PMPI_Neighbor_allgather(out, n, out_type, in, m, in_type, comm));
}

// ---- communicators ----

int MPI_Comm_split(MPI_Comm comm, int colour, int key, MPI_Comm *part)
{
    enter_all(GR_WATCHED_SPLIT);
    return leave(PMPI_Comm_split(comm, colour, key, part));
}

int MPI_Comm_dup(MPI_Comm comm, MPI_Comm *twin)
{
    enter_all(GR_WATCHED_DUP);
    return leave(PMPI_Comm_dup(comm, twin));
}

int MPI_Cart_create(MPI_Comm comm, int n, const int shape[], const int periodic[], int reorder,
                    MPI_Comm *grid)
{
    enter_all(GR_WATCHED_CART);
    return leave(PMPI_Cart_create(comm, n, shape, periodic, reorder, grid));
}
