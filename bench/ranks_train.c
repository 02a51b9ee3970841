// SPDX-License-Identifier: BSD-3-Clause
#include "bench/ranks_train.h"
#include "lib/stats.h"
#include "lib/timer.h"
#include "parallel/ranks_probe.h"
#include <math.h>
#include <stdio.h>

// A common time that may be further off than that is of no use to calls of microseconds.
#define MOST_ERROR 50e-6 // s
#define OLD        1.0   // s after which drifts may be others
#define FIRST_WAIT 20e-6 // s between an agreement and its first moment

enum { WARM_UPS = 3 }; // calls at most

// So many moments are agreed on at a time, or as many as last so long: a rank that was stopped for
// longer misses these and no more.
enum { MOST_AGREED = 16 };
#define AGREED 200e-6 // s

// ---- windows or barriers ----

void gr_sync_fall_back(gr_sync *sync, const char *why)
{
    snprintf(sync->why, sizeof sync->why, "%s", why);
    sync->windows = !*why;
}

static void decide(gr_sync *sync)
{
    const char *why = "";
    sync->crowded = gr_ranks() > 1 && gr_ranks_crowded();
    if (sync->crowded)
        why = "more ranks than processors";
    else if (!(sync->clocks.error <= MOST_ERROR))
        why = "the clocks of the ranks are not known well enough";
    gr_sync_fall_back(sync, why);
}

void gr_sync_begin(gr_sync *sync)
{
    *sync = (gr_sync){.clocks = {.read = gr_now}};
    sync->grace = gr_ranks_max(fmax(1e-7, 4 * gr_clock_measure().overhead));
    gr_sync_again(sync);
}

void gr_sync_again(gr_sync *sync)
{
    gr_clocks_sync(&sync->clocks);
    sync->looked = gr_now();
    decide(sync);
}

void gr_sync_keep(gr_sync *sync)
{
    if (sync->windows && gr_ranks_max(gr_now() - sync->looked) >= OLD) gr_sync_again(sync);
}

// ---- one train ----

typedef struct timed {
    double took[GR_TRAIN_CALLS];  // s, of this rank
    double late[GR_TRAIN_CALLS];  // 1: began late
    double began[GR_TRAIN_CALLS]; // after a barrier: when, on the common time
} timed;

// Waits for a moment of the common time; true if it was missed by more than the grace.
static bool wait_for(const gr_sync *sync, double moment)
{
    double at = gr_clock_here(sync->clocks.line, moment), now;
    do now = sync->clocks.read();
    while (now < at);
    return now > at + sync->grace;
}

static gr_status in_windows(const gr_sync *sync, const gr_train *t, timed *c)
{
    gr_status status = GR_OK;
    size_t agreed = (size_t)fmin(fmax(AGREED / t->window, 1), MOST_AGREED);
    double moment = 0;
    for (size_t i = 0; i < t->calls; i++, moment += t->window) {
        if (i % agreed == 0) moment = gr_ranks_max(gr_clocks_now(&sync->clocks)) + t->wait;
        if (gr_ladder_uses_up(t->ladder)) t->ladder->reset(t->problem);
        double start = moment + t->delay;
        c->late[i] = wait_for(sync, start);
        gr_status failed = t->rung->run(t->problem, gr_ranks());
        c->took[i] = gr_clocks_now(&sync->clocks) - start;
        if (failed) status = failed;
    }
    return status;
}

static gr_status after_barriers(const gr_sync *sync, const gr_train *t, timed *c)
{
    gr_status status = GR_OK;
    for (size_t i = 0; i < t->calls; i++) {
        if (gr_ladder_uses_up(t->ladder)) t->ladder->reset(t->problem);
        gr_ranks_barrier();
        double start = gr_now();
        gr_status failed = t->rung->run(t->problem, gr_ranks());
        c->took[i] = gr_now() - start;
        c->began[i] = gr_clock_there(sync->clocks.line, start);
        c->late[i] = 0;
        if (failed) status = failed;
    }
    return status;
}

// The median of those that began in time; NaN if none did. Moves them.
static double median_in_time(double *took, const double *late, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (late[i] == 0) took[kept++] = took[i];
    return gr_median(took, kept);
}

static double mean_in_time(const double *took, const double *late, size_t n)
{
    double sum = 0;
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (late[i] == 0) sum += took[i], kept++;
    return sum / (double)kept;
}

// The median of this rank's n starts after the first rank's.
static double median_delay(const double *began, size_t n)
{
    double after[GR_TRAIN_CALLS];
    for (size_t i = 0; i < n; i++) after[i] = -began[i];
    gr_ranks_max_each(after, n);
    for (size_t i = 0; i < n; i++) after[i] += began[i];
    return gr_median(after, n);
}

static void count(gr_sync *sync, gr_train *train, size_t late)
{
    if (!sync->windows) {
        sync->barriers += train->calls;
        return;
    }
    sync->starts += train->calls, sync->late += late;
    if (10 * late <= train->calls || train->calls < 2) return;
    train->calls /= 2, train->window *= 2, train->wait *= 2;
}

// Another method has used the caches before; after one call they are not yet as this one leaves
// them. A train of few, long calls has no more of them to warm up.
static gr_status warm_up(const gr_train *t)
{
    gr_status status = GR_OK;
    for (size_t i = 0; i < WARM_UPS && i < t->calls; i++) {
        if (gr_ladder_uses_up(t->ladder)) t->ladder->reset(t->problem);
        gr_status failed = t->rung->run(t->problem, gr_ranks());
        if (failed) status = failed;
    }
    return status;
}

gr_status gr_train_run(gr_sync *sync, gr_train *train, gr_train_time *time)
{
    timed c;
    double longest[GR_TRAIN_CALLS];
    size_t n = train->calls;
    bool windows = sync->windows;
    gr_status warm = warm_up(train);
    gr_status status = windows ? in_windows(sync, train, &c) : after_barriers(sync, train, &c);
    *time = (gr_train_time){.delay = windows ? NAN : median_delay(c.began, n)};
    gr_ranks_max_each(c.late, n);
    for (size_t i = 0; i < n; i++) longest[i] = c.took[i], time->late += c.late[i] > 0;
    gr_ranks_max_each(longest, n);
    time->seconds = median_in_time(longest, c.late, n);
    time->mean = mean_in_time(c.took, c.late, n);
    time->own = median_in_time(c.took, c.late, n);
    count(sync, train, time->late);
    return status ? status : warm;
}

// ---- how many calls, how far apart ----

// Seconds from one barrier to the next with a call between: the least of a few, of long calls
// fewer.
static gr_status shortest_turn(const gr_train *t, double *least)
{
    enum { TURNS = 5 };
    gr_status status = GR_OK;
    *least = INFINITY;
    for (int i = 0; i < TURNS && (!i || *least * i < 5e-3); i++) {
        gr_ranks_max(0);
        double start = gr_now();
        if (gr_ladder_uses_up(t->ladder)) t->ladder->reset(t->problem);
        gr_ranks_max(0);
        gr_status failed = t->rung->run(t->problem, gr_ranks());
        *least = fmin(*least, gr_ranks_max(gr_now() - start));
        if (failed) status = failed;
    }
    return status;
}

gr_status gr_train_plan(gr_sync *sync, gr_train *train, double seconds)
{
    double turn;
    gr_status status = shortest_turn(train, &turn);
    train->wait = FIRST_WAIT;
    train->window = fmax(2 * turn, 1e-6);
    double calls = seconds / (sync->windows ? train->window : turn);
    train->calls = (size_t)fmin(fmax(calls, 1), GR_TRAIN_CALLS);
    return status;
}
