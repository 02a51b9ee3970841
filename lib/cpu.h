// SPDX-License-Identifier: BSD-3-Clause
// cpu -- what this process may use of the machine it runs on.
//
// "Usable" counts the hardware threads that the scheduler gives to this process: those in its
// affinity mask (taskset, batch systems, cpusets), and no more than the processor time that its
// control group allows, rounded up (containers). Never below 1.
#pragma once
#include <stdint.h>
#include <sys/types.h>

enum { GR_MAX_CACHES = 8 };

// Data and unified caches, as the first core sees them.
typedef struct gr_cache {
    int level; // 1 is next to the core
    uint64_t bytes;
    int shared_by; // hardware threads that share one
    int count;     // how many of them the machine has
} gr_cache;

typedef struct gr_cpu {
    char model[96];                // "AMD EPYC 7763 64-Core Processor"; "unknown"
    const char *simd;              // widest vector instructions of the processor: gr_cpu_simd()
    int usable;                    // gr_cpu_usable()
    int cores, threads;            // of the whole machine: physical cores, hardware threads
    int caches;                    // how many of cache[] are known; 0 if none is
    gr_cache cache[GR_MAX_CACHES]; // by level, 1 first
    uint64_t memory;               // bytes this process could ever have: RAM, or its group's limit
    uint64_t memory_available;     // bytes it can take now without swapping; 0 if unknown
} gr_cpu;

// Hardware threads that this process may use, at least 1. Two system calls and a few files.
int gr_cpu_usable(void);

// Binds process `who` (0: the calling thread) to the k-th of the cores that the calling thread may
// use, if these are just `size`: so many workers fill the machine, and two of them on one core
// would take twice as long. Else the choice is left to the system. 0 <= k < size.
void gr_cpu_bind(pid_t who, int k, int size);

// Everything above, by hwloc: some milliseconds, so ask once. What cannot be known is 0 or
// "unknown"; cores and threads are then those usable.
gr_cpu gr_cpu_of_machine(void);

// Vector instructions of this processor, and those this file was compiled for: "avx512", "avx2",
// "avx", "sse2", "sve", "neon" or "none".
const char *gr_cpu_simd(void);
const char *gr_cpu_simd_built(void);
