// SPDX-License-Identifier: BSD-3-Clause
// ladder -- one problem, a row of rungs: the same computation, made better by one idea a rung.
//
// Rung 0 is the truth: every other rung must give its outputs, bit for bit or within the rung's
// stated tolerance. A ladder registers by being defined in lessons/NN_name/ladder.c at the start of
// a line, `const gr_ladder gr_ladder_NAME = {`; the Makefile makes the table gr_ladders from that.
//
// Interface:
//   gr_ladder_check   a rung (or one function) against rung 0 at one size; gr_ladder_check_edges:
//   at all edge sizes gr_ladder_poison  and gr_outputs_compare: what a measurement needs around one
//   run (with MPI ranks, checks are collective: lib/ranks.h) gr_rung_worked    what a parallel rung
//   says of each of its workers
#pragma once
#include "lib/array.h"
#include "lib/status.h"
#include <stdint.h>
#include <stdio.h>

// One size of a problem. What `n` and `steps` mean is the ladder's own (`steps_name`).
typedef struct gr_size {
    size_t n;     // e.g. points along one side
    size_t steps; // e.g. sweeps, or the iteration limit; 0 takes the ladder's default for this n
} gr_size;

// What a rung runs on, and so what `procs` counts.
typedef enum gr_launcher {
    GR_LAUNCH_NONE,
    GR_LAUNCH_THREADS,
    GR_LAUNCH_FORK,
    GR_LAUNCH_MPI,
    GR_LAUNCH_OPENCL
} gr_launcher;

// What a rung may need beyond C11: OpenMP, an MPI whose collectives can be persistent. Unmet, it is
// skipped by name and reason, never silently. What a rung launched by MPI needs besides is
// gradus-mpi and its ranks.
enum gr_need { GR_NEED_OPENMP = 1, GR_NEED_PERSISTENT = 2 };

// The computation of one rung. Writes every output of the problem; may allocate and fail.
// `workers` >= 1 is 1 unless the rung has a launcher. Must not print.
typedef gr_status gr_rung_run(void *problem, int workers);

typedef struct gr_rung {
    const char *name;
    const char *idea;     // one line: what changed, and why it should be faster
    gr_rung_run *run;     // NULL: not in this program (lib/ranks.h: GR_MPI_ONLY)
    gr_launcher launcher; // GR_LAUNCH_NONE: one core
    unsigned needs;       // gr_need bits
    double tolerance;     // relative, for outputs that are not `exact`; 0: bit for bit
    size_t largest;       // `make bench` leaves this rung out above this n; 0: no such limit
    bool other_algorithm; // it does less work, not the same work faster
    double reuse;         // units done on each element per pass over memory: divides `bytes`; 0: 1
} gr_rung;

// One result of a problem, as a view on its memory.
typedef struct gr_output {
    const char *name;
    gr_array view;
    bool exact; // bit for bit in every rung, whatever the rung's tolerance
} gr_output;

enum { GR_MAX_OUTPUTS = 4 };

typedef enum gr_picture { GR_PICTURE_NONE, GR_PICTURE_IMAGE, GR_PICTURE_CONTOUR } gr_picture;

typedef struct gr_ladder {
    const char *name, *title;
    const char *lesson;     // "10_mandelbrot": the folder that teaches it
    const char *n_name;     // what size.n counts: "points a side"
    const char *steps_name; // what size.steps counts: "iterations"; NULL: the problem has no steps
    const gr_size *sizes;   // what `make bench` runs, smallest (the talk's) first; .n == 0 ends
    const gr_rung *rungs;   // rung 0 is the truth; .name == NULL ends

    // Makes a problem with its inputs. size.n may be anything from 0 up; too large is GR_ENOMEM
    // or GR_EARG, never a crash. On failure *problem is NULL.
    gr_status (*setup)(void **problem, gr_size size, uint64_t seed);
    void (*reset)(
        void *problem); // the inputs as after setup, outside the clock; NULL if runs keep them
    bool keeps; // so do these runs: reset is for poisoned outputs and counters, not between runs
    void (*teardown)(void *problem);                              // NULL is fine
    int (*outputs)(void *problem, gr_output out[GR_MAX_OUTPUTS]); // how many were written

    // The work model. `work` counts units in a finished, correct problem (e.g. iterations done).
    const char *unit; // "iteration", "point", ...
    double (*work)(const void *problem);
    double flops, bytes; // of one unit: floating-point operations, least memory traffic
    // Of a rung that runs on MPI ranks, every rank has outputs of its own and its own truth; else
    // rank 0 has all of them, and what the others have is not looked at.
    bool per_rank;
    double (*footprint)(
        gr_size size); // bytes that a run touches: decides which bandwidth binds; NULL: 0

    // The machine limit for this arithmetic, where one can be measured: the same operations with
    // nothing else in the way. Timed beside the rungs, not verified. NULL name: no such limit.
    gr_rung limit;
    double (*limit_work)(const void *problem); // units that one limit.run does

    gr_picture picture; // how `gradus run` shows output 0
} gr_ladder;

extern const gr_ladder *const gr_ladders[]; // made by the Makefile from the lessons; NULL ends

// Which of a rung's needs this build does not meet, in a few words ("built without OpenMP"); NULL
// if it meets all.
const char *gr_rung_lacks(const gr_rung *rung);

// The launcher's name in results: "none", "threads", "fork", "mpi", "opencl".
const char *gr_launcher_name(gr_launcher launcher);

// Number of rungs. Index of a rung by name, or -1.
int gr_ladder_rungs(const gr_ladder *ladder);
int gr_ladder_find(const gr_ladder *ladder, const char *name);

// `size` with steps filled in: the steps of the largest listed size not above n, else of the first.
gr_size gr_ladder_size(const gr_ladder *ladder, gr_size size);

// Fills every output with values that no rung computes: NaN, or 0xA5 bytes in integers. Reset the
// problem after it: an output may be an input, too.
void gr_ladder_poison(const gr_ladder *ladder, void *problem);

// Must the problem be reset between two runs, so that the second has the inputs of the first?
bool gr_ladder_uses_up(const gr_ladder *ladder);

// Are `got` (n outputs) what `want` (m outputs) says, within `tolerance` (relative to want's
// largest element) where an output is not exact? NaN on either side, where the other has none, is a
// difference. If not, GR_EDATA, and gr_errmsg() names the first difference: "field[3][4] = nan
// (never written?), expected 0.51 (first of 33 that differ)".
gr_status gr_outputs_compare(const gr_output *got, int n, const gr_output *want, int m,
                             double tolerance);

// Runs `rung` on a fresh problem with poisoned outputs and compares it with rung 0, twice (the
// second time after a reset, so that state left behind is seen). GR_EDATA if it is wrong.
gr_status gr_ladder_check(const gr_ladder *ladder, const gr_rung *rung, gr_size size, int workers);

// Rung 0's results at a ladder's edge sizes, for all the rungs that are held against them: the
// first rungs take far longer than the last. {0} has none; gr_ladder_check_edges makes what it
// needs. Of rungs on MPI ranks, for one number of ranks only.
enum { GR_EDGES = 40 };
typedef struct gr_truths {
    void *problem[GR_EDGES];
} gr_truths;
void gr_truths_free(const gr_ladder *ladder, gr_truths *truths);

// gr_ladder_check at n = 0, 1, 2, 3, 7, 8, 9, 31, 64, 100, each with few and odd steps. `before`,
// if not NULL, is told what comes next. The failure says at which size it was.
gr_status gr_ladder_check_edges(const gr_ladder *ladder, const gr_rung *rung, int workers,
                                gr_truths *truths, void (*before)(gr_size size, void *context),
                                void *context);

// ---- what the workers did

enum { GR_MOST_WORKERS = 4096 };
typedef struct gr_worker gr_worker; // lib/map.h

// A parallel rung may say of each of its workers, once in a run, how many tasks it did and for how
// many seconds it was busy with them. Workers that share this process's memory may call it at the
// same time, each for itself; for forked ones their parent calls it. Kept in the process, whose
// rungs run one at a time. Of workers from GR_MOST_WORKERS on nothing is kept.
void gr_rung_worked(int worker, size_t tasks, double busy);

// Forgets what workers 0 .. n-1 said; to be called before a run.
void gr_rung_forget(int n);

// What worker 0 .. n-1 said in a run that took `seconds`; idle is the rest of them: waiting, and
// being started and ended. Returns n; 0 if none of them said anything, or if n > GR_MOST_WORKERS.
int gr_rung_workers(double seconds, gr_worker *workers, int n);

// What a learner's exercise file defines: a rung of the step's ladder.
gr_status exercise(void *problem, int workers);
