// SPDX-License-Identifier: BSD-3-Clause
// ladder -- the Mandelbrot problem, its rungs in plain scalar C, and the table of all rungs.
//
// The talk's program (slide "Problem: Make This Fast!") asks of 500 x 500 points after how many
// iterations of z*z + c each leaves the circle |z| < 2. The rungs of this file say it in C with
// less and less in the way; the other files hold the rest, in the order of the table.
#include "lessons/10_mandelbrot/mandelbrot.h"
#include <complex.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

// ---- the problem

// NumPy's linspace: start + i*step, and the last point is `stop` itself.
static void linspace(double *out, size_t n, double start, double stop)
{
    double step = n > 1 ? (stop - start) / (double)(n - 1) : 0;
    for (size_t i = 0; i < n; i++) out[i] = start + (double)i * step;
    if (n > 1) out[n - 1] = stop;
}

static size_t counts_bytes(size_t n) { return n ? n * n * sizeof(int32_t) : 1; }

static size_t whole_pages(size_t bytes)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    return (bytes + page - 1) / page * page;
}

// Memory that this process and those it forks see alike, so that they can fill it together; zeros.
// It ends where a page ends, and the next one may not be touched, so that a write beyond it is
// noticed. NULL if there is none.
static void *shared(size_t bytes)
{
    size_t whole = whole_pages(bytes), page = whole_pages(1);
    char *p = mmap(NULL, whole + page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) return NULL;
    mprotect(p + whole, page, PROT_NONE);
    return p + whole - bytes;
}

static void unshare(void *memory, size_t bytes)
{
    size_t whole = whole_pages(bytes);
    munmap((char *)memory + bytes - whole, whole + whole_pages(1));
}

static void teardown(void *problem)
{
    mandelbrot *m = problem;
    if (!m) return;
    free((void *)m->x);
    unshare(m->counts, counts_bytes(m->n));
    free(m);
}

// Points are numbered by 32-bit integers, so a picture may have 2^31 - 1 of them.
enum { LARGEST = 46340 };

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    (void)seed; // the picture is always the same
    *problem = NULL;
    if (size.n > LARGEST)
        return gr_fail(GR_EARG, "mandelbrot: %zu points a side: at most %d", size.n, LARGEST);
    if (size.steps >= INT32_MAX)
        return gr_fail(GR_EARG, "mandelbrot: %zu iterations: at most %d", size.steps,
                       INT32_MAX - 1);
    size_t n = size.n;
    mandelbrot *m = malloc(sizeof *m);
    double *x = malloc((2 * n + MANDELBROT_PAD) * sizeof *x),
           *y = x ? x + n + MANDELBROT_PAD : NULL;
    int32_t *counts = m && x ? shared(counts_bytes(n)) : NULL;
    if (!counts) {
        free(m), free(x);
        return gr_fail(GR_ENOMEM, "mandelbrot: no memory for %zu x %zu points", n, n);
    }
    linspace(x, n, -2, 1);
    linspace(y, n, -1.5, 1.5);
    for (size_t i = 0; i < MANDELBROT_PAD; i++) x[n + i] = n ? x[n - 1] : 0;
    *m = (mandelbrot){.n = n, .steps = (int)size.steps, .x = x, .y = y, .counts = counts};
    *problem = m;
    return GR_OK;
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    mandelbrot *m = problem;
    out[0] = (gr_output){.name = "counts",
                         .view = {.data = m->counts,
                                  .dtype = GR_I32,
                                  .ndim = 2,
                                  .shape = {m->n, m->n},
                                  .stride = {(ptrdiff_t)m->n, 1}},
                         .exact = true};
    return 1;
}

// Iterations done: k + 1 for a point that escapes in iteration k, all of them for one that does
// not.
static double work(const void *problem)
{
    const mandelbrot *m = problem;
    double iterations = 0;
    for (size_t p = 0; p < m->n * m->n; p++)
        iterations += m->counts[p] < 0 ? m->steps : m->counts[p] + 1;
    return iterations;
}

// ---- rungs: the loop over the points is the same, what it calls differs

typedef int escape_function(double x, double y, int steps);

// The call goes through a pointer, as from one source file to another: the compiler sees no body.
__attribute__((noinline)) static gr_status every_point(mandelbrot *m, escape_function *escape)
{
    for (size_t j = 0; j < m->n; j++)
        for (size_t i = 0; i < m->n; i++)
            m->counts[j * m->n + i] = escape(m->x[i], m->y[j], m->steps);
    return GR_OK;
}

// |z| >= 2 as every rung understands it. cabs is rounded in its own way, by some 1e-16, so close to
// 2 it cannot tell; there the squares decide.
static bool outside(double complex z)
{
    double size = cabs(z);
    if (fabs(size - 2) > 1e-12) return size > 2;
    return creal(z) * creal(z) + cimag(z) * cimag(z) >= 4;
}

static int escape_complex(double x, double y, int steps)
{
    double complex c = x + y * I, z = c;
    for (int k = 0; k < steps; k++) {
        z = z * z + c;
        if (outside(z)) return k;
    }
    return -1;
}

static int escape_split(double x, double y, int steps)
{
    double zx = x, zy = y;
    for (int k = 0; k < steps; k++) {
        double next = zx * zx - zy * zy + x;
        zy = 2 * zx * zy + y;
        zx = next;
        if (zx * zx + zy * zy >= 4) return k;
    }
    return -1;
}

static int escape_squares(double x, double y, int steps)
{
    double zx = x, zy = y, xx = zx * zx, yy = zy * zy;
    for (int k = 0; k < steps; k++) {
        zy = 2 * zx * zy + y;
        zx = xx - yy + x;
        xx = zx * zx;
        yy = zy * zy;
        if (xx + yy >= 4) return k;
    }
    return -1;
}

static gr_status with_complex(void *problem, int workers)
{
    (void)workers;
    return every_point(problem, escape_complex);
}

static gr_status split(void *problem, int workers)
{
    (void)workers;
    return every_point(problem, escape_split);
}

static gr_status squares(void *problem, int workers)
{
    (void)workers;
    return every_point(problem, escape_squares);
}

// The same function, its body in the loop: no call, and what it needs stays in registers.
static gr_status inlined(void *problem, int workers)
{
    (void)workers;
    mandelbrot *m = problem;
    for (size_t j = 0; j < m->n; j++)
        for (size_t i = 0; i < m->n; i++)
            m->counts[j * m->n + i] = escape_squares(m->x[i], m->y[j], m->steps);
    return GR_OK;
}

// ---- the table

static const gr_rung rungs[] = {
    {.name = "boxed",
     .run = gr_mandelbrot_boxed,
     .largest = 500,
     .idea = "every number an object: allocated, counted, its operators found by type"},
    {.name = "complex",
     .run = with_complex,
     .largest = 500,
     .idea = "compiled: types are known before the run, numbers stay in registers"},
    {.name = "split",
     .run = split,
     .largest = 500,
     .idea = "two reals: no checks for infinity in the product, no square root in |z|"},
    {.name = "squares",
     .run = squares,
     .idea = "zx*zx and zy*zy are computed once, for the test and for the next step"},
    {.name = "inline",
     .run = inlined,
     .largest = 500,
     .idea = "the function's body in the loop: no call, no passing of arguments"},
    {.name = "simd",
     .run = gr_mandelbrot_simd,
     .idea = "four points in one register; a mask remembers which are still in"},
    {.name = "lanes",
     .run = gr_mandelbrot_lanes,
     .idea = "four registers at a time: one computes while another waits for its sum"},
    {.name = "refill",
     .run = gr_mandelbrot_refill,
     .idea = "living points are packed together: no lane works for a finished one"},
    {.name = "threads",
     .run = gr_mandelbrot_threads,
     .launcher = GR_LAUNCH_THREADS,
     .idea = "one block of rows for each core"},
    {.name = "openmp",
     .run = gr_mandelbrot_openmp,
     .launcher = GR_LAUNCH_THREADS,
     .needs = GR_NEED_OPENMP,
     .idea = "a few rows at a time, to whichever core is free"},
    {.name = "fork",
     .run = gr_mandelbrot_fork,
     .launcher = GR_LAUNCH_FORK,
     .idea = "processes instead of threads, one block of rows for each"},
    {.name = "carddealer",
     .run = gr_mandelbrot_carddealer,
     .launcher = GR_LAUNCH_FORK,
     .idea = "a few rows at a time, dealt like cards: who gets which is known before"},
    {.name = "dynamic",
     .run = gr_mandelbrot_dynamic,
     .launcher = GR_LAUNCH_FORK,
     .idea = "a few rows at a time, to whichever process is free"},
    {.name = "mpi",
     .run = gr_mandelbrot_mpi,
     .launcher = GR_LAUNCH_MPI,
     .idea = "ranks that share nothing, one block of rows for each, gathered by messages"},
    {.name = "mpi-carddealer",
     .run = gr_mandelbrot_mpi_carddealer,
     .launcher = GR_LAUNCH_MPI,
     .idea = "a few rows at a time, dealt in turn to the ranks; one message for all of a rank"},
    {.name = "mpi-dynamic",
     .run = gr_mandelbrot_mpi_dynamic,
     .launcher = GR_LAUNCH_MPI,
     .idea = "a few rows at a time, by fetch-and-op on a counter in the memory of rank 0"},
    {.name = "bulbs",
     .run = gr_mandelbrot_bulbs,
     .other_algorithm = true,
     .idea = "points in the two largest bodies of the set are known without iterating"},
    {.name = "periodicity",
     .run = gr_mandelbrot_periodicity,
     .other_algorithm = true,
     .idea = "an orbit that comes back to a number it had never leaves"},
    {.name = "symmetry",
     .run = gr_mandelbrot_symmetry,
     .other_algorithm = true,
     .idea = "the lower half mirrors the upper, where the rows' y do so exactly"},
    {.name = "border",
     .run = gr_mandelbrot_border,
     .other_algorithm = true,
     .idea = "a rectangle whose border lies in the set lies in it"},
    {0},
};

static const gr_size sizes[] = {{500, 100}, {2000, 1000}, {0}};

const gr_ladder gr_ladder_mandelbrot = {
    .name = "mandelbrot",
    .title = "Mandelbrot set: iterations until a point escapes",
    .lesson = "10_mandelbrot",
    .n_name = "points a side",
    .steps_name = "iterations",
    .sizes = sizes,
    .rungs = rungs,
    .setup = setup,
    .teardown = teardown,
    .outputs = outputs,
    .unit = "iteration",
    .work = work,
    .flops = 8, // as `squares` does it: 4 products, 4 sums
    .limit.name = "no-escape",
    .limit.idea = "the same arithmetic in a loop without branches; nothing escapes",
    .limit.run = gr_mandelbrot_no_escape,
    .limit_work = gr_mandelbrot_no_escape_work,
    .picture = GR_PICTURE_IMAGE,
};
