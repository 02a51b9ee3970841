// SPDX-License-Identifier: BSD-3-Clause
// report_model -- a run's JSON document as C structs: what is missing is NaN or "", never a crash.
//
// Texts and arrays are borrowed from the document, which must outlive the model. All times are in
// seconds.
#pragma once
#include "bench/json.h"
#include "bench/report_words.h"
#include "lib/status.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct gr_report_point {
    const char *ladder, *rung, *idea, *launcher; // of a peer: rung is "python3", "numpy", ...
    const char *verify, *status;
    double size, steps, procs;
    bool other_algorithm;
    bool skipped; // status says so
    bool shown;   // verified, with a time: what is not shown has no number anywhere in the report

    double median, lo, hi;       // lo, hi: 95 % interval, both NaN without one
    double range_lo, range_hi;   // smallest and largest launch, where there is no interval
    double within_lo, within_hi; // spread inside a launch
    double least;                // the shortest sample
    double samples, launches;
    const json_t *launch_medians; // array or NULL

    double step, step_lo, step_hi;    // gain over the rung before
    double total, total_lo, total_hi; // gain over rung 0
    double rate;
    const char *rate_unit;
    const char *limit;     // "" without one
    double fraction;       // of that limit
    const json_t *workers; // array, not empty, or NULL: what each worker did in one run
} gr_report_point;

// The points of one ladder at one size: point[0 .. n-1], in the document's order.
typedef struct gr_report_group {
    const json_t *about; // the ladder's entry in "ladders", or NULL
    const gr_report_point *point;
    size_t n;
    const char *ladder;
    double size, steps;
} gr_report_group;

typedef struct gr_report_run {
    const json_t *document, *machine;
    gr_report_point *points, *peers;
    size_t n_points, n_peers;
    gr_report_group *groups;
    size_t n_groups;
} gr_report_run;

// Reads the document. GR_EDATA if it is no object, GR_ENOMEM. Close it in any case.
gr_status gr_report_open(gr_report_run *run, const json_t *document);
void gr_report_close(gr_report_run *run);

// Of the points shown in a group: its base (rung 0, the first row; NULL if that is not shown), the
// fastest of the same algorithm, and the fastest of those on one core. NULL if there is none.
const gr_report_point *gr_group_base(const gr_report_group *group);
const gr_report_point *gr_group_best(const gr_report_group *group);
const gr_report_point *gr_group_best_serial(const gr_report_group *group);

// The group of a ladder: at `size`, or the first one where `size` is 0. NULL if there is none.
const gr_report_group *gr_report_find(const gr_report_run *run, const char *ladder, double size);
// The fastest shown point of that rung in the group, or NULL.
const gr_report_point *gr_group_find(const gr_report_group *group, const char *rung);
// The peer's time for the group's problem, or NULL.
const gr_report_point *gr_report_peer(const gr_report_run *run, const gr_report_group *group,
                                      const char *peer);

bool gr_point_parallel(const gr_report_point *point);     // has a launcher
bool gr_point_has_interval(const gr_report_point *point); // of its time
// Its interval, else its range, else its median alone.
void gr_point_ends(const gr_report_point *point, double *lo, double *hi);

// How well a rung scales: its shown points by number of workers, and their base.
typedef struct gr_scaling {
    const gr_report_point *base; // the best time on one core, of any rung of the same algorithm
    const gr_report_point *point[32];
    size_t n;
    double serial; // fraction of the base's work that does not divide, by Amdahl's law; NaN if none
} gr_scaling;

// The scaling of the rung that point i belongs to; n is 0 unless i is the first point of its rung
// and the rung was run with two or more numbers of workers.
gr_scaling gr_group_scaling(const gr_report_group *group, size_t i);

// What one worker did in a run of the point.
typedef struct gr_worked {
    double tasks, busy, idle; // s; all 0 where the document does not say
} gr_worked;

// How many workers of a shown point are known, and what worker k did.
size_t gr_point_crew(const gr_report_point *point);
gr_worked gr_point_worked(const gr_report_point *point, size_t k);
// Wall time of that run over its busy time shared equally: 1 is ideal. NaN if unknown.
double gr_point_excess(const gr_report_point *point);

// The point with the most workers of the rung that point i belongs to, if point i is the rung's
// first and it is known what its workers did; else NULL.
const gr_report_point *gr_group_crew(const gr_report_group *group, size_t i);

// "500 points a side, 100 iterations"
gr_text gr_group_words(const gr_report_group *group);
// "dynamic, fork x 2", or the part after the name alone; "fork x 2" where both names are the same.
gr_text gr_point_words(const gr_report_point *point);
gr_text gr_point_workers(const gr_report_point *point);
// "95% sure: 2.00 to 2.20 ms", or "range of 3 launches: ...", or "" for one launch.
gr_text gr_point_sure(const gr_report_point *point);
