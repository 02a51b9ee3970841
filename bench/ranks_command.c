// SPDX-License-Identifier: BSD-3-Clause
// ranks_command -- the command `gradus ranks`: do MPI ranks start here, hear one another, and how
// fast? The plain program starts gradus-mpi with the same words; its ranks do what is asked.
#include "bench/command.h"
#include "bench/map_costs.h"
#include "bench/map_spin.h"
#include "bench/plan.h"
#include "bench/ranks.h"
#include "bench/ranks_osu.h"
#include "bench/ranks_pingpong.h"
#include "bench/ranks_sweep.h"
#include "bench/report_words.h"
#include "lib/cpu.h"
#include "lib/timer.h"
#include "parallel/ranks_probe.h"
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct request {
    size_t procs, cores, per_node;
    double wait;
    const char *check, *sweep;
    size_t size; // the largest of a sweep
    bool osu, pingpong, map, dry;
} request;

// ---- what the ranks do ----

static gr_status say_ring(void)
{
    int64_t sum = 0, n = gr_ranks(), want = n * (n + 1) / 2;
    GR_TRY(gr_ranks_ring(&sum));
    if (sum != want)
        return gr_fail(GR_EDATA, "the ring brought back %lld, expected %lld", (long long)sum,
                       (long long)want);
    if (gr_rank() == 0) printf("ring: a number came back to rank 0 with every rank added to it\n");
    return GR_OK;
}

// In the order of the ranks: each waits for its turn. mpirun's pipes may still mix lines of
// different ranks, so rank 0 would have to print all; here the order is for the eye only.
static void say_hello(void)
{
    char host[64] = "";
    gethostname(host, sizeof host - 1);
    for (int turn = 0; turn < gr_ranks(); turn++) {
        if (turn == gr_rank())
            printf("rank %d of %d, process %d on %s, core %d, of %d that it may use\n", turn,
                   gr_ranks(), (int)getpid(), host, sched_getcpu(), gr_cpu_usable());
        fflush(stdout);
        gr_ranks_max(0);
    }
}

static gr_status go_round(double seconds)
{
    double end = gr_ranks_max(gr_now()) + seconds;
    size_t rounds = 0;
    for (int64_t sum; gr_ranks_max(gr_now()) < end; rounds++) GR_TRY(gr_ranks_ring(&sum));
    if (gr_rank() == 0) printf("%zu rounds\n", rounds);
    return GR_OK;
}

static gr_status pingpong(void)
{
    gr_pingpong p;
    gr_line line[2];
    double last;
    GR_TRY(gr_pingpong_measure(&p, 12));
    if (gr_rank() > 0) return GR_OK;
    printf("   bytes          time    bandwidth\n");
    for (size_t i = 0; i < p.n; i++)
        printf("%8.0f  %9.3f us  %7.3f GB/s\n", p.bytes[i], p.seconds[i] * 1e6,
               p.bytes[i] / p.seconds[i] * 1e-9);
    if (gr_pingpong_fit(&p, line, &last)) return GR_OK;
    for (int k = 0; k < 2; k++)
        printf("%s %8.0f bytes: %s\n", k ? "beyond" : "to    ", last,
               gr_pingpong_words(&line[k]).s);
    return GR_OK;
}

// What a map itself costs: the median of some jobs whose tasks do nothing, after a first one.
static gr_status time_map(void)
{
    enum { TASKS = 1000, REPEATS = 49 };
    int64_t in[TASKS] = {0}, out[TASKS];
    double seconds = 0;
    gr_map *map;
    if (gr_rank() > 0) return gr_map_serve("mpi", NULL);
    GR_TRY(gr_map_new(&map, "mpi", NULL));
    gr_job job = {.func = &gr_func_nothing, .n = TASKS, .in = in, .out = out};
    gr_status status = gr_map_time(map, &job, REPEATS, false, &seconds);
    gr_map_free(map);
    if (!status)
        printf("map: %d tasks that do nothing, on %d ranks: %s\n", TASKS, gr_ranks(),
               gr_words_seconds(seconds).s);
    return status;
}

static gr_status check_rung(const gr_ladder *ladder, const gr_rung *rung, gr_truths *truths)
{
    const char *lacks = gr_rung_lacks(rung);
    if (lacks && gr_rank() == 0) printf("%s/%s: left out: %s\n", ladder->name, rung->name, lacks);
    if (lacks) return GR_OK;
    GR_TRY(gr_ladder_check_edges(ladder, rung, gr_ranks(), truths, NULL, NULL));
    if (gr_rank() == 0)
        printf("%s/%s on %d ranks: right at all edge sizes\n", ladder->name, rung->name,
               gr_ranks());
    return GR_OK;
}

// The rungs of a ladder, or one of them, that run on ranks; *found counts them.
static gr_status check_rungs(const gr_ladder *ladder, const gr_rung *rung, int *found)
{
    gr_truths truths = {0};
    gr_status status = GR_OK;
    for (const gr_rung *r = ladder->rungs; r->name && !status; r++) {
        if ((rung && rung != r) || r->launcher != GR_LAUNCH_MPI) continue;
        ++*found;
        status = check_rung(ladder, r, &truths);
    }
    gr_truths_free(ladder, &truths);
    return status;
}

static bool is_lesson(const char *name)
{
    for (const gr_ladder *const *l = gr_ladders; *l; l++)
        if (!strcmp((*l)->lesson, name)) return true;
    return false;
}

// `name` is a ladder, a rung, or a lesson: then all of its ladders are meant.
static gr_status check_named(const char *name)
{
    const gr_ladder *ladder = NULL;
    const gr_rung *rung = NULL;
    int found = 0;
    if (!is_lesson(name)) {
        GR_TRY(gr_select(name, &ladder, &rung));
        GR_TRY(check_rungs(ladder, rung, &found));
    }
    for (const gr_ladder *const *l = gr_ladders; !ladder && *l; l++)
        if (!strcmp((*l)->lesson, name)) GR_TRY(check_rungs(*l, NULL, &found));
    return found ? GR_OK : gr_fail(GR_EARG, "--check %.60s: nothing of it runs on ranks", name);
}

static gr_status sweep_named(const request *r)
{
    const gr_ladder *ladder;
    const gr_rung *rung;
    GR_TRY(gr_select(r->sweep, &ladder, &rung));
    return r->osu ? gr_ranks_osu(ladder, r->size) : gr_ranks_sweep(ladder, r->size);
}

// In gradus-mpi.
static gr_status do_inside(const request *r)
{
    if (r->sweep) return sweep_named(r);
    if (r->check) return check_named(r->check);
    if (r->pingpong) return pingpong();
    if (r->map) return time_map();
    if (r->wait > 0) return go_round(r->wait);
    say_hello();
    return say_ring();
}

// ---- who starts them ----

static void print_plan(const gr_ranks_how *how, size_t ranks)
{
    printf("%zu rank%s by %s%s%s%s, bound to: %s%s\n", ranks, ranks == 1 ? "" : "s", how->launcher,
           how->version[0] ? " (" : "", how->version, how->version[0] ? ")" : "", how->binding,
           how->oversubscribed ? "; oversubscribed: correctness only" : "");
    fflush(stdout);
}

static int start(const request *r, char **argv)
{
    gr_ranks_how how;
    size_t procs = r->procs ? r->procs : (size_t)gr_ranks_room((int)r->cores);
    gr_ranks_shape shape = {(int)procs, (int)r->cores, (int)r->per_node};
    gr_status status = gr_ranks_plan(shape, &how);
    if (!status && r->pingpong && procs < 2)
        status = gr_fail(GR_EARG, "--pingpong needs two ranks");
    if (status) return gr_exit_of(status);
    print_plan(&how, procs);
    return r->dry ? GR_EXIT_OK : gr_ranks_main(shape, argv);
}

static gr_status check_sweep(const char *name, bool osu)
{
    const gr_ladder *ladder;
    const gr_rung *rung;
    GR_TRY(gr_select(name, &ladder, &rung));
    if (rung) return gr_fail(GR_EARG, "--sweep %.60s: expected a ladder, not one rung", name);
    if (osu && gr_ladder_find(ladder, "native") < 0)
        return gr_fail(GR_EARG, "--osu: %.60s has no rung 'native' to time so", name);
    for (const gr_rung *r = ladder->rungs; r->name; r++)
        if (r->launcher == GR_LAUNCH_MPI) return GR_OK;
    return gr_fail(GR_EARG, "--sweep %.60s: nothing of it runs on ranks", name);
}

static gr_status check_request(const request *r, char **operands)
{
    const gr_ladder *ladder;
    const gr_rung *rung;
    if (operands[0]) return gr_fail(GR_EARG, "ranks: unexpected '%.60s'", operands[0]);
    if (r->procs > GR_MOST_RANKS)
        return gr_fail(GR_EARG, "--procs %zu: expected 1 to %d", r->procs, GR_MOST_RANKS);
    if (r->cores > GR_MOST_RANKS || r->per_node > GR_MOST_RANKS)
        return gr_fail(GR_EARG, "--%s %zu: expected 1 to %d",
                       r->cores > GR_MOST_RANKS ? "cores" : "per-node",
                       r->cores > GR_MOST_RANKS ? r->cores : r->per_node, GR_MOST_RANKS);
    if (r->sweep) GR_TRY(check_sweep(r->sweep, r->osu));
    if (r->osu && !r->sweep) return gr_fail(GR_EARG, "--osu: expected --sweep LADDER beside it");
    return r->check && !is_lesson(r->check) ? gr_select(r->check, &ladder, &rung) : GR_OK;
}

static int ranks_main(int argc, char **argv)
{
    request r = {.cores = 1, .size = 524288}; // 4 MiB of numbers
    bool helped;
    char **operands;
    const gr_option options[] = {
        {"procs", GR_COUNT, &r.procs, "P", "ranks (default: as many as there are cores for)"},
        {"cores", GR_COUNT, &r.cores, "C", "for each rank (default 1)"},
        {"per-node", GR_COUNT, &r.per_node, "K", "ranks, in a job of several nodes"},
        {"pingpong", GR_FLAG, &r.pingpong, NULL, "time messages between ranks 0 and 1"},
        {"map", GR_FLAG, &r.map, NULL, "time a map of tasks that do nothing"},
        {"check", GR_TEXT, &r.check, "L[/R]",
         "hold the MPI rungs of ladder (or lesson) L against the truth"},
        {"sweep", GR_TEXT, &r.sweep, "L", "time the MPI rungs of ladder L at all sizes, in turns"},
        {"osu", GR_FLAG, &r.osu, NULL,
         "of a sweep: beside the times by the method of the OSU benchmarks"},
        {"size", GR_COUNT, &r.size, "N", "the largest size of a sweep (default 524288)"},
        {"wait", GR_SECONDS, &r.wait, "T", "go round the ring for so long"},
        {"dry-run", GR_FLAG, &r.dry, NULL, "only say how they would be started"},
        {0},
    };
    gr_status status = gr_options_read(&gr_command_ranks, options, argc, argv, &operands, &helped);
    if (helped) return GR_EXIT_OK;
    if (!status) status = check_request(&r, operands);
    if (status) return gr_exit_of(status);
    return gr_ranks_possible() ? gr_exit_of(do_inside(&r)) : start(&r, argv);
}

const gr_command gr_command_ranks = {
    .name = "ranks",
    .operands = "[--procs P]",
    .summary = "start MPI ranks: do they hear one another, how fast?",
    .help =
        "  gradus ranks --procs 5\n  gradus ranks --pingpong\n  gradus ranks --sweep allreduce\n"
        "  gradus ranks --sweep bcast --osu",
    .run = ranks_main,
};
