// SPDX-License-Identifier: BSD-3-Clause
// transform -- hard constraints: a point is moved to where they hold, before its cost is computed.
//
//   integers                     mean(5) and sorted            x2 = 10 - x0 - x1; bounded(0, 9)
//   discrete(1,2,5) or at(0, 7)  x0 <= x1                      not unique
//   integers[0,3:6]              normalized(1)[0:3] and mean(2)[3:6]
// A transform is a row of gr_transform_types, by name, of all coordinates or of those in [] (3:6 is
// 3, 4, 5), as if there were no others; or a coordinate set to an expression of the others (=), or
// kept at most or at least at it (<=, >=). Joined as in solvers/logic.h: `and` and
// semicolons apply one after the other until all hold at once; `or` leaves a point alone that one
// of them holds, and else takes the nearer; `not` moves a point away that holds it, by a little.
// Source: the transforms of mystic's constraints module (M. McKerns et al., SciPy 2011).
#pragma once
#include "lib/status.h"
#include <stdbool.h>
#include <stddef.h>

enum { GR_TRANSFORM_ARGS = 32 };

typedef struct gr_transform_type {
    const char *name, *usage, *about; // usage: the arguments, "(m)"; about: one line
    size_t least, most;               // arguments
    size_t indices;                   // so many of the first arguments are numbers of coordinates
    // Moves x (n). False: it cannot (there is no way to scale zeros to a sum of 1).
    bool (*apply)(double *x, size_t n, const double *arg, size_t args);
} gr_transform_type;

extern const gr_transform_type gr_transform_types[]; // name NULL ends

typedef struct gr_transform gr_transform;

// For n dimensions; *t is new; free it. GR_EARG points at the column of the bad word, and names the
// nearest valid one.
gr_status gr_transform_read(gr_transform **t, const char *text, size_t n);
void gr_transform_free(gr_transform *t); // NULL is fine

// Moves x (n) to where the transform holds. *holds: did it get there? GR_ENOMEM. Depends on x
// alone, and may be called by several threads.
gr_status gr_transform_apply(const gr_transform *t, double *x, bool *holds);
