// SPDX-License-Identifier: BSD-3-Clause
#include "bench/ranks_speed.h"
#include "bench/map_spin.h"
#include "lib/ranks.h"
#include "lib/timer.h"
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

enum { FIRST_READINGS = 12 };
#define READING 1e-3 // s, about, of the fastest rank

// ---- readings ----

static double spin(int64_t steps)
{
    int64_t reached;
    gr_call call = {.in = &steps, .out = &reached};
    double start = gr_now();
    gr_func_spin.call(&call); // in another file: it cannot be left out
    return gr_now() - start;
}

void gr_meter_read(gr_meter *meter)
{
    gr_ranks_max(0);
    double took = spin(meter->steps);
    if (meter->n < GR_METER_READINGS) meter->seconds[meter->n++] = took;
}

void gr_meter_begin(gr_meter *meter)
{
    *meter = (gr_meter){.steps = (int64_t)gr_ranks_max(READING / gr_spin_step())};
    for (int i = 0; i < FIRST_READINGS; i++) gr_meter_read(meter);
}

gr_status gr_meter_gather(gr_meter *meter, gr_rank_speed **all)
{
    gr_rank_speed mine = {.seconds = gr_median_interval(meter->seconds, meter->n, 0.95)};
    gethostname(mine.host, sizeof mine.host - 1);
    size_t ranks = (size_t)gr_ranks();
    *all = gr_rank() == 0 ? calloc(ranks, sizeof mine) : NULL;
    gr_status status = gr_rank() > 0 || *all
                           ? GR_OK
                           : gr_fail(GR_ENOMEM, "the speeds of %zu ranks: out of memory", ranks);
    GR_TRY(gr_ranks_agree(status));
    gr_ranks_gather(&mine, sizeof mine, *all);
    status = gr_ranks_agree(*all ? gr_speed_judge(*all, ranks) : GR_OK);
    if (status) free(*all), *all = NULL;
    return status;
}

// ---- the rule ----

#define LEAST      0.05   // of the others' median
#define DEVIATIONS 5      // of their medians, by
#define PER_MAD    1.4826 // standard deviations in a median absolute deviation

static void judge_one(gr_rank_speed *all, size_t ranks, size_t one, double *x)
{
    gr_rank_speed *it = &all[one];
    size_t n = 0;
    for (size_t r = 0; r < ranks; r++)
        if (r != one) x[n++] = all[r].seconds.mid;
    it->others = gr_median(x, n);
    for (size_t i = 0; i < n; i++) x[i] = fabs(x[i] - it->others);
    double deviation = PER_MAD * gr_median(x, n);
    double limit = it->others + fmax(LEAST * it->others, DEVIATIONS * deviation);
    it->slow = it->seconds.bounded && it->seconds.lo > limit;
}

gr_status gr_speed_judge(gr_rank_speed *all, size_t ranks)
{
    double *x = malloc((ranks + 1) * sizeof *x);
    if (!x) return gr_fail(GR_ENOMEM, "the speeds of %zu ranks: out of memory", ranks);
    for (size_t r = 0; r < ranks; r++) judge_one(all, ranks, r, x);
    free(x);
    return GR_OK;
}
