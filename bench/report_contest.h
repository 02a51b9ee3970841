// SPDX-License-Identifier: BSD-3-Clause
// report_contest -- the plot of how many targets solvers reached within how many evaluations.
#pragma once
#include "bench/report_model.h"
#include <stdio.h>

// Solvers that have runs.
size_t gr_contest_solvers(const gr_report_run *run);

// Prints data and script of plots/NAME, and the same in words. There is one solver or more.
void gr_contest_write(const gr_report_run *run, const char *name, FILE *dat, FILE *gp);
void gr_contest_say(const gr_report_run *run, FILE *out);
