// SPDX-License-Identifier: BSD-3-Clause
// interpolate -- the quadratic through given values at given points whose Hessian differs least
// (Frobenius norm) from a given one. With (m + 1)(m + 2) / 2 points there is only one.
//
// It is the solution of p + m + 1 equations, whose inverse is kept: when one point is exchanged for
// another, two rows and columns of outer products mend it, which is (p + m + 1)^2 operations where
// solving anew is the cube. Source: M. Powell, Math. Programming 100 (2004) 183.
#pragma once
#include <stdbool.h>
#include <stddef.h>

// p points in m coordinates. Nothing is allocated, all is the caller's.
typedef struct gr_interpolation {
    size_t m, p, w;  // w = p + m + 1 equations
    double *inverse; // (w, w), to be kept as long as the points are
    double *z;       // (p, m) the points
    double *weight;  // (w) the first p: Lagrange's functions at the point last asked for
    double *u, *row; // (w), (w)
} gr_interpolation;

size_t gr_interpolation_kept(size_t m, size_t p); // numbers of the inverse
size_t gr_interpolation_room(size_t m, size_t p); // and of all else
gr_interpolation gr_interpolation_of(size_t m, size_t p, double *kept, double *room);

// To be called when the points are in z: the inverse, from nothing. False if they do not determine
// a quadratic.
bool gr_interpolation_begin(const gr_interpolation *q);

// The values of Lagrange's functions, which are 1 at one point and 0 at the others, at z (m).
void gr_interpolation_weights(const gr_interpolation *q, const double *z);

// The inverse as if point j had been z (m), whose weights were asked for last; the points stay.
// False if the points would not determine a quadratic, or nearly so: then begin anew.
bool gr_interpolation_exchange(const gr_interpolation *q, size_t j, const double *z);

// The quadratic g'z + z'hz/2 is changed so that it differs by value (p) from what it is at point
// `from`.
void gr_interpolation_fit(const gr_interpolation *q, const double *value, size_t from, double *g,
                          double *h);

// Lagrange's function of point j, but for a constant.
void gr_interpolation_lagrange(const gr_interpolation *q, size_t j, double *g, double *h);
