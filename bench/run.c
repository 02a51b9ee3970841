// SPDX-License-Identifier: BSD-3-Clause
// run -- the command `gradus run`: one rung, once; verified and shown.
#include "bench/child.h"
#include "bench/command.h"
#include "bench/picture.h"
#include "bench/plan.h"
#include "bench/ranks.h"
#include "bench/store.h"
#include "lib/cpu.h"
#include "lib/ranks.h"
#include "lib/timer.h"
#include <string.h>

typedef struct request {
    const gr_ladder *ladder;
    const gr_rung *rung;
    gr_size size;
    int procs;
    const char *png;
} request;

// The first rung that is not too slow at this size: the truth, where it can be waited for.
static const gr_rung *judge_of(const request *r)
{
    for (const gr_rung *c = r->ladder->rungs; c->name; c++)
        if (!c->largest || r->size.n <= c->largest) return c;
    return &r->ladder->rungs[0];
}

// Rank 0 has the outputs, where there are ranks.
static gr_status verified(const request *r, void *problem)
{
    void *truth = NULL;
    gr_output got[GR_MAX_OUTPUTS], want[GR_MAX_OUTPUTS];
    const gr_rung *judge = judge_of(r);
    GR_TRY(r->ladder->setup(&truth, r->size, 1));
    gr_status status = judge->run(truth, 1);
    if (!status) {
        int n = r->ladder->outputs(problem, got), m = r->ladder->outputs(truth, want);
        status = gr_outputs_compare(got, n, want, m, r->rung->tolerance);
    }
    r->ladder->teardown(truth);
    if (!status)
        printf("verified against %s/%s: the outputs agree%s\n", r->ladder->name, judge->name,
               judge == r->rung ? " (run twice)" : "");
    return status;
}

// The picture as text and as a file. Only a file that was asked for is a failure when it is
// missing.
static gr_status show(const request *r, void *problem)
{
    gr_output out[GR_MAX_OUTPUTS];
    int columns = gr_columns(stdout);
    r->ladder->outputs(problem, out);
    if (r->ladder->picture == GR_PICTURE_NONE) return GR_OK;
    gr_picture_print(&out[0].view, r->ladder->picture, columns < 78 ? columns : 78, stdout);
    char path[GR_PATH], title[128];
    snprintf(path, sizeof path, "results/%s-%zu.png", r->ladder->name, r->size.n);
    if (r->png) snprintf(path, sizeof path, "%s", r->png);
    snprintf(title, sizeof title, "%s, %zu %s", r->ladder->name, r->size.n, r->ladder->n_name);
    gr_status status = r->png ? GR_OK : gr_make_folder("results");
    if (!status) status = gr_picture_png(&out[0].view, r->ladder->picture, title, path);
    if (status && r->png) return status;
    if (status)
        printf("no PNG: %s\n", gr_errmsg());
    else
        printf("picture: %s\n", path);
    return GR_OK;
}

static gr_status run_once(const request *r)
{
    void *problem = NULL;
    GR_TRY(gr_size_check(r->ladder, r->size));
    GR_TRY(r->ladder->setup(&problem, r->size, 1));
    gr_ladder_poison(r->ladder, problem);
    if (r->ladder->reset) r->ladder->reset(problem);
    gr_ranks_max(0); // ranks begin together
    double start = gr_now();
    gr_status status = r->rung->run(problem, r->procs);
    double seconds = gr_ranks_max(gr_now() - start);
    status = gr_ranks_agree(status);
    if (!status && gr_rank() == 0) {
        double work = r->ladder->work(problem);
        printf("%s/%s: %s\n", r->ladder->name, r->rung->name, r->rung->idea);
        printf("%zu %s", r->size.n, r->ladder->n_name);
        if (r->ladder->steps_name) printf(", %zu %s", r->size.steps, r->ladder->steps_name);
        printf(", %d worker%s: %.3g s, once and cold; %.3g %ss, %.3g a second\n", r->procs,
               r->procs == 1 ? "" : "s", seconds, work, r->ladder->unit, work / seconds);
        status = verified(r, problem);
        if (!status) status = show(r, problem);
    }
    r->ladder->teardown(problem);
    return status;
}

// Options that say nothing about this rung are mistakes, not wishes to be passed over.
static gr_status check_request(const request *r, size_t procs)
{
    const char *lacks = gr_rung_lacks(r->rung);
    if (lacks) return gr_fail(GR_EUNSUP, "%s/%s: %s", r->ladder->name, r->rung->name, lacks);
    if (procs > 4096) return gr_fail(GR_EARG, "--procs %zu: expected 1 to 4096", procs);
    if (procs > 1 && r->rung->launcher == GR_LAUNCH_NONE)
        return gr_fail(GR_EARG, "--procs %zu: %s/%s runs on one core", procs, r->ladder->name,
                       r->rung->name);
    if (r->size.steps && !r->ladder->steps_name)
        return gr_fail(GR_EARG, "--steps %zu: %s has none", r->size.steps, r->ladder->name);
    if (r->png && r->ladder->picture == GR_PICTURE_NONE)
        return gr_fail(GR_EARG, "--png %.200s: %s has no picture", r->png, r->ladder->name);
    return GR_OK;
}

static int run_main(int argc, char **argv)
{
    request r = {.procs = 0};
    size_t procs = 0;
    bool helped;
    char **operands;
    const gr_option options[] = {
        {"size", GR_COUNT, &r.size.n, "N", "the size (default: the talk's)"},
        {"steps", GR_COUNT, &r.size.steps, "K", "iterations or sweeps"},
        {"procs", GR_COUNT, &procs, "P", "workers of a parallel rung (default: all cores)"},
        {"png", GR_TEXT, &r.png, "FILE", "where the picture goes (default results/LADDER-N.png)"},
        {0},
    };
    gr_status status = gr_options_read(&gr_command_run, options, argc, argv, &operands, &helped);
    if (helped) return GR_EXIT_OK;
    if (!status && (!operands[0] || operands[1]))
        status =
            gr_fail(GR_EARG, "run: expected one LADDER or LADDER/RUNG; `gradus list` names them");
    if (!status) status = gr_select(operands[0], &r.ladder, &r.rung);
    if (!status && !r.rung) r.rung = &r.ladder->rungs[0];
    if (!status) status = check_request(&r, procs);
    if (status) return gr_exit_of(status);
    if (!r.size.n) r.size.n = r.ladder->sizes[0].n ? r.ladder->sizes[0].n : 100;
    r.size = gr_ladder_size(r.ladder, r.size);
    r.procs = r.rung->launcher == GR_LAUNCH_NONE ? 1 : procs ? (int)procs : gr_cpu_usable();
    if (gr_ranks_possible()) r.procs = gr_ranks();
    if (r.rung->launcher == GR_LAUNCH_MPI && !gr_ranks_possible())
        return gr_ranks_main((gr_ranks_shape){.ranks = r.procs}, argv);
    return gr_exit_of(run_once(&r));
}

const gr_command gr_command_run = {
    .name = "run",
    .operands = "LADDER[/RUNG]",
    .summary = "run one rung once, verify it, show its picture",
    .help = "  gradus run mandelbrot/simd --size 1000\n  gradus run laplace",
    .run = run_main,
};
