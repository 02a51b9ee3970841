// SPDX-License-Identifier: BSD-3-Clause
// Wrong: orders the store, but there are still two steps.
#include "lessons/13_shared_memory/lab.h"

enum { COUNT }; // the cell

static void count(lab *m, int core, int cores)
{
    (void)cores;
    for (int i = 0; i < lab_events(m, core); i++) {
        int64_t before = lab_load(m, COUNT);
        lab_store(m, COUNT, before + 1, LAB_RELEASE);
    }
}

gr_status exercise(void *problem, int workers)
{
    (void)workers;
    return lab_run(problem, count);
}
