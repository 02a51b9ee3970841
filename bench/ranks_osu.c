// SPDX-License-Identifier: BSD-3-Clause
#include "bench/ranks_osu.h"
#include "bench/ranks_sweep.h"
#include "lib/ranks.h"
#include "lib/timer.h"
#include "parallel/ranks_probe.h"
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 12 };
#define TRAIN   1e-3 // s, about
#define LONGEST 0.05 // s that a loop may take beyond its first tenth
#define CLOSE   0.05 // two times that differ by less agree

// The ways in which native is timed. Each does one thing more as OSU does.
enum { WINDOWS, APART, BARRIERS, MEANS, WAYS };

// What this rank took, round by round, in seconds; NaN where nothing was taken.
typedef struct taken {
    double ways[WAYS][ROUNDS];          // of native, by trains
    double osu[GR_SWEEP_RUNGS][ROUNDS]; // means of loops
} taken;

typedef struct row {
    size_t n;
    gr_train train[GR_SWEEP_RUNGS], apart,
        barriers;                           // in windows; native as they leave a barrier; after one
    double longest[GR_SWEEP_RUNGS][ROUNDS]; // in windows, of the slowest rank
    double delay[ROUNDS];                   // s of the last start after a barrier
    taken own, mean;                        // mean: over ranks, at rank 0
} row;

typedef struct tally {
    int sizes, close[WAYS];  // those at which ours and OSU's agree
    int faster, faster_osu;  // at which the best other is faster than native
    double worst, worst_osu; // best other over native
} tally;

// ---- the loop ----

// The mean of this rank's calls: 1000 after 100 to warm up, of more than 8 KiB 100 after 10; fewer
// where these take too long.
static gr_status loop(const gr_train *t, size_t n, double *mean)
{
    gr_status status = GR_OK;
    size_t warm = n * sizeof(double) > 8192 ? 10 : 100, i = 0;
    double sum = 0, begun = gr_now();
    for (bool on = true; on; i++) {
        if (gr_ladder_uses_up(t->ladder)) t->ladder->reset(t->problem);
        double start = gr_now();
        gr_status failed = t->rung->run(t->problem, gr_ranks());
        double end = gr_now();
        if (i >= warm) sum += end - start;
        if (failed) status = failed;
        if (i % warm == warm - 1 && i > warm)
            on = i + 1 < 11 * warm && gr_ranks_max(gr_now() - begun) < LONGEST;
        gr_ranks_barrier();
    }
    *mean = sum / (double)(i - warm);
    return status;
}

// ---- one size ----

static gr_status plan(const gr_sweep *s, gr_sync *barriers, void *problem, row *w)
{
    gr_status status = GR_OK;
    for (int r = 0; r < s->rungs; r++) {
        w->train[r] = (gr_train){.ladder = s->ladder, .rung = s->rung[r], .problem = problem};
        gr_status failed = gr_train_plan(s->sync, &w->train[r], TRAIN);
        if (failed) status = failed;
    }
    w->apart = w->barriers = w->train[s->native];
    gr_status failed = gr_train_plan(barriers, &w->barriers, TRAIN);
    return failed ? failed : status;
}

// In windows, where these are possible.
static gr_status in_windows(const gr_sweep *s, gr_train *train, gr_train_time *time)
{
    *time = (gr_train_time){.seconds = NAN, .own = NAN};
    return s->sync->windows ? gr_train_run(s->sync, train, time) : GR_OK;
}

// MPI's own call, in all ways but the loop.
static gr_status time_native(const gr_sweep *s, gr_sync *barriers, row *w, int round)
{
    gr_train_time windows, apart, after;
    gr_status first = in_windows(s, &w->train[s->native], &windows);
    gr_status second = gr_train_run(barriers, &w->barriers, &after);
    w->apart.delay = after.delay;
    gr_status third = in_windows(s, &w->apart, &apart);
    w->longest[s->native][round] = windows.seconds;
    w->delay[round] = gr_ranks_max(after.delay);
    w->own.ways[WINDOWS][round] = windows.own, w->own.ways[APART][round] = apart.own;
    w->own.ways[BARRIERS][round] = after.own, w->own.ways[MEANS][round] = after.mean;
    return first ? first : second ? second : third;
}

static gr_status time_other(const gr_sweep *s, row *w, int r, int round)
{
    gr_train_time windows;
    gr_status status = in_windows(s, &w->train[r], &windows);
    w->longest[r][round] = windows.seconds;
    return status;
}

static gr_status run_round(const gr_sweep *s, gr_sync *barriers, row *w, int round)
{
    gr_status status = GR_OK;
    for (int turn = 0; turn < s->rungs; turn++) {
        int r = (turn + round) % s->rungs;
        gr_status failed =
            r == s->native ? time_native(s, barriers, w, round) : time_other(s, w, r, round);
        gr_status looped = loop(&w->train[r], w->n, &w->own.osu[r][round]);
        if (failed || looped) status = failed ? failed : looped;
    }
    return status;
}

static gr_status time_size(const gr_sweep *s, void *problem, row *w)
{
    gr_sync_again(s->sync);
    gr_sync barriers = *s->sync;
    gr_sync_fall_back(&barriers, "asked for");
    gr_status status = plan(s, &barriers, problem, w), failed;
    for (int round = 0; round < ROUNDS; round++) {
        gr_sync_keep(s->sync);
        if ((failed = run_round(s, &barriers, w, round))) status = failed;
    }
    return gr_ranks_agree(status);
}

// The means over ranks, at rank 0.
static gr_status mean_of_ranks(row *w)
{
    size_t ranks = (size_t)gr_ranks(), values = sizeof(taken) / sizeof(double);
    taken *all = gr_rank() == 0 ? calloc(ranks, sizeof *all) : NULL;
    bool missing = gr_rank() == 0 && !all;
    GR_TRY(gr_ranks_agree(missing ? gr_fail(GR_ENOMEM, "%zu ranks: out of memory", ranks) : GR_OK));
    gr_ranks_gather(&w->own, sizeof w->own, all);
    for (size_t k = 0; all && k < values; k++) {
        double sum = 0;
        for (size_t r = 0; r < ranks; r++) sum += ((double *)&all[r])[k];
        ((double *)&w->mean)[k] = sum / (double)ranks;
    }
    free(all);
    return GR_OK;
}

static gr_status measure(const gr_sweep *s, row *w)
{
    void *problem = NULL;
    gr_size size = gr_ladder_size(s->ladder, (gr_size){w->n, 0});
    for (int r = 0; r < s->rungs; r++)
        GR_TRY(gr_ladder_check(s->ladder, s->rung[r], size, gr_ranks()));
    gr_status status = gr_ranks_agree(s->ladder->setup(&problem, size, 1));
    if (!status && s->ladder->reset) s->ladder->reset(problem);
    if (!status) status = time_size(s, problem, w);
    s->ladder->teardown(problem);
    return status ? status : mean_of_ranks(w);
}

// ---- what comes out ----

// The rounds in which both were taken.
static gr_interval ratio(const double *a, const double *b)
{
    double x[ROUNDS], y[ROUNDS];
    size_t n = 0;
    for (int i = 0; i < ROUNDS; i++)
        if (!isnan(a[i]) && !isnan(b[i])) x[n] = a[i], y[n++] = b[i];
    return gr_ratio_interval(x, y, n, 0.95);
}

static double median(const double *taken_in)
{
    double x[ROUNDS];
    size_t n = 0;
    for (int i = 0; i < ROUNDS; i++)
        if (!isnan(taken_in[i])) x[n++] = taken_in[i];
    return gr_median(x, n);
}

// The least median of the others over native's.
static double best_of(const gr_sweep *s, double rounds[GR_SWEEP_RUNGS][ROUNDS])
{
    double best = NAN;
    for (int r = 0; r < s->rungs; r++)
        if (r != s->native) best = fmin(best, median(rounds[r]));
    return best / median(rounds[s->native]);
}

static void print_head(const gr_ladder *ladder)
{
    printf(
        "%s: MPI's own call on %d ranks, microseconds; every result was verified\n"
        "slowest: of the ranks, by windows. OSU: the mean over ranks by the loop of the OSU "
        "micro-benchmarks.\nMeans over ranks by our ways, over OSU's: windows; windows in which "
        "ranks begin as far apart as they\nleave a barrier; barriers, medians of calls; the same "
        "calls, their means. apart: the last start after a\nbarrier from the first\n",
        ladder->title, gr_ranks());
    printf("%9s %9s %9s   %-18s %-18s %-18s %-18s %6s  %s\n", "size", "slowest", "OSU", "windows",
           "windows, apart", "barriers", "means", "apart", "best/native, by OSU");
    fflush(stdout);
}

static void cell(int width, double x)
{
    if (isnan(x))
        printf(" %*s", width, "-");
    else
        printf(" %*.2f", width, x);
}

static void print_ratio(gr_interval x)
{
    cell(6, x.mid);
    if (isnan(x.mid))
        printf(" %11s", "");
    else
        printf(" %.2f..%.2f ", x.lo, x.hi);
}

static bool agree(gr_interval x) { return fabs(log(x.mid)) <= log(1 + CLOSE); }

// At rank 0.
static void print_row(const gr_sweep *s, row *w, tally *t)
{
    double *osu = w->mean.osu[s->native];
    double best = best_of(s, w->longest), best_osu = best_of(s, w->mean.osu);
    t->sizes++, t->faster += best < 1, t->faster_osu += best_osu < 1;
    t->worst = fmax(t->worst, best), t->worst_osu = fmax(t->worst_osu, best_osu);
    printf("%9zu", w->n);
    cell(9, median(w->longest[s->native]) * 1e6);
    cell(9, median(osu) * 1e6);
    for (int way = 0; way < WAYS; way++) {
        gr_interval over = ratio(w->mean.ways[way], osu);
        t->close[way] += agree(over);
        print_ratio(over);
    }
    cell(6, median(w->delay) * 1e6);
    cell(8, best);
    cell(8, best_osu);
    putchar('\n');
    fflush(stdout);
}

static void print_tally(const gr_sweep *s, const tally *t)
{
    printf("size: %s\nwithin 5 %% of OSU's, of %d sizes: windows %d, apart %d, barriers %d, means "
           "%d\n",
           s->ladder->n_name, t->sizes, t->close[WINDOWS], t->close[APART], t->close[BARRIERS],
           t->close[MEANS]);
    printf("the best other is faster than native at %d sizes by OSU's loop, %.2f of its time at "
           "worst\n",
           t->faster_osu, t->worst_osu);
    if (s->sync->windows)
        printf("... and at %d in windows, %.2f\n", t->faster, t->worst);
    else
        printf("no windows: %s\n", s->sync->why);
}

gr_status gr_ranks_osu(const gr_ladder *ladder, size_t largest)
{
    gr_sync sync;
    gr_sweep s = gr_sweep_of(ladder, &sync);
    tally t = {.worst = NAN, .worst_osu = NAN};
    assert(s.native >= 0);
    gr_sync_begin(&sync);
    if (gr_rank() == 0) print_head(ladder);
    for (size_t n = 1; n <= largest; n *= 2) {
        row w = {.n = n};
        GR_TRY(measure(&s, &w));
        if (gr_rank() == 0) print_row(&s, &w, &t);
    }
    if (gr_rank() == 0) print_tally(&s, &t);
    return GR_OK;
}
