// SPDX-License-Identifier: BSD-3-Clause
// problem -- what a solver works on: a cost function, its bounds, and what is known of its optimum.
//
// Fill in a gr_problem of your own:
//   static gr_status cost(const double *x, size_t n, void *context, double *f);
//   gr_problem p = {.name = "beam", .cost = cost, .n = 3, .lo = (double[]){0, 0, 0}};
// or make one of a kind that is built in: gr_problem_new(&p, "rosen", 3); gr_problem_free(&p).
// Kinds register by being defined, `const gr_problem_type gr_problem_NAME = {`, in solvers/.
// A cost depends on x and the context alone: then neither workers nor restarts change a result.
#pragma once
#include "lib/status.h"
#include <stdbool.h>
#include <stddef.h>

// *f is the cost at x (n). A NaN counts as worse than every number. A failure ends the solving with
// its text; what was found so far stays. Called by several threads or processes where a map is
// used.
typedef gr_status gr_cost(const double *x, size_t n, void *context, double *f);

// g (n) becomes the gradient of the cost at x (n), in the cost's own sign. Not counted as an
// evaluation; a component that is no number is taken for 0.
typedef gr_status gr_gradient(const double *x, size_t n, void *context, double *g);

// y (n) becomes the point that x stands for: two points with the same y, bit for bit, cost the
// same.
typedef gr_status gr_moved(const double *x, size_t n, void *context, double *y);

typedef struct gr_problem_type gr_problem_type;

typedef struct gr_problem {
    const char *name; // borrowed; at most 31 letters
    gr_cost *cost;
    void *context;               // borrowed, handed to cost; in a forked worker as of the fork
    size_t n;                    // dimensions: 1 or more
    const double *lo, *hi;       // (n) strict bounds, -INFINITY and INFINITY allowed; NULL: none
    bool maximise;               // else minimise
    const gr_problem_type *type; // NULL for one of your own
    void *owner;                 // what gr_problem_free frees
    gr_gradient *gradient;       // NULL: solvers that need it take differences of costs
    gr_moved *moved;    // where a cache of costs looks a point up; NULL: at the point itself
    unsigned age;       // changes when the cost does: what is cached is forgotten
    const char *recipe; // borrowed; whoever makes it again from a saved state needs it; NULL: ""
} gr_problem;

enum { GR_PROBLEM_MOST = 1 << 20 }; // dimensions
enum { GR_RECIPE_MOST = 1000 };     // letters

// A kind of problem, of any number of dimensions from `least` to `most` (0: no end).
struct gr_problem_type {
    const char *name, *formula, *source; // one line each; i counts from 1, sums go over all i
    size_t least, most, usual;
    double lo, hi;           // bounds of every coordinate ...
    const double *los, *his; // (most) ... where not the same for all; else NULL
    double (*value)(const double *x, size_t n);
    // The least value in the bounds, and where: fills x (n). NAN where it is not known for this n.
    double (*optimum)(double *x, size_t n);
    bool multimodal; // several minima, of which one is wanted
};

extern const gr_problem_type *const gr_problem_types[];      // made by the Makefile; NULL ends
const gr_problem_type *gr_problem_type_of(const char *name); // NULL if there is none of that name

// A built-in problem in n dimensions (0: its usual number), with its own bounds; free it.
// GR_EARG names the bad word and the nearest valid one, or the dimensions that it has.
gr_status gr_problem_new(gr_problem *p, const char *name, size_t n);
void gr_problem_free(gr_problem *p); // twice, or one that failed to be made, is fine

// Other bounds for a problem made by gr_problem_new: copied.
gr_status gr_problem_bound(gr_problem *p, const double *lo, const double *hi);

// GR_EARG, with the reason, for what no solver can work on: no cost, n of 0 or above
// GR_PROBLEM_MOST, a NaN among the bounds, lo > hi.
gr_status gr_problem_check(const gr_problem *p);

// GR_EARG, naming the coordinate, unless x (n) is finite and in the bounds.
gr_status gr_problem_inside(const gr_problem *p, const double *x, const char *what);
