// SPDX-License-Identifier: BSD-3-Clause
#include "parallel/mpi_ranks.h"
#include "lib/ladder.h"
#include "parallel/mpi_watch.h"
#include <assert.h>
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

static MPI_Comm crowd = MPI_COMM_WORLD;

MPI_Comm gr_mpi_comm(void) { return crowd; }

int gr_mpi_rank_in(MPI_Comm comm)
{
    int rank;
    PMPI_Comm_rank(comm, &rank);
    return rank;
}

int gr_mpi_size_of(MPI_Comm comm)
{
    int size;
    PMPI_Comm_size(comm, &size);
    return size;
}

static int my_rank(void) { return gr_mpi_rank_in(crowd); }
static int crowd_size(void) { return gr_mpi_size_of(crowd); }

// ---- start and end ----

void gr_mpi_die(const char *format, ...)
{
    char text[300];
    va_list words;
    va_start(words, format);
    vsnprintf(text, sizeof text, format, words);
    va_end(words);
    fprintf(stderr, "gradus: rank %d: %s\n", gr_mpi_rank_in(MPI_COMM_WORLD), text);
    fflush(stderr);
    PMPI_Abort(MPI_COMM_WORLD, 1);
    _exit(1);
}

// One line instead of Open MPI's five, and the job ends. Called by MPI.
static void on_error(MPI_Comm *comm, int *code, ...)
{
    char text[MPI_MAX_ERROR_STRING];
    int length = 0;
    (void)comm;
    PMPI_Error_string(*code, text, &length);
    gr_mpi_die("MPI failed in or after %s: %.*s", gr_watch_now(), length, text);
}

static gr_status read_limit(double *limit)
{
    const char *text = getenv("GRADUS_RANKS_LIMIT");
    char *end = NULL;
    *limit = 60;
    if (!text) return GR_OK;
    *limit = strtod(text, &end);
    if (end == text || *end || !(*limit >= 0) || isinf(*limit))
        return gr_fail(GR_EARG, "GRADUS_RANKS_LIMIT '%.40s': expected seconds, such as 60", text);
    return GR_OK;
}

// ^C in the launcher: mpirun hands on this signal, and keeps SIGINT for itself.
static void interrupt(int number)
{
    (void)number;
    raise(SIGINT);
}

// Where all ranks are on one machine: mpirun says so. (srun does not, before MPI is started.)
static bool on_one_machine(void)
{
    const char *all = getenv("OMPI_COMM_WORLD_SIZE"), *here = getenv("OMPI_COMM_WORLD_LOCAL_SIZE");
    return all && here && !strcmp(all, here);
}

// Open MPI is kept to the transports that there are, and so quiet. Shared memory is `vader` in 4.1
// and `sm` in 5. One-sided `rdma` fails in 4.1 without a network, and is all that 5 has for windows
// on memory of one's own. UCX, which is loaded though not used, would print each crash's stack.
static void settle(void)
{
#if OMPI_MAJOR_VERSION < 5
    const char *transports = "self,vader,tcp";
    setenv("OMPI_MCA_osc", "^rdma", 0);
#else
    const char *transports = "self,sm";
#endif
    setenv("UCX_HANDLE_ERRORS", "none", 0);
    if (!on_one_machine()) return;
    setenv("OMPI_MCA_pml", "ob1", 0);
    setenv("OMPI_MCA_btl", transports, 0);
}

static gr_status begin(void)
{
    double limit;
    MPI_Errhandler handler;
    GR_TRY(read_limit(&limit));
    // Started by mpirun, a rank does not outlive it.
    if (getenv("OMPI_COMM_WORLD_SIZE")) prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGUSR1, interrupt);
    settle();
    // Threads of ours never call MPI. Where any are announced, Open MPI locks in every call.
    if (PMPI_Init(NULL, NULL)) return gr_fail(GR_ESYS, "MPI does not start");
    PMPI_Comm_create_errhandler(on_error, &handler);
    PMPI_Comm_set_errhandler(MPI_COMM_WORLD, handler);
    PMPI_Errhandler_free(&handler);
    return gr_watch_begin(limit);
}

static void end(void)
{
    gr_watch_enter(GR_WATCHED_DONE, GR_WATCH_ALL, 0, -1);
    PMPI_Barrier(MPI_COMM_WORLD);
    gr_watch_leave();
    gr_watch_end();
    PMPI_Finalize();
}

// ---- agreement ----

// The first rank of the crowd that failed; the crowd's size if none did.
static int first_failure(gr_status status)
{
    int mine = status ? my_rank() : crowd_size(), first = 0;
    gr_watch_enter(GR_WATCHED_DONE, GR_WATCH_ALL, 0, -1);
    PMPI_Allreduce(&mine, &first, 1, MPI_INT, MPI_MIN, crowd);
    gr_watch_leave();
    return first;
}

// "rank 1 of 3: TEXT", once: what was agreed on may be agreed on again, and then all have failed.
static gr_status failed_on(int rank, int size, gr_status status, const char *text)
{
    int who, of;
    bool said = sscanf(text, "rank %d of %d: ", &who, &of) == 2 && of == size;
    if (said) return gr_fail(status, "%.480s", text);
    return gr_fail(status, "rank %d of %d: %.450s", rank, size, text);
}

static gr_status agree(gr_status status)
{
    int first = first_failure(status), size = crowd_size();
    if (first == size) return GR_OK;
    struct {
        int status;
        char text[500];
    } failure = {.status = (int)status};
    snprintf(failure.text, sizeof failure.text, "%s", status ? gr_errmsg() : "");
    PMPI_Bcast(&failure, sizeof failure, MPI_BYTE, first, crowd);
    if (size == 1) return status;
    return failed_on(first, size, (gr_status)failure.status, failure.text);
}

// n <= MOST_AT_ONCE values: MPI_MAX says nothing of NaN, so that is a second row.
enum { MOST_AT_ONCE = 128 };

static void max_some(double *values, size_t n)
{
    double mine[2 * MOST_AT_ONCE], most[2 * MOST_AT_ONCE];
    assert(n > 0 && n <= MOST_AT_ONCE);
    for (size_t i = 0; i < n; i++) {
        mine[n + i] = isnan(values[i]);
        mine[i] = isnan(values[i]) ? 0 : values[i];
    }
    PMPI_Allreduce(mine, most, (int)(2 * n), MPI_DOUBLE, MPI_MAX, crowd);
    for (size_t i = 0; i < n; i++) values[i] = most[n + i] > 0 ? NAN : most[i];
}

static void max_each(double *values, size_t n)
{
    gr_watch_enter(GR_WATCHED_DONE, GR_WATCH_ALL, 0, -1);
    for (size_t i = 0; i < n; i += MOST_AT_ONCE)
        max_some(values + i, n - i < MOST_AT_ONCE ? n - i : MOST_AT_ONCE);
    gr_watch_leave();
}

static void gather(const void *mine, size_t bytes, void *all)
{
    gr_watch_enter(GR_WATCHED_GATHER, GR_WATCH_ALL, 0, -1);
    PMPI_Gather(mine, (int)bytes, MPI_BYTE, all, (int)bytes, MPI_BYTE, 0, crowd);
    gr_watch_leave();
}

void gr_mpi_worked(size_t tasks, double busy)
{
    double mine[2] = {(double)tasks, busy};
    int size = crowd_size(), root = my_rank() == 0;
    double *all = root ? calloc((size_t)size, sizeof mine) : NULL;
    if (gr_ranks_max(root && !all) > 0) return; // no memory: nothing is said
    gather(mine, sizeof mine, all);
    for (int k = 0; root && k < size; k++) gr_rung_worked(k, (size_t)all[2 * k], all[2 * k + 1]);
    free(all);
}

// ---- crowds ----

// Waits for the others without taking the core from them.
static void wait_idle(void)
{
    MPI_Request request;
    int done = 0;
    gr_watch_enter(GR_WATCHED_IDLE, GR_WATCH_ALL, 0, -1);
    PMPI_Ibarrier(MPI_COMM_WORLD, &request);
    while (PMPI_Test(&request, &done, MPI_STATUS_IGNORE) == MPI_SUCCESS && !done)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    gr_watch_leave();
}

static void widen(void)
{
    if (crowd != MPI_COMM_WORLD) PMPI_Comm_free(&crowd);
    crowd = MPI_COMM_WORLD;
    wait_idle();
}

static bool narrow(int size)
{
    MPI_Comm part;
    bool inside = my_rank() < size;
    PMPI_Comm_split(MPI_COMM_WORLD, inside ? 0 : MPI_UNDEFINED, my_rank(), &part);
    if (inside) return crowd = part, true;
    wait_idle();
    return false;
}

const gr_ranks_type gr_ranks_mpi = {
    .begin = begin,
    .end = end,
    .rank = my_rank,
    .size = crowd_size,
    .agree = agree,
    .max = max_each,
    .gather = gather,
    .narrow = narrow,
    .widen = widen,
    .sent = gr_watch_traffic,
};
