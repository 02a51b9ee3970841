// SPDX-License-Identifier: BSD-3-Clause
// futex -- sleep until a number in memory changes; between threads and between processes.
//
// Source: U. Drepper, Futexes Are Tricky, 2011; futex(2).
#pragma once
#include <linux/futex.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// Returns when *word is not `value`, when somebody wakes, a signal comes, or `seconds` are over
// (negative: never). May return for no reason: look again.
static inline void gr_futex_wait(_Atomic uint32_t *word, uint32_t value, double seconds)
{
    struct timespec limit = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
    syscall(SYS_futex, word, FUTEX_WAIT, value, seconds < 0 ? NULL : &limit, NULL, 0);
}

static inline void gr_futex_wake(_Atomic uint32_t *word, int how_many)
{
    syscall(SYS_futex, word, FUTEX_WAKE, how_many, NULL, NULL, 0);
}

// Lets the other hardware thread of this core go first, while we wait for very little.
static inline void gr_relax(void)
{
#if defined __x86_64__ || defined __i386__
    __builtin_ia32_pause();
#elif defined __aarch64__
    __asm__ volatile("yield");
#endif
}
