// SPDX-License-Identifier: BSD-3-Clause
// control -- ^C in the middle of solving is a question, not the end: show the best point, go on,
// call a function of yours, or leave with the best so far.
//
//   gr_control c = {.in = stdin, .out = stderr};
//   gr_control_catch(&c);
//   GR_TRY(gr_solver_new(&s, &problem, &(gr_solver_options){.asked = &c.asked}));
//   GR_TRY(gr_control_solve(&c, s, &stop));          // instead of gr_solver_solve
//   gr_control_release(&c);
// The signal is seen before the next evaluation; going on loses none and changes no result.
#pragma once
#include "solvers/solver.h"
#include <stdio.h>

typedef struct gr_control {
    volatile sig_atomic_t asked; // the signal that came; 0: none
    FILE *in, *out;              // in NULL: nobody to ask, so SIGINT leaves
    // What the word `call` does; NULL: that word is not offered. A failure ends the solving.
    gr_status (*call)(gr_solver *s, void *user);
    void *user;
} gr_control;

// SIGINT and SIGTERM set c->asked from now on, until released. One control at a time.
void gr_control_catch(gr_control *c);
void gr_control_release(gr_control *c);

// gr_solver_solve; after SIGINT asks what to do: best, continue, call, exit. Words may be
// shortened; the end of input is `exit`. SIGTERM leaves without asking. *stop: GR_STOP_ASKED after
// leaving.
gr_status gr_control_solve(gr_control *c, gr_solver *s, gr_stop *stop);
