// SPDX-License-Identifier: BSD-3-Clause
// machine -- the inside of a simulated machine, for the two files that make one.
#pragma once
#include "lessons/13_shared_memory/lab.h"
#include "lib/rng.h"
#include <ucontext.h>

enum { STACK = 256 * 1024, PENDING = 8, MOST_EVENTS = 12, MOST_ITEMS = 14 };
enum { WIDTH = MOST_ITEMS + 1, MOST_PHASES = 6 };

typedef struct store {
    size_t cell;
    int64_t value;
    lab_order order;
} store;

typedef struct worker {
    ucontext_t here;
    char *stack; // (STACK)
    bool done;
    int pending; // stores that the others do not see yet, oldest first
    store waiting[PENDING];
} worker;

struct lab {
    ucontext_t home; // the scheduler
    worker core[LAB_CORES];
    int cores, running; // running: whose turn it is
    int64_t cell[LAB_CELLS];
    lab_program *program;
    gr_rng rng;
    size_t patience; // a turn lasts so many accesses, on average
    size_t bad_cell; // one that is not there was used; else LAB_CELLS - 1 or less
    int taken;
    int64_t item[WIDTH];
    int phases, items, events[LAB_CORES];
};

// Runs m->program on all cores until all are done. False if it does not end, or uses a cell that is
// not there; cores that were still running are forgotten.
bool lab_run_machine(lab *m);
