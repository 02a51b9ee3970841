// SPDX-License-Identifier: BSD-3-Clause
// trust -- linear algebra of the solvers that work with a quadratic model: its least value in a
// trust region, eigenvalues, inverses. Nothing is allocated; the same numbers give the same bits.
#pragma once
#include <stdbool.h>
#include <stddef.h>

// d (n): where g'd + d'hd/2 is least, among |d| <= radius and lo <= d <= hi, which contain 0. Exact
// where no bound is met; else bounds are met and kept one after the other. h (n, n) is symmetric.
// *curve: the least eigenvalue of h if d lies within the radius and meets no bound, else 0.
// Returns the value, 0 at most. scratch: gr_trust_room(n) numbers.
// Source: J. More and D. Sorensen, SIAM J. Sci. Stat. Comput. 4 (1983) 553.
double gr_trust_step(size_t n, const double *g, const double *h, const double *lo, const double *hi,
                     double radius, double *d, double *curve, double *scratch);
size_t gr_trust_room(size_t n);

// a (n, n), symmetric: its eigenvalues into e (n) and eigenvectors into the rows of v (n, n); a is
// lost; scratch (2 n). Mirrors to a tridiagonal matrix, then QL with implicit shifts.
// Source: H. Bowdler, R. Martin, C. Reinsch and J. Wilkinson, Numer. Math. 11 (1968) 293.
void gr_eigen(size_t n, double *a, double *e, double *v, double *scratch);

// a (n, n) becomes its inverse; pivot (n) is scratch. False if it is singular to working precision.
bool gr_invert(size_t n, double *a, double *pivot);
