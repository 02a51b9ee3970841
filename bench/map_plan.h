// SPDX-License-Identifier: BSD-3-Clause
// map_plan -- which map would be fastest for these items, and does any pay? Measures a few items
// and the costs of this machine's pools, and lets lib/map_cost.h predict the rest.
#pragma once
#include "lib/map.h"
#include <stdio.h>

// Measures up to 64 of the job's tasks, spread over all, for about half a second, one after the
// other in this process. length[0 .. *n-1]: seconds, in the order of the tasks. `length` holds 64.
// Fails as a task does.
gr_status gr_map_sample(const gr_job *job, double *length, size_t *n);

// Prints the table of pools with predicted times, and which to take. `spec`: only pools of this
// launcher, and if it says so of this strategy and number of workers; NULL: all. The job's `out`
// is not touched. Fails as gr_map_sample, gr_map_spec_read and gr_map_costs_measure do.
gr_status gr_map_plan_print(const char *spec, const gr_job *job, FILE *out);

// What `gradus map --plan [SPEC] TASK ITEMS...` does with its operands, NULL-ended.
gr_status gr_map_plan(char **operands, uint64_t seed);
