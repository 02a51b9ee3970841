// SPDX-License-Identifier: BSD-3-Clause
// Wrong: takes a lock by a load and a store: two take it at once.
#include "lessons/13_shared_memory/lab.h"

enum { COUNT, LOCKED }; // the cells

static void count(lab *m, int core, int cores)
{
    (void)cores;
    for (int i = 0; i < lab_events(m, core); i++) {
        while (lab_load(m, LOCKED)) continue;
        lab_store(m, LOCKED, 1, LAB_RELEASE);
        lab_store(m, COUNT, lab_load(m, COUNT) + 1, LAB_RELEASE);
        lab_store(m, LOCKED, 0, LAB_RELEASE);
    }
}

gr_status exercise(void *problem, int workers)
{
    (void)workers;
    return lab_run(problem, count);
}
