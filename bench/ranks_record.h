// SPDX-License-Identifier: BSD-3-Clause
// ranks_record -- what MPI ranks are good for, as parts of a run's record.
#pragma once
#include "bench/store.h"

// On MPI ranks, one for each core that may be used, or as many as a Slurm job was granted: times
// all ladders that have a rung `native` beside others ("mpi"), and rungs on growing numbers of
// ranks ("scaling": bench/ranks_scaling.h), and appends each as a line of the record, unless it is
// there. What cannot be measured becomes a warning in the record. GR_ESYS if interrupted or if a
// line could not be written.
gr_status gr_ranks_record(gr_store *store);

// What those ranks do for "mpi"; rank 0 prints the line. Collective.
gr_status gr_ranks_record_print(void);
