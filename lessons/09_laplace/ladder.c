// SPDX-License-Identifier: BSD-3-Clause
// The problem of both ladders, and the ladder `laplace`: Gauss-Seidel sweeps, in place.
// The formula is evaluated in the same order everywhere, so that the field is the same bit for bit.
#include "lessons/09_laplace/laplace.h"
#include <math.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

// ---- the problem ----

enum { HUGE_PAGE = 2 << 20 };

// (n, n) doubles. A vector of 4 must not lie across two cache lines where n allows it; and of large
// grids the addresses are translated by few large pages, if the system grants them (as NumPy asks).
static double *new_grid(size_t n)
{
    size_t bytes = n * n * sizeof(double), border = bytes < 2 * HUGE_PAGE ? 64 : HUGE_PAGE;
    bytes = (bytes + border) / border * border; // not 0
    double *grid = aligned_alloc(border, bytes);
    if (grid && border == HUGE_PAGE) madvise(grid, bytes, MADV_HUGEPAGE);
    return grid;
}

static gr_status setup(void **problem, gr_size size, bool two_arrays)
{
    *problem = NULL;
    size_t n = size.n;
    if (n > UINT32_MAX || size.steps > PTRDIFF_MAX / sizeof(double) - 1 ||
        n * n > (PTRDIFF_MAX - HUGE_PAGE) / sizeof(double))
        return gr_fail(GR_ENOMEM, "laplace: %zu x %zu points, %zu sweeps", n, n, size.steps);
    gr_laplace *p = calloc(1, sizeof *p);
    if (!p) return gr_fail(GR_ENOMEM, "laplace: out of memory");
    double dx = n > 1 ? 1.0 / (double)(n - 1) : 1.0;
    *p = (gr_laplace){.n = n, .steps = size.steps, .dx2 = dx * dx, .dy2 = dx * dx};
    p->dnr_inv = 1.0 / (2.0 * (p->dx2 + p->dy2));
    p->u = new_grid(n);
    p->other = two_arrays ? new_grid(n) : NULL;
    p->errors = calloc(size.steps + 1, sizeof *p->errors);
    if (!p->u || !p->errors || (two_arrays && !p->other)) {
        gr_laplace_teardown(p);
        return gr_fail(GR_ENOMEM, "laplace: %zu x %zu points: out of memory", n, n);
    }
    gr_laplace_reset(p);
    *problem = p;
    return GR_OK;
}

gr_status gr_laplace_setup(void **problem, gr_size size, uint64_t seed)
{
    (void)seed; // the problem has no random input
    return setup(problem, size, false);
}

gr_status gr_jacobi_setup(void **problem, gr_size size, uint64_t seed)
{
    (void)seed;
    return setup(problem, size, true);
}

void gr_laplace_reset(void *problem)
{
    gr_laplace *p = problem;
    size_t n = p->n;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            bool edge = i == 0 || j == 0 || i == n - 1 || j == n - 1;
            double x = n > 1 ? (double)j / (double)(n - 1) : 0;
            double y = n > 1 ? (double)i / (double)(n - 1) : 0;
            p->u[i * n + j] = edge ? x * x - y * y : 0;
        }
    if (p->other) memcpy(p->other, p->u, n * n * sizeof *p->u);
}

void gr_laplace_teardown(void *problem)
{
    gr_laplace *p = problem;
    if (!p) return;
    free(p->other);
    free(p->errors);
    free(p->u);
    free(p);
}

int gr_laplace_outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    gr_laplace *p = problem;
    out[0] = (gr_output){"field", gr_array_of(p->u, GR_F64, 2, (size_t[]){p->n, p->n}), true};
    out[1] = (gr_output){"errors", gr_array_of(p->errors, GR_F64, 1, &p->steps), false};
    return 2;
}

double gr_laplace_work(const void *problem)
{
    const gr_laplace *p = problem;
    double inner = p->n < 3 ? 0 : (double)(p->n - 2);
    return inner * inner * (double)p->steps;
}

static double footprint(gr_size size) { return 8.0 * (double)size.n * (double)size.n; }

// ---- the limit ----

enum { LIMIT_ROUNDS = 100000, LIMIT_CHAINS = 8 };

typedef double vec __attribute__((vector_size(32))); // 4 points

// LIMIT_CHAINS independent vectors, so that no operation waits for another.
gr_status gr_laplace_limit(void *problem, int workers)
{
    (void)workers;
    gr_laplace *p = problem;
    double dx2 = p->dx2, dy2 = p->dy2, dnr_inv = p->dnr_inv;
    vec u[LIMIT_CHAINS] = {{0}}, err[LIMIT_CHAINS] = {{0}};
    for (int c = 0; c < LIMIT_CHAINS; c++) u[c] += c; // alike, they would be computed once
    for (int round = 0; round < LIMIT_ROUNDS; round++)
        for (int c = 0; c < LIMIT_CHAINS; c++) {
            vec next = ((u[c] + dx2) * dy2 + (u[c] + dy2) * dx2) * dnr_inv;
            vec diff = next - u[c];
            err[c] += diff * diff;
            u[c] = next;
        }
    for (int c = 1; c < LIMIT_CHAINS; c++) err[0] += err[c];
    double kept = err[0][0] + err[0][1] + err[0][2] + err[0][3];
    p->limit_updates = kept >= 0 ? 4.0 * LIMIT_ROUNDS * LIMIT_CHAINS : 0; // NaN: no work done
    return GR_OK;
}

double gr_laplace_limit_work(const void *problem)
{
    return ((const gr_laplace *)problem)->limit_updates;
}

// ---- one worker behind another ----

enum { SPINS = 2000 }; // before giving the core to somebody else

void gr_progress_wait(gr_progress *leader, size_t passes)
{
    for (int spins = 0; atomic_load_explicit(&leader->done, memory_order_acquire) < passes;
         spins++) {
        if (spins >= SPINS) sched_yield();
#if defined __x86_64__
        __builtin_ia32_pause();
#endif
    }
}

// ---- the rungs ----

// An array of pointers to rows, as `double **` programs hold a matrix; everything as written.
static void sweep_rows(const gr_laplace *p, double **u, double *error)
{
    double err = 0;
    for (size_t i = 1; i < p->n - 1; i++)
        for (size_t j = 1; j < p->n - 1; j++) {
            double tmp = u[i][j];
            u[i][j] =
                ((u[i - 1][j] + u[i + 1][j]) * p->dy2 + (u[i][j - 1] + u[i][j + 1]) * p->dx2) *
                (1.0 / (2.0 * (p->dx2 + p->dy2)));
            double diff = u[i][j] - tmp;
            err += diff * diff;
        }
    *error = sqrt(err);
}

static gr_status rows(void *problem, int workers)
{
    (void)workers;
    gr_laplace *p = problem;
    size_t n = p->n;
    if (n < 3) return memset(p->errors, 0, p->steps * sizeof *p->errors), GR_OK;
    double **u = calloc(n, sizeof *u);
    gr_status status = u ? GR_OK : gr_fail(GR_ENOMEM, "laplace: %zu rows", n);
    for (size_t i = 0; i < n && !status; i++) {
        u[i] = malloc(n * sizeof **u);
        if (u[i])
            memcpy(u[i], p->u + i * n, n * sizeof **u);
        else
            status = gr_fail(GR_ENOMEM, "laplace: row %zu of %zu", i, n);
    }
    for (size_t k = 0; k < p->steps && !status; k++) sweep_rows(p, u, &p->errors[k]);
    for (size_t i = 0; u && i < n; i++) {
        if (!status) memcpy(p->u + i * n, u[i], n * sizeof **u);
        free(u[i]);
    }
    free(u);
    return status;
}

// One block; the place of (i, j) is computed, not loaded.
static gr_status flat(void *problem, int workers)
{
    (void)workers;
    gr_laplace *p = problem;
    size_t n = p->n;
    double *u = p->u; // (n, n)
    for (size_t k = 0; k < p->steps; k++) {
        double err = 0;
        for (size_t i = 1; i + 1 < n; i++)
            for (size_t j = 1; j + 1 < n; j++) {
                double *c = u + i * n + j;
                double tmp = *c;
                *c = ((*(c - n) + *(c + n)) * p->dy2 + (*(c - 1) + *(c + 1)) * p->dx2) *
                     (1.0 / (2.0 * (p->dx2 + p->dy2)));
                double diff = *c - tmp;
                err += diff * diff;
            }
        p->errors[k] = sqrt(err);
    }
    return GR_OK;
}

// What does not change leaves the loop: the talk's weave.inline.
static gr_status hoisted(void *problem, int workers)
{
    (void)workers;
    gr_laplace *p = problem;
    size_t n = p->n;
    double *u = p->u; // (n, n)
    double dx2 = p->dx2, dy2 = p->dy2, dnr_inv = p->dnr_inv;
    for (size_t k = 0; k < p->steps; k++) {
        double err = 0;
        for (size_t i = 1; i + 1 < n; i++)
            for (size_t j = 1; j + 1 < n; j++) {
                double *c = u + i * n + j;
                double tmp = *c;
                *c = ((*(c - n) + *(c + n)) * dy2 + (*(c - 1) + *(c + 1)) * dx2) * dnr_inv;
                double diff = *c - tmp;
                err += diff * diff;
            }
        p->errors[k] = sqrt(err);
    }
    return GR_OK;
}

static const gr_rung rungs[] = {
    {.name = "boxed",
     .idea = "a list of lists, every number an object: pure Python",
     .run = gr_laplace_boxed,
     .largest = 500},
    {.name = "rows", .idea = "plain doubles: no objects, no dispatch, no counting", .run = rows},
    {.name = "flat", .idea = "one block: the address is computed, not loaded", .run = flat},
    {.name = "hoisted",
     .idea = "what does not change leaves the loop: no division at each point",
     .run = hoisted},
    {.name = "pipelined",
     .idea = "16 sweeps at once, each two columns and a row behind: a lane waits for no other",
     .run = gr_laplace_pipelined,
     .reuse = 16},
    {.name = "threads",
     .idea = "the pipeline over cores: each follows the core before it by a few rows",
     .run = gr_laplace_pipelined,
     .launcher = GR_LAUNCH_THREADS,
     .reuse = 16},
    {0},
};

const gr_ladder gr_ladder_laplace = {
    .name = "laplace",
    .title = "Laplace by Gauss-Seidel",
    .lesson = "09_laplace",
    .n_name = "points a side",
    .steps_name = "sweeps",
    .sizes = (const gr_size[]){{500, 100}, {0}},
    .rungs = rungs,
    .setup = gr_laplace_setup,
    .reset = gr_laplace_reset,
    .teardown = gr_laplace_teardown,
    .outputs = gr_laplace_outputs,
    .unit = "point",
    .work = gr_laplace_work,
    .flops = GR_LAPLACE_FLOPS,
    .bytes = 16, // read and written where it stands
    .footprint = footprint,
    .limit = {.name = "arithmetic",
              .idea = "the same operations on vectors in registers",
              .run = gr_laplace_limit},
    .limit_work = gr_laplace_limit_work,
    .picture = GR_PICTURE_CONTOUR,
};
