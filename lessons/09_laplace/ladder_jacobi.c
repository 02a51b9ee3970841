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

// One point by itself, at the ends of a row.
static inline double update(const gr_laplace *p, const double *c, double *out)
{
    size_t n = p->n;
    *out = ((*(c - n) + *(c + n)) * p->dy2 + (*(c - 1) + *(c + 1)) * p->dx2) * p->dnr_inv;
    double diff = *out - *c;
    return diff * diff;
}

double gr_jacobi_row(const gr_laplace *p, const double *here, double *out)
{
    const vec dx2 = SPLAT(p->dx2), dy2 = SPLAT(p->dy2), dnr_inv = SPLAT(p->dnr_inv);
    const double *above = here - p->n, *below = here + p->n;
    size_t j = 1, last = p->n - 1;
    double total = 0;
    for (; j % LANES && j < last; j++) total += update(p, here + j, out + j);
    vec err[SUMS] = {{0}};
    for (; j + SUMS * LANES <= last; j += SUMS * LANES)
#pragma GCC unroll 4
        for (size_t v = 0; v < SUMS; v++) {
            size_t c = j + v * LANES;
            vec next = ((LOAD(above + c) + LOAD(below + c)) * dy2 +
                        (LOAD(here + c - 1) + LOAD(here + c + 1)) * dx2) *
                       dnr_inv;
            vec diff = next - LOAD(here + c);
            err[v] += diff * diff;
            *(loose_vec *)(out + c) = next;
        }
    vec sum = (err[0] + err[1]) + (err[2] + err[3]);
    total += (sum[0] + sum[1]) + (sum[2] + sum[3]);
    for (; j < last; j++) total += update(p, here + j, out + j);
    return total;
}

static gr_status simd(void *problem, int workers)
{
    (void)workers;
    gr_laplace *p = problem;
    size_t n = p->n;
    if (n < 3) return nothing_to_do(p);
    for (size_t k = 0; k < p->steps; k++) {
        const double *from = sweep_array(p, k);
        double *to = sweep_array(p, k + 1), err = 0;
        for (size_t i = n; i < n * (n - 1); i += n) err += gr_jacobi_row(p, from + i, to + i);
        p->errors[k] = sqrt(err);
    }
    return GR_OK;
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
     .run = fused},
    {.name = "simd",
     .idea = "4 points at once, 16 partial sums: no addition waits for the one before",
     .run = simd,
     .tolerance = 1e-12},
    {.name = "tiled",
     .idea = "several sweeps in one pass over memory, each a row behind",
     .run = gr_jacobi_tiled,
     .tolerance = 1e-12,
     .reuse = 16},
    {.name = "threads",
     .idea = "tiles over cores: each follows the core before it by a few rows",
     .run = gr_jacobi_tiled,
     .launcher = GR_LAUNCH_THREADS,
     .tolerance = 1e-12,
     .reuse = 16},
    {.name = "openmp",
     .idea = "one pragma over the rows of `simd`: cores share the bandwidth",
     .run = openmp,
     .launcher = GR_LAUNCH_THREADS,
     .needs = GR_NEED_OPENMP,
     .tolerance = 1e-12},
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
