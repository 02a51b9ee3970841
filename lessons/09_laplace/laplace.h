// SPDX-License-Identifier: BSD-3-Clause
// laplace -- u_xx + u_yy = 0 on the unit square by sweeps of the five-point formula.
//
//   u(i,j) <- ((u(i-1,j) + u(i+1,j)) dy2 + (u(i,j-1) + u(i,j+1)) dx2) dnr_inv
//
// Row i is y = i dy, column j is x = j dx; dx = dy = 1/(n-1). The edges keep the values of the
// harmonic function x^2 - y^2, which also solves the five-point equations exactly; inside, u starts
// at 0. Every sweep k also computes errors[k] = sqrt(sum of (new - old)^2), the sum taken over the
// interior in row-major order. Below n = 3 there is no interior: nothing changes, errors are 0.
//
// Two ladders share this problem and each is compared only with itself: `laplace` sweeps in place
// (Gauss-Seidel: a point sees the new values above and to the left of it), `jacobi` from one array
// to another (a point sees old values only). They are different algorithms: after the same number
// of sweeps their fields differ.
// Source: the slides "weave and Laplace's equation"; R. LeVeque, Finite Difference Methods (2007),
// chapters 3 and 4.
#pragma once
#include "lib/ladder.h"
#include "lib/ranks.h"
#include <stdatomic.h>

typedef struct gr_laplace {
    size_t n, steps;      // points a side, sweeps
    double dx2, dy2;      // dx^2, dy^2
    double dnr_inv;       // 1 / (2 (dx2 + dy2))
    double *u;            // (n, n)
    double *other;        // (n, n): Jacobi's second array, at first equal to u; else NULL
    double *errors;       // (steps)
    double limit_updates; // points updated by the machine limit, see gr_laplace_limit
} gr_laplace;

// What both ladders share.
gr_status gr_laplace_setup(void **problem, gr_size size, uint64_t seed);
gr_status gr_jacobi_setup(void **problem, gr_size size, uint64_t seed);
void gr_laplace_reset(void *problem);
void gr_laplace_teardown(void *problem);
int gr_laplace_outputs(void *problem, gr_output out[GR_MAX_OUTPUTS]);
double gr_laplace_work(const void *problem);

enum { GR_LAPLACE_FLOPS = 9 }; // of one point: 3 sums, 3 products; difference, square, sum

// The same arithmetic on values that stay in registers, nothing else in the way.
gr_status gr_laplace_limit(void *problem, int workers);
double gr_laplace_limit_work(const void *problem);

// Rungs that have a file of their own.
gr_status gr_laplace_boxed(void *problem, int workers);
gr_status gr_laplace_pipelined(void *problem, int workers);
gr_status gr_jacobi_boxed(void *problem, int workers);
gr_status gr_jacobi_numpy(void *problem, int workers);
gr_status gr_jacobi_tiled(void *problem, int workers);
gr_status gr_jacobi_fork(void *problem, int workers);
gr_rung_run gr_jacobi_mpi GR_MPI_ONLY, gr_jacobi_mpi_overlap GR_MPI_ONLY; // mpi_jacobi.c
gr_rung_run gr_jacobi_shared GR_MPI_ONLY, gr_jacobi_mpi_tiled GR_MPI_ONLY;
gr_rung_run gr_jacobi_mpi_blocks GR_MPI_ONLY; // mpi_blocks.c

// Squared errors of one block of columns in partial sums: no addition waits for the one before.
typedef struct gr_squares {
    _Alignas(32) double sum[16];
    double rest; // of points that no vector holds
} gr_squares;

// From `simd` on, the Jacobi rungs sum their errors by parts of the grid: GR_JACOBI_COLUMNS columns
// of GR_JACOBI_ROWS rows. Within a part the sums go down the rows, and the parts are added in their
// order: so the bits do not depend on who computes which part when.
enum { GR_JACOBI_COLUMNS = 1024, GR_JACOBI_ROWS = 256 };

// The inner points of a part: columns left .. right-1 of rows top .. bottom-1; none if right <=
// left or bottom <= top.
typedef struct gr_part {
    size_t left, right, top, bottom;
} gr_part;

// How many pieces of `size` hold the inner points along a side of n points, n >= 3; and the k-th of
// them: points from .. end-1. None is empty.
size_t gr_jacobi_pieces(size_t n, size_t size);
void gr_jacobi_piece(size_t n, size_t size, size_t k, size_t *from, size_t *end);

size_t gr_jacobi_parts(const gr_laplace *p);                 // how many cover the grid
gr_part gr_jacobi_part(const gr_laplace *p, size_t k);       // the k-th, row by row
double gr_jacobi_error(const double *squares, size_t parts); // the root of their sum

// Columns of a row: from .. end-1 are computed, of which first .. last-1 count in the error. Those
// before `first` are whole vectors of 4.
typedef struct gr_stretch {
    size_t from, first, last, end;
} gr_stretch;

// A span of one inner row of a sweep. The pointers are to column span.from: of the old row, of
// those above and below it, and of the new one. Adds the squared errors to `squares`.
void gr_jacobi_points(const gr_laplace *p, const double *above, const double *here,
                      const double *below, double *out, gr_stretch span, gr_squares *squares);
double gr_squares_sum(const gr_squares *squares);

// One inner row of a sweep, columns 1 .. n-2: writes `out` and returns the sum of the squared
// errors, always summed in the same order. here, out: (n), rows of two (n, n) arrays.
double gr_jacobi_row(const gr_laplace *p, const double *here, double *out);

// So many rows one below the other: one sum for all of them.
double gr_jacobi_rows(const gr_laplace *p, const double *here, double *out, size_t rows);

// How far a worker has come, for the worker that follows: on a cache line of its own.
typedef struct gr_progress {
    _Alignas(64) atomic_size_t done; // passes finished
} gr_progress;

void gr_progress_wait(gr_progress *leader, size_t passes); // until leader->done >= passes
