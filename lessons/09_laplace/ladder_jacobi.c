// SPDX-License-Identifier: BSD-3-Clause
// The ladder `jacobi`: each sweep reads one array and writes another, so its points are independent
// of one another and may be computed in any order, in vectors, in tiles and on all cores.
#include "lessons/09_laplace/laplace.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static double footprint(gr_size size) { return 16.0 * (double)size.n * (double)size.n; }

static gr_status nothing_to_do(gr_laplace *p)
{
    if (p->steps) memset(p->errors, 0, p->steps * sizeof *p->errors);
    return GR_OK;
}

// ---- plain loops ----

// The whole expression in one loop, as weave.blitz makes it; the copy and the sum are still passes
// of their own over memory.
static gr_status flat(void *problem, int workers)
{
    (void)workers;
    gr_laplace *p = problem;
    size_t n = p->n;
    if (n < 3) return nothing_to_do(p);
    double *u = p->u, *old = p->other; // (n, n) both
    double dx2 = p->dx2, dy2 = p->dy2, dnr_inv = p->dnr_inv;
    for (size_t k = 0; k < p->steps; k++) {
        memcpy(old, u, n * n * sizeof *old);
        for (size_t i = 1; i < n - 1; i++)
            for (size_t j = 1; j < n - 1; j++) {
                const double *c = old + i * n + j;
                u[i * n + j] =
                    ((*(c - n) + *(c + n)) * dy2 + (*(c - 1) + *(c + 1)) * dx2) * dnr_inv;
            }
        double err = 0;
        for (size_t i = 1; i < n - 1; i++)
            for (size_t j = 1; j < n - 1; j++) {
                double diff = u[i * n + j] - old[i * n + j];
                err += diff * diff;
            }
        p->errors[k] = sqrt(err);
    }
    return GR_OK;
}

// Sweeps go to and fro between the two arrays: sweep k reads sweep_array(p, k) and writes
// sweep_array(p, k + 1), so that the last one writes p->u. Both have the edges from the start.
static double *sweep_array(const gr_laplace *p, size_t k)
{
    return (p->steps - k) % 2 == 0 ? p->u : p->other;
}

// One pass: the difference is taken while the point is in a register, and two arrays change roles
// where one was copied.
static double fused_sweep(const gr_laplace *p, const double *restrict old, double *restrict u)
{
    size_t n = p->n;
    double dx2 = p->dx2, dy2 = p->dy2, dnr_inv = p->dnr_inv, err = 0;
    for (size_t i = 1; i < n - 1; i++)
        for (size_t j = 1; j < n - 1; j++) {
            const double *c = old + i * n + j;
            double next = ((*(c - n) + *(c + n)) * dy2 + (*(c - 1) + *(c + 1)) * dx2) * dnr_inv;
            double diff = next - *c;
            err += diff * diff;
            u[i * n + j] = next;
        }
    return err;
}

static gr_status fused(void *problem, int workers)
{
    (void)workers;
    gr_laplace *p = problem;
    if (p->n < 3) return nothing_to_do(p);
    for (size_t k = 0; k < p->steps; k++)
        p->errors[k] = sqrt(fused_sweep(p, sweep_array(p, k), sweep_array(p, k + 1)));
    return GR_OK;
}

// ---- vectors ----

enum { LANES = 4, SUMS = 4 }; // SUMS vectors of partial sums: no addition waits for the one before

typedef double vec __attribute__((vector_size(8 * LANES)));
typedef double loose_vec __attribute__((vector_size(8 * LANES), aligned(8), may_alias));

#define LOAD(p)  (*(const loose_vec *)(p))
#define SPLAT(x) ((vec){(x), (x), (x), (x)})

// A row's points: all move along it together.
typedef struct row {
    const double *above, *here, *below;
    double *out;
} row;

// One point by itself, at the ends of a row; returns its squared error.
static inline double one_point(const gr_laplace *p, const row *r, size_t c)
{
    double next =
        ((r->above[c] + r->below[c]) * p->dy2 + (*(r->here + c - 1) + r->here[c + 1]) * p->dx2) *
        p->dnr_inv;
    double diff = next - r->here[c];
    r->out[c] = next;
    return diff * diff;
}

// LANES points; returns their new values.
static inline vec some_points(const row *r, size_t c, vec dx2, vec dy2, vec dnr_inv)
{
    vec next = ((LOAD(r->above + c) + LOAD(r->below + c)) * dy2 +
                (LOAD(r->here + c - 1) + LOAD(r->here + c + 1)) * dx2) *
               dnr_inv;
    *(loose_vec *)(r->out + c) = next;
    return next;
}

void gr_jacobi_points(const gr_laplace *p, const double *above, const double *here,
                      const double *below, double *out, gr_stretch span, gr_squares *squares)
{
    const vec dx2 = SPLAT(p->dx2), dy2 = SPLAT(p->dy2), dnr_inv = SPLAT(p->dnr_inv);
    const row r = {above, here, below, out};
    size_t c = 0, first = span.first - span.from, last = span.last - span.from,
           end = span.end - span.from;
    vec *sums = (vec *)squares->sum, err[SUMS] = {sums[0], sums[1], sums[2], sums[3]};
    double rest = 0;
    for (; c < first; c += LANES) some_points(&r, c, dx2, dy2, dnr_inv);
    for (c = first; (span.from + c) % LANES && c < last; c++) rest += one_point(p, &r, c);
    for (; c + SUMS * LANES <= last; c += SUMS * LANES)
#pragma GCC unroll 4
        for (size_t v = 0; v < SUMS; v++) {
            vec diff =
                some_points(&r, c + v * LANES, dx2, dy2, dnr_inv) - LOAD(here + c + v * LANES);
            err[v] += diff * diff;
        }
    for (; c + LANES <= last; c += LANES) {
        vec diff = some_points(&r, c, dx2, dy2, dnr_inv) - LOAD(here + c);
        err[0] += diff * diff;
    }
    for (; c < last; c++) rest += one_point(p, &r, c);
    for (; c + LANES <= end; c += LANES) some_points(&r, c, dx2, dy2, dnr_inv);
    for (; c < end; c++) one_point(p, &r, c);
#pragma GCC unroll 4
    for (size_t v = 0; v < SUMS; v++) sums[v] = err[v];
    squares->rest += rest;
}

double gr_squares_sum(const gr_squares *squares)
{
    double sum[16];
    memcpy(sum, squares->sum, sizeof sum);
    for (int half = 8; half; half /= 2)
        for (int k = 0; k < half; k++) sum[k] += sum[k + half];
    return sum[0] + squares->rest;
}

double gr_jacobi_rows(const gr_laplace *p, const double *here, double *out, size_t rows)
{
    const gr_stretch span = {1, 1, p->n - 1, p->n - 1};
    gr_squares squares = {{0}, 0};
    here += 1, out += 1;
    for (size_t end = rows * p->n, i = 0; i < end; i += p->n)
        gr_jacobi_points(p, here + i - p->n, here + i, here + i + p->n, out + i, span, &squares);
    return gr_squares_sum(&squares);
}

double gr_jacobi_row(const gr_laplace *p, const double *here, double *out)
{
    return gr_jacobi_rows(p, here, out, 1);
}

size_t gr_jacobi_pieces(size_t n, size_t size) { return (n - 2) / size + 1; }

size_t gr_jacobi_parts(const gr_laplace *p)
{
    return gr_jacobi_pieces(p->n, GR_JACOBI_COLUMNS) * gr_jacobi_pieces(p->n, GR_JACOBI_ROWS);
}

void gr_jacobi_piece(size_t n, size_t size, size_t k, size_t *from, size_t *end)
{
    *from = k ? k * size : 1;
    *end = (k + 1) * size < n - 1 ? (k + 1) * size : n - 1;
}

gr_part gr_jacobi_part(const gr_laplace *p, size_t k)
{
    gr_part part;
    size_t across = gr_jacobi_pieces(p->n, GR_JACOBI_COLUMNS);
    gr_jacobi_piece(p->n, GR_JACOBI_COLUMNS, k % across, &part.left, &part.right);
    gr_jacobi_piece(p->n, GR_JACOBI_ROWS, k / across, &part.top, &part.bottom);
    return part;
}

double gr_jacobi_error(const double *squares, size_t parts)
{
    double sum = 0;
    for (size_t k = 0; k < parts; k++) sum += squares[k];
    return sqrt(sum);
}

// One sweep, row by row; squares: (parts), 0 at first.
static void simd_sweep(const gr_laplace *p, const double *old, double *u, gr_squares *squares)
{
    size_t n = p->n, across = gr_jacobi_pieces(n, GR_JACOBI_COLUMNS);
    for (size_t i = 1; i < n - 1; i++)
        for (size_t k = i / GR_JACOBI_ROWS * across, end = k + across; k < end; k++) {
            gr_part part = gr_jacobi_part(p, k);
            const double *here = old + i * n + part.left;
            gr_stretch span = {part.left, part.left, part.right, part.right};
            if (part.left < part.right)
                gr_jacobi_points(p, here - n, here, here + n, u + i * n + part.left, span,
                                 &squares[k]);
        }
}

static gr_status simd(void *problem, int workers)
{
    (void)workers;
    gr_laplace *p = problem;
    if (p->n < 3) return nothing_to_do(p);
    size_t parts = gr_jacobi_parts(p);
    gr_squares *squares = aligned_alloc(_Alignof(gr_squares), parts * sizeof *squares);
    double *sums = malloc(parts * sizeof *sums);
    bool fine = squares && sums;
    for (size_t k = 0; fine && k < p->steps; k++) {
        memset(squares, 0, parts * sizeof *squares);
        simd_sweep(p, sweep_array(p, k), sweep_array(p, k + 1), squares);
        for (size_t b = 0; b < parts; b++) sums[b] = gr_squares_sum(&squares[b]);
        p->errors[k] = gr_jacobi_error(sums, parts);
    }
    free(squares);
    free(sums);
    return fine ? GR_OK : gr_fail(GR_ENOMEM, "jacobi: errors of %zu parts", parts);
}

// Bands of rows for all cores, one fork and join for each sweep. The sum over rows is taken
// afterwards in their order, so that it does not depend on the number of workers.
static gr_status openmp(void *problem, int workers)
{
    (void)workers; // without OpenMP
    gr_laplace *p = problem;
    size_t n = p->n;
    if (n < 3) return nothing_to_do(p);
    double *row_errors = malloc(n * sizeof *row_errors);
    if (!row_errors) return gr_fail(GR_ENOMEM, "jacobi: errors of %zu rows", n);
    for (size_t k = 0; k < p->steps; k++) {
        const double *from = sweep_array(p, k);
        double *to = sweep_array(p, k + 1), err = 0;
#pragma omp parallel for schedule(static) num_threads(workers)
        for (size_t i = 1; i < n - 1; i++)
            row_errors[i] = gr_jacobi_row(p, from + i * n, to + i * n);
        for (size_t i = 1; i < n - 1; i++) err += row_errors[i];
        p->errors[k] = sqrt(err);
    }
    free(row_errors);
    return GR_OK;
}

static const gr_rung rungs[] = {
    {.name = "boxed",
     .idea = "lists of lists, every number an object: pure Python",
     .run = gr_jacobi_boxed,
     .largest = 100},
    {.name = "numpy",
     .idea = "whole-array operations: fast loops, but every operation makes an array",
     .run = gr_jacobi_numpy,
     .largest = 500,
     .tolerance = 1e-12},
    {.name = "flat",
     .idea = "the expression in one loop: its parts stay in registers",
     .run = flat,
     .largest = 500,
     .tolerance = 1e-12},
    {.name = "fused",
     .idea = "one pass a sweep: no copy, no second loop for the error",
     .run = fused,
     .largest = 500},
    {.name = "simd",
     .idea = "4 points at once, 16 partial sums: no addition waits for the one before",
     .run = simd,
     .tolerance = 1e-12},
    {.name = "tiled",
     .idea = "several sweeps in one pass over a part of the grid, each a row behind",
     .run = gr_jacobi_tiled,
     .tolerance = 1e-12,
     .reuse = 14},
    {.name = "threads",
     .idea = "parts over cores: they overlap, so none waits for another within a pass",
     .run = gr_jacobi_tiled,
     .launcher = GR_LAUNCH_THREADS,
     .tolerance = 1e-12,
     .reuse = 14},
    {.name = "openmp",
     .idea = "one pragma over the rows of `simd`: cores share the bandwidth",
     .run = openmp,
     .launcher = GR_LAUNCH_THREADS,
     .needs = GR_NEED_OPENMP,
     .tolerance = 1e-12},
    {.name = "fork",
     .idea = "bands over processes: a shared array, and a barrier in it after each sweep",
     .run = gr_jacobi_fork,
     .launcher = GR_LAUNCH_FORK,
     .tolerance = 1e-12},
    {.name = "mpi",
     .idea = "bands over MPI ranks: a row from each neighbour before each sweep",
     .run = gr_jacobi_mpi,
     .launcher = GR_LAUNCH_MPI,
     .tolerance = 1e-12},
    {.name = "mpi-overlap",
     .idea = "the inner rows of the band are swept while the neighbours' rows travel",
     .run = gr_jacobi_mpi_overlap,
     .launcher = GR_LAUNCH_MPI,
     .largest = 500,
     .tolerance = 1e-12},
    {.name = "mpi-blocks",
     .idea = "blocks in place of bands: four sides travel, together shorter than two rows",
     .run = gr_jacobi_mpi_blocks,
     .launcher = GR_LAUNCH_MPI,
     .largest = 500,
     .tolerance = 1e-12},
    {.name = "shared",
     .idea = "ranks of one machine on one grid (a shared window): a barrier, no messages",
     .run = gr_jacobi_shared,
     .launcher = GR_LAUNCH_MPI,
     .tolerance = 1e-12},
    {.name = "mpi-tiled",
     .idea = "bands again, tiled: 16 rows from each neighbour, once in 16 sweeps",
     .run = gr_jacobi_mpi_tiled,
     .launcher = GR_LAUNCH_MPI,
     .tolerance = 1e-12,
     .reuse = 14},
    {0},
};

const gr_ladder gr_ladder_jacobi = {
    .name = "jacobi",
    .title = "Laplace by Jacobi",
    .lesson = "09_laplace",
    .n_name = "points a side",
    .steps_name = "sweeps",
    .sizes = (const gr_size[]){{500, 100}, {4000, 100}, {0}},
    .rungs = rungs,
    .setup = gr_jacobi_setup,
    .reset = gr_laplace_reset,
    .teardown = gr_laplace_teardown,
    .outputs = gr_laplace_outputs,
    .unit = "point",
    .work = gr_laplace_work,
    .flops = GR_LAPLACE_FLOPS,
    .bytes = 24, // read; written to another array, whose line is read first
    .footprint = footprint,
    .limit = {.name = "arithmetic",
              .idea = "the same operations on vectors in registers",
              .run = gr_laplace_limit},
    .limit_work = gr_laplace_limit_work,
    .picture = GR_PICTURE_CONTOUR,
};
