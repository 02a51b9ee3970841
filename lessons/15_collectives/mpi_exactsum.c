// SPDX-License-Identifier: BSD-3-Clause
// The wide sum in three ways. None of them rounds before the end, so none depends on who adds what.
#include "lessons/15_collectives/mpi_lesson.h"

static wide own_sum(const exactsum *p)
{
    wide sum = {{0}};
    for (size_t i = 0; i < p->own; i++) wide_add(&sum, p->number[i]);
    return sum;
}

gr_status exactsum_chain(void *problem, int workers)
{
    exactsum *p = problem;
    wide sum = {{0}};
    int me = gr_rank();
    if (me > 0) block_receive(sum.limb, WIDE_LIMBS, me - 1);
    for (size_t i = 0; i < p->own; i++) wide_add(&sum, p->number[i]);
    wide_carry(&sum);
    if (me + 1 < workers) block_send(sum.limb, WIDE_LIMBS, me + 1);
    MPI_Bcast(sum.limb, WIDE_LIMBS, MPI_INT64_T, workers - 1, gr_mpi_comm());
    p->sum = wide_round(&sum);
    return GR_OK;
}

gr_status exactsum_limbs(void *problem, int workers)
{
    exactsum *p = problem;
    wide own = own_sum(p), sum;
    (void)workers;
    MPI_Allreduce(own.limb, sum.limb, WIDE_LIMBS, MPI_INT64_T, MPI_SUM, gr_mpi_comm());
    p->sum = wide_round(&sum);
    return GR_OK;
}

static void add_wide(void *in, void *inout, int *length, MPI_Datatype *type)
{
    const wide *x = in;
    wide *sum = inout;
    (void)type;
    for (int k = 0; k < *length; k++) {
        for (int i = 0; i < WIDE_LIMBS; i++) sum[k].limb[i] += x[k].limb[i];
        wide_carry(&sum[k]);
    }
}

gr_status exactsum_operation(void *problem, int workers)
{
    exactsum *p = problem;
    wide own = own_sum(p), sum;
    MPI_Datatype type;
    MPI_Op adding;
    (void)workers;
    MPI_Type_contiguous(WIDE_LIMBS, MPI_INT64_T, &type);
    MPI_Type_commit(&type);
    MPI_Op_create(add_wide, 1, &adding); // 1: the order does not matter
    MPI_Allreduce(&own, &sum, 1, type, adding, gr_mpi_comm());
    MPI_Op_free(&adding);
    MPI_Type_free(&type);
    p->sum = wide_round(&sum);
    return GR_OK;
}
