// SPDX-License-Identifier: BSD-3-Clause
// stream -- bytes on their way: out to memory or to a descriptor, in from either, and summed on the
// way.
//
// A large block is not gathered in a buffer: it is copied or written from where it lies, and read
// straight to where it shall lie, a piece at a time. A piece is summed while it is still in the
// cache, so that the checksum costs arithmetic but no pass over memory. Calls that are interrupted,
// that move less than was asked, or that find a non-blocking descriptor not ready are gone on with.
// The checksum is XXH3 with 64 bits (Y. Collet, xxHash): not against forgers, against accidents.
//
// Interface:
//   gr_sink_count, _memory, _open; _put; _sum; _flush     out
//   gr_source_memory, _open; _peek, _take, _block; _sum   in
#pragma once
#include "lib/status.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GR_STREAM_BUFFER = 16384 };

typedef struct gr_sum gr_sum; // a checksum under way

// ---- out ----

// Holds pointers into itself: do not copy. Fields are for reading.
typedef struct gr_sink {
    int fd;              // where bytes go; -1: to memory, -2: nowhere, they are only counted
    unsigned char *data; // the memory, or `buffer`
    size_t used, room;   // of data
    size_t summed;       // of data: how far the sum has come
    uint64_t count;      // all bytes that were put
    gr_sum *sum;         // borrowed; NULL: no sum wanted
    unsigned char buffer[GR_STREAM_BUFFER];
} gr_sink;

void gr_sink_count(gr_sink *s);                             // counts, keeps nothing
void gr_sink_memory(gr_sink *s, void *memory, size_t room); // GR_EARG where more is put than fits
void gr_sink_open(gr_sink *s, int fd);                      // borrows fd

gr_status gr_sink_put(gr_sink *s, const void *bytes, size_t n);
gr_status gr_sink_flush(gr_sink *s); // writes what is still in the buffer

// ---- in ----

// Holds pointers into itself: do not copy.
typedef struct gr_source {
    int fd;                        // -1: memory
    const unsigned char *at, *end; // at hand, not yet taken
    const unsigned char *summed;   // how far the sum has come: at or before `at`
    uint64_t left;  // bytes that may still be taken; the source reads none beyond. Set by the user
    bool certain;   // are those bytes known to be there? Else a pipe may end at any time
    uint64_t count; // all bytes that were taken
    gr_sum *sum;    // borrowed; NULL: no sum wanted
    unsigned char buffer[GR_STREAM_BUFFER];
} gr_source;

void gr_source_memory(gr_source *s, const void *bytes, size_t n);

// Borrows fd. left: what a regular file still has, and then it is certain; else without bound.
gr_status gr_source_open(gr_source *s, int fd);

// The next byte, which is not taken; -1 at the end. GR_ESYS only where reading fails.
gr_status gr_source_peek(gr_source *s, int *byte);

// Takes exactly n bytes. GR_EDATA if the data ends before.
gr_status gr_source_take(gr_source *s, void *to, size_t n);

// *block is new memory (gr_block_new) with the next n bytes, and a '\0' behind them. Asks for no
// more memory than the data can fill: where that is not certain, for at most 1 MiB, or twice what
// has come, at a time.
gr_status gr_source_block(gr_source *s, size_t n, void **block);

// ---- both ----

// Memory for a large block: aligned to 64 bytes, and where it is large, in pages so large that
// touching it for the first time is cheap. Free with free(). NULL if there is none. n may be 0.
void *gr_block_new(size_t n);

// A new sum, or NULL; free it. The value covers all that was put, or taken, since the sum was set.
gr_sum *gr_sum_new(void);
void gr_sum_free(gr_sum *sum);
uint64_t gr_sink_sum(gr_sink *s);
uint64_t gr_source_sum(gr_source *s);

// The sum of one block.
uint64_t gr_sum_of(const void *bytes, size_t n);
