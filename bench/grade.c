// SPDX-License-Identifier: BSD-3-Clause
// grade -- judges one compiled exercise in a process of its own: is it right? is it fast?
//
// `gradus learn check` starts `gradus grade`, so that an exercise that crashes or never ends takes
// nothing with it; the same words run in the sanitized build are the memory check.
// Method: docs/method.md (A against B, the target rule).
#include "bench/command.h"
#include "bench/plan.h"
#include "lib/cpu.h"
#include "lib/ranks.h"
#include "lib/stats.h"
#include "lib/timer.h"
#include <dlfcn.h>
#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BASELINE, YOURS, OURS, VARIANTS, MOST_ROUNDS = 96 };

typedef struct grading {
    const gr_ladder *ladder;
    gr_rung rung[VARIANTS];
    gr_size size;
    int workers;
    double target; // share of our solution's gain
    void *problem;
    size_t k; // runs in a sample, the same for all variants
    double seconds[VARIANTS][MOST_ROUNDS];
    gr_status failed;
    FILE *answers; // what `gradus learn` reads
} grading;

static gr_status load(gr_rung *rung, const char *path, const char *name)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) return gr_fail(GR_EARG, "cannot load: %.400s", dlerror());
    void *symbol = dlsym(library, "exercise");
    if (!symbol) return gr_fail(GR_EDATA, "it defines no function `exercise`");
    memcpy(&rung->run, &symbol, sizeof symbol); // ISO C has no conversion from object to function
    rung->name = name;
    return GR_OK;
}

// ---- right?
// --------------------------------------------------------------------------------------

enum { PATIENCE = 20 }; // seconds for one size; ours takes a fraction of one

static void say_size(gr_size size, void *context)
{
    const grading *g = context;
    fprintf(g->answers, "size %zu %zu\n", size.n, size.steps);
    fflush(g->answers);
    alarm(PATIENCE); // its signal ends an exercise that does not end
}

// On the first `size` ranks; the others wait. Rank 0 knows the first failure and its text.
static gr_status grade_crowd(grading *g, int size)
{
    gr_status status = GR_OK;
    alarm(0); // those that wait do not know when it is time
    if (gr_ranks_narrow(size)) {
        gr_truths truths = {0};
        status = gr_ladder_check_edges(g->ladder, &g->rung[YOURS], size, &truths, say_size, g);
        gr_truths_free(g->ladder, &truths);
        alarm(0);
        gr_ranks_widen();
    }
    bool failed = gr_ranks_max(status ? 1 : 0) > 0;
    return failed && !status ? gr_fail(GR_EDATA, "another rank failed") : status;
}

// One, an even and an odd number, a prime, and a grid that is not square; as far as there are
// ranks.
static gr_status grade_ranks(grading *g)
{
    static const int crowds[] = {1, 2, 3, 5, 6};
    int all = gr_ranks();
    for (size_t i = 0; i < sizeof crowds / sizeof *crowds && crowds[i] <= all; i++)
        GR_TRY(grade_crowd(g, crowds[i]));
    return GR_OK;
}

static gr_status grade_correct(grading *g)
{
    if (gr_ranks_possible()) return grade_ranks(g);
    static const int crowds[] = {1, 2, 3};
    gr_truths truths = {0};
    gr_status status = GR_OK;
    for (int i = 0; !status && i < (g->workers > 1 ? 3 : 1); i++)
        status = gr_ladder_check_edges(g->ladder, &g->rung[YOURS], crowds[i], &truths, say_size, g);
    gr_truths_free(g->ladder, &truths);
    alarm(0);
    return status;
}

// ---- fast?
// ---------------------------------------------------------------------------------------

static double time_variant(grading *g, int variant)
{
    double sum = 0;
    for (size_t i = 0; i < g->k; i++) {
        if (g->ladder->reset) g->ladder->reset(g->problem);
        double start = gr_now();
        gr_status status = g->rung[variant].run(g->problem, g->workers);
        sum += gr_now() - start;
        if (status) g->failed = status;
    }
    return sum / (double)g->k;
}

static double time_ours(size_t k, void *context) // the fastest variant sets the batch for all
{
    grading *g = context;
    g->k = k;
    double t = time_variant(g, OURS);
    return g->failed ? NAN : t * (double)k;
}

static gr_interval gain(grading *g, int variant, size_t rounds)
{
    double base[MOST_ROUNDS];
    memcpy(base, g->seconds[BASELINE], rounds * sizeof *base);
    return gr_ratio_interval(base, g->seconds[variant], rounds, 0.975);
}

static double needed(const grading *g, gr_interval ours)
{
    return pow(fmax(ours.mid, 1), g->target);
}

static gr_verdict judge(grading *g, size_t rounds)
{
    gr_interval ours = gain(g, OURS, rounds);
    if (ours.mid < 1.05)
        return GR_PASS; // this machine does not reward the idea: being right is enough
    return gr_judge(gain(g, YOURS, rounds), needed(g, ours));
}

static gr_status run_rounds(grading *g, double seconds, size_t *rounds, gr_verdict *verdict)
{
    double start = gr_now();
    gr_rng rng = gr_rng_of(1, 0);
    *verdict = GR_NOT_JUDGED;
    for (*rounds = 0; *rounds < MOST_ROUNDS;) {
        size_t order[VARIANTS];
        gr_latin_row(rng, VARIANTS, *rounds, order);
        for (int i = 0; i < VARIANTS; i++)
            g->seconds[order[i]][*rounds] = time_variant(g, (int)order[i]);
        if (g->failed) return g->failed;
        size_t n = ++*rounds;
        bool look = n == 12 || n == 24 || n == 48 || n == MOST_ROUNDS;
        if (look) *verdict = judge(g, n);
        if (look && *verdict != GR_NOT_JUDGED) break;
        if (n >= 12 && gr_now() - start > seconds) break;
    }
    if (*verdict == GR_NOT_JUDGED) *verdict = judge(g, *rounds);
    return GR_OK;
}

static gr_status verified_run(grading *g, void *truth)
{
    gr_output got[GR_MAX_OUTPUTS], want[GR_MAX_OUTPUTS];
    gr_ladder_poison(g->ladder, g->problem);
    if (g->ladder->reset) g->ladder->reset(g->problem);
    GR_TRY(g->rung[YOURS].run(g->problem, g->workers));
    int n = g->ladder->outputs(g->problem, got), m = g->ladder->outputs(truth, want);
    return gr_outputs_compare(got, n, want, m, g->rung[YOURS].tolerance);
}

static json_t *interval_json(gr_interval r)
{
    return json_pack("{s:f, s:f, s:f}", "mid", r.mid, "lo", r.lo, "hi", r.hi);
}

static gr_status judge_speed(grading *g, void *truth, json_t *answer)
{
    static const char *const words[] = {
        [GR_PASS] = "pass", [GR_NOT_YET] = "not yet", [GR_NOT_JUDGED] = "not judged"};
    size_t rounds;
    gr_verdict verdict;
    GR_TRY(g->rung[BASELINE].run(truth, g->workers));
    GR_TRY(verified_run(g, truth));
    if (!gr_batch_size(time_ours, g, gr_sample_floor(gr_clock_measure()))) return g->failed;
    GR_TRY(run_rounds(g, 8, &rounds, &verdict));
    GR_TRY(verified_run(g, truth));
    gr_interval yours = gain(g, YOURS, rounds), ours = gain(g, OURS, rounds);
    json_object_set_new(answer, "verdict", json_string(words[verdict]));
    json_object_set_new(answer, "yours", interval_json(yours));
    json_object_set_new(answer, "ours", interval_json(ours));
    json_object_set_new(answer, "needed", json_real(needed(g, ours)));
    json_object_set_new(answer, "rounds", json_integer((json_int_t)rounds));
    json_object_set_new(answer, "baseline_seconds",
                        json_real(gr_median(g->seconds[BASELINE], rounds)));
    json_object_set_new(answer, "seconds", json_real(gr_median(g->seconds[YOURS], rounds)));
    return GR_OK;
}

static gr_status grade_speed(grading *g, json_t *answer)
{
    void *truth = NULL;
    gr_status status = g->ladder->setup(&g->problem, g->size, 1);
    if (!status) status = g->ladder->setup(&truth, g->size, 1);
    if (!status) status = judge_speed(g, truth, answer);
    g->ladder->teardown(truth);
    g->ladder->teardown(g->problem);
    return status;
}

// ---- the command
// ---------------------------------------------------------------------------------

// What the exercise prints must not stand among the answers: it goes to stderr, line by line. Of
// several ranks rank 0 answers.
static gr_status part_streams(grading *g)
{
    int answers = gr_rank() == 0 ? dup(STDOUT_FILENO) : open("/dev/null", O_WRONLY | O_CLOEXEC);
    g->answers = answers < 0 ? NULL : fdopen(answers, "w");
    if (!g->answers || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        return gr_fail_errno("standard output");
    setvbuf(stdout, NULL, _IOLBF, 0);
    return GR_OK;
}

static int answer_with(const grading *g, gr_status status, json_t *answer)
{
    json_object_set_new(answer, "ok", json_boolean(status == GR_OK));
    json_object_set_new(answer, "text", json_string(status ? gr_errmsg() : ""));
    fflush(stdout);
    json_dumpf(answer, g->answers, JSON_COMPACT);
    putc('\n', g->answers);
    json_decref(answer);
    fclose(g->answers);
    return status ? GR_EXIT_WRONG : GR_EXIT_OK;
}

// How exactly the exercise must agree: as the rung that it is to become, the one after the
// baseline.
static double tolerance_of(const gr_ladder *ladder, const char *baseline)
{
    int index = baseline ? gr_ladder_find(ladder, baseline) : 0;
    const gr_rung *next =
        index >= 0 && ladder->rungs[index + 1].name ? &ladder->rungs[index + 1] : &ladder->rungs[0];
    return next->tolerance;
}

static gr_status prepare(grading *g, const char *ladder, const char *baseline, char **operands)
{
    const gr_rung *none;
    GR_TRY(gr_select(ladder, &g->ladder, &none));
    g->size = gr_ladder_size(g->ladder, g->size);
    int index = baseline ? gr_ladder_find(g->ladder, baseline) : 0;
    if (index < 0) return gr_fail(GR_EARG, "%s has no rung '%s'", ladder, baseline);
    g->rung[BASELINE] = g->ladder->rungs[index];
    if (!operands[0]) return gr_fail(GR_EARG, "grade: expected EXERCISE.so");
    GR_TRY(load(&g->rung[YOURS], operands[0], "yours"));
    g->rung[YOURS].tolerance = tolerance_of(g->ladder, baseline);
    if (operands[1]) GR_TRY(load(&g->rung[OURS], operands[1], "ours"));
    return GR_OK;
}

static int grade_main(int argc, char **argv)
{
    const char *ladder = "", *baseline = NULL, *share = NULL;
    bool all = false, helped;
    char **operands;
    grading g = {.workers = 1};
    const gr_option options[] = {
        {"ladder", GR_TEXT, &ladder, "L", "the ladder whose rung 0 judges"},
        {"baseline", GR_TEXT, &baseline, "R", "the rung timed beside"},
        {"size", GR_NUMBER, &g.size.n, "N", "of the speed check"},
        {"steps", GR_NUMBER, &g.size.steps, "K", "of the speed check"},
        {"all", GR_FLAG, &all, NULL, "on all cores"},
        {"target", GR_TEXT, &share, "SHARE", "of the solution's gain that is needed"},
        {0},
    };
    gr_status status = gr_options_read(&gr_command_grade, options, argc, argv, &operands, &helped);
    if (status || helped) return gr_exit_of(status);
    if (all) g.workers = gr_cpu_usable() > 1 ? gr_cpu_usable() : 2;
    g.target = share ? atof(share) : 0;
    json_t *answer = json_object();
    status = part_streams(&g);
    if (status) return gr_exit_of(status);
    status = prepare(&g, ladder, baseline, operands);
    if (!status) status = operands[1] ? grade_speed(&g, answer) : grade_correct(&g);
    return answer_with(&g, status, answer);
}

const gr_command gr_command_grade = {
    .name = "grade",
    .operands = "EXERCISE.so [SOLUTION.so]",
    .summary = "judge a compiled exercise: what learn check starts",
    .run = grade_main,
};
