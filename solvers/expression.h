// SPDX-License-Identifier: BSD-3-Clause
// expression -- arithmetic on x0, x1, ... read from text: objectives, and sides of constraints.
//
//   x0 + 2*x1^2 - sin(pi*x2)      mean(x) * max(x0, 1e-3)
// + - * / ^ (or **, from the right), brackets; numbers, pi, e; sin cos tan exp log sqrt abs floor
// of one value; min max of two; sum mean variance min max of x, which is all coordinates.
#pragma once
#include "lib/status.h"
#include <stddef.h>

typedef struct gr_expression gr_expression;

// Reads the part of `text` from `from` up to `to` (excluded), for n dimensions. *e is new; free it.
// GR_EARG points at the column of the bad token in `text`, says what was expected, and names the
// nearest valid word.
gr_status gr_expression_read_part(gr_expression **e, const char *text, size_t from, size_t to,
                                  size_t n);
gr_status gr_expression_read(gr_expression **e, const char *text, size_t n); // all of it
void gr_expression_free(gr_expression *e);                                   // NULL is fine

// Its value at x (n); NAN or infinite where arithmetic is.
double gr_expression_value(const gr_expression *e, const double *x);
