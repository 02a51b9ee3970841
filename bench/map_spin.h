// SPDX-License-Identifier: BSD-3-Clause
// map_spin -- tasks of a known length: a loop that nothing can shorten, counted in steps.
//
// A task that sleeps would leave the core to others, and so hide what a map costs; one that watches
// the clock would end in time even on a core that it shares. These compute.
#pragma once
#include "lib/map.h"

// Record: steps, 0 or more. Result: the number that so many steps lead to. Both int64_t.
extern const gr_func gr_func_spin;

// Record and result: one int64_t, which is handed back. Does nothing: what is left is the map.
extern const gr_func gr_func_nothing;

// Seconds that one step takes on this core, the median of some tries.
double gr_spin_step(void);

// How unequal the tasks of a job are.
typedef enum gr_skew {
    GR_SKEW_EQUAL,
    GR_SKEW_SPREAD, // exponential: the deviation is as large as the mean
    GR_SKEW_HEAVY,  // Pareto, exponent 1.5: a few tasks hold much of the work
    GR_SKEW_ROWS,   // as the rows of the Mandelbrot set: the long ones are neighbours
    GR_SKEWS
} gr_skew;

// "equal", "spread", "heavy", "rows".
const char *gr_skew_name(gr_skew skew);

// Fills length[0 .. n-1]: the n quantiles of the distribution, with this mean, in an order that
// `rng` shuffles; rows stand in their own order.
void gr_skew_lengths(gr_skew skew, size_t n, double mean, gr_rng rng, double *length);
