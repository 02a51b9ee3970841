// SPDX-License-Identifier: BSD-3-Clause
// penalty -- broken constraints made into a cost that is added, by the name of the way it is done.
//
//   gr_penalty *p;
//   GR_TRY(gr_penalty_read(&p, "quadratic,k=1000", constraints));
//   ... cost + gr_penalty_value(p, x)       or as a part of a problem: solvers/coupled.h
//   gr_penalty_next(p, x);                  a heavier one, for a further round from x
// A penalty is a row of gr_penalty_types. `or` adds the least of what it joins, `and` the sum, and
// `not` the penalty of the opposite. Source of the forms and their defaults: mystic's penalties
// (M. McKerns et al., SciPy 2011); R. Fletcher, Practical Methods of Optimization (1987),
// chapter 12.
#pragma once
#include "solvers/constraints.h"

typedef struct gr_penalty_type {
    const char *name, *about; // about: one line
    double usual;             // weight k
    // Of an equality's value h, of an inequality's value g: k is the weight, l the multiplier.
    // NULL: there is none of that kind.
    double (*equality)(double h, double k, double l);
    double (*inequality)(double g, double k, double l);
    bool multipliers; // does gr_penalty_next move them?
} gr_penalty_type;

extern const gr_penalty_type gr_penalty_types[]; // name NULL ends
const gr_penalty_type *gr_penalty_type_of(const char *name);

typedef struct gr_penalty gr_penalty;

// NAME[,k=WEIGHT][,h=GROWTH]: k as the row says, h = 5. The constraints are borrowed. GR_EARG names
// the bad word and the nearest valid one, or the constraint that this penalty cannot keep.
gr_status gr_penalty_read(gr_penalty **p, const char *spec, const gr_constraints *c);
void gr_penalty_free(gr_penalty *p); // NULL is fine

// 0 where nothing is broken (barrier and lagrange excepted); INFINITY where a constraint has no
// value.
double gr_penalty_value(const gr_penalty *p, const double *x);

// After a round that ended at x: k becomes h k; where there are multipliers they move instead (as
// solvers/constraints.h says), and k grows only where the worst is more than a quarter of what it
// was. Returns how far the worst constraint is broken at x.
double gr_penalty_next(gr_penalty *p, const double *x);
double gr_penalty_weight(const gr_penalty *p); // k now
