// SPDX-License-Identifier: BSD-3-Clause
// replace -- writes a file that is there complete or not at all.
//
// What is written goes to a new file beside `path`; only when all of it has reached the disk is
// that renamed to `path`. So a full disk, a signal or a power cut leaves the older file as it was
// (a killed process leaves its unfinished PATH.PID-N.new, too). Waiting for the disk costs some
// milliseconds a file; without it, a rename may survive a power cut that the bytes do not.
// A `path` that is no regular file (/dev/stdout, a pipe) is written to as it is.
#pragma once
#include "lib/status.h"
#include <stdbool.h>
#include <stdio.h>

typedef struct gr_replace {
    FILE *stream; // write here
    char *path;
    char *fresh; // the new file's name; NULL: `path` itself is written to
} gr_replace;

// Begins the file. GR_ESYS, GR_ENOMEM, GR_EARG for an empty name; on failure nothing is open.
gr_status gr_replace_begin(gr_replace *file, const char *path);

// Puts the file in place if it is `complete` and every write to the stream went well, else drops
// it; frees everything in any case. GR_ESYS if a write, the disk or the renaming failed; of a file
// that is not complete, GR_OK: the caller knows why.
gr_status gr_replace_end(gr_replace *file, bool complete);
