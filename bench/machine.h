// SPDX-License-Identifier: BSD-3-Clause
// machine -- the machine card: what the best code could reach here, measured, not looked up.
//
// Rates (triad, cache, flop/s) are limits: the best of n, since everything else on the machine can
// only take time away. Costs (latency, fork, pipe, threads) are medians of n. A part that cannot be
// measured is null, and a sentence in "warnings" says why; the rest of the card stands.
//
// Members: cpu, cores (usable), cores_in_machine, simd, caches [{level, bytes, shared_by}],
// memory_bytes, huge_pages; triad_GBs, triad_counted_GBs, triad_streaming_GBs {"1", "<cores>"};
// cache_GBs {"L1", ...}; flops_GFs {fma_1, fma_<cores>, muladd_*, fmaadd_*, dgemm_*}; latency_ns
// [{bytes, ns}]; fork_us, pipe_us, thread_us, wake_us; timer {resolution_ns, overhead_ns, source};
// noise {index, word}; warnings [text]. G is 10^9.
//
// Source: McCalpin, STREAM; Hoefler & Belli, SC15, rule 11; docs/method.md
#pragma once
#include "lib/status.h"
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

// Called before each part: `done` of `total` parts are finished, `what` comes next.
typedef void gr_machine_progress(void *context, int done, int total, const char *what);

// Measures the card: half a minute where the last cache is large, or some seconds with `quick`
// (fewer sizes and repeats, smaller arrays). `progress` may be NULL. *card is the caller's
// (json_decref). GR_ENOMEM if not even an empty card could be made.
gr_status gr_machine_measure(bool quick, gr_machine_progress *progress, void *context,
                             json_t **card);

// Only what bounds a ladder's rates: triad, cache bandwidths, FMA and mul + add (about 0.3 s; more
// where the caches are large).
gr_status gr_machine_limits(json_t **limits);

// Takes into `into` what is better in `other`: the larger rate, the smaller cost, member by member;
// what `into` lacks; and warnings that are new. All else (noise, cpu, ...) stays as it is.
void gr_machine_best(json_t *into, const json_t *other);

// Prints a card, whole or in part, for a terminal of 80 columns.
void gr_machine_print(const json_t *card, FILE *out);
