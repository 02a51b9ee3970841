// SPDX-License-Identifier: BSD-3-Clause
// report_scaling -- rungs on growing numbers of MPI ranks: the same problem and one that grows.
#pragma once
#include "bench/report_model.h"
#include "lib/scaling.h"
#include <stdio.h>

enum { GR_CROWDS = 32 };

// Times by number of ranks, the first of them 1; sizes of the problem and its work.
typedef struct gr_crowds {
    double procs[GR_CROWDS], seconds[GR_CROWDS], lo[GR_CROWDS], hi[GR_CROWDS];
    double size[GR_CROWDS], work[GR_CROWDS];
    // Gain over one rank in work done per time; the best is procs.
    double gain[GR_CROWDS];
    size_t n;
} gr_crowds;

typedef struct gr_study {
    const char *ladder, *rung, *n_name, *why; // why: there are no times; or ""
    gr_crowds strong, weak;
    double amdahl, gustafson;    // parts that do not divide; NaN if unknown
    gr_overhead over, weak_over; // fitted; error is NaN where there are too few numbers of ranks
} gr_study;

// How many rungs were studied, and what came out. The document is any; what is missing is left out.
size_t gr_studies(const gr_report_run *run);
gr_study gr_study_of(const gr_report_run *run, size_t which);

// Has it times on two numbers of ranks or more, so that there is something to plot?
bool gr_study_shows(const gr_study *study);

// Prints data and script of plots/NAME, and the same in words.
void gr_study_write(const gr_study *study, const char *name, FILE *dat, FILE *gp);
void gr_study_say(const gr_study *study, FILE *out);
