// SPDX-License-Identifier: BSD-3-Clause
// map_record -- the cost of maps as a part of a run's record.
#pragma once
#include "bench/store.h"
#include <stddef.h>

// Measures the grid of bench/map_grid.h in a fresh process and appends it to the record, unless it
// is there with as many points. What cannot be measured becomes a warning in the record. GR_ESYS if
// interrupted or if a line could not be written.
gr_status gr_map_record(gr_store *store, size_t points);

// What that process does: measures and prints the grid as one line.
gr_status gr_map_record_print(size_t points);
