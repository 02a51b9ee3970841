// SPDX-License-Identifier: BSD-3-Clause
// Three ways to know when a put is there. Before, nobody may write to a window that its owner is
// still setting up; after, nobody may read what may still be on its way.
#include "lessons/16_onesided/mpi_lesson.h"
#include <string.h>

// A window of (ranks, n) numbers, all -1 in the beginning.
static int64_t *make_window(const puts_problem *p, MPI_Win *window)
{
    int64_t *base;
    size_t count = (size_t)p->ranks * p->n;
    MPI_Win_allocate((MPI_Aint)(count * sizeof *base), sizeof *base, MPI_INFO_NULL, gr_mpi_comm(),
                     &base, window);
    onesided_late((int)p->n);
    for (size_t k = 0; k < count; k++) base[k] = -1;
    return base;
}

static void put_all(const puts_problem *p, MPI_Win window)
{
    int n = (int)p->n;
    onesided_late((int)p->n + 1);
    for (int r = 0; r < p->ranks; r++)
        MPI_Put(p->own, n, MPI_INT64_T, r, (MPI_Aint)p->me * n, n, MPI_INT64_T, window);
}

static void take(puts_problem *p, const int64_t *base)
{
    memcpy(p->in, base, (size_t)p->ranks * p->n * sizeof *p->in);
}

gr_status puts_fence(void *problem, int workers)
{
    puts_problem *p = problem;
    MPI_Win window;
    (void)workers;
    int64_t *base = make_window(p, &window);
    MPI_Win_fence(MPI_MODE_NOPRECEDE, window);
    put_all(p, window);
    MPI_Win_fence(MPI_MODE_NOSUCCEED, window);
    take(p, base);
    MPI_Win_free(&window);
    return GR_OK;
}

// Here all have to do with all, so the group is everybody; in a halo it is two neighbours.
gr_status puts_pscw(void *problem, int workers)
{
    puts_problem *p = problem;
    MPI_Win window;
    MPI_Group all;
    (void)workers;
    int64_t *base = make_window(p, &window);
    MPI_Win_get_group(window, &all);
    MPI_Win_post(all, 0, window);  // they may write here now
    MPI_Win_start(all, 0, window); // and I write there
    put_all(p, window);
    MPI_Win_complete(window);
    MPI_Win_wait(window); // they all have completed
    MPI_Group_free(&all);
    take(p, base);
    MPI_Win_free(&window);
    return GR_OK;
}

// The owners of the memory need not be asked. That is good for work that comes as it likes; here it
// takes two barriers, since owners do want to know.
gr_status puts_lock(void *problem, int workers)
{
    puts_problem *p = problem;
    MPI_Win window;
    (void)workers;
    int64_t *base = make_window(p, &window);
    MPI_Win_lock_all(0, window);
    MPI_Win_sync(window);
    MPI_Barrier(gr_mpi_comm());
    put_all(p, window);
    MPI_Win_flush_all(window); // all is there, at the targets
    MPI_Barrier(gr_mpi_comm());
    MPI_Win_sync(window);
    take(p, base);
    MPI_Win_unlock_all(window);
    MPI_Win_free(&window);
    return GR_OK;
}
