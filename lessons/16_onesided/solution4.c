// SPDX-License-Identifier: BSD-3-Clause
// The meeting stands before reading. Whoever has passed it knows that all have written the half
// that is read now; and that all have done the step before, so nobody reads the half that is
// written now.
#include "lessons/16_onesided/mpi_lesson.h"
#include <string.h>

static uint32_t *segment_of(MPI_Win window, int rank)
{
    MPI_Aint size;
    int unit;
    void *base;
    MPI_Win_shared_query(window, rank, &size, &unit, &base);
    return base;
}

// What I have written is there for all, and what they have written is there for me.
static void meet(MPI_Win window)
{
    MPI_Win_sync(window);
    MPI_Barrier(gr_mpi_comm());
    MPI_Win_sync(window);
}

gr_status exercise(void *problem, int workers)
{
    gr_ringmix *p = problem;
    size_t n = p->n, now = 0; // the half that holds the numbers begins here: at 0 or at n
    uint32_t *own;
    MPI_Win window;
    (void)workers;
    MPI_Win_allocate_shared((MPI_Aint)((2 * n + 1) * sizeof *own), sizeof *own, MPI_INFO_NULL,
                            gr_mpi_comm(), &own, &window);
    const uint32_t *left = segment_of(window, (p->me + p->ranks - 1) % p->ranks);
    const uint32_t *right = segment_of(window, (p->me + 1) % p->ranks);
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
