// SPDX-License-Identifier: BSD-3-Clause
// power -- a**2.1 on a thousand numbers: the slow line of the talk's timeit slide.
//
// No trick of looking at the exponent helps here: a^b = exp(b log a) has to be computed. What helps
// is to give up what this problem does not need (zeros, negative numbers, infinities, the last bit)
// and then to compute four at once.
// Source: the series of atanh and exp with their remainders; J.-M. Muller, Elementary Functions,
// 3rd ed. (2016), chapters 3 and 11 (range reduction).
#include "lessons/02_timing/timing.h"
#include <math.h>
#include <string.h>

static gr_status with_pow(void *problem, int workers)
{
    timing_powers *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) p->y[i] = pow(p->a[i], p->exponent);
    return GR_OK;
}

static gr_status with_exp_log(void *problem, int workers)
{
    timing_powers *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) p->y[i] = exp(p->exponent * log(p->a[i]));
    return GR_OK;
}

// ---- four at once ----

enum { LANES = 4 };
typedef double reals __attribute__((vector_size(8 * LANES)));
typedef int64_t bits __attribute__((vector_size(8 * LANES)));
typedef uint64_t words __attribute__((vector_size(8 * LANES))); // for shifts to the left

// Adding 1.5 * 2^52 to a double |x| < 2^51 leaves round(x) in its low bits.
static const double shifter = 0x1.8p52;
static const int64_t shifter_bits = 0x4338000000000000;

// y[k] = a[k] ^ exponent for k < LANES; a > 0, a and y normal numbers.
// log a = e log 2 + log m with m in [sqrt(1/2), sqrt(2)); log m = 2 atanh s = 2s (1 + z/3 + z^2/5
// + ...), s = (m - 1)/(m + 1), z = s^2 <= 0.0295: the first term left out is below 2^-58.
// exp x = 2^k exp r with |r| <= log(2)/2: the first term left out is r^14/14! < 2^-57.
static void power_of_four(const double *a, double exponent, double *y)
{
    const double ln2_hi = 0x1.62e42fefap-1, ln2_lo = 0x1.cf79abc9e3b3ap-40; // their sum is log 2
    const int64_t root_half = 0x3fe6a09e667f3bcd;                           // bits of sqrt(1/2)
    bits i, e, k;
    reals m, whole;
    memcpy(&i, a, sizeof i);
    e = (i - root_half) >> 52;
    i -= (bits)((words)e << 52);
    memcpy(&m, &i, sizeof m);
    e += shifter_bits;
    memcpy(&whole, &e, sizeof whole);
    whole -= shifter; // e as doubles

    reals s = (m - 1) / (m + 1), z = s * s, w = z * z;
    reals even = w * (1.0 / 19) + 1.0 / 15, odd = w * (1.0 / 21) + 1.0 / 17;
    even = (even * w + 1.0 / 11) * w + 1.0 / 7;
    odd = (odd * w + 1.0 / 13) * w + 1.0 / 9;
    reals sum = (even * w + 1.0 / 3) + (odd * w + 1.0 / 5) * z; // 1/3 + z/5 + z^2/7 + ...
    reals x = exponent * ((whole * ln2_lo + 2 * s * z * sum) + 2 * s + whole * ln2_hi);

    reals turn = x * 0x1.71547652b82fep0 + shifter; // x / log 2
    memcpy(&k, &turn, sizeof k);
    turn -= shifter;
    reals r = (x - turn * ln2_hi) - turn * ln2_lo;
    z = r * r;
    even = z * (1.0 / 479001600) + 1.0 / 3628800; // 1/12!, 1/10!, ... 1/2!, 1
    odd = z * (1.0 / 6227020800) + 1.0 / 39916800;
    even = ((even * z + 1.0 / 40320) * z + 1.0 / 720) * z + 1.0 / 24;
    odd = ((odd * z + 1.0 / 362880) * z + 1.0 / 5040) * z + 1.0 / 120;
    sum = 1 + (r + z * ((even * z + 0.5) + r * (odd * z + 1.0 / 6)));
    memcpy(&i, &sum, sizeof i);
    i += (bits)((words)k << 52); // times 2^k; the shifter's own bits leave at the top
    memcpy(y, &i, sizeof i);
}

static gr_status with_vector(void *problem, int workers)
{
    timing_powers *p = problem;
    (void)workers;
    size_t whole = p->n - p->n % LANES, rest = p->n - whole;
    for (size_t i = 0; i < whole; i += LANES) power_of_four(p->a + i, p->exponent, p->y + i);
    double a[LANES] = {1, 1, 1, 1}, y[LANES];
    memcpy(a, p->a + whole, rest * sizeof *a);
    power_of_four(a, p->exponent, y);
    memcpy(p->y + whole, y, rest * sizeof *y);
    return GR_OK;
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    timing_powers *p;
    gr_status status = timing_powers_new(&p, size.n, seed, 2.1);
    *problem = p;
    return status;
}

static const gr_size sizes[] = {{1000, 0}, {1000000, 0}, {0, 0}};

// An error d in x = b log a is a relative error d in exp x. |x| < 3: rounding log a, the product
// and x itself leaves some 3 * 2^-52; the polynomials' own rounding adds as much again.
static const gr_rung rungs[] = {
    {.name = "pow", .idea = "the C library's pow() on each element", .run = with_pow},
    {.name = "exp-log",
     .idea = "exp(2.1 log a): two simpler functions, without pow()'s care for the last bit",
     .run = with_exp_log,
     .tolerance = 4 * 0x1p-52},
    {.name = "vector",
     .idea = "log and exp as polynomials without branches, four numbers at once",
     .run = with_vector,
     .tolerance = 8 * 0x1p-52},
    {0},
};

const gr_ladder gr_ladder_power = {
    .name = "power",
    .title = "The talk's a**2.1: a power that is no product",
    .lesson = "02_timing",
    .n_name = "numbers",
    .sizes = sizes,
    .rungs = rungs,
    .setup = setup,
    .teardown = timing_powers_free,
    .outputs = timing_powers_outputs,
    .unit = "number",
    .work = timing_powers_count,
    .flops = 1, // one result; how many operations it takes is the rung's own affair
    .bytes = 16,
    .footprint = timing_powers_bytes,
};
