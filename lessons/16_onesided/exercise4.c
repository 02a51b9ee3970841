// SPDX-License-Identifier: BSD-3-Clause
// Step 4: memory that all of them see.
//
// The ranks of one machine can have a window that all of them read and write like their own memory.
// Each has a segment of two halves, of n numbers each. In every step it reads one half of its own,
// its left and its right neighbour's segment, and writes its other half: own + n - now. Below, each
// goes its way. Run the check: one rank comes late, and the others read what is not there yet.
//
// Before a rank reads its neighbours' half, they must have written it. And before it writes a half,
// nobody may still be reading that. Two halves make one meeting in each step enough: think why, and
// where it stands. A meeting is MPI_Win_sync, MPI_Barrier(gr_mpi_comm()), MPI_Win_sync: the barrier
// lets the ranks wait, and the syncs order what they read and write.
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
    // TODO: meet, where it is needed
    for (size_t k = 0; k < p->steps; k++, now = n - now) {
        if (k < 2) onesided_late((int)k + 1);
        gr_ringmix_mix(own + n - now, own + now, left + now, right + now, n);
    }
    memcpy(p->own, own + now, n * sizeof *own);
    MPI_Win_unlock_all(window);
    MPI_Win_free(&window);
    return GR_OK;
}
