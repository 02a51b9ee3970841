// SPDX-License-Identifier: BSD-3-Clause
// Floating-point limits in double precision: chains of dependent operations that stay in registers.
//
// fma: 12 chains x = x*m + a by fused multiply-add, enough to fill two pipes of up to six cycles.
// muladd: six chains of multiplications beside six of additions, what code compiled without
// contraction can reach. Whether all four pipes stay busy depends on how the processor happens to
// deal the first operations to them, so the repeats are short and many.
// fmaadd: eight chains of fused multiply-adds beside six of additions. Processors that add in other
// pipes than they multiply in can do both at once, and are then faster than by fma alone.
// Without FMA instructions in this build, fma is muladd, and there is no fmaadd.
#include "bench/machine_part.h"
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#if defined __AVX512F__ || defined __FMA__
#include <immintrin.h>
#elif defined __aarch64__
#include <arm_neon.h>
#endif

#if defined __AVX512F__
enum { WIDTH = 8, FUSED = 1 };
#elif defined __AVX__ && defined __FMA__
enum { WIDTH = 4, FUSED = 1 };
#elif defined __AVX__
enum { WIDTH = 4, FUSED = 0 };
#elif defined __aarch64__
enum { WIDTH = 2, FUSED = 1 };
#else
enum { WIDTH = 2, FUSED = 0 };
#endif
enum { CHAINS = 12, ROUNDS = 100000 }; // ROUNDS is even: about 0.2 ms at 3 GHz

typedef double vec __attribute__((vector_size(WIDTH * sizeof(double))));

static inline vec fma_of(vec x, vec m, vec a)
{
#if defined __AVX512F__
    return _mm512_fmadd_pd(x, m, a);
#elif defined __AVX__ && defined __FMA__
    return _mm256_fmadd_pd(x, m, a);
#elif defined __aarch64__
    return vfmaq_f64(a, x, m);
#else
    return x * m + a;
#endif
}

static vec vec_of(double x) { return (vec){0} + x; }
static double sum_of(vec v)
{
    double sum = 0;
    for (int k = 0; k < WIDTH; k++) sum += v[k];
    return sum;
}

// The same for every chain, but read at run time and started apart, so that no compiler can work
// the chains out or fold them into one.
typedef struct constants {
    double start, multiplier, addend;
} constants;

// n rounds of x = x*m + a on 12 chains, from start, 2 start, ...; returns the sum of all numbers.
__attribute__((noinline)) static double fma_chains(constants c, long n)
{
    const vec m = vec_of(c.multiplier), a = vec_of(c.addend), s = vec_of(c.start);
    vec x0 = s, x1 = x0 + s, x2 = x1 + s, x3 = x2 + s, x4 = x3 + s, x5 = x4 + s;
    vec x6 = x5 + s, x7 = x6 + s, x8 = x7 + s, x9 = x8 + s, x10 = x9 + s, x11 = x10 + s;
    for (long i = 0; i < n; i++) {
        x0 = fma_of(x0, m, a), x1 = fma_of(x1, m, a), x2 = fma_of(x2, m, a);
        x3 = fma_of(x3, m, a), x4 = fma_of(x4, m, a), x5 = fma_of(x5, m, a);
        x6 = fma_of(x6, m, a), x7 = fma_of(x7, m, a), x8 = fma_of(x8, m, a);
        x9 = fma_of(x9, m, a), x10 = fma_of(x10, m, a), x11 = fma_of(x11, m, a);
    }
    return sum_of(x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9 + x10 + x11);
}

// n rounds of y = y*m on six chains and z = z + a on six others; returns the sum of all numbers.
__attribute__((noinline)) static double muladd_chains(constants c, long n)
{
    const vec m = vec_of(c.multiplier), a = vec_of(c.addend), s = vec_of(c.start);
    vec y0 = s, y1 = y0 + s, y2 = y1 + s, y3 = y2 + s, y4 = y3 + s, y5 = y4 + s;
    vec z0 = s, z1 = z0 + s, z2 = z1 + s, z3 = z2 + s, z4 = z3 + s, z5 = z4 + s;
    for (long i = 0; i < n; i++) {
        y0 = y0 * m, y1 = y1 * m, y2 = y2 * m, y3 = y3 * m, y4 = y4 * m, y5 = y5 * m;
        z0 = z0 + a, z1 = z1 + a, z2 = z2 + a, z3 = z3 + a, z4 = z4 + a, z5 = z5 + a;
    }
    return sum_of(y0 + y1 + y2 + y3 + y4 + y5) + sum_of(z0 + z1 + z2 + z3 + z4 + z5);
}

// n rounds of x = x*m + a on eight chains and z = z + a on six others; returns the sum of all
// numbers.
__attribute__((noinline)) static double fmaadd_chains(constants c, long n)
{
    const vec m = vec_of(c.multiplier), a = vec_of(c.addend), s = vec_of(c.start);
    vec x0 = s, x1 = x0 + s, x2 = x1 + s, x3 = x2 + s, x4 = x3 + s, x5 = x4 + s, x6 = x5 + s;
    vec x7 = x6 + s, z0 = s, z1 = z0 + s, z2 = z1 + s, z3 = z2 + s, z4 = z3 + s, z5 = z4 + s;
    for (long i = 0; i < n; i++) {
        x0 = fma_of(x0, m, a), z0 = z0 + a, x1 = fma_of(x1, m, a), z1 = z1 + a;
        x2 = fma_of(x2, m, a), z2 = z2 + a, x3 = fma_of(x3, m, a), z3 = z3 + a;
        x4 = fma_of(x4, m, a), z4 = z4 + a, x5 = fma_of(x5, m, a), z5 = z5 + a;
        x6 = fma_of(x6, m, a), x7 = fma_of(x7, m, a);
    }
    return sum_of(x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7) + sum_of(z0 + z1 + z2 + z3 + z4 + z5);
}

typedef struct chains {
    double (*run)(constants c, long n);
    volatile constants c;
    double expected; // what run must return
    atomic_int wrong;
} chains;

static void run_chains(int member, int size, int repeat, void *context)
{
    (void)member, (void)size, (void)repeat;
    chains *k = context;
    constants c = {k->c.start, k->c.multiplier, k->c.addend};
    if (!(fabs(k->run(c, ROUNDS) - k->expected) <= 1e-9 * fabs(k->expected)))
        atomic_store(&k->wrong, 1);
}

static gr_status put_chains(const gr_machine_plan *plan, int size, const char *name, chains *k,
                            double flops, json_t *rates)
{
    char member[32];
    double seconds;
    snprintf(member, sizeof member, "%s_%d", name, size);
    GR_TRY(gr_machine_lap(size, 50 * plan->repeats, NULL, run_chains, k, &seconds));
    if (atomic_load(&k->wrong)) return gr_fail(GR_EDATA, "%s: wrong result", member);
    return gr_machine_put_real(rates, member, 1e-9 * flops * ROUNDS * size / seconds);
}

gr_status gr_machine_flops(const gr_machine_plan *plan, json_t *card)
{
    json_t *rates = gr_machine_group(card, "flops_GFs");
    // x tends to 1/(1 - 1/2) = 2. -1 to an even power is 1, and the additions are exact.
    chains fused = {.run = fma_chains, .c = {1, 0.5, 1}, .expected = CHAINS * WIDTH * 2.0};
    chains split = {
        .run = muladd_chains, .c = {1, -1, 0.5}, .expected = WIDTH * (2 * 21 + 6 * 0.5 * ROUNDS)};
    chains both = {
        .run = fmaadd_chains, .c = {1, 0.5, 1}, .expected = WIDTH * (8 * 2 + 21 + 6.0 * ROUNDS)};
    const double fused_flops = 2.0 * CHAINS * WIDTH, split_flops = 1.0 * CHAINS * WIDTH;
    const double both_flops = (2.0 * 8 + 6) * WIDTH;
    chains *fma = FUSED ? &fused : &split;
    const double fma_flops = FUSED ? fused_flops : split_flops;
    for (int size = 1;; size = plan->cpu.usable) {
        GR_TRY(put_chains(plan, size, "fma", fma, fma_flops, rates));
        GR_TRY(put_chains(plan, size, "muladd", &split, split_flops, rates));
        if (FUSED) GR_TRY(put_chains(plan, size, "fmaadd", &both, both_flops, rates));
        if (size == plan->cpu.usable) return GR_OK;
    }
}
