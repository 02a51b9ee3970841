// SPDX-License-Identifier: BSD-3-Clause
// rows_part -- two operations on rows of numbers that the quadratic models are made of. Always in
// the same order, so that the same numbers give the same bits.
#pragma once
#include <stddef.h>

static inline double gr_dot(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += a[i] * b[i];
    return sum;
}

// to += part * from
static inline void gr_add(size_t n, double part, const double *restrict from, double *restrict to)
{
    for (size_t k = 0; k < n; k++) to[k] += part * from[k];
}
