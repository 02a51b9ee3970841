// SPDX-License-Identifier: BSD-3-Clause
// stop_part -- between the files of rules: stop.c has their table, collapse.c those that look for
// coordinates which no longer vary.
#pragma once
#include "solvers/solver_type.h"

// Rules of measures: tol, generations, and from here on the points of each factor.
enum { GR_MEASURE_POINTS = 2 };

// Writes `why` (GR_WHY); true, so that it can end a condition.
bool gr_rule_say(char *why, const char *format, ...) __attribute__((format(printf, 2, 3)));

bool gr_collapse_at(const gr_solver *s, const double *arg, char *why);
bool gr_collapse_as(const gr_solver *s, const double *arg, char *why);
bool gr_collapse_weight(const gr_solver *s, const double *arg, char *why);
bool gr_collapse_position(const gr_solver *s, const double *arg, char *why);
bool gr_collapse_cost(const gr_solver *s, const double *arg, char *why);

// GR_EARG if so many samples can never be among so few points.
gr_status gr_collapse_fits(const char *rule, const double *arg);

// Do the points of each factor, points[0], points[1], ... up to the first 0, make a product measure
// of n coordinates? GR_EARG says what they make.
gr_status gr_collapse_shape(const char *rule, const double *points, size_t n);
