// SPDX-License-Identifier: BSD-3-Clause
// exactsum -- a sum with the same bits on one rank and on a thousand. Rounding depends on the order
// of the additions, and that on the number of ranks. A number that is wide enough does not round.
// Source: U. Kulisch, Computer Arithmetic and Validity, 2008, the long accumulator; S. Collange, D.
// Defour, S. Graillat and R. Iakymchuk, Numerical reproducibility for the parallel reduction on
// multi- and many-core architectures, 2015.
#include "lessons/15_collectives/collectives.h"
#include "lib/rng.h"
#include <math.h>
#include <stdlib.h>

// ---- wide numbers ----

enum { LIMB = 32, LEAST = -1074, DIGITS = 53 };

// A double is m 2^e with a whole m below 2^53. It ends in up to three limbs.
void wide_add(wide *sum, double x)
{
    int e;
    int64_t m = (int64_t)ldexp(frexp(x, &e), DIGITS);
    e -= DIGITS;
    if (e < LEAST) m >>= LEAST - e, e = LEAST; // below the normal ones the last digits are zeros
    int at = (e - LEAST) / LIMB, shift = (e - LEAST) % LIMB;
    uint64_t size = (uint64_t)(m < 0 ? -m : m), low = size << shift;
    uint64_t high = shift ? size >> (64 - shift) : 0;
    int64_t sign = m < 0 ? -1 : 1;
    sum->limb[at] += sign * (int64_t)(low & 0xffffffff);
    sum->limb[at + 1] += sign * (int64_t)(low >> LIMB);
    sum->limb[at + 2] += sign * (int64_t)high;
}

// All limbs but the last become 0 .. 2^32 - 1; the last has the sign.
void wide_carry(wide *number)
{
    for (int i = 0; i + 1 < WIDE_LIMBS; i++) {
        int64_t low = number->limb[i] & 0xffffffff;
        number->limb[i + 1] += (number->limb[i] - low) / ((int64_t)1 << LIMB);
        number->limb[i] = low;
    }
}

// The 96 bits below limb `top` as 64, of which the last one says whether anything was cut off.
static uint64_t leading(const wide *w, int top, int *lowest)
{
    uint64_t first = (uint64_t)w->limb[top], second = top > 0 ? (uint64_t)w->limb[top - 1] : 0;
    uint64_t third = top > 1 ? (uint64_t)w->limb[top - 2] : 0;
    int room = __builtin_clzll(first) - LIMB; // leading zeros of its 32 bits
    uint64_t bits = (first << LIMB | second) << room | third >> (LIMB - room);
    bool more = (third & (((uint64_t)1 << (LIMB - room)) - 1)) != 0;
    for (int i = top - 3; i >= 0; i--) more = more || w->limb[i];
    *lowest = LIMB * (top - 1) - room + LEAST;
    return bits | more;
}

double wide_round(const wide *number)
{
    wide w = *number;
    wide_carry(&w);
    int sign = w.limb[WIDE_LIMBS - 1] < 0 ? -1 : 1, top = WIDE_LIMBS - 1, lowest;
    for (int i = 0; sign < 0 && i < WIDE_LIMBS; i++) w.limb[i] = -w.limb[i];
    if (sign < 0) wide_carry(&w);
    while (top > 0 && !w.limb[top]) top--;
    if (!w.limb[top]) return 0;
    uint64_t bits = leading(&w, top, &lowest);
    // With fewer than 53 bits above the least double, all that is cut off are zeros.
    return sign * ldexp((double)bits, lowest);
}

// ---- the problem ----

// Huge numbers that cancel one another far apart, and among them, every third, small ones.
static double number(const exactsum *p, size_t i)
{
    size_t mirrored = p->n - 1 - i, k = i < mirrored ? i : mirrored;
    gr_rng rng = gr_rng_of(p->seed, k % 3 && k != p->n / 2 ? k : p->n + i);
    double unit = gr_rng_unit(&rng);
    if (i == mirrored || k % 3 == 0) return unit - 0.5;
    double huge = ldexp(unit + 1, 40 + (int)(k % 7) * 20);
    return i < mirrored ? huge : -huge;
}

static void teardown(void *problem)
{
    exactsum *p = problem;
    if (!p) return;
    free((void *)p->number);
    free(p);
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    *problem = NULL;
    size_t ranks = (size_t)gr_ranks(), me = (size_t)gr_rank();
    if (size.n > 100000000) return gr_fail(GR_EARG, "%zu numbers: too many", size.n);
    exactsum *p = calloc(1, sizeof *p);
    double *share = malloc((size.n / ranks + 2) * sizeof *share);
    if (!p || !share) {
        free(p), free(share);
        return gr_fail(GR_ENOMEM, "%zu numbers: out of memory", size.n);
    }
    p->n = size.n, p->seed = seed, p->number = share;
    p->first = size.n * me / ranks, p->own = size.n * (me + 1) / ranks - p->first;
    for (size_t i = 0; i < p->own; i++) share[i] = number(p, p->first + i);
    *problem = p;
    return GR_OK;
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    exactsum *p = problem;
    out[0] = (gr_output){"sum", gr_array_of(&p->sum, GR_F64, 1, (size_t[]){1}), true};
    return 1;
}

static double numbers(const void *problem) { return (double)((const exactsum *)problem)->n; }

static gr_status foreseen(void *problem, int workers)
{
    exactsum *p = problem;
    wide sum = {{0}};
    (void)workers;
    for (size_t i = 0; i < p->n; i++) wide_add(&sum, number(p, i));
    p->sum = wide_round(&sum);
    return GR_OK;
}

static const gr_size no_sizes[] = {{0, 0}}; // judged, not timed

static const gr_rung rungs[] = {
    {.name = "foreseen",
     .idea = "all numbers on one rank, added without rounding",
     .run = foreseen},
    {.name = "chain",
     .idea = "the wide sum goes from rank to rank; each adds its numbers",
     .run = exactsum_chain,
     .launcher = GR_LAUNCH_MPI},
    {.name = "limbs",
     .idea = "each adds its own; limbs are whole numbers, so MPI_SUM does not round",
     .run = exactsum_limbs,
     .launcher = GR_LAUNCH_MPI},
    {.name = "operation",
     .idea = "a datatype and an operation of its own, that carries: room for any number of ranks",
     .run = exactsum_operation,
     .launcher = GR_LAUNCH_MPI},
    {0},
};

const gr_ladder gr_ladder_exactsum = {
    .name = "exactsum",
    .title = "A sum with the same bits on any number of ranks",
    .lesson = "15_collectives",
    .n_name = "numbers",
    .sizes = no_sizes,
    .rungs = rungs,
    .setup = setup,
    .teardown = teardown,
    .outputs = outputs,
    .per_rank = true,
    .unit = "number",
    .work = numbers,
};
