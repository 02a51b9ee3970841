// SPDX-License-Identifier: BSD-3-Clause
#include "bench/ranks_sweep.h"
#include "lib/ranks.h"
#include "lib/stats.h"
#include "lib/timer.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_RUNGS = 12, SAMPLES = 12 };

typedef struct sweep {
    const gr_ladder *ladder;
    const gr_rung *rung[MOST_RUNGS];
    int rungs, native; // native: -1 if there is none
    void *problem;
    double seconds[MOST_RUNGS][SAMPLES];
    // Of all sizes: how often something else was faster than native, and how much at best and at
    // worst.
    int rows, faster;
    double best, worst;
} sweep;

static void find_rungs(sweep *s)
{
    s->native = -1;
    for (const gr_rung *r = s->ladder->rungs; r->name && s->rungs < MOST_RUNGS; r++) {
        if (r->launcher != GR_LAUNCH_MPI) continue;
        if (!strcmp(r->name, "native")) s->native = s->rungs;
        s->rung[s->rungs++] = r;
    }
}

// Seconds of one call: the mean of k, each from a barrier on; of the slowest rank.
static double sample(sweep *s, const gr_rung *rung, size_t k, gr_status *status)
{
    double sum = 0;
    for (size_t i = 0; i < k; i++) {
        if (s->ladder->reset) s->ladder->reset(s->problem);
        gr_ranks_max(0);
        double start = gr_now();
        gr_status failed = rung->run(s->problem, gr_ranks());
        sum += gr_now() - start;
        if (failed) *status = failed;
    }
    return gr_ranks_max(sum) / (double)k;
}

// As many calls as last a millisecond, by the first rung.
static size_t calls(sweep *s, gr_status *status)
{
    double once = fmax(sample(s, s->rung[0], 20, status), 1e-7);
    return once > 1e-3 ? 1 : (size_t)(1e-3 / once) + 1;
}

static gr_status time_rungs(sweep *s)
{
    gr_status status = GR_OK;
    size_t k = calls(s, &status);
    for (int i = 0; i < SAMPLES; i++)
        for (int turn = 0; turn < s->rungs; turn++) {
            int r = (turn + i) % s->rungs;
            s->seconds[r][i] = sample(s, s->rung[r], k, &status);
        }
    return gr_ranks_agree(status);
}

static void print_row(sweep *s, size_t n)
{
    double best = INFINITY, native = NAN;
    printf("%9zu", n);
    for (int r = 0; r < s->rungs; r++) {
        double t = gr_median(s->seconds[r], SAMPLES);
        if (r == s->native) native = t;
        if (r != s->native) best = fmin(best, t);
        printf(" %13.2f", t * 1e6);
    }
    double ratio = best / native;
    if (s->native >= 0) printf(" %12.2f", ratio);
    printf("\n");
    fflush(stdout);
    s->rows++, s->faster += ratio < 1;
    s->best = fmin(s->best, ratio), s->worst = fmax(s->worst, ratio);
}

static gr_status sweep_size(sweep *s, size_t n)
{
    gr_size size = gr_ladder_size(s->ladder, (gr_size){n, 0});
    for (int r = 0; r < s->rungs; r++)
        GR_TRY(gr_ladder_check(s->ladder, s->rung[r], size, gr_ranks()));
    gr_status status = gr_ranks_agree(s->ladder->setup(&s->problem, size, 1));
    if (!status) status = time_rungs(s);
    s->ladder->teardown(s->problem);
    s->problem = NULL;
    if (!status && gr_rank() == 0) print_row(s, n);
    return status;
}

static void print_head(const sweep *s)
{
    printf("%s: microseconds of the slowest of %d ranks, medians; every result was verified\n",
           s->ladder->title, gr_ranks());
    printf("%9s", "size");
    for (int r = 0; r < s->rungs; r++) printf(" %13.13s", s->rung[r]->name);
    printf("%s\n", s->native < 0 ? "" : "  best/native");
    fflush(stdout);
}

gr_status gr_ranks_sweep(const gr_ladder *ladder, size_t largest)
{
    sweep s = {.ladder = ladder, .best = INFINITY};
    find_rungs(&s);
    if (gr_rank() == 0) print_head(&s);
    for (size_t n = 1; n <= largest; n *= 2) GR_TRY(sweep_size(&s, n));
    if (gr_rank() == 0 && s.native >= 0)
        printf("size: %s\nthe best other is faster than native at %d of %d sizes: %.2f of its time "
               "at best, "
               "%.2f at worst\n",
               s.ladder->n_name, s.faster, s.rows, s.best, s.worst);
    return GR_OK;
}
