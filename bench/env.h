// SPDX-License-Identifier: BSD-3-Clause
// env -- what a number depends on and nobody remembers: the record that goes with each run.
//
// A flat object of strings. Every member is always there; what cannot be known is "unknown". The
// home folder is written "~". Members: commit, dirty, gradus, compiler, flags, libc, kernel,
// hostname, cpu, microcode, affinity, smt, numa_nodes, governor, turbo, frequency_kHz,
// temperature_C, thp, aslr, mitigations, virtual, clocksource, perf_event_paranoid, memory,
// memory_available, cgroup_cores, cgroup_memory, container, load, uptime_s, time_utc, openblas,
// openblas_threads, hwloc, jansson, scheduler, job, environment.
//
// Source: Hoefler & Belli, SC15, rule 9
#pragma once
#include "lib/status.h"
#include <jansson.h>
#include <stddef.h>

// *env is the caller's (json_decref). Runs git if it is there. GR_ENOMEM is the only failure.
gr_status gr_env_capture(json_t **env);

// `text` with every "home" at a path's start written "~", and bytes that are not printable ASCII
// written '?'. Cut to fit size >= 1.
void gr_env_clean(const char *text, const char *home, char *clean, size_t size);
