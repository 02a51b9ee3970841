// SPDX-License-Identifier: BSD-3-Clause
// line -- the straight line through measured times: t = latency + n / bandwidth.
//
// Times of messages span many powers of ten, and their errors grow with them. So relative errors
// are what is made small: each point is weighted by 1 / y^2.
#pragma once
#include "lib/status.h"
#include <stddef.h>

typedef struct gr_line {
    double at0, slope; // y = at0 + slope x
    double error;      // root of the mean squared relative error
} gr_line;

// The weighted least-squares line through n points, y > 0. GR_EARG if n < 2, if all x are the same,
// or if a y is not above 0.
gr_status gr_line_fit(const double *x, const double *y, size_t n, gr_line *line);

// Two lines: the first through points 0 .. *split-1, the second through the rest, split where the
// sum of squared relative errors is least; each has at least 3 points. x increases. GR_EARG if n
// < 6.
gr_status gr_line_fit_two(const double *x, const double *y, size_t n, gr_line line[2],
                          size_t *split);
