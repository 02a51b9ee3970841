// SPDX-License-Identifier: BSD-3-Clause
// interpolate -- the quadratic through given values at given points whose Hessian differs least
// (Frobenius norm) from a given one. With (m + 1)(m + 2) / 2 points there is only one.
//
// Source: M. Powell, Math. Programming 100 (2004) 183.
#pragma once
#include <stdbool.h>
#include <stddef.h>

// p points in m coordinates, and room: nothing is allocated, all is the caller's.
typedef struct gr_interpolation {
    size_t m, p, w;    // w = p + m + 1 equations
    double *y;         // (p, m)
    double *a, *pivot; // (w, w), (w)
    double *u;         // (w)
} gr_interpolation;

size_t gr_interpolation_room(size_t m, size_t p);
gr_interpolation gr_interpolation_of(size_t m, size_t p, double *room);

// To be called when the points are in y. False if they do not determine a quadratic.
bool gr_interpolation_prepare(const gr_interpolation *q);

// value (p): the quadratic's gradient g (m) at the origin, and its Hessian h (m, m), which comes in
// as the given one.
void gr_interpolation_fit(const gr_interpolation *q, const double *value, double *g, double *h);

// Lagrange's functions, which are 1 at one point and 0 at the others: that of point j, as above;
// or the values of all of them at d (m), into weight (w; the first p).
void gr_interpolation_lagrange(const gr_interpolation *q, size_t j, double *g, double *h);
void gr_interpolation_weights(const gr_interpolation *q, const double *d, double *weight);
