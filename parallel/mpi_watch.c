// SPDX-License-Identifier: BSD-3-Clause
#include "parallel/mpi_watch.h"
#include "lib/timer.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// One row of the table: written by its rank only, read by all of the node. `moves` is odd in a
// call; it is counted up at both ends, so a rank that has moved is seen without a clock.
typedef struct row {
    atomic_ulong moves;
    atomic_int call, peer, tag;
    atomic_llong bytes;
    int rank;       // in MPI_COMM_WORLD
    char apart[96]; // from the next rank's row, in another cache line
} row;

static struct {
    MPI_Comm node;
    MPI_Win window;
    row **rows; // (ranks of this node)
    row *own;
    int n;
    atomic_int *said; // has one of the node's ranks spoken?
    gr_traffic traffic;
    double limit;
    pthread_t thread;
    bool looking;
    atomic_bool stop;
} watch = {.window = MPI_WIN_NULL, .node = MPI_COMM_NULL};

static row nobody; // where calls are noted before begin and after end

static row *own(void) { return watch.own ? watch.own : &nobody; }

// Only its rank writes a row, so no locked instruction is needed.
static void count_move(row *r)
{
    unsigned long moves = atomic_load_explicit(&r->moves, memory_order_relaxed);
    atomic_store_explicit(&r->moves, moves + 1, memory_order_release);
}

void gr_watch_enter(gr_watched call, int peer, int tag, long long bytes)
{
    row *r = own();
    atomic_store_explicit(&r->call, (int)call, memory_order_relaxed);
    atomic_store_explicit(&r->peer, peer, memory_order_relaxed);
    atomic_store_explicit(&r->tag, tag, memory_order_relaxed);
    atomic_store_explicit(&r->bytes, bytes, memory_order_relaxed);
    count_move(r);
}

void gr_watch_leave(void) { count_move(own()); }

void gr_watch_sent(long long bytes)
{
    watch.traffic.messages++;
    watch.traffic.bytes += (uint64_t)bytes;
}

void gr_watch_waited(void) { watch.traffic.waits++; }

// ---- what is said ----

static const char *const names[GR_WATCHED_CALLS] = {
    [GR_WATCHED_SEND] = "MPI_Send",
    [GR_WATCHED_SSEND] = "MPI_Ssend",
    [GR_WATCHED_RECV] = "MPI_Recv",
    [GR_WATCHED_SENDRECV] = "MPI_Sendrecv",
    [GR_WATCHED_PROBE] = "MPI_Probe",
    [GR_WATCHED_WAIT] = "MPI_Wait",
    [GR_WATCHED_WAITALL] = "MPI_Waitall",
    [GR_WATCHED_WAITANY] = "MPI_Waitany",
    [GR_WATCHED_BARRIER] = "MPI_Barrier",
    [GR_WATCHED_BCAST] = "MPI_Bcast",
    [GR_WATCHED_GATHER] = "MPI_Gather",
    [GR_WATCHED_SCATTER] = "MPI_Scatter",
    [GR_WATCHED_ALLGATHER] = "MPI_Allgather",
    [GR_WATCHED_REDUCE] = "MPI_Reduce",
    [GR_WATCHED_ALLREDUCE] = "MPI_Allreduce",
    [GR_WATCHED_ALLTOALL] = "MPI_Alltoall",
    [GR_WATCHED_SCAN] = "MPI_Scan",
    [GR_WATCHED_EXSCAN] = "MPI_Exscan",
    [GR_WATCHED_REDUCE_SCATTER] = "MPI_Reduce_scatter_block",
    [GR_WATCHED_NEIGHBOURS] = "MPI_Neighbor_allgather",
    [GR_WATCHED_SPLIT] = "MPI_Comm_split",
    [GR_WATCHED_DUP] = "MPI_Comm_dup",
    [GR_WATCHED_CART] = "MPI_Cart_create",
    [GR_WATCHED_FENCE] = "MPI_Win_fence",
    [GR_WATCHED_WINDOW] = "MPI_Win_allocate",
    [GR_WATCHED_WIN_FREE] = "MPI_Win_free",
    [GR_WATCHED_WIN_START] = "MPI_Win_start",
    [GR_WATCHED_WIN_COMPLETE] = "MPI_Win_complete",
    [GR_WATCHED_WIN_WAIT] = "MPI_Win_wait",
    [GR_WATCHED_WIN_LOCK] = "MPI_Win_lock",
    [GR_WATCHED_WIN_FLUSH] = "MPI_Win_flush",
    [GR_WATCHED_FILE_OPEN] = "MPI_File_open",
    [GR_WATCHED_FILE_VIEW] = "MPI_File_set_view",
    [GR_WATCHED_FILE_WRITE] = "MPI_File_write_all",
    [GR_WATCHED_FILE_CLOSE] = "MPI_File_close",
    [GR_WATCHED_DONE] = "its last call",
    [GR_WATCHED_IDLE] = "nothing",
    [GR_WATCHED_SERVE] = "gr_map_serve",
};

const char *gr_watch_now(void) { return names[atomic_load(&own()->call)]; }

gr_traffic gr_watch_traffic(void) { return watch.traffic; }

static int row_text(const row *r, char *text, size_t size)
{
    int call = atomic_load(&r->call), peer = atomic_load(&r->peer), tag = atomic_load(&r->tag);
    long long bytes = atomic_load(&r->bytes);
    char whom[64] = "", what[80] = "";
    if (call == GR_WATCHED_IDLE) return 0;
    if (call == GR_WATCHED_DONE) return snprintf(text, size, "; rank %d is done", r->rank);
    if (peer >= 0) snprintf(whom, sizeof whom, " for rank %d", peer);
    if (peer == GR_WATCH_ALL) snprintf(whom, sizeof whom, " for the others");
    if (peer == GR_WATCH_ANY) snprintf(whom, sizeof whom, " for any rank");
    if (bytes >= 0) snprintf(what, sizeof what, " (%lld bytes, tag %d)", bytes, tag);
    return snprintf(text, size, "; rank %d waits in %s%s%s", r->rank, names[call], whom, what);
}

static void say_stuck(void)
{
    char text[2048];
    int used =
        snprintf(text, sizeof text, "gradus: stuck: no rank has moved for %g s", watch.limit);
    for (int i = 0; i < watch.n && used < (int)sizeof text - 200; i++)
        used += row_text(watch.rows[i], text + used, sizeof text - (size_t)used);
    text[used++] = '\n';
    if (write(STDERR_FILENO, text, (size_t)used) != used) _exit(GR_WATCH_EXIT);
}

// ---- looking ----

static bool in_a_call(const row *r) { return atomic_load(&r->moves) % 2 == 1; }

// Has somebody moved since the last look, or is somebody not in a call? `seen`: (n) moves.
static bool anybody_moved(unsigned long *seen)
{
    bool moved = false;
    for (int i = 0; i < watch.n; i++) {
        unsigned long moves = atomic_load_explicit(&watch.rows[i]->moves, memory_order_acquire);
        moved = moved || moves != seen[i] || !in_a_call(watch.rows[i]);
        seen[i] = moves;
    }
    return moved;
}

static void *look(void *context)
{
    unsigned long *seen = context;
    double since = gr_now();
    while (!atomic_load(&watch.stop)) {
        nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
        if (anybody_moved(seen)) since = gr_now();
        if (gr_now() - since < watch.limit) continue;
        if (!atomic_exchange(watch.said, 1)) {
            say_stuck();
            _exit(GR_WATCH_EXIT);
        }
        sleep(2); // whoever spoke ends the job
        _exit(GR_WATCH_EXIT);
    }
    free(seen);
    return NULL;
}

// ---- the table ----

static gr_status map_table(void)
{
    void *mine = NULL;
    int me;
    PMPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &watch.node);
    PMPI_Comm_size(watch.node, &watch.n);
    PMPI_Comm_rank(watch.node, &me);
    MPI_Aint bytes = sizeof(row) + 64; // the flag stands behind the first row
    if (PMPI_Win_allocate_shared(bytes, 1, MPI_INFO_NULL, watch.node, &mine, &watch.window))
        return gr_fail(GR_ESYS, "no shared memory for the watch over %d ranks", watch.n);
    watch.rows = calloc((size_t)watch.n, sizeof *watch.rows);
    if (!watch.rows) return gr_fail(GR_ENOMEM, "the watch: out of memory");
    for (int i = 0; i < watch.n; i++) {
        MPI_Aint size;
        int unit;
        PMPI_Win_shared_query(watch.window, i, &size, &unit, &watch.rows[i]);
    }
    memset(mine, 0, (size_t)bytes);
    PMPI_Comm_rank(MPI_COMM_WORLD, &watch.rows[me]->rank);
    watch.said = (atomic_int *)(void *)(watch.rows[0] + 1);
    PMPI_Win_sync(watch.window);
    PMPI_Barrier(watch.node);
    watch.own = watch.rows[me];
    return GR_OK;
}

gr_status gr_watch_begin(double limit)
{
    GR_TRY(map_table());
    watch.limit = limit;
    if (!(limit > 0)) return GR_OK;
    unsigned long *seen = calloc((size_t)watch.n, sizeof *seen);
    if (!seen) return gr_fail(GR_ENOMEM, "the watch: out of memory");
    watch.looking = !pthread_create(&watch.thread, NULL, look, seen);
    if (watch.looking) return GR_OK;
    free(seen);
    return gr_fail_errno("the watch's thread");
}

void gr_watch_end(void)
{
    atomic_store(&watch.stop, true);
    if (watch.looking) pthread_join(watch.thread, NULL);
    watch.looking = false;
    watch.own = NULL;
    free(watch.rows);
    watch.rows = NULL;
    if (watch.window != MPI_WIN_NULL) PMPI_Win_free(&watch.window);
    if (watch.node != MPI_COMM_NULL) PMPI_Comm_free(&watch.node);
}
