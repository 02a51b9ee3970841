// SPDX-License-Identifier: BSD-3-Clause
// scaling -- laws of how times change with the number of workers, and what they say of measured
// ones.
//
// Strong scaling: the same problem on p workers; gain = t(1) / t(p), at best p. Weak scaling: a
// problem that grows with them; efficiency = t(1) / t(p) at equal work for each, at best 1.
//
// Sources: G. Amdahl, AFIPS 1967; J. Gustafson, Reevaluating Amdahl's law, CACM 31(5), 1988; A.
// Karp and H. Flatt, Measuring parallel processor performance, CACM 33(5), 1990. The logarithm is
// what the best collectives cost: R. Thakur, R. Rabenseifner and W. Gropp, IJHPCA 19(1), 2005.
#pragma once
#include "lib/status.h"
#include <stdbool.h>
#include <stddef.h>

// In all of these p[i] >= 1 are numbers of workers, and i runs to n - 1.

// The part s of the work that does not divide, of 1 / gain = s + (1 - s) / p: least squares, kept
// in [0, 1]. NaN without a p above 1, or if a gain is NaN.
double gr_amdahl_fit(const double *p, const double *gain, size_t n);

// The same of a problem that grows, gain = p - s (p - 1); its gain is p times its efficiency.
double gr_gustafson_fit(const double *p, const double *gain, size_t n);

// The part that one gain alone would mean by Amdahl's law: flat over p it is that part, rising it
// is overhead. NaN for p = 1.
double gr_karp_flatt(double p, double gain);

// t(p) = constant + divided / p + growing log2(p): work that each worker has to do, work that they
// share, and talk in rounds. All in seconds, none below 0.
typedef struct gr_overhead {
    double constant, divided, growing;
    double error; // root of the mean squared relative error
} gr_overhead;

double gr_overhead_at(const gr_overhead *fit, double p);

// Through measured times, by relative least squares; of a problem that grows (weak) without
// `divided`, since each worker's share stays. GR_EARG if there are no more numbers of workers than
// terms (then any line fits), or a time is not above 0.
gr_status gr_overhead_fit(const double *p, const double *seconds, size_t n, bool weak,
                          gr_overhead *fit);
