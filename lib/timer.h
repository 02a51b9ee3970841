// SPDX-License-Identifier: BSD-3-Clause
// timer -- the clock, what it can resolve, and how long a sample must be to mean something.
//
// Method: docs/method.md, "clock" and "batch" (Hoefler & Belli, SC15; nanobench's calibration).
#pragma once
#include <stddef.h>

// Seconds on CLOCK_MONOTONIC: the same epoch for all processes of a machine.
double gr_now(void);

typedef struct gr_clock {
    double resolution; // s, the smallest step ever seen between two readings
    double overhead;   // s, the median step between two readings in a row
} gr_clock;

// Measures the clock by 10,000 readings in a row (below a millisecond).
gr_clock gr_clock_measure(void);

// The least length of a sample in seconds: 1000 resolutions, 20 overheads, 1 ms, whichever is most.
double gr_sample_floor(gr_clock clock);

// How many calls make one sample. Doubles k until timing k calls lasts `floor` seconds, and
// believes it only when a second measurement of the same k agrees, so that one interruption cannot
// end the search early. `time_calls` runs k calls and returns the seconds they took; NAN stops with
// 0.
size_t gr_batch_size(double (*time_calls)(size_t k, void *context), void *context, double floor);
