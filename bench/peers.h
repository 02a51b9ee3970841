// SPDX-License-Identifier: BSD-3-Clause
// peers -- the case studies in Python, where it is installed: what the talk measured, here and now.
#pragma once
#include "bench/store.h"

// Runs every peer of every ladder in the record that is installed and not recorded yet, and appends
// a line {"peer": {...}} for each, or {"warning": "..."} for what is missing. Compares each result
// with the run's truth. GR_ESYS if interrupted or a line could not be written.
gr_status gr_peers_run(gr_store *store);
