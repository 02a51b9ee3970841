// SPDX-License-Identifier: BSD-3-Clause
// ranks_record -- what collectives cost on MPI ranks, as a part of a run's record.
#pragma once
#include "bench/store.h"

// Times all ladders that have a rung `native` beside others on MPI ranks, one for each core that
// may be used, and appends the times to the record as its line "mpi", unless it is there. What
// cannot be measured becomes a warning in the record. GR_ESYS if interrupted or if a line could not
// be written.
gr_status gr_ranks_record(gr_store *store);

// What those ranks do; rank 0 prints the line. Collective.
gr_status gr_ranks_record_print(void);
