// SPDX-License-Identifier: BSD-3-Clause
// series -- the launches of each task of a run, gathered; gains between them; bounds on them.
//
// What points.c makes its document from. A launch counts by the median of its samples, a point by
// the median of its launches, a gain by the pairs of launches that one lap made (docs/method.md).
#pragma once
#include "bench/json.h"
#include "bench/store.h"
#include "lib/stats.h"

enum { GR_MOST_LAPS = 64 };

typedef struct gr_series {
    json_t *task;
    double lap[GR_MOST_LAPS]; // median of the launch in each lap; NAN where there is none
    size_t laps;              // highest lap with a launch, plus 1
    size_t launches, samples;
    double lo, hi, min; // smallest and largest quartile of a launch; the least sample
    double work;
    const char *problem; // what went wrong in a launch; NULL
    gr_interval seconds; // over launches
} gr_series;

typedef struct gr_analysis {
    const gr_store *store;
    json_t *machine;
    gr_series *series;
    size_t n;
} gr_analysis;

// Gathers the launches of `task` from the record.
void gr_series_gather(gr_analysis *a, gr_series *s, json_t *task);

// The launch medians, in the order of laps; values holds GR_MOST_LAPS.
size_t gr_series_launches(const gr_series *s, double *values);

// How many times faster b is than a, by the laps in which both were measured.
gr_interval gr_series_gain(const gr_series *a, const gr_series *b);

bool gr_series_same_problem(const gr_series *a, const gr_series *b); // ladder, size and steps
bool gr_series_is_rung(const gr_series *s);                          // not a limit, not a twin

// The rung before: the nearest lower index that was measured at this size, on as many workers if it
// can, else on one; of a rung for one core, the one before it that is for one core, too. NULL if
// none.
const gr_series *gr_series_before(const gr_analysis *a, const gr_series *s);

// What total gains are counted from: the first rung measured at this size. NULL if none.
const gr_series *gr_series_base(const gr_analysis *a, const gr_series *s);

// The least time in which this machine can do a point's work, and what sets it.
typedef struct gr_bound {
    const char *name;
    double seconds;
    bool of_machine; // a rate above it is impossible, not merely surprising
} gr_bound;

// What binds: the arithmetic (the ladder's own limit where it was measured) or the memory.
gr_bound gr_bound_of(const gr_analysis *a, const gr_series *s);

// Which bound of the machine a point breaks by more than 5 %; NULL if none.
const char *gr_bound_broken(const gr_analysis *a, const gr_series *s);
