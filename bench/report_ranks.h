// SPDX-License-Identifier: BSD-3-Clause
// report_ranks -- collectives on MPI ranks: their times by size and method, and whether the MPI
// library keeps its own promises.
#pragma once
#include "bench/report_model.h"
#include <stdio.h>

// Messages between two ranks: how many sizes, their plot, and the same in words.
size_t gr_messages(const gr_report_run *run);
void gr_messages_write(const gr_report_run *run, const char *name, FILE *dat, FILE *gp);
void gr_messages_say(const gr_report_run *run, FILE *out);

// How many collectives were timed. The document is any; what is missing is left out.
size_t gr_collectives(const gr_report_run *run);
const char *gr_collective_name(const gr_report_run *run, size_t which);

// Prints data and script of the plot of one of them, and the same in words.
void gr_collective_write(const gr_report_run *run, size_t which, const char *name, FILE *dat,
                         FILE *gp);
void gr_collective_say(const gr_report_run *run, size_t which, FILE *out);
