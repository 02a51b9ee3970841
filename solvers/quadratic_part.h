// SPDX-License-Identifier: BSD-3-Clause
// quadratic_part -- what the files of the solver `quadratic` have in common: its state, and the
// model that is made of it.
#pragma once
#include "solvers/interpolate.h"
#include "solvers/solver_type.h"

enum { GR_QUADRATIC_ERRORS = 3 }; // of the model, in its last steps
enum { GR_QUADRATIC_OLD = 100 };  // exchanges after which the inverse is made anew

// Coordinates with room between their bounds are free; the model is one of these. Points are kept
// as distances from a base, which stays for a while, in steps of `scale` times the width of the
// bounds (z); a step is looked for as a distance from the best point, in steps of `delta` (y).
typedef struct gr_quadratic {
    size_t n, m, p;       // coordinates, free ones, points
    double *x, *f;        // (p, n), (p)
    double *g, *h;        // (m), (m, m) slope at the base, and Hessian, of z
    double *base, *scale; // (m)
    double *delta, *rho;  // radius of the trust region; least distance worth looking at
    double *error;        // (GR_QUADRATIC_ERRORS)
    int64_t *best, *age;  // which point is; exchanges since the inverse was made, + 1; 0: none is
    int64_t *is;          // all whole numbers, with those of the solver
    double *free, *width; // (m)
    double *lo, *hi;      // (m) as y
    double *value, *far;  // (p) costs above the best; distances from it, in deltas
    double *gy, *hy;      // (m), (m, m) the model, of y
    double *gl, *hl;      // (m), (m, m) a Lagrange function, of z
    double *d, *other;    // (m) steps
    double *to, *to_f;    // (n), (1)
    double *to_z;         // (m)
    double *room;         // of gr_trust_step
    gr_interpolation in;
} gr_quadratic;

// The model into gy and hy. False if the points do not determine it.
bool gr_quadratic_fit(const gr_solver *s, const gr_quadratic *q);

// A quadratic of z, as one of y: its slope at the best point.
void gr_quadratic_about_best(const gr_quadratic *q, const double *g, const double *h, double *gy,
                             double *hy);

// Free coordinate i of a point x (n), as z; and how many deltas lie between two points z (m).
double gr_quadratic_z(const gr_quadratic *q, const double *x, size_t i);
double gr_quadratic_distance(const gr_quadratic *q, const double *a, const double *b);
