// SPDX-License-Identifier: BSD-3-Clause
// constrained -- what the ladders and exercises of lesson 20 share: the problems that they solve.
#pragma once
#include "lib/ladder.h"
#include "lib/rng.h"
#include <math.h>
#include <stddef.h>
#include <stdint.h>

// ---- ladder `fines`: what a point pays for what it breaks ----

enum { FINES_CONSTRAINTS = 3 };

typedef struct fines {
    size_t n;
    const double *x; // (n, 2)
    double weight;   // k
    double *penalty; // (n)
} fines;

// Constraint i at x (2): an equality holds where its value is 0, an inequality where it is at most
// 0. NAN where it has no value.
double fines_value(size_t i, const double x[2]);
bool fines_equality(size_t i);

// ---- ladder `multipliers`: rounds of an augmented Lagrangian ----

enum { MULTIPLIERS_ROUNDS = 100 };

// Problem i: the least (x - target)^2 with x == limit, or x <= limit.
typedef struct multipliers {
    size_t n;
    const double *target, *limit; // (n)
    const uint8_t *equality;      // (n)
    double weight;                // k
    double tolerance;             // of what may be broken in the end
    double *x, *multiplier;       // (n), in the end
    int64_t *rounds;              // (n) that it took; MULTIPLIERS_ROUNDS at most
} multipliers;

// Where the cost and its terms are least, the multiplier being l: of
//   (x - target)^2 + l h + k/2 h^2                       h = x - limit, an equality, or
//   (x - target)^2 + (max(0, l + k g)^2 - l^2) / (2 k)   g = x - limit, an inequality
double multipliers_least(const multipliers *p, size_t i, double k, double l);

// ---- ladder `turns`: two hard constraints at once ----

enum { TURNS_DIMENSIONS = 4, TURNS_MOST = 1000 };

typedef struct turns {
    size_t n;
    const double *from; // (n, TURNS_DIMENSIONS)
    const double *sum;  // (n)
    double *x;          // (n, TURNS_DIMENSIONS): moved to this sum, each coordinate in [0, 1] ...
    int64_t *holds;     // (n): ... 1; or 0, and all coordinates 0, where there is no such point
} turns;

// ---- ladder `kkt`: is this a minimum within constraints? ----

typedef enum kkt_verdict {
    KKT_HOLDS,
    KKT_BROKEN, // a constraint is broken
    KKT_SIGN,   // a multiplier is negative: it pulls into its wall, and is no support
    KKT_SLACK,  // a constraint that is not touched has a multiplier
    KKT_SLOPE   // the slopes do not cancel: there is a way down
} kkt_verdict;

typedef struct kkt_point {
    double slope[2];     // of the cost
    double value[2];     // of two inequalities, which hold where it is at most 0
    double normal[2][2]; // their slopes
    double multiplier[2];
} kkt_point;

typedef struct kkt {
    size_t n;
    const kkt_point *point; // (n)
    double tolerance;       // of each number that should be 0, or on one side of it
    int64_t *verdict;       // (n): the first in the order above that is seen
} kkt;

// ---- ladder `readers`: arithmetic from text ----

enum { READERS_TEXT = 80 };

typedef struct readers {
    size_t n;
    const char *text; // (n, READERS_TEXT): each ends with a zero
    const double *x;  // (3): what x0, x1 and x2 are
    double *value;    // (n): NAN where the text is wrong
} readers;

typedef struct reader {
    const char *at; // what is not read yet
    const double *x;
    bool wrong; // set, and never cleared, where something else was expected
} reader;

// Is the next sign this one? Then it is read. Blanks do not count.
bool readers_take(reader *r, char sign);

// A number, x0, x1 or x2; r->wrong if it is none of them.
double readers_operand(reader *r);
