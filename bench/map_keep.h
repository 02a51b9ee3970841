// SPDX-License-Identifier: BSD-3-Clause
// map_keep -- results kept in a file as they come, so that the same command, started again after
// whatever ended it, does only the rest.
//
// The file is text: a line that says whose results these are, then one for each item that was done,
// in the order in which they ended: number of the item, item, result as it is printed. Lines are
// only ever appended; a last one without its end is left out, and written over.
#pragma once
#include "lib/status.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef struct gr_kept {
    uint64_t number, item;
    const char *result; // until the end of its line
} gr_kept;

typedef struct gr_keep {
    FILE *file;    // appended to; NULL: nothing is kept
    char *text;    // what it held when it was opened
    gr_kept *kept; // (n), by their numbers
    size_t n, at;  // at: where the last look ended
    const char *path;
} gr_keep;

// Opens or makes the file. GR_EARG, with the line, if it holds another task's or seed's results or
// is no such file; GR_ESYS, also if another process has it. On failure there is nothing to close.
gr_status gr_keep_open(gr_keep *keep, const char *path, const char *task, uint64_t seed);

// *found is what is kept of this item, or NULL. Numbers are asked for in increasing order. GR_EARG
// if the file has another item of that number.
gr_status gr_keep_find(gr_keep *keep, uint64_t number, uint64_t item, const gr_kept **found);

// The end of what is written next to keep->file, and of all that was: GR_ESYS.
gr_status gr_keep_flush(gr_keep *keep);
void gr_keep_close(gr_keep *keep);

// Whole lines of results in a file; 0 if there is none.
uint64_t gr_keep_count(const char *path);
