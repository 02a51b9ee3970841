// SPDX-License-Identifier: BSD-3-Clause
#include "lib/primes.h"
#include <assert.h>
#include <stddef.h>

__extension__ typedef unsigned __int128 wide;

uint64_t gr_power_mod(uint64_t base, uint64_t exponent, uint64_t modulus)
{
    assert(modulus >= 1);
    wide power = 1 % modulus, square = base % modulus;
    for (; exponent; exponent >>= 1) {
        if (exponent & 1) power = power * square % modulus;
        square = square * square % modulus;
    }
    return (uint64_t)power;
}

// ---- Montgomery's arithmetic: x stands for x * 2^64 mod n, and no product is divided ----

typedef struct field {
    uint64_t n;       // odd, >= 3
    uint64_t inverse; // of n, modulo 2^64
    uint64_t one;     // what stands for 1: 2^64 mod n
} field;

static field field_of(uint64_t n)
{
    uint64_t inverse = n * 3 ^ 2; // right in the last five bits; each step doubles their number
    for (int bits = 5; bits < 64; bits *= 2) inverse *= 2 - n * inverse;
    return (field){n, inverse, (0 - n) % n};
}

static uint64_t times(uint64_t a, uint64_t b, const field *f) // a, b < n
{
    wide product = (wide)a * b;
    uint64_t high = (uint64_t)(product >> 64), q = (uint64_t)product * f->inverse;
    uint64_t away = (uint64_t)((wide)q * f->n >> 64);
    return high - away + (high < away ? f->n : 0);
}

static uint64_t twice(uint64_t a, const field *f) // a < n
{
    return a - (f->n - a) + (a < f->n - a ? f->n : 0);
}

static uint64_t power(uint64_t a, uint64_t exponent, const field *f)
{
    uint64_t result = f->one;
    for (; exponent; exponent >>= 1) {
        if (exponent & 1) result = times(result, a, f);
        a = times(a, a, f);
    }
    return result;
}

// From the highest bit down a power of 2 needs squares and doublings only.
static uint64_t power_of_two(uint64_t exponent, const field *f)
{
    uint64_t result = f->one;
    for (int bit = 63 - __builtin_clzll(exponent); bit >= 0; bit--) {
        result = times(result, result, f);
        if (exponent >> bit & 1) result = twice(result, f);
    }
    return result;
}

bool gr_fermat(uint64_t n)
{
    if (n < 3 || n % 2 == 0) return n == 2;
    field f = field_of(n);
    return power_of_two(n - 1, &f) == f.one;
}

// With n - 1 = odd * 2^twos: does a^odd, squared again and again, reach 1 only by way of -1?
static bool passes(uint64_t base, uint64_t odd, int twos, const field *f)
{
    uint64_t minus_one = f->n - f->one;
    uint64_t x = power((uint64_t)(((wide)base << 64) % f->n), odd, f);
    if (x == f->one || x == minus_one) return true;
    for (int k = 1; k < twos; k++) {
        x = times(x, x, f);
        if (x == minus_one) return true;
    }
    return false;
}

bool gr_miller_rabin(uint64_t n)
{
    static const uint8_t bases[] = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37};
    for (size_t i = 0; i < sizeof bases; i++)
        if (n % bases[i] == 0) return n == bases[i];
    if (n < 37 * 37) return n > 1;
    field f = field_of(n);
    int twos = __builtin_ctzll(n - 1);
    for (size_t i = 0; i < sizeof bases; i++)
        if (!passes(bases[i], (n - 1) >> twos, twos, &f)) return false;
    return true;
}
