// SPDX-License-Identifier: BSD-3-Clause
// A halo by messages, and one by plain reads.
#include "lessons/16_onesided/mpi_lesson.h"
#include <string.h>

static int left_of(const gr_ringmix *p) { return (p->me + p->ranks - 1) % p->ranks; }
static int right_of(const gr_ringmix *p) { return (p->me + 1) % p->ranks; }

gr_status sharedmix_messages(void *problem, int workers)
{
    gr_ringmix *p = problem;
    int n = (int)p->n, left = left_of(p), right = right_of(p);
    uint32_t *from_left = p->both, *from_right = p->both + p->n;
    MPI_Comm comm = gr_mpi_comm();
    (void)workers;
    for (size_t k = 0; k < p->steps; k++) {
        MPI_Sendrecv(p->own, n, MPI_UINT32_T, right, 0, from_left, n, MPI_UINT32_T, left, 0, comm,
                     MPI_STATUS_IGNORE);
        MPI_Sendrecv(p->own, n, MPI_UINT32_T, left, 1, from_right, n, MPI_UINT32_T, right, 1, comm,
                     MPI_STATUS_IGNORE);
        gr_ringmix_mix(p->own, p->own, from_left, from_right, p->n);
    }
    return GR_OK;
}

static uint32_t *segment_of(MPI_Win window, int rank)
{
    MPI_Aint size;
    int unit;
    void *base;
    MPI_Win_shared_query(window, rank, &size, &unit, &base);
    return base;
}

// What I have written is there for all, and what they have written for me. A barrier alone is for
// processes; MPI_Win_sync on both sides of it is for their memory.
static void meet(MPI_Win window)
{
    MPI_Win_sync(window);
    MPI_Barrier(gr_mpi_comm());
    MPI_Win_sync(window);
}

// Each segment is two halves: all read one and write the other, so one meeting a step is enough.
gr_status sharedmix_shared(void *problem, int workers)
{
    gr_ringmix *p = problem;
    size_t n = p->n, now = 0;
    uint32_t *own;
    MPI_Win window;
    (void)workers;
    MPI_Win_allocate_shared((MPI_Aint)((2 * n + 1) * sizeof *own), sizeof *own, MPI_INFO_NULL,
                            gr_mpi_comm(), &own, &window);
    const uint32_t *left = segment_of(window, left_of(p)), *right = segment_of(window, right_of(p));
    MPI_Win_lock_all(MPI_MODE_NOCHECK, window);
    onesided_late(0);
    gr_ringmix_begin(p, own);
    for (size_t k = 0; k < p->steps; k++, now = n - now) {
        meet(window);
        if (k < 2) onesided_late((int)k + 1);
        gr_ringmix_mix(own + n - now, own + now, left + now, right + now, n);
    }
    memcpy(p->own, own + now, n * sizeof *own);
    MPI_Win_unlock_all(window);
    MPI_Win_free(&window);
    return GR_OK;
}
