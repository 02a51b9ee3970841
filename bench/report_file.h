// SPDX-License-Identifier: BSD-3-Clause
// report_file -- a text file that is there complete or not at all.
//
// The text is gathered in memory; closing puts it in place by lib/replace.h, so that a full disk
// leaves the older file as it was and one clear message.
#pragma once
#include "lib/status.h"
#include <stddef.h>
#include <stdio.h>

typedef struct gr_file {
    FILE *stream; // print here
    char *text;
    size_t size;
    char *path;
} gr_file;

// Begins the file dir/name. On failure nothing is open.
gr_status gr_file_open(gr_file *file, const char *dir, const char *name);

// Writes the file out, unless `so_far` is a failure of what should stand in it, and frees
// everything. Returns the first failure: so_far, or GR_ESYS or GR_ENOMEM if the file could not be
// made.
gr_status gr_file_close(gr_file *file, gr_status so_far);

// The whole text of dir/name, ended by 0; the caller frees it. GR_ESYS, GR_ENOMEM.
gr_status gr_file_read(const char *dir, const char *name, char **text);

// Makes the folder dir/name (`name` may be ""), unless it is there.
gr_status gr_folder_make(const char *dir, const char *name);
