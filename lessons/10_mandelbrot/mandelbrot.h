// SPDX-License-Identifier: BSD-3-Clause
// mandelbrot -- the problem that every rung and every exercise of this lesson solves.
//
// c = x[i] + i y[j] and z = c. One iteration is z = z*z + c; the point escapes in iteration k
// (0, 1, ...) if |z|^2 >= 4 after it, and then counts[j][i] is k. A point that has not escaped
// after `steps` iterations gets -1. In real numbers, in this order of rounding:
//
//   zx, zy = zx*zx - zy*zy + x,  2*zx*zy + y;   escaped if zx*zx + zy*zy >= 4
//
// Every rung rounds in just this order, so all give the same integers.
#pragma once
#include "lib/ladder.h"
#include "lib/ranks.h"
#include <stddef.h>
#include <stdint.h>

// x may be read this far past its end, so that a vector of points need not stop at the edge.
enum { MANDELBROT_PAD = 32 };

typedef struct mandelbrot {
    size_t n;        // points a side
    int steps;       // the iteration limit, >= 0
    const double *x; // (n + MANDELBROT_PAD), -2 to 1; the last point repeats in the pad
    const double *y; // (n), -1.5 to 1.5
    int32_t *counts; // (n, n), row j belongs to y[j]; no pad; forked processes share it
} mandelbrot;

// The rungs that do not live in ladder.c, and the limit.
gr_rung_run gr_mandelbrot_boxed;                                                 // ladder_boxed.c
gr_rung_run gr_mandelbrot_simd, gr_mandelbrot_lanes;                             // ladder_simd.c
gr_rung_run gr_mandelbrot_refill, gr_mandelbrot_threads, gr_mandelbrot_openmp;   // ladder_refill.c
gr_rung_run gr_mandelbrot_fork, gr_mandelbrot_carddealer, gr_mandelbrot_dynamic; // ladder_fork.c
gr_rung_run gr_mandelbrot_mpi GR_MPI_ONLY;                                       // mpi_rows.c
gr_rung_run gr_mandelbrot_mpi_carddealer GR_MPI_ONLY;
gr_rung_run gr_mandelbrot_mpi_dynamic GR_MPI_ONLY;
gr_rung_run gr_mandelbrot_bulbs, gr_mandelbrot_periodicity; // ladder_algorithms.c
gr_rung_run gr_mandelbrot_symmetry, gr_mandelbrot_border;
gr_rung_run gr_mandelbrot_no_escape; // ladder_refill.c
double gr_mandelbrot_no_escape_work(const void *problem);
