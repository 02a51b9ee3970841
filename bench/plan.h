// SPDX-License-Identifier: BSD-3-Clause
// plan -- what a run measures: which rung, at which size, on how many cores; and what it leaves
// out.
#pragma once
#include "lib/ladder.h"
#include <jansson.h>

typedef struct gr_task {
    const gr_ladder *ladder;
    const gr_rung *rung; // a rung of the ladder, or its limit
    int index;           // of the rung; -1 for the limit
    gr_size size;
    int procs;
    int twin;        // 0; the second of an A/A pair is 1
    bool truth;      // the others at this size are compared with its outputs
    const char *why; // it is skipped: why; NULL: it is run
} gr_task;

typedef struct gr_plan {
    gr_task *tasks; // in the order of ladders, sizes, rungs, procs
    size_t n;
} gr_plan;

typedef struct gr_plan_options {
    char **selectors;    // "LADDER" or "LADDER/RUNG", NULL-ended; none: every ladder that has sizes
    gr_size size;        // .n == 0: the ladder's own sizes
    const size_t *procs; // NULL: 1, 2, 4 ... and all usable cores
    size_t nprocs;
    int usable; // cores that may be used
    bool quick; // the first size only, and all cores
    bool twins; // every task twice, for A/A
} gr_plan_options;

// Makes a plan. GR_EARG names a bad ladder, rung, size or number of processes. Free with fini.
gr_status gr_plan_make(gr_plan *plan, const gr_plan_options *options);
void gr_plan_fini(gr_plan *plan);

// "mandelbrot/simd@500x100/1": what names a task in files. `text` holds GR_TASK_KEY bytes.
enum { GR_TASK_KEY = 160 };
const char *gr_task_key(const gr_task *task, char text[GR_TASK_KEY]);

// "LADDER" or "LADDER/RUNG" looked up; *rung is NULL where none is named. GR_EARG names what is
// wrong, and the nearest right word.
gr_status gr_select(const char *selector, const gr_ladder **ladder, const gr_rung **rung);

// Can this size be set up in the memory there is? GR_EARG, in words, if not.
gr_status gr_size_check(const gr_ladder *ladder, gr_size size);
