// SPDX-License-Identifier: BSD-3-Clause
// The bins of a rank are a window; whoever has a value adds to them.
#include "lessons/16_onesided/mpi_lesson.h"
#include <string.h>

static int64_t *open_bins(MPI_Win *window)
{
    int64_t *bins;
    MPI_Win_allocate(BINS * sizeof *bins, sizeof *bins, MPI_INFO_NULL, gr_mpi_comm(), &bins,
                     window);
    memset(bins, 0, BINS * sizeof *bins);
    MPI_Win_fence(MPI_MODE_NOPRECEDE, *window);
    return bins;
}

static void close_bins(histogram *p, const int64_t *bins, MPI_Win *window)
{
    MPI_Win_fence(MPI_MODE_NOSUCCEED, *window);
    memcpy(p->bin, bins, sizeof p->bin);
    MPI_Win_free(window);
}

gr_status histogram_each(void *problem, int workers)
{
    histogram *p = problem;
    const int64_t one = 1;
    MPI_Win window;
    (void)workers;
    int64_t *bins = open_bins(&window);
    for (size_t k = 0; k < p->n; k++)
        MPI_Accumulate(&one, 1, MPI_INT64_T, p->value[k] / BINS, p->value[k] % BINS, 1, MPI_INT64_T,
                       MPI_SUM, window);
    close_bins(p, bins, &window);
    return GR_OK;
}

static void count(histogram *p, int ranks)
{
    memset(p->work, 0, BINS * (size_t)ranks * sizeof *p->work);
    for (size_t k = 0; k < p->n; k++) p->work[p->value[k]]++;
}

gr_status histogram_counted(void *problem, int workers)
{
    histogram *p = problem;
    MPI_Win window;
    int64_t *bins = open_bins(&window);
    count(p, workers);
    for (int r = 0; r < workers; r++)
        MPI_Accumulate(p->work + r * BINS, BINS, MPI_INT64_T, r, 0, BINS, MPI_INT64_T, MPI_SUM,
                       window);
    close_bins(p, bins, &window);
    return GR_OK;
}

gr_status histogram_reduced(void *problem, int workers)
{
    histogram *p = problem;
    count(p, workers);
    MPI_Reduce_scatter_block(p->work, p->bin, BINS, MPI_INT64_T, MPI_SUM, gr_mpi_comm());
    return GR_OK;
}
