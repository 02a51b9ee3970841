// SPDX-License-Identifier: BSD-3-Clause
#include "lib/cgroup.h"
#include "parallel/mpi_ranks.h"
#include "parallel/mpi_watch.h"
#include "parallel/ranks_clocks.h"
#include <math.h>
#include <sched.h>
#include <time.h>

enum { EXCHANGES = 100, WARM = 5, FIRST_BURSTS = 4, TAG = 7 };

// ---- who asks whom ----

typedef struct levels {
    MPI_Comm node, leaders; // leaders: MPI_COMM_NULL in all but one rank of a node
} levels;

static levels levels_make(void)
{
    levels l;
    PMPI_Comm_split_type(gr_mpi_comm(), MPI_COMM_TYPE_SHARED, gr_rank(), MPI_INFO_NULL, &l.node);
    PMPI_Comm_split(gr_mpi_comm(), gr_mpi_rank_in(l.node) ? MPI_UNDEFINED : 0, gr_rank(),
                    &l.leaders);
    return l;
}

static void levels_free(levels *l)
{
    if (l->leaders != MPI_COMM_NULL) PMPI_Comm_free(&l->leaders);
    PMPI_Comm_free(&l->node);
}

// ---- a burst of exchanges ----

static gr_offset ask(const gr_clocks *clocks, MPI_Comm comm)
{
    gr_exchange e[EXCHANGES];
    for (int i = -WARM; i < EXCHANGES; i++) {
        gr_exchange now = {.sent = clocks->read()};
        PMPI_Send(&now.sent, 1, MPI_DOUBLE, 0, TAG, comm);
        PMPI_Recv(&now.there, 1, MPI_DOUBLE, 0, TAG, comm, MPI_STATUS_IGNORE);
        now.back = clocks->read();
        if (i >= 0) e[i] = now;
    }
    return gr_offset_of(e, EXCHANGES);
}

static void answer(const gr_clocks *clocks, int rank, MPI_Comm comm)
{
    for (int i = -WARM; i < EXCHANGES; i++) {
        double there;
        PMPI_Recv(&there, 1, MPI_DOUBLE, rank, TAG, comm, MPI_STATUS_IGNORE);
        there = clocks->read();
        PMPI_Send(&there, 1, MPI_DOUBLE, rank, TAG, comm);
    }
}

// Keeps what a burst has found, if that fits together.
static void keep(gr_clocks *clocks, gr_offset found)
{
    if (!isnan(found.value)) clocks->seen[clocks->bursts++ % GR_CLOCK_BURSTS] = found;
}

// All others ask rank 0 of the communicator, one after the other.
static void burst(gr_clocks *clocks, MPI_Comm comm)
{
    for (int r = 1; comm != MPI_COMM_NULL && r < gr_mpi_size_of(comm); r++) {
        if (gr_mpi_rank_in(comm) == 0) answer(clocks, r, comm);
        if (gr_mpi_rank_in(comm) == r) keep(clocks, ask(clocks, comm));
    }
}

// ---- lines ----

static gr_clock_line line_to(const gr_clocks *clocks, MPI_Comm comm, bool may_be_one)
{
    size_t n = clocks->bursts < GR_CLOCK_BURSTS ? clocks->bursts : GR_CLOCK_BURSTS;
    if (comm == MPI_COMM_NULL || gr_mpi_rank_in(comm) == 0) return gr_clock_line_same();
    gr_clock_line line = gr_clock_line_of(clocks->seen, n);
    if (!may_be_one || !gr_offset_none(clocks->seen, n)) return line;
    gr_clock_line same = gr_clock_line_same();
    same.error = line.error;
    return same;
}

// This rank's clock to its node's first rank's, and that one's to rank 0's.
static gr_clock_line line_to_all(const gr_clocks *clocks, const levels *l)
{
    gr_clock_line up = line_to(clocks, l->leaders, false), in = line_to(clocks, l->node, true);
    PMPI_Bcast(&up, sizeof up / sizeof(double), MPI_DOUBLE, 0, l->node);
    return gr_clock_line_on(in, up);
}

static void wait_a_little(void) { nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL); }

void gr_clocks_sync(gr_clocks *clocks)
{
    bool first = gr_ranks_max((double)clocks->bursts) == 0;
    gr_watch_enter(GR_WATCHED_DONE, GR_WATCH_ALL, 0, -1);
    levels l = levels_make();
    for (int i = 0; i < (first ? FIRST_BURSTS : 1); i++) {
        if (i > 0) wait_a_little();
        burst(clocks, l.leaders);
        burst(clocks, l.node);
    }
    clocks->line = line_to_all(clocks, &l);
    levels_free(&l);
    gr_watch_leave();
    clocks->error = gr_ranks_max(clocks->line.error);
    clocks->drift = gr_ranks_max(fabs(clocks->line.drift));
    clocks->one = gr_ranks_max(fabs(clocks->line.value)) == 0 && clocks->drift == 0;
}

double gr_clocks_now(const gr_clocks *clocks)
{
    return gr_clock_there(clocks->line, clocks->read());
}

// ---- nodes and their processors ----

int gr_ranks_per_node(void)
{
    levels l = levels_make();
    int here = gr_mpi_size_of(l.node);
    levels_free(&l);
    return (int)gr_ranks_max(here);
}

bool gr_ranks_crowded(void)
{
    unsigned char mine[1024] = {0}, all[sizeof mine]; // bits
    double processors = 0;
    levels l = levels_make();
    sched_getaffinity(0, sizeof mine, (cpu_set_t *)mine);
    PMPI_Allreduce(mine, all, sizeof mine, MPI_UNSIGNED_CHAR, MPI_BOR, l.node);
    for (size_t i = 0; i < sizeof all; i++) processors += __builtin_popcount(all[i]);
    bool crowded = gr_mpi_size_of(l.node) > fmin(processors, ceil(gr_cgroup_cores()));
    levels_free(&l);
    return gr_ranks_max(crowded) > 0;
}
