// SPDX-License-Identifier: BSD-3-Clause
// Wrong: lets all go and sets the count back then: who is quick has come already.
#include "lessons/13_shared_memory/lab.h"

enum { COUNT, SENSE }; // cells; those of lab_work follow

static void wait_for_all(lab *m, int cores, int64_t *sense)
{
    *sense = !*sense;
    if (lab_add(m, COUNT, 1) == cores - 1) {
        lab_store(m, SENSE, *sense, LAB_RELEASE);
        lab_store(m, COUNT, 0, LAB_RELEASE);
    } else {
        while (lab_load(m, SENSE) != *sense) continue;
    }
}

static void program(lab *m, int core, int cores)
{
    int64_t sense = 0; // this core's own
    for (int k = 0; k < lab_phases(m); k++) {
        lab_work(m, core, cores, k);
        wait_for_all(m, cores, &sense);
    }
}

gr_status exercise(void *problem, int workers)
{
    (void)workers;
    return lab_run(problem, program);
}
