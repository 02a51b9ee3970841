// SPDX-License-Identifier: BSD-3-Clause
// machine_part -- what the parts of the machine card share; only bench/machine*.c include it.
//
// A part adds its members to the card. On failure the members that it did not add become null, and
// its gr_errmsg() becomes a warning.
#pragma once
#include "lib/cpu.h"
#include "lib/status.h"
#include "parallel/team.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct gr_machine_plan {
    gr_cpu cpu;
    bool quick;
    int repeats;     // of each limit, the best is kept
    size_t last_one; // bytes of the last cache that one core can use
    size_t last_all; // and of all those that the usable cores can use
    size_t memory;   // bytes that one part may allocate
} gr_machine_plan;

typedef gr_status gr_machine_part(const gr_machine_plan *plan, json_t *card);

gr_machine_part gr_machine_triad;     // triad_GBs, triad_counted_GBs, triad_streaming_GBs
gr_machine_part gr_machine_caches;    // cache_GBs
gr_machine_part gr_machine_flops;     // flops_GFs: fma, muladd, fmaadd
gr_machine_part gr_machine_dgemm;     // flops_GFs: dgemm
gr_machine_part gr_machine_latency;   // latency_ns
gr_machine_part gr_machine_processes; // fork_us, pipe_us
gr_machine_part gr_machine_threads;   // thread_us, wake_us
gr_machine_part gr_machine_ranks;     // mpi_us, mpi_GBs: null in a quick card and without MPI
gr_machine_part gr_machine_clock;     // timer
gr_machine_part gr_machine_noise;     // noise

// object[name] = value, which is taken; GR_ENOMEM if value is NULL or there is no room.
gr_status gr_machine_put(json_t *object, const char *name, json_t *value);
// object[name] = value to four significant digits; null unless it is finite.
gr_status gr_machine_put_real(json_t *object, const char *name, double value);
// card[name], an object that is made if it is not there; borrowed. NULL without memory.
json_t *gr_machine_group(json_t *card, const char *name);
// Appends a sentence to card["warnings"], once. Lost if there is no memory for it.
void gr_machine_warn(json_t *card, const char *format, ...) __attribute__((format(printf, 2, 3)));

// A block of at least `bytes` at a 2 MiB boundary, untouched, with huge pages asked for, so that
// the limits measured in it are not those of the page tables. Free it with free().
gr_status gr_machine_block(size_t bytes, void **block);

// One repeat of one member's work; member 0 .. size-1, repeat 0, 1, ...
typedef void gr_machine_work(int member, int size, int repeat, void *context);

// Runs prepare (may be NULL) once and then work `repeats` times on `size` threads that start each
// repeat together. *best: seconds from the first start to the last end, in the best repeat.
gr_status gr_machine_lap(int size, int repeats, gr_team_work *prepare, gr_machine_work *work,
                         void *context, double *best);

// Starts a process that runs child(in, out) and exits, and sends it one byte `n` times, waiting
// for one byte back. *us: median round trip in microseconds. GR_ESYS if the child goes away.
gr_status gr_machine_round_trip(void (*child)(int in, int out), int n, double *us);
