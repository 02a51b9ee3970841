// SPDX-License-Identifier: BSD-3-Clause
#include "bench/ranks_sweep.h"
#include "bench/ranks_speed.h"
#include "lib/ranks.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SAMPLES = 12 };
#define TRAIN 1e-3 // s, about

gr_sweep gr_sweep_of(const gr_ladder *ladder, gr_sync *sync)
{
    gr_sweep s = {.ladder = ladder, .native = -1, .sync = sync};
    for (const gr_rung *r = ladder->rungs; r->name && s.rungs < GR_SWEEP_RUNGS; r++) {
        if (r->launcher != GR_LAUNCH_MPI) continue;
        if (!strcmp(r->name, "native")) s.native = s.rungs;
        s.rung[s.rungs++] = r;
    }
    return s;
}

// ---- one size ----

typedef struct row {
    gr_train train[GR_SWEEP_RUNGS];
    double seconds[GR_SWEEP_RUNGS][SAMPLES]; // of the trains
    double own[GR_SWEEP_RUNGS][SAMPLES];     // on this rank
    size_t trains[GR_SWEEP_RUNGS];           // those in which a call began in time
} row;

static gr_status plan_trains(const gr_sweep *s, void *problem, row *w)
{
    gr_status status = GR_OK;
    for (int r = 0; r < s->rungs; r++) {
        w->train[r] = (gr_train){.ladder = s->ladder, .rung = s->rung[r], .problem = problem};
        gr_status failed = gr_train_plan(s->sync, &w->train[r], TRAIN);
        if (failed) status = failed;
    }
    return status;
}

static gr_status run_train(gr_sweep *s, row *w, int r)
{
    gr_train_time time;
    if (s->sync->windows) s->starts[r] += w->train[r].calls;
    gr_status status = gr_train_run(s->sync, &w->train[r], &time);
    s->late[r] += time.late;
    if (isnan(time.seconds)) return status;
    w->own[r][w->trains[r]] = time.own;
    w->seconds[r][w->trains[r]++] = time.seconds;
    return status;
}

static gr_status run_trains(gr_sweep *s, void *problem)
{
    row w = {.trains = {0}};
    for (int r = 0; r < s->rungs; r++) s->late[r] = s->starts[r] = 0;
    gr_status status = plan_trains(s, problem, &w);
    for (int i = 0; i < SAMPLES; i++) {
        gr_sync_keep(s->sync);
        for (int turn = 0; turn < s->rungs; turn++) {
            gr_status failed = run_train(s, &w, (turn + i) % s->rungs);
            if (failed) status = failed;
        }
    }
    for (int r = 0; r < s->rungs; r++) {
        s->seconds[r] = gr_median_interval(w.seconds[r], w.trains[r], 0.95);
        s->own[r] = gr_median(w.own[r], w.trains[r]);
    }
    return gr_ranks_agree(status);
}

static bool too_many_late(const gr_sweep *s)
{
    bool many = false;
    for (int r = 0; r < s->rungs; r++) many = many || 4 * s->late[r] > s->starts[r];
    return many;
}

static gr_status time_rungs(gr_sweep *s, void *problem)
{
    gr_sync_again(s->sync);
    bool windows = s->sync->windows;
    GR_TRY(run_trains(s, problem));
    if (windows == s->sync->windows && !too_many_late(s)) return GR_OK;
    gr_sync_fall_back(s->sync, "more than a quarter of the calls began late");
    return run_trains(s, problem);
}

gr_status gr_sweep_time(gr_sweep *s, size_t n)
{
    void *problem = NULL;
    gr_size size = gr_ladder_size(s->ladder, (gr_size){n, 0});
    for (int r = 0; r < s->rungs; r++)
        GR_TRY(gr_ladder_check(s->ladder, s->rung[r], size, gr_ranks()));
    gr_status status = gr_ranks_agree(s->ladder->setup(&problem, size, 1));
    if (!status && s->ladder->reset) s->ladder->reset(problem);
    if (!status) status = time_rungs(s, problem);
    s->ladder->teardown(problem);
    return status;
}

double gr_sweep_ratio(const gr_sweep *s)
{
    double best = NAN;
    for (int r = 0; r < s->rungs; r++)
        if (r != s->native) best = fmin(best, s->seconds[r].mid);
    return s->native < 0 ? NAN : best / s->seconds[s->native].mid;
}

// ---- on the terminal ----

static void print_head(const gr_sweep *s)
{
    printf("%s: microseconds of the slowest of %d ranks, medians; every result was verified\n",
           s->ladder->title, gr_ranks());
    printf("ranks begin %s%s\n",
           s->sync->windows ? "in windows" : "after barriers: ", s->sync->why);
    printf("%9s", "size");
    for (int r = 0; r < s->rungs; r++) printf(" %13.13s", s->rung[r]->name);
    printf("%s\n", s->native < 0 ? "" : "  best/native");
    fflush(stdout);
}

// Windows are possible here, but too many calls of this row began late.
static bool fell_back(const gr_sweep *s) { return s->starts[0] == 0 && s->sync->starts > 0; }

static void print_sync(const gr_sync *sync)
{
    if (sync->starts)
        printf(
            "windows: %zu calls, of which %zu began late and are not counted; %s, within %.2g us\n",
            sync->starts, sync->late,
            sync->clocks.one ? "one clock for all ranks" : "the clocks of ranks are known",
            sync->clocks.error * 1e6);
    if (sync->starts && sync->barriers)
        printf("*: %zu calls after barriers: too many began late in their windows\n",
               sync->barriers);
}

static void print_row(const gr_sweep *s, size_t n)
{
    printf("%9zu", n);
    for (int r = 0; r < s->rungs; r++) printf(" %13.2f", s->seconds[r].mid * 1e6);
    if (s->native >= 0) printf(" %12.2f", gr_sweep_ratio(s));
    printf("%s\n", fell_back(s) ? "  *" : "");
    fflush(stdout);
}

static void print_speeds(const gr_rank_speed *all)
{
    int slow = 0;
    for (int r = 0; r < gr_ranks(); r++) {
        if (!all[r].slow) continue;
        printf("rank %d on %s is slow: %.2f ms for what takes %.2f ms on the others\n", r,
               all[r].host, all[r].seconds.mid * 1e3, all[r].others * 1e3);
        slow++;
    }
    printf("slow ranks: %d of %d, by %zu readings of the same work on each\n", slow, gr_ranks(),
           all[0].seconds.n);
}

static gr_status say_speeds(const gr_sync *sync, gr_meter *meter)
{
    gr_rank_speed *all = NULL;
    if (gr_ranks() < 2 || sync->crowded) return GR_OK;
    GR_TRY(gr_meter_gather(meter, &all));
    if (all) print_speeds(all);
    free(all);
    return GR_OK;
}

static void print_others(const gr_sweep *s, int sizes, int faster, double best, double worst)
{
    if (s->native >= 0)
        printf("size: %s\nthe best other is faster than native at %d of %d sizes: %.2f of its time "
               "at best, %.2f at worst\n",
               s->ladder->n_name, faster, sizes, best, worst);
}

gr_status gr_ranks_sweep(const gr_ladder *ladder, size_t largest)
{
    gr_sync sync;
    gr_meter meter;
    int sizes = 0, faster = 0;
    double best = NAN, worst = NAN;
    gr_sync_begin(&sync);
    gr_meter_begin(&meter);
    gr_sweep s = gr_sweep_of(ladder, &sync);
    if (gr_rank() == 0) print_head(&s);
    for (size_t n = 1; n <= largest; n *= 2, sizes++) {
        GR_TRY(gr_sweep_time(&s, n));
        gr_meter_read(&meter);
        if (gr_rank() == 0) print_row(&s, n);
        double ratio = gr_sweep_ratio(&s);
        faster += ratio < 1, best = fmin(best, ratio), worst = fmax(worst, ratio);
    }
    if (gr_rank() == 0) print_others(&s, sizes, faster, best, worst);
    if (gr_rank() == 0) print_sync(&sync);
    return say_speeds(&sync, &meter);
}
