// SPDX-License-Identifier: BSD-3-Clause
// Step 2: the lost update.
//
// Every core of a simulated machine counts its events in one cell that all of them share. The
// program below is what `count++` means: load, add, store. Between the load and the store another
// core may load the same number; then two events are counted as one. lab.h shows what else the
// machine can do.
#include "lessons/13_shared_memory/lab.h"

enum { COUNT }; // the cell

static void count(lab *m, int core, int cores)
{
    (void)cores;
    for (int i = 0; i < lab_events(m, core); i++) {
        // TODO: nobody may come in between
        int64_t before = lab_load(m, COUNT);
        lab_store(m, COUNT, before + 1, LAB_RELAXED);
    }
}

gr_status exercise(void *problem, int workers)
{
    (void)workers;
    return lab_run(problem, count);
}
