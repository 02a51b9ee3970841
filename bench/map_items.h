// SPDX-License-Identifier: BSD-3-Clause
// map_items -- the ITEMS of `gradus map`: lo:hi, 3,5,9, or - for one a line on standard input.
#pragma once
#include "lib/map.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Items are whole numbers of 64 bits without a sign.
typedef struct gr_span {
    uint64_t first, count;
} gr_span;

typedef struct gr_items {
    gr_span *span; // what the words say, in order; span[at] is under way
    size_t spans, at;
    bool lines;     // standard input, in place of spans
    size_t line;    // lines read
    uint64_t total; // items; 0 if they are lines
} gr_items;

// Reads all words (NULL ends). On a bad one: GR_EARG, and nothing is left to free.
gr_status gr_items_open(gr_items *items, char *const *words);
void gr_items_free(gr_items *items);

// The next items, up to `room`; *n < room only at their end. A bad line: GR_EARG, and none of this
// call's items is to be used. GR_ECANCEL if a signal came while it waited for a line.
gr_status gr_items_take(gr_items *items, uint64_t *to, size_t room, size_t *n);

// The task of that name that takes whole numbers. GR_EARG names what is wrong, and the nearest.
gr_status gr_task_find(const char *name, const gr_func **func);
