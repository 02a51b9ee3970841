// SPDX-License-Identifier: BSD-3-Clause
// lab -- simulated machines with several cores and one memory, which do the worst that real ones
// may.
//
// A race on a real machine shows once in a million runs, or only on somebody else's. These machines
// go from core to core in the middle of everything: before each access to memory another core may
// take its turn, one access or a hundred. And what a core stores is seen by the others some time
// later, not always in the order in which it was stored, unless it says LAB_RELEASE. Each machine
// does so in its own way, and in the same way each time: a wrong program is wrong every time.
//
// A core sees its own stores at once. Loads are as with memory_order_acquire; lab_add and
// lab_compare_swap are one indivisible step, after which all earlier stores of the core are seen.
#pragma once
#include "lib/ladder.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LAB_CORES = 4, LAB_CELLS = 16 };

typedef struct lab lab; // a machine with a program in it

typedef enum lab_order {
    LAB_RELAXED, // others may see it late, and after later stores
    LAB_RELEASE  // who sees it also sees all that this core stored before
} lab_order;

// What a core runs. Its local variables are its own.
typedef void lab_program(lab *m, int core, int cores);

// ---- memory: cells 0 .. LAB_CELLS-1 of 64 bits, all 0 at the start ----

int64_t lab_load(lab *m, size_t cell);
void lab_store(lab *m, size_t cell, int64_t value, lab_order order);
int64_t lab_add(lab *m, size_t cell, int64_t value); // returns what was there before
// If the cell holds `expected` it becomes `desired`, and the result is true.
bool lab_compare_swap(lab *m, size_t cell, int64_t expected, int64_t desired);

// ---- what there is to do ----

// Ladder `update`: how many events this core has to count.
int lab_events(const lab *m, int core);

// Ladder `ring`: how many items core 0 has to send, which, and where core 1 puts them.
int lab_items(const lab *m);
int64_t lab_item(const lab *m, int i);
void lab_take(lab *m, int64_t item);

// Ladder `phases`: how many phases there are, and this core's work in phase k. It uses the cells
// from LAB_FIELD on: it reads what all cores left in phase k - 1, and leaves something itself.
enum { LAB_FIELD = 2 };
int lab_phases(const lab *m);
void lab_work(lab *m, int core, int cores, int k);

// ---- the problem of all three ladders: n machines ----

// Runs the program on every core of every machine. GR_EDATA if it does not end, or uses a cell that
// is not there; the text names the machine.
gr_status lab_run(void *problem, lab_program *program);
