// SPDX-License-Identifier: BSD-3-Clause
// overhead -- the time that a solver itself takes for each evaluation, beside NLopt's.
//
// Each sample is whole runs of one solver, made and freed, with a cost of nanoseconds; ours,
// NLopt's (called directly) and the cost alone take turns in one process, in the order of a random
// Latin row, and gains are ratios of what was measured in one turn. The cost's own time is taken
// off. docs/method.md, "Solvers".
#pragma once
#include "lib/stats.h"
#include "lib/status.h"
#include <jansson.h>
#include <stdint.h>

// A solver of ours and the algorithm of NLopt it is held against, on one problem.
typedef struct gr_overhead_pair {
    const char *ours, *theirs; // a spec; NLopt's own name of the algorithm
    const char *problem;
    size_t dim, evaluations; // of a run, at most
} gr_overhead_pair;

extern const gr_overhead_pair gr_overhead_pairs[]; // ours NULL ends

typedef struct gr_overhead {
    int64_t evaluations[2]; // of a run: ours, theirs
    gr_interval seconds[2]; // of an evaluation, without the cost's: ours, theirs
    gr_interval ratio;      // theirs over ours: above 1, ours takes less
    double cost;            // s, of the cost alone
} gr_overhead;

// samples: 2 to GR_MOST_SAMPLES; each lasts `floor` seconds or more. GR_EUNSUP without NLopt.
gr_status gr_overhead_measure(const gr_overhead_pair *pair, size_t samples, double floor,
                              gr_overhead *result);

// All pairs: {"samples", "pairs": [{"ours", "theirs", "problem", "dim", "evaluations": [2],
// "seconds": [{"median", "lo", "hi"} ours, theirs], "ratio": {...}, "cost"}], "skipped": why}.
// Without NLopt there are no pairs and a reason.
gr_status gr_overhead_document(json_t **document);

// As a table.
void gr_overhead_print(const json_t *document, FILE *out);
