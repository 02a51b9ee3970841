// SPDX-License-Identifier: BSD-3-Clause
// An operation of one's own: MPI joins what this function joins. `commute` is 0, since first f and
// then g is not first g and then f; the order of the ranks is then kept.
#include "lessons/15_collectives/mpi_lesson.h"

static void go_on(recurrence *p, uint64_t x)
{
    for (size_t k = 0; k < p->own; k++) p->x[k] = x = affine_apply(p->step[k], x);
}

gr_status recurrence_chain(void *problem, int workers)
{
    recurrence *p = problem;
    uint64_t x = RECURRENCE_START;
    int me = gr_rank();
    if (me > 0) MPI_Recv(&x, 1, MPI_UINT64_T, me - 1, 0, gr_mpi_comm(), MPI_STATUS_IGNORE);
    go_on(p, x);
    if (p->own > 0) x = p->x[p->own - 1];
    if (me + 1 < workers) MPI_Send(&x, 1, MPI_UINT64_T, me + 1, 0, gr_mpi_comm());
    return GR_OK;
}

// What `before` has is from lower ranks than what `inout` has, and the result goes there.
static void join(void *before, void *inout, int *length, MPI_Datatype *type)
{
    const affine *f = before;
    affine *g = inout;
    (void)type;
    for (int i = 0; i < *length; i++) g[i] = affine_then(f[i], g[i]);
}

gr_status recurrence_exscan(void *problem, int workers)
{
    recurrence *p = problem;
    affine own = {1, 0}, before;
    MPI_Datatype pair;
    MPI_Op joining;
    (void)workers;
    for (size_t k = 0; k < p->own; k++) own = affine_then(own, p->step[k]);
    MPI_Type_contiguous(2, MPI_UINT64_T, &pair);
    MPI_Type_commit(&pair);
    MPI_Op_create(join, 0, &joining);
    MPI_Exscan(&own, &before, 1, pair, joining, gr_mpi_comm());
    if (gr_rank() == 0) before = (affine){1, 0}; // nobody is before it: MPI says nothing
    MPI_Op_free(&joining);
    MPI_Type_free(&pair);
    go_on(p, affine_apply(before, RECURRENCE_START));
    return GR_OK;
}
