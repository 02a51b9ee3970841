// SPDX-License-Identifier: BSD-3-Clause
// shared -- the problems of lesson 13 that run on the real machine: a table filled by several
// processes, and events counted by several workers.
#pragma once
#include "lib/ladder.h"
#include <stdint.h>

// Ladder `fill`: every number of row i of the table becomes i + 1. The talk's table is 2 x 2.
typedef struct shared_table {
    size_t n;
    int32_t *a; // (n, n): this process's own memory, not shared
} shared_table;

// Ladder `counter`: the sum of all events, each of 0 to 255.
typedef struct shared_events {
    size_t n;
    uint8_t *event; // (n)
    int64_t total;  // the output
} shared_events;

// Where the share of a worker begins; that of member + 1 is where it ends.
static inline size_t shared_begin(size_t n, int member, int size)
{
    return n * (size_t)member / (size_t)size;
}
