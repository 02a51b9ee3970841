// SPDX-License-Identifier: BSD-3-Clause
// square -- a**2 on a thousand numbers: the first and the third line of the talk's timeit slide.
//
// The slide finds a**2 and a*a alike, and that is the surprise: pow() is far slower than a product.
// NumPy looks at the exponent once, before the loop. Here each way stands on a rung of its own.
#include "lessons/02_timing/timing.h"
#include "lib/rng.h"
#include <math.h>
#include <stdlib.h>

// ---- the problem, shared with `power` ----

void timing_powers_free(void *powers)
{
    timing_powers *p = powers;
    if (!p) return;
    free(p->a);
    free(p->y);
    free(p);
}

gr_status timing_powers_new(timing_powers **powers, size_t n, uint64_t seed, double exponent)
{
    gr_array a = {0}, y = {0};
    timing_powers *p = calloc(1, sizeof *p);
    *powers = NULL;
    gr_status status = p ? GR_OK : gr_fail(GR_ENOMEM, "powers: out of memory");
    if (!status) status = gr_array_new(&a, GR_F64, 1, &n);
    if (!status) status = gr_array_new(&y, GR_F64, 1, &n);
    if (status) {
        gr_array_free(&a);
        gr_array_free(&y);
        free(p);
        return status;
    }
    *p = (timing_powers){n, a.data, y.data, exponent}; // takes both blocks
    gr_rng rng = gr_rng_of(seed, n);
    for (size_t i = 0; i < n; i++) p->a[i] = 1 + 3 * gr_rng_unit(&rng);
    *powers = p;
    return GR_OK;
}

int timing_powers_outputs(void *powers, gr_output out[GR_MAX_OUTPUTS])
{
    timing_powers *p = powers;
    out[0] = (gr_output){"y", gr_array_of(p->y, GR_F64, 1, &p->n), false};
    return 1;
}

double timing_powers_count(const void *powers)
{
    const timing_powers *p = powers;
    return (double)p->n;
}

double timing_powers_bytes(gr_size size) { return 16 * (double)size.n; }

// ---- the rungs ----

static gr_status with_pow(void *problem, int workers)
{
    timing_powers *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) p->y[i] = pow(p->a[i], p->exponent);
    return GR_OK;
}

static __attribute__((noinline)) double times_itself(double x) { return x * x; }

static gr_status with_call(void *problem, int workers)
{
    timing_powers *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) p->y[i] = times_itself(p->a[i]);
    return GR_OK;
}

static void multiply(const double *restrict a, double *restrict y, size_t n)
{
    for (size_t i = 0; i < n; i++) y[i] = a[i] * a[i];
}

static gr_status with_dispatch(void *problem, int workers)
{
    timing_powers *p = problem;
    if (!(p->exponent == 2)) return with_pow(problem, workers);
    multiply(p->a, p->y, p->n);
    return GR_OK;
}

static gr_status with_multiply(void *problem, int workers)
{
    timing_powers *p = problem;
    (void)workers;
    multiply(p->a, p->y, p->n);
    return GR_OK;
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    timing_powers *p;
    gr_status status = timing_powers_new(&p, size.n, seed, 2);
    *problem = p;
    return status;
}

// pow() is not always rounded correctly, a product is: the last bit may differ.
static const double last_bit = 0x1p-52;

static const gr_size sizes[] = {{1000, 0}, {1000000, 0}, {0, 0}};

static const gr_rung rungs[] = {
    {.name = "pow", .idea = "the C library's pow() on each element", .run = with_pow},
    {.name = "call",
     .idea = "a function of our own, called for each element: no general power any more",
     .run = with_call,
     .tolerance = last_bit},
    {.name = "dispatch",
     .idea = "the exponent is looked at once, before the loop, as NumPy does in a**2",
     .run = with_dispatch,
     .tolerance = last_bit},
    {.name = "multiply",
     .idea = "a*a in the loop, nothing to look at: the compiler multiplies several at once",
     .run = with_multiply,
     .tolerance = last_bit},
    {0},
};

const gr_ladder gr_ladder_square = {
    .name = "square",
    .title = "The talk's a**2: one product, called by many names",
    .lesson = "02_timing",
    .n_name = "numbers",
    .sizes = sizes,
    .rungs = rungs,
    .setup = setup,
    .teardown = timing_powers_free,
    .outputs = timing_powers_outputs,
    .unit = "number",
    .work = timing_powers_count,
    .flops = 1,
    .bytes = 16, // reads a, writes y
    .footprint = timing_powers_bytes,
};
