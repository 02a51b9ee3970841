// SPDX-License-Identifier: BSD-3-Clause
// Wrong: only the first process fills its rows.
#include "lessons/13_shared_memory/shared.h"
#include "parallel/fork_team.h"
#include "parallel/shm.h"

static gr_status fill_rows(int member, int size, void *context)
{
    const gr_array *a = context;
    if (member > 0) return GR_OK;
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
    gr_array mine = gr_array_of(p->a, GR_I32, 2, shape), shared;
    gr_shm shm;
    GR_TRY(gr_shm_array(&shm, &shared, GR_I32, 2, shape));
    gr_status status = gr_fork_team_run(workers, -1, fill_rows, &shared);
    if (!status) status = gr_array_copy(&mine, &shared);
    gr_shm_free(&shm);
    return status;
}
