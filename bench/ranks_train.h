// SPDX-License-Identifier: BSD-3-Clause
// ranks_train -- a call of all ranks, timed several times in a row: a train.
//
// By windows, where that is possible: all ranks agree on moments of their common time
// (parallel/ranks_clocks.h), one for each call, and begin at them; a call takes from its moment to
// the end of the last rank. A barrier before each call would let ranks go one after the other, by
// as much as a short collective takes. A call that some rank began late is counted and not used.
// Else by barriers: each rank takes its own time, and the longest counts.
//
// Method: S. Hunold and A. Carpen-Amarie, arXiv 1505.07734; docs/method.md.
#pragma once
#include "lib/ladder.h"
#include "parallel/ranks_clocks.h"

enum { GR_TRAIN_CALLS = 256, GR_SYNC_WHY = 80 };

typedef struct gr_sync {
    bool windows;
    bool crowded;          // more ranks than processors: times are no measure of speed
    char why[GR_SYNC_WHY]; // not windows, where these are impossible; else ""
    gr_clocks clocks;
    double looked;       // when they were, on this rank's clock
    double grace;        // s after its moment at which a start is not yet late
    size_t starts, late; // calls in windows, and those that some rank began late
    size_t barriers;     // calls after a barrier
} gr_sync;

typedef struct gr_train {
    const gr_ladder *ladder;
    const gr_rung *rung;
    void *problem;
    size_t calls;  // <= GR_TRAIN_CALLS
    double window; // s from one moment to the next
    double wait;   // s from an agreement on moments to the first of them
    double delay;  // s after its moment at which this rank begins, and from which its time counts
} gr_train;

// What a train of calls took.
typedef struct gr_train_time {
    double seconds; // the median over calls of the longest of all ranks; NaN if all began late
    double own;     // this rank's own median
    size_t late;    // calls that were not used
    double mean;    // this rank's own mean
    double delay;   // after barriers: this rank's start after the first rank's, the median; NaN: in
                    // windows, or the clocks are not known
} gr_train_time;

// Measures the clocks and decides. Collective, as is all that follows.
void gr_sync_begin(gr_sync *sync);

// Looks at the clocks again, and decides anew.
void gr_sync_again(gr_sync *sync);

// The same, if there are windows and it was done a second ago or more. Then there may be no more
// windows.
void gr_sync_keep(gr_sync *sync);

// By barriers, because of `why`, until gr_sync_again decides anew.
void gr_sync_fall_back(gr_sync *sync, const char *why);

// A train for a problem that is set up: window and number of calls from a few calls made here, so
// that it lasts about `seconds`.
gr_status gr_train_plan(gr_sync *sync, gr_train *train, double seconds);

// Runs it once, after three calls that are not timed. If more than a tenth began
// late, the next time there are half as many calls in windows of twice the length.
gr_status gr_train_run(gr_sync *sync, gr_train *train, gr_train_time *time);
