// SPDX-License-Identifier: BSD-3-Clause
// Wrong: takes the lock and does not give it back.
#include "lessons/13_shared_memory/lab.h"

enum { COUNT, LOCKED }; // the cells

static void count(lab *m, int core, int cores)
{
    (void)cores;
    for (int i = 0; i < lab_events(m, core); i++) {
        while (!lab_compare_swap(m, LOCKED, 0, 1)) continue;
        lab_store(m, COUNT, lab_load(m, COUNT) + 1, LAB_RELEASE);
    }
}

gr_status exercise(void *problem, int workers)
{
    (void)workers;
    return lab_run(problem, count);
}
