// SPDX-License-Identifier: BSD-3-Clause
// ladder_part -- what the ladders of the slides have in common.
#pragma once
#include "lessons/15_collectives/collectives.h"
#include <stdbool.h>

// Contracts: lib/ladder.h.
gr_status collective_setup(void **problem, gr_size size, uint64_t seed, collective_kind kind);
void collective_reset(void *problem);
void collective_teardown(void *problem);
int collective_outputs(void *problem, gr_output out[GR_MAX_OUTPUTS]);
double collective_numbers(const void *problem);
gr_rung_run collective_foreseen; // rung 0: no messages, since it knows what all hold
