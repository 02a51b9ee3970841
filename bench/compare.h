// SPDX-License-Identifier: BSD-3-Clause
// compare -- two stored runs, point by point: the ratio of the medians and whether it is beyond
// doubt.
//
// The runs were not measured side by side, so launches cannot be paired. The ratio's interval is
// [lo of B / hi of A, hi of B / lo of A], whatever the distributions (docs/method.md, "two stored
// runs"): for six launches each, only if all of one run lie above all of the other do the intervals
// part, which chance alone does once in 924. A change counts if the whole interval lies beyond the
// threshold.
#pragma once
#include "lib/status.h"
#include <jansson.h>

enum { GR_COMPARE_LAUNCHES = 6 }; // fewer in either run: not judged

// The ratio from which on a change counts, unless an A/A run has shown more noise.
#define GR_COMPARE_THRESHOLD 1.05

// Is it a document of `gradus bench --json`, of this schema? GR_EARG, with `name` in the message.
gr_status gr_compare_check(const json_t *document, const char *name);

// Compares B with A; ratios are B's time over A's, so above 1 is slower. `threshold` 0 takes the
// greater of GR_COMPARE_THRESHOLD and 1 + 2 x the A/A floor of either document. The result is the
// caller's (json_decref):
//
//   {"schema", "a", "b", "threshold", "threshold_from",
//    "points": [{"key", "ladder", "rung", "size", "steps", "procs", "seconds": {"a", "b"},
//                "ratio": {"median", "lo", "hi"} (null: not judged), "verdict", "why" (not
//                judged)}],
//    "counts": {VERDICT: how many}, "wrong": points that are wrong in B and were not in A,
//    "visible": ratio that would have been found at every point that shows no difference, or null,
//    "only_a": [keys], "only_b": [keys],
//    "different": [{"what", "a", "b", "machine": is it the hardware?}]}
//
// Verdicts: "slower", "faster", "no difference resolved", "not judged". Points that neither run
// measured are left out. GR_ENOMEM.
gr_status gr_compare(const json_t *a, const json_t *b, double threshold, json_t **result);
