// SPDX-License-Identifier: BSD-3-Clause
// Step 1: the talk's array, filled by several processes.
//
// gr_fork_team_run starts `workers` processes and waits for them; each calls fill_rows with its
// number. They do fill the rows, and yet the parent's table stays as it was. Let them fill an array
// in shared memory, and copy it into the table when they are done:
//   gr_shm shm; gr_array shared;
//   gr_shm_array(&shm, &shared, GR_I32, 2, shape)   a new array that all processes see
//   gr_array_copy(&mine, &shared)                   mine[...] = shared
//   gr_shm_free(&shm)                               when it is no longer needed
// All but the last return a gr_status: GR_TRY(call) passes a failure on.
#include "lessons/13_shared_memory/shared.h"
#include "parallel/fork_team.h"
#include "parallel/shm.h"

static gr_status fill_rows(int member, int size, void *context)
{
    const gr_array *a = context;
    const size_t n = a->shape[0];
    for (size_t i = shared_begin(n, member, size); i < shared_begin(n, member + 1, size); i++) {
        gr_array row = gr_array_slice(*a, 0, (ptrdiff_t)i, (ptrdiff_t)i + 1, 1);
        int32_t number = (int32_t)i + 1;
        gr_array_fill(&row, &number);
    }
    return GR_OK;
}

gr_status exercise(void *problem, int workers)
{
    shared_table *p = problem;
    const size_t shape[] = {p->n, p->n};
    gr_array mine = gr_array_of(p->a, GR_I32, 2, shape);
    // TODO: an array in shared memory for the processes to fill
    return gr_fork_team_run(workers, -1, fill_rows, &mine);
}
