// SPDX-License-Identifier: BSD-3-Clause
#include "bench/ranks_sweep.h"
#include "lib/ranks.h"
#include "lib/timer.h"
#include <math.h>
#include <string.h>

enum { SAMPLES = 12 };

gr_sweep gr_sweep_of(const gr_ladder *ladder)
{
    gr_sweep s = {.ladder = ladder, .native = -1};
    for (const gr_rung *r = ladder->rungs; r->name && s.rungs < GR_SWEEP_RUNGS; r++) {
        if (r->launcher != GR_LAUNCH_MPI) continue;
        if (!strcmp(r->name, "native")) s.native = s.rungs;
        s.rung[s.rungs++] = r;
    }
    return s;
}

// Seconds of one call: the mean of k, each from a barrier on; of the slowest rank.
static double sample(const gr_ladder *ladder, const gr_rung *rung, void *problem, size_t k,
                     gr_status *status)
{
    double sum = 0;
    for (size_t i = 0; i < k; i++) {
        if (ladder->reset) ladder->reset(problem);
        gr_ranks_max(0);
        double start = gr_now();
        gr_status failed = rung->run(problem, gr_ranks());
        sum += gr_now() - start;
        if (failed) *status = failed;
    }
    return gr_ranks_max(sum) / (double)k;
}

// As many calls as last a millisecond, by the first rung.
static size_t calls(const gr_sweep *s, void *problem, gr_status *status)
{
    double once = fmax(sample(s->ladder, s->rung[0], problem, 20, status), 1e-7);
    return once > 1e-3 ? 1 : (size_t)(1e-3 / once) + 1;
}

static gr_status time_rungs(gr_sweep *s, void *problem)
{
    gr_status status = GR_OK;
    double seconds[GR_SWEEP_RUNGS][SAMPLES];
    size_t k = calls(s, problem, &status);
    for (int i = 0; i < SAMPLES; i++)
        for (int turn = 0; turn < s->rungs; turn++) {
            int r = (turn + i) % s->rungs;
            seconds[r][i] = sample(s->ladder, s->rung[r], problem, k, &status);
        }
    for (int r = 0; r < s->rungs; r++)
        s->seconds[r] = gr_median_interval(seconds[r], SAMPLES, 0.95);
    return gr_ranks_agree(status);
}

gr_status gr_sweep_time(gr_sweep *s, size_t n)
{
    void *problem = NULL;
    gr_size size = gr_ladder_size(s->ladder, (gr_size){n, 0});
    for (int r = 0; r < s->rungs; r++)
        GR_TRY(gr_ladder_check(s->ladder, s->rung[r], size, gr_ranks()));
    gr_status status = gr_ranks_agree(s->ladder->setup(&problem, size, 1));
    if (!status) status = time_rungs(s, problem);
    s->ladder->teardown(problem);
    return status;
}

double gr_sweep_ratio(const gr_sweep *s)
{
    double best = NAN;
    for (int r = 0; r < s->rungs; r++)
        if (r != s->native) best = fmin(best, s->seconds[r].mid);
    return s->native < 0 ? NAN : best / s->seconds[s->native].mid;
}

// ---- on the terminal ----

static void print_head(const gr_sweep *s)
{
    printf("%s: microseconds of the slowest of %d ranks, medians; every result was verified\n",
           s->ladder->title, gr_ranks());
    printf("%9s", "size");
    for (int r = 0; r < s->rungs; r++) printf(" %13.13s", s->rung[r]->name);
    printf("%s\n", s->native < 0 ? "" : "  best/native");
    fflush(stdout);
}

static void print_row(const gr_sweep *s, size_t n)
{
    printf("%9zu", n);
    for (int r = 0; r < s->rungs; r++) printf(" %13.2f", s->seconds[r].mid * 1e6);
    if (s->native >= 0) printf(" %12.2f", gr_sweep_ratio(s));
    printf("\n");
    fflush(stdout);
}

gr_status gr_ranks_sweep(const gr_ladder *ladder, size_t largest)
{
    gr_sweep s = gr_sweep_of(ladder);
    int sizes = 0, faster = 0;
    double best = NAN, worst = NAN;
    if (gr_rank() == 0) print_head(&s);
    for (size_t n = 1; n <= largest; n *= 2, sizes++) {
        GR_TRY(gr_sweep_time(&s, n));
        if (gr_rank() == 0) print_row(&s, n);
        double ratio = gr_sweep_ratio(&s);
        faster += ratio < 1, best = fmin(best, ratio), worst = fmax(worst, ratio);
    }
    if (gr_rank() == 0 && s.native >= 0)
        printf("size: %s\nthe best other is faster than native at %d of %d sizes: %.2f of its time "
               "at best, %.2f at worst\n",
               ladder->n_name, faster, sizes, best, worst);
    return GR_OK;
}
