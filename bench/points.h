// SPDX-License-Identifier: BSD-3-Clause
// points -- from the raw record of a run to its numbers: one document that every view is made from.
//
// The document is what `gradus bench --json` prints (names in DESIGN: schema, run, machine,
// points); the report, the tables, `compare` and the texts' numbers read it and nothing else.
#pragma once
#include "bench/plan.h"
#include "bench/store.h"

// The header of a record: what is measured and how it is to be judged, in full, so that the record
// can be read without this program. `command` is what was typed. The caller's (json_decref).
json_t *gr_header_of(const gr_plan *plan, const char *run, const char *command, bool quick);

// The names of the lessons that are built, as a JSON array. The caller's (json_decref).
json_t *gr_lessons_json(void);

// The document of a record, whole or not. The caller's (json_decref). GR_ENOMEM, GR_EDATA.
gr_status gr_points_of(const gr_store *store, json_t **document);

// How many points are wrong (not verified, impossible, or failed); how many have not converged.
int gr_points_wrong(const json_t *document);
int gr_points_open(const json_t *document);
