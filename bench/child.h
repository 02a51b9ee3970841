// SPDX-License-Identifier: BSD-3-Clause
// child -- run another program and hear what it says; stop it when we are stopped.
//
// A child dies with its parent (PR_SET_PDEATHSIG), whatever kills the parent. ^C and SIGTERM end
// the wait: the child is killed and reaped before the call returns.
#pragma once
#include "lib/status.h"
#include <stdbool.h>
#include <stddef.h>

typedef struct gr_child {
    int exit_code;  // of a child that ended by itself; else -1
    int signal;     // that ended it; 0 if none
    bool timed_out; // it was killed because `seconds` were over
    char *out;      // its standard output, ended by 0; the caller frees it
    size_t out_size;
    char *err; // its standard error, likewise
} gr_child;

// A child reads nothing: its standard input is empty. (But see gr_child_run_through.)
//
// Runs argv (argv[0] is looked up in PATH) to its end, at most `seconds` (0: no limit).
// GR_EUNSUP if there is no such program, GR_ESYS if none could be started or we were interrupted;
// how the child itself ended is an outcome, not an error: look at the result. Free it in any case.
gr_status gr_child_run(char *const argv[], double seconds, gr_child *result);

// The same for a program that has something to tidy up, as mpirun has: before it is killed, and
// when its parent dies, it gets SIGTERM and some seconds.
gr_status gr_child_run_gently(char *const argv[], double seconds, gr_child *result);

// The same for one that takes our place: it prints to our standard output, and reads our standard
// input, unless that is a terminal. What it says while it ends is heard, too. It is asked to end by
// SIGUSR1, which mpirun hands on to its ranks, and by SIGTERM if that does not help.
gr_status gr_child_run_through(char *const argv[], gr_child *result);
void gr_child_free(gr_child *result);

// The path of this program, to be started again; "" where /proc does not say.
char *gr_self(void);

// Remembers SIGINT and SIGTERM from now on instead of dying of them.
void gr_catch_interrupts(void);

// The signal that has come since gr_catch_interrupts, or 0. The exit code for it is 128 + signal.
int gr_interrupted(void);
