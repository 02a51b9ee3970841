// SPDX-License-Identifier: BSD-3-Clause
// timing -- what the ladders of lesson 02 work on: powers of numbers, a laboratory of simulated
// machines whose clocks are to be mastered, and sets of samples.
//
// A simulated machine behaves as real ones do: its clock shows only whole ticks, reading it takes
// time, the first call is slow, it is interrupted now and then, and its speed drifts. Unlike real
// ones it does so in the same way each time, so that an answer is right or wrong without a doubt.
#pragma once
#include "lib/ladder.h"
#include <stddef.h>
#include <stdint.h>

// ---- ladders `square` and `power` ----

// y[i] = a[i] to the power `exponent`, which is known only at run time: 2 in `square`, 2.1 in
// `power`.
typedef struct timing_powers {
    size_t n;
    double *a; // (n), in 1 <= a < 4; inputs, not to be changed
    double *y; // (n), the result
    double exponent;
} timing_powers;

// The set-up, take-down and outputs that both ladders share.
gr_status timing_powers_new(timing_powers **powers, size_t n, uint64_t seed, double exponent);
void timing_powers_free(void *powers);
int timing_powers_outputs(void *powers, gr_output out[GR_MAX_OUTPUTS]);
double timing_powers_count(const void *powers);
double timing_powers_bytes(gr_size size);

// ---- ladders `resolution`, `batch` and `interleave` ----

typedef struct timing_machine timing_machine;

// What the clock shows: nanoseconds, in whole ticks. Reading it takes time, too.
int64_t timing_now(timing_machine *m);

// Calls function 0 or 1 of the machine k times in a row.
void timing_call(timing_machine *m, int function, size_t k);

typedef struct timing_lab {
    size_t n;
    timing_machine **machine; // (n)
    int64_t *resolution;      // (n), ns; found in `resolution`, given in `batch`
    int64_t *batch;           // (n), calls; found in `batch`
    double *ratio;            // (n), time of function 0 / time of function 1; found in `interleave`
} timing_lab;

// ---- ladder `median` ----

typedef struct timing_samples {
    size_t n;      // sets
    size_t *count; // (n), samples in each set
    double **set;  // (n)(count), inputs, not to be changed
    double *out;   // (n, 3): median, lower and upper end of its 95 % interval
} timing_samples;
