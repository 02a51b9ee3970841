// SPDX-License-Identifier: BSD-3-Clause
// part_record -- a part of a run's record that is no ladder: one document, made by a process of its
// own.
#pragma once
#include "bench/store.h"

// Runs argv, which prints one JSON document, for at most `longest` seconds, and appends it to the
// record under `name`. What cannot be had becomes a warning in the record. GR_ESYS if interrupted
// or if a line could not be written.
gr_status gr_part_record(gr_store *store, const char *name, const char *doing, char **argv,
                         double longest);
