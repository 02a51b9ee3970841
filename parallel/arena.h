// SPDX-License-Identifier: BSD-3-Clause
// arena -- one range of memory that this process and those it forks see, and blocks of it.
//
// The range is as large as the machine's memory, but costs only what is written to: it is reserved
// before the first fork, so that what is put into it later has the same address everywhere. It has
// no name and no descriptor: it is gone with the last process that has it. Only the process that
// opened it takes and releases blocks.
#pragma once
#include "lib/status.h"
#include <stdbool.h>
#include <stddef.h>

typedef struct gr_span {
    char *at;
    size_t size;
    struct gr_span *next; // by address
} gr_span;

typedef struct gr_arena {
    char *base;
    size_t size;
    gr_span *first;
} gr_arena;

// GR_ENOMEM if not even a mebibyte can be reserved.
gr_status gr_arena_open(gr_arena *arena);
void gr_arena_close(gr_arena *arena);

// `bytes` zeros, aligned to 64 bytes; NULL, with gr_errmsg(), if there is no room.
void *gr_arena_take(gr_arena *arena, size_t bytes);

// Half of the largest gap, for what nobody knows the size of.
void *gr_arena_take_half(gr_arena *arena, size_t *bytes);

// Of the block, only the first `touched` bytes were written to; SIZE_MAX: maybe all. NULL is fine.
void gr_arena_release(gr_arena *arena, void *block, size_t touched);

// Is all of it inside?
bool gr_arena_has(const gr_arena *arena, const void *memory, size_t bytes);
