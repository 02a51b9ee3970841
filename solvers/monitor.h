// SPDX-License-Identifier: BSD-3-Clause
// monitor -- what sees each generation of a solver: words on a stream, rows in a log, or code of
// your own. A solver without a monitor is silent.
//
//   gr_verbose words = gr_verbose_of(stdout, 5, 0);      every fifth generation
//   gr_log log;
//   GR_TRY(gr_log_open(&log, "log.txt", s, NULL));       every generation, in a file
//   gr_solver_watch(s, &words.monitor); gr_solver_watch(s, &log.monitor);
//   ... gr_log_close(&log);
//
// The log is text that gnuplot and NumPy's loadtxt read:
//   # gradus log 1
//   # problem rosen dimensions 3 solver neldermead seed 0
//   # generation evaluations cost NAME... x0 x1 x2     NAME: columns of your own
//   0 1 86.19999999999997 0.8 1.2 0.7                  one row a generation, blanks between
//   # stop converged: crt: ...
// Numbers are the shortest that read back bit for bit. Each row is written at once, so that a
// killed run leaves all rows but, at worst, a torn last one.
#pragma once
#include "lib/array.h"
#include "solvers/solver.h"
#include <stdio.h>

struct gr_monitor {
    // After each generation, and at the end of each gr_solver_solve (NULL: not told). A failure
    // ends the solving.
    gr_status (*see)(gr_monitor *monitor, const gr_solver *s);
    gr_status (*end)(gr_monitor *monitor, const gr_solver *s);
};

// ---- words ----

typedef struct gr_verbose {
    gr_monitor monitor;
    FILE *stream;
    int64_t interval;   // generations from one line with the cost to the next
    int64_t x_interval; // and with the point; 0: never
} gr_verbose;

gr_verbose gr_verbose_of(FILE *stream, int64_t interval, int64_t x_interval);

// ---- a log ----

// A column of your own.
typedef struct gr_column {
    const char *name; // one word; NULL ends a table
    double (*value)(const gr_solver *s, void *user);
    void *user;
} gr_column;

typedef struct gr_log_options {
    int64_t interval;         // 0: 1
    const gr_column *columns; // borrowed; NULL: none
    bool go_on;               // keep the rows of a log that is there, up to the solver's generation
} gr_log_options;

typedef struct gr_log {
    gr_monitor monitor;
    FILE *stream;
    char *path;
    int64_t interval, last; // last: the generation of the last row
    const gr_column *columns;
} gr_log;

// GR_ESYS if the file cannot be written; GR_EDATA if it is to be gone on with and is no log.
gr_status gr_log_open(gr_log *log, const char *path, const gr_solver *s,
                      const gr_log_options *options);
gr_status gr_log_close(gr_log *log); // GR_ESYS if something did not reach the file; twice is fine

// ---- reading logs ----

typedef struct gr_history {
    size_t rows, n;      // n: dimensions
    gr_array generation; // (rows) GR_I64
    gr_array cost;       // (rows) GR_F64
    gr_array x;          // (rows, n) GR_F64
    char stop[GR_WHY];   // why it ended, as the log has it; "": it does not say
} gr_history;

// Reads a log of ours, or one that mystic's LoggingMonitor wrote:
//   (0,)     86.19999999999997   [0.8, 1.2, 0.7]
// *h is new; free it. GR_EDATA names the line; a torn last line is left out.
gr_status gr_history_read(gr_history *h, const char *path);
void gr_history_free(gr_history *h);
