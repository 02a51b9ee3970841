// SPDX-License-Identifier: BSD-3-Clause
// store -- the raw record of a run: DIR/raw.jsonl, one JSON object a line, appended and synced.
//
// Line 1 is the header: what the run set out to measure, by which build. Whatever ends the run, all
// lines written before stand; a last line that was cut is dropped. Nothing is ever rewritten.
#pragma once
#include "lib/status.h"
#include <jansson.h>
#include <stdbool.h>

enum { GR_SCHEMA = 1, GR_PATH = 4096 };

typedef struct gr_store {
    char dir[GR_PATH];
    int fd;         // open for appending; -1: read only
    json_t *header; // line 1
    json_t *lines;  // array: all lines after it, those appended in this session, too
    bool cut;       // the last line was cut and has been dropped
} gr_store;

// Starts a new record in `dir`, which is made if it is not there, with its parents.
// GR_EARG if it holds a record already.
gr_status gr_store_new(gr_store *store, const char *dir, json_t *header);

// Reads a record. GR_EARG: there is none; it is of another schema; its first line is no header.
// With `append`, opens it for going on and cuts off an unfinished last line.
gr_status gr_store_open(gr_store *store, const char *dir, bool append);

// Appends one line and waits until it is on disk. Takes `line` over (also on failure).
gr_status gr_store_append(gr_store *store, json_t *line);

void gr_store_close(gr_store *store);

// The line in which `name` is a member, the last one if there are several; NULL if none.
json_t *gr_store_find(const gr_store *store, const char *name);

// The newest record below `root` whose header has the same "build" and "tasks" as `header` and that
// is not finished. False if there is none. `dir` holds GR_PATH bytes.
bool gr_store_unfinished(const char *root, const json_t *header, char *dir);

// Makes a folder and its parents.
gr_status gr_make_folder(const char *path);
