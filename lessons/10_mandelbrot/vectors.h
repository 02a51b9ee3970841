// SPDX-License-Identifier: BSD-3-Clause
// vectors -- four doubles that one instruction works on, in GNU C: no processor is named here.
//
// `a + b`, `a * b` act on all four lanes; `a < 4.0` gives a mask, -1 (all bits set) in each lane
// where it holds and 0 elsewhere, so that subtracting a mask counts. Where the processor has
// shorter registers the compiler uses two of them.
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

// Without AVX, vectors are passed between source files in another way than with it. Ours never are.
#pragma GCC diagnostic ignored "-Wpsabi"

enum { LANES = 4 };

typedef double vec __attribute__((vector_size(LANES * 8)));
typedef int64_t mask __attribute__((vector_size(LANES * 8)));
typedef int32_t ints __attribute__((vector_size(LANES * 4)));

static inline vec vec_all(double a) { return (vec){a, a, a, a}; }
static inline mask mask_all(bool set) { return (mask){-set, -set, -set, -set}; }

static inline vec vec_load(const double *p) // (LANES) doubles, at any address
{
    vec v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline void vec_store(double *p, vec v) { memcpy(p, &v, sizeof v); }

// 2*a + b. Doubling is exact, so a fused multiply-add rounds as product and sum do: the same bits,
// and one instruction.
static inline vec vec_double_add(vec a, vec b)
{
#ifdef __FMA__
    return (vec)__builtin_ia32_vfmaddpd256(a, vec_all(2.0), b);
#else
    return 2.0 * a + b;
#endif
}

// Is a lane of the mask set?
static inline bool mask_any(mask m)
{
#ifdef __AVX__ // one instruction collects the four sign bits; compilers do not find it by
               // themselves
    return __builtin_ia32_movmskpd256((vec)m) != 0;
#else
    return (m[0] | m[1] | m[2] | m[3]) != 0;
#endif
}

// The lanes as 32-bit integers, the first `n` of them to `out`.
static inline void mask_store_ints(int32_t *out, mask m, size_t n)
{
    ints v = __builtin_convertvector(m, ints);
    if (n >= LANES)
        memcpy(out, &v, sizeof v);
    else
        memcpy(out, &v, n * sizeof *out);
}
