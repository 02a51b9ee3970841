// SPDX-License-Identifier: BSD-3-Clause
// map_grid -- does the cost model hold? Its forecasts beside measured times, over a grid of jobs.
//
// The grid is task length x number of tasks x how unequal they are x launcher x workers x strategy
// x chunk x whether the pool runs already; of all its points, a random choice that is always the
// same is measured. Every result is compared with the serial one.
//
// One JSON object, which `gradus bench` records as it is:
//   {"step_ns", "serial": {"task"}, "costs": [{"launcher", "workers", "start", "job", "chunk",
//   "task", "byte", "stretch"}], "break_even": [{"launcher", "workers", "n", "warm", "cold"}],
//   "points": [{"launcher", "workers", "strategy", "skew", "n", "length", "chunk", "cold",
//   "predicted", "measured", "serial", "ideal"}]}
// in seconds but step_ns; "chunk" 0 is gr_chunk's rule; break-even lengths that do not exist are
// null.
#pragma once
#include "lib/status.h"
#include <jansson.h>

enum { GR_GRID_FEW = 40, GR_GRID_ALL = 200 };

// Measures the costs of the local launchers and `points` points on up to `cores` workers: about
// 60 ms for each. *grid is the caller's (json_decref). GR_EDATA if a result is wrong.
gr_status gr_map_grid_measure(size_t points, int cores, json_t **grid);

// The median of |predicted / measured - 1| over the grid's points; NAN if there are none.
double gr_map_grid_error(const json_t *grid);
