// SPDX-License-Identifier: BSD-3-Clause
// primes -- is a number of 64 bits prime? One test that errs now and then, one that never does.
//
// Fermat: if n is prime, 2^(n-1) = 1 (mod n). Some composites pass, too: 341 = 11 * 31 is the
// first, and Carmichael numbers such as 561 pass to every base that shares no factor with them.
// Miller and Rabin look at the square roots of 1 on the way, and a fixed set of bases is proved to
// leave no composite of 64 bits undetected.
// Source: R. Crandall and C. Pomerance, Prime Numbers, 2nd ed. (2005), sections 3.4 and 3.5;
// J. Sorenson and J. Webster, Strong pseudoprimes to twelve prime bases, Math. Comp. 86 (2017);
// P. Montgomery, Modular multiplication without trial division, Math. Comp. 44 (1985).
#pragma once
#include <stdbool.h>
#include <stdint.h>

// base^exponent mod modulus, exact for all arguments; modulus >= 1. By 128-bit division.
uint64_t gr_power_mod(uint64_t base, uint64_t exponent, uint64_t modulus);

// Does n pass Fermat's test to base 2? True for every prime, and for some others. False below 2.
bool gr_fermat(uint64_t n);

// Is n prime? Exact for every n: Miller and Rabin's test to the first twelve primes.
bool gr_miller_rabin(uint64_t n);
