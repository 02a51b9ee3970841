// SPDX-License-Identifier: BSD-3-Clause
// map_costs -- what the parts of a map cost on this machine, measured: lib/map_cost.h's numbers.
//
// Each cost is the difference of two jobs that differ in it alone, over how often they differ in
// it. Times are medians of jobs that follow one another on the same pool. docs/method.md, "Maps".
#pragma once
#include "lib/map_cost.h"

// Measures one launcher ("threads", "fork", ...; "serial" with one worker) in some 150 ms. Fails as
// the launcher does: GR_EARG if there is none of that name, GR_ESYS if workers cannot be started.
gr_status gr_map_costs_measure(const char *launcher, int workers, gr_map_costs *costs);

// The median time of `repeats` jobs (1 to 99), after one that is not counted. `cold`: each starts
// the pool.
gr_status gr_map_time(gr_map *map, const gr_job *job, int repeats, bool cold, double *seconds);

// The launchers that run on this machine's cores, NULL-ended: what a plan chooses from.
extern const char *const gr_map_local[];

// Numbers of workers worth measuring on so many cores: 2, 4, ... and all; 1 on one core. Returns
// how many (at most 16).
int gr_map_crowds(int cores, int workers[16]);
