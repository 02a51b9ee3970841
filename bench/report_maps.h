// SPDX-License-Identifier: BSD-3-Clause
// report_maps -- the plot of a map's forecasts over what was measured.
#pragma once
#include "bench/report_model.h"
#include <stdio.h>

// Points of the grid that have both times; the median of their errors, NAN if there are none.
size_t gr_maps_points(const gr_report_run *run);
double gr_maps_error(const gr_report_run *run);

// Prints data and script of plots/NAME, and the same in words. There are two points or more.
void gr_maps_write(const gr_report_run *run, const char *name, FILE *dat, FILE *gp);
void gr_maps_say(const gr_report_run *run, FILE *out);
