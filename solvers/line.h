// SPDX-License-Identifier: BSD-3-Clause
// line -- the least cost along a line: bracketing, then Brent's parabolas and golden sections.
// Source: R. Brent, Algorithms for Minimization without Derivatives (1973), chapter 5; bracketing
// as in W. Press et al., Numerical Recipes, section 10.1.
#pragma once
#include "solvers/solver_type.h"

// x + a d stays within the bounds for a in *lo .. *hi.
void gr_line_range(const gr_solver *s, const double *x, const double *d, double *lo, double *hi);

// Moves x (n) to the least cost found along d (n), whose new value is the step that was made; *f is
// the cost there. tol: of the step's length, as a share of it. Beyond the bounds the line is taken
// to go on as at its last point. probe: (n) scratch.
gr_status gr_line_search(gr_solver *s, double *x, double *d, double *f, double tol, double *probe);
