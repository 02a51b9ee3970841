// SPDX-License-Identifier: BSD-3-Clause
#include "bench/ranks_record.h"
#include "bench/child.h"
#include "bench/json.h"
#include "bench/progress.h"
#include "bench/ranks.h"
#include "bench/ranks_memory.h"
#include "bench/ranks_pingpong.h"
#include "bench/ranks_speed.h"
#include "bench/ranks_sweep.h"
#include "lib/ranks.h"
#include "lib/timer.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 120 }; // s

// ---- on the ranks ----

// 1 to 262,144 numbers: 8 bytes to 2 MiB.
enum { LEAST = 1, MOST = 1 << 18, FACTOR = 8 };

// The own medians of all ranks, by method. Collective; an empty object elsewhere than on rank 0,
// and without memory.
static json_t *own_json(const gr_sweep *s)
{
    size_t ranks = (size_t)gr_ranks();
    double *all = gr_rank() == 0 ? calloc(ranks, sizeof s->own) : NULL;
    json_t *own = json_object();
    if (gr_ranks_max(gr_rank() == 0 && !all) > 0) return own;
    gr_ranks_gather(s->own, sizeof s->own, all);
    for (int m = 0; all && m < s->rungs; m++) {
        json_t *list = json_array();
        for (size_t r = 0; r < ranks; r++)
            json_array_append_new(list, json_real(all[r * GR_SWEEP_RUNGS + (size_t)m]));
        json_object_set_new(own, s->rung[m]->name, list);
    }
    free(all);
    return own;
}

static json_t *row_json(const gr_sweep *s, size_t n)
{
    json_t *seconds = json_object();
    size_t starts = 0, late = 0;
    for (int r = 0; r < s->rungs; r++) {
        json_object_set_new(seconds, s->rung[r]->name, gr_json_interval(s->seconds[r]));
        starts += s->starts[r], late += s->late[r];
    }
    return json_pack("{s:I, s:o, s:o, s:I, s:I}", "n", (json_int_t)n, "seconds", seconds, "own",
                     own_json(s), "starts", (json_int_t)starts, "late", (json_int_t)late);
}

// How the ranks began together: calls in windows, those that began late, calls after barriers;
// seconds that the common time may be off.
static json_t *sync_json(const gr_sync *s)
{
    return json_pack("{s:I, s:I, s:I, s:b, s:o*, s:o*, s:s}", "starts", (json_int_t)s->starts,
                     "late", (json_int_t)s->late, "barriers", (json_int_t)s->barriers, "one_clock",
                     s->clocks.one, "error", json_real(s->clocks.error), "drift",
                     json_real(s->clocks.drift), "why", s->starts ? "" : s->why);
}

// A run that waits on purpose does no work, and says nothing of the cost of a call.
static bool works(const gr_ladder *ladder)
{
    void *problem = NULL;
    bool work = !ladder->setup(&problem, (gr_size){LEAST, 0}, 1) && ladder->work(problem) > 0;
    ladder->teardown(problem);
    return work;
}

// Bytes of a rank that has n numbers from each, going out and coming in, and the same as the truth.
static double blocks_of(size_t n) { return 4.0 * sizeof(double) * (double)n * gr_ranks(); }

static gr_status add_sweep(json_t *sweeps, const gr_ladder *ladder, gr_sync *sync, gr_meter *meter)
{
    gr_sweep s = gr_sweep_of(ladder, sync);
    if (s.native < 0 || !works(ladder)) return GR_OK;
    json_t *sizes = json_array();
    size_t cut = 0; // the first size that is left out
    for (size_t n = LEAST; n <= MOST; n *= FACTOR) {
        if (!gr_ranks_fit(blocks_of(n))) {
            cut = n;
            break;
        }
        gr_status status = gr_sweep_time(&s, n);
        if (status) return json_decref(sizes), status;
        json_array_append_new(sizes, row_json(&s, n));
        gr_meter_read(meter);
    }
    json_t *sweep =
        json_pack("{s:s, s:s, s:s, s:I, s:o}", "ladder", ladder->name, "title", ladder->title,
                  "n_name", ladder->n_name, "cut", (json_int_t)cut, "sizes", sizes);
    return json_array_append_new(sweeps, sweep) ? gr_fail(GR_ENOMEM, "collectives: out of memory")
                                                : GR_OK;
}

static json_t *speed_json(const gr_rank_speed *all)
{
    json_t *list = json_array();
    for (int r = 0; all && r < gr_ranks(); r++) {
        json_t *rank = gr_json_interval(all[r].seconds);
        json_object_set_new(rank, "host", json_string(all[r].host));
        json_object_set_new(rank, "others", json_real(all[r].others));
        json_object_set_new(rank, "slow", json_boolean(all[r].slow));
        json_array_append_new(list, rank);
    }
    return list;
}

static void print_mpi(const gr_sync *sync, const gr_rank_speed *speeds, const gr_pingpong *pingpong,
                      json_t *sweeps)
{
    json_t *mpi = json_pack("{s:i, s:o, s:o, s:o, s:O}", "ranks", gr_ranks(), "pingpong",
                            gr_pingpong_json(pingpong), "sync", sync_json(sync), "speed",
                            speed_json(speeds), "sweeps", sweeps);
    json_dumpf(mpi, stdout, JSON_COMPACT | JSON_REAL_PRECISION(7));
    putchar('\n');
    json_decref(mpi);
}

gr_status gr_ranks_record_print(void)
{
    json_t *sweeps = json_array();
    gr_status status = GR_OK;
    gr_sync sync;
    gr_meter meter;
    gr_pingpong pingpong = {.n = 0};
    gr_rank_speed *speeds = NULL;
    gr_sync_begin(&sync);
    gr_meter_begin(&meter);
    for (const gr_ladder *const *l = gr_ladders; *l && !status; l++)
        status = add_sweep(sweeps, *l, &sync, &meter);
    if (!status) status = gr_pingpong_measure(&pingpong, 12);
    if (!status) status = gr_meter_gather(&meter, &speeds);
    if (!status && gr_rank() == 0) print_mpi(&sync, speeds, &pingpong, sweeps);
    free(speeds);
    json_decref(sweeps);
    return status;
}

// ---- who starts them ----

// A part of the record: its line's name, the word that asks for it, and what a person calls it.
typedef struct part {
    const char *name, *word, *called;
} part;

static const part parts[] = {
    {"mpi", "--collectives", "collectives"},
    {"scaling", "--scaling", "scaling on ranks"},
};
enum { PARTS = sizeof parts / sizeof *parts };

static json_t *left_out(const part *p, const char *why)
{
    return json_pack("{s:o}", "warning", json_sprintf("%s left out: %.500s", p->called, why));
}

static json_t *line_of(const part *p, const gr_child *child, const char *why,
                       const gr_ranks_how *how, double wall)
{
    json_t *mpi = child->exit_code == 0 && !child->signal ? json_loads(child->out, 0, NULL) : NULL;
    if (!mpi) return left_out(p, *why ? why : child->timed_out ? "it took too long" : "no answer");
    json_object_set_new(mpi, "launcher", json_string(how->launcher));
    json_object_set_new(mpi, "version", json_string(how->version));
    json_object_set_new(mpi, "binding", json_string(how->binding));
    return json_pack("{s:o, s:f}", p->name, mpi, "wall", wall);
}

static gr_status run_ranks(gr_store *store, const part *p, int ranks, const gr_ranks_how *how)
{
    char word[32], why[GR_RANKS_WHY];
    snprintf(word, sizeof word, "%s", p->word);
    char *argv[] = {(char[]){"measure"}, word, NULL};
    gr_child child;
    double start = gr_now();
    GR_TRY(gr_ranks_run(gr_self(), ranks, argv, 0, LONGEST, &child, why));
    gr_status status = gr_store_append(store, line_of(p, &child, why, how, gr_now() - start));
    gr_child_free(&child);
    return status;
}

static gr_status record(gr_store *store, const part *p)
{
    if (gr_store_find(store, p->name)) return GR_OK;
    gr_ranks_how how = {.room = 0};
    const char *missing = gr_ranks_missing();
    if (!missing && gr_ranks_plan((gr_ranks_shape){.ranks = 1}, &how)) missing = gr_errmsg();
    int ranks = how.room < GR_MOST_RANKS ? how.room : GR_MOST_RANKS;
    if (!missing && ranks < 2) missing = "one core only";
    if (!missing && gr_ranks_plan((gr_ranks_shape){.ranks = ranks}, &how)) missing = gr_errmsg();
    if (missing) return gr_store_append(store, left_out(p, missing));
    gr_progress progress = gr_progress_start("MPI");
    gr_progress_show(&progress, 0, -1, p->called);
    gr_status status = run_ranks(store, p, ranks, &how);
    gr_progress_end(&progress);
    return status;
}

gr_status gr_ranks_record(gr_store *store)
{
    for (int i = 0; i < PARTS; i++) GR_TRY(record(store, &parts[i]));
    return GR_OK;
}
