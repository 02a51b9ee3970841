// SPDX-License-Identifier: BSD-3-Clause
// Five ways to both neighbours.
#include "lessons/15_collectives/mpi_lesson.h"
#if __has_include(<mpi-ext.h>)
#include <mpi-ext.h>
#endif

static int left_of(const gr_ringmix *p) { return (p->me - 1 + p->ranks) % p->ranks; }
static int right_of(const gr_ringmix *p) { return (p->me + 1) % p->ranks; }
static uint32_t *from_left(const gr_ringmix *p) { return p->both; }
static uint32_t *from_right(const gr_ringmix *p) { return p->both + p->n; }

static void mix(gr_ringmix *p)
{
    gr_ringmix_mix(p->own, p->own, from_left(p), from_right(p), p->n);
}

gr_status ringmix_sendrecv(void *problem, int workers)
{
    gr_ringmix *p = problem;
    int n = (int)p->n, left = left_of(p), right = right_of(p);
    MPI_Comm comm = gr_mpi_comm();
    (void)workers;
    for (size_t k = 0; k < p->steps; k++) {
        MPI_Sendrecv(p->own, n, MPI_UINT32_T, right, 0, from_left(p), n, MPI_UINT32_T, left, 0,
                     comm, MPI_STATUS_IGNORE);
        MPI_Sendrecv(p->own, n, MPI_UINT32_T, left, 1, from_right(p), n, MPI_UINT32_T, right, 1,
                     comm, MPI_STATUS_IGNORE);
        mix(p);
    }
    return GR_OK;
}

// Requests that outlive their messages. After MPI_Waitall they rest until they are started again.
gr_status ringmix_persistent(void *problem, int workers)
{
    gr_ringmix *p = problem;
    int n = (int)p->n, left = left_of(p), right = right_of(p);
    MPI_Comm comm = gr_mpi_comm();
    MPI_Request all[4];
    (void)workers;
    MPI_Recv_init(from_left(p), n, MPI_UINT32_T, left, 0, comm, &all[0]);
    MPI_Recv_init(from_right(p), n, MPI_UINT32_T, right, 1, comm, &all[1]);
    MPI_Send_init(p->own, n, MPI_UINT32_T, right, 0, comm, &all[2]);
    MPI_Send_init(p->own, n, MPI_UINT32_T, left, 1, comm, &all[3]);
    for (size_t k = 0; k < p->steps; k++) {
        MPI_Startall(4, all);
        MPI_Waitall(4, all, MPI_STATUSES_IGNORE);
        mix(p);
    }
    for (int i = 0; i < 4; i++) MPI_Request_free(&all[i]);
    return GR_OK;
}

static MPI_Comm ring_of(const gr_ringmix *p)
{
    MPI_Comm ring;
    MPI_Cart_create(gr_mpi_comm(), 1, &p->ranks, (const int[]){1}, 0, &ring);
    return ring;
}

// The neighbours' blocks come in the order of the communicator: left, right.
gr_status ringmix_neighbourhood(void *problem, int workers)
{
    gr_ringmix *p = problem;
    int n = (int)p->n;
    MPI_Comm ring = ring_of(p);
    (void)workers;
    for (size_t k = 0; k < p->steps; k++) {
        MPI_Neighbor_allgather(p->own, n, MPI_UINT32_T, p->both, n, MPI_UINT32_T, ring);
        mix(p);
    }
    MPI_Comm_free(&ring);
    return GR_OK;
}

gr_status ringmix_nonblocking(void *problem, int workers)
{
    gr_ringmix *p = problem;
    int n = (int)p->n;
    MPI_Comm ring = ring_of(p);
    MPI_Request request;
    (void)workers;
    for (size_t k = 0; k < p->steps; k++) {
        MPI_Ineighbor_allgather(p->own, n, MPI_UINT32_T, p->both, n, MPI_UINT32_T, ring, &request);
        MPI_Wait(&request, MPI_STATUS_IGNORE); // here what does not need the neighbours could go on
        mix(p);
    }
    MPI_Comm_free(&ring);
    return GR_OK;
}

// A collective that outlives its messages. GR_PERSISTENT is MPI_Neighbor_allgather_init (MPI 4.0,
// chapter 8.8), or the name under which Open MPI 4 has it.
#ifdef GR_PERSISTENT
gr_status ringmix_prepared(void *problem, int workers)
{
    gr_ringmix *p = problem;
    int n = (int)p->n;
    MPI_Comm ring = ring_of(p);
    MPI_Request halo;
    (void)workers;
    GR_PERSISTENT(p->own, n, MPI_UINT32_T, p->both, n, MPI_UINT32_T, ring, MPI_INFO_NULL, &halo);
    for (size_t k = 0; k < p->steps; k++) {
        MPI_Start(&halo);
        MPI_Wait(&halo, MPI_STATUS_IGNORE);
        mix(p);
    }
    MPI_Request_free(&halo);
    MPI_Comm_free(&ring);
    return GR_OK;
}
#endif
