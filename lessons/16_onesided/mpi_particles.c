// SPDX-License-Identifier: BSD-3-Clause
// To the next rank, and from the one before.
#include "lessons/16_onesided/mpi_lesson.h"

static void hand_on(particles *p, int count, MPI_Datatype type)
{
    int me = gr_rank(), ranks = gr_ranks();
    MPI_Sendrecv(p->own, count, type, (me + 1) % ranks, 0, p->came, count, type,
                 (me + ranks - 1) % ranks, 0, gr_mpi_comm(), MPI_STATUS_IGNORE);
    particles_show(p);
}

gr_status particles_raw(void *problem, int workers)
{
    particles *p = problem;
    (void)workers;
    p->due = (int64_t)(p->n * sizeof(particle));
    hand_on(p, (int)(p->n * sizeof(particle)), MPI_BYTE);
    return GR_OK;
}

// Where the members are is said by offsetof; where the next particle is, by the extent: a compiler
// may leave a gap at the end that no member tells of.
static MPI_Datatype particle_type(void)
{
    const int lengths[] = {1, 1, 1, 1};
    const MPI_Aint places[] = {offsetof(particle, kind), offsetof(particle, x),
                               offsetof(particle, y), offsetof(particle, number)};
    const MPI_Datatype types[] = {MPI_CHAR, MPI_DOUBLE, MPI_DOUBLE, MPI_INT32_T};
    MPI_Datatype members, type;
    MPI_Type_create_struct(4, lengths, places, types, &members);
    MPI_Type_create_resized(members, 0, sizeof(particle), &type);
    MPI_Type_commit(&type);
    MPI_Type_free(&members);
    return type;
}

gr_status particles_struct(void *problem, int workers)
{
    particles *p = problem;
    MPI_Datatype type = particle_type();
    (void)workers;
    p->due = (int64_t)p->n * PARTICLE_BYTES;
    hand_on(p, (int)p->n, type);
    MPI_Type_free(&type);
    return GR_OK;
}
