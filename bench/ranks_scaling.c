// SPDX-License-Identifier: BSD-3-Clause
#include "bench/ranks_scaling.h"
#include "bench/ranks_memory.h"
#include "bench/ranks_train.h"
#include "lib/stats.h"
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { ROUNDS = 3, TRAINS = 2, SAMPLES = ROUNDS * TRAINS, MOST_CROWDS = 32 };
#define TRAIN 1e-3 // s, about

typedef struct point {
    int procs;
    gr_size size;
    double seconds[SAMPLES], work; // work: units of the finished problem
    size_t n;
} point;

typedef struct study {
    const gr_ladder *ladder;
    const gr_rung *rung, *serial;                 // serial: whose outputs are the truth here
    point strong[MOST_CROWDS], weak[MOST_CROWDS]; // [0]: one rank; weak[0] is not used
    size_t crowds, grown; // grown: those of `weak` whose problems fit into memory
} study;

// ---- what is studied ----

// The case studies: problems that are dealt to threads or processes as well. Those of the lessons
// on messages are made of little else, and would only say that these take time.
static bool studied(const gr_ladder *ladder)
{
    bool threads = false;
    for (const gr_rung *r = ladder->rungs; r->name; r++)
        threads = threads || r->launcher == GR_LAUNCH_THREADS || r->launcher == GR_LAUNCH_FORK;
    return threads && ladder->sizes[0].n && !ladder->per_rank;
}

// The last rung of the ladder for one core that does the same work at this size; NULL: none.
static const gr_rung *serial_of(const gr_ladder *ladder, size_t n)
{
    const gr_rung *best = NULL;
    for (const gr_rung *r = ladder->rungs; r->name; r++)
        if (r->launcher == GR_LAUNCH_NONE && !r->other_algorithm && r->run &&
            (!r->largest || n <= r->largest))
            best = r;
    return best;
}

// 1, 2, 3, 4, 6, 8, 12, 16 ... and `most`.
static size_t crowds(int most, int *procs)
{
    size_t n = 0;
    for (int two = 1; two <= most && n + 3 < MOST_CROWDS; two *= 2) {
        procs[n++] = two;
        if (two > 1 && two / 2 * 3 <= most) procs[n++] = two / 2 * 3;
    }
    if (procs[n - 1] != most) procs[n++] = most;
    return n;
}

// ---- one problem ----

static gr_status compare(const study *s, void *problem, void *truth)
{
    gr_output got[GR_MAX_OUTPUTS], want[GR_MAX_OUTPUTS];
    int n = s->ladder->outputs(problem, got), m = s->ladder->outputs(truth, want);
    return gr_outputs_compare(got, n, want, m, s->rung->tolerance + s->serial->tolerance);
}

// Rank 0's, which alone has the outputs.
static gr_status compare_with_serial(const study *s, gr_size size, void *problem)
{
    void *truth = NULL;
    GR_TRY(s->ladder->setup(&truth, size, 1));
    if (s->ladder->reset) s->ladder->reset(truth);
    gr_status status = s->serial->run(truth, 1);
    if (!status) status = compare(s, problem, truth);
    s->ladder->teardown(truth);
    return status;
}

static gr_status verify(const study *s, point *p, void *problem)
{
    gr_ladder_poison(s->ladder, problem);
    if (s->ladder->reset) s->ladder->reset(problem);
    GR_TRY(gr_ranks_agree(s->rung->run(problem, gr_ranks())));
    p->work = s->ladder->work(problem);
    return gr_ranks_agree(gr_rank() ? GR_OK : compare_with_serial(s, p->size, problem));
}

static gr_status take_times(const study *s, point *p, void *problem)
{
    gr_sync barriers = {.windows = false};
    gr_train train = {.ladder = s->ladder, .rung = s->rung, .problem = problem};
    gr_train_time time;
    GR_TRY(gr_ranks_agree(gr_train_plan(&barriers, &train, TRAIN)));
    for (int i = 0; i < TRAINS; i++) {
        GR_TRY(gr_ranks_agree(gr_train_run(&barriers, &train, &time)));
        p->seconds[p->n++] = time.seconds;
    }
    return GR_OK;
}

static gr_status visit(const study *s, point *p, bool first)
{
    void *problem = NULL;
    gr_status status = gr_ranks_agree(s->ladder->setup(&problem, p->size, 1));
    if (!status && first) status = verify(s, p, problem);
    if (!status) status = take_times(s, p, problem);
    s->ladder->teardown(problem);
    return status;
}

// Every rank has a whole problem, and rank 0 the truth beside it.
static bool fits(const gr_ladder *ladder, gr_size size)
{
    return !ladder->footprint || gr_ranks_fit(2 * ladder->footprint(size));
}

// Collective over all ranks, of which the first few do it: rank 0 always, which knows why it
// failed.
static gr_status visit_narrowed(const study *s, point *p, bool first)
{
    gr_status status = GR_OK;
    if (gr_ranks_narrow(p->procs)) {
        status = visit(s, p, first);
        gr_ranks_widen();
    }
    bool failed = gr_ranks_max(status != GR_OK) > 0;
    return failed && !status ? gr_fail(GR_EUNSUP, "it failed on other ranks") : status;
}

// ---- one study ----

// Units of work at that size, by rank 0's best rung on one core.
static gr_status work_at(const study *s, gr_size size, double *work)
{
    void *problem = NULL;
    GR_TRY(s->ladder->setup(&problem, size, 1));
    if (s->ladder->reset) s->ladder->reset(problem);
    gr_status status = s->serial->run(problem, 1);
    *work = s->ladder->work(problem);
    s->ladder->teardown(problem);
    return status;
}

// The power of n with which the work grows: 2 for the points of a square.
static gr_status growth_of(const study *s, gr_size size, double *power)
{
    double one = 1, more = 1;
    gr_size larger = {2 * size.n, size.steps};
    gr_status status = GR_OK;
    if (gr_rank() == 0) status = work_at(s, size, &one);
    if (gr_rank() == 0 && !status) status = work_at(s, larger, &more);
    GR_TRY(gr_ranks_agree(status));
    *power = gr_ranks_max(gr_rank() ? -INFINITY : log2(more / one));
    return *power > 0.1 ? GR_OK : gr_fail(GR_EUNSUP, "the work does not grow with the size");
}

static gr_status plan(study *s, const int *procs, size_t n, gr_size size)
{
    size = gr_ladder_size(s->ladder, size);
    double power;
    s->crowds = n, s->grown = 0;
    s->serial = serial_of(s->ladder, size.n);
    if (!s->serial) return gr_fail(GR_EUNSUP, "no rung for one core to compare with");
    GR_TRY(growth_of(s, size, &power));
    for (size_t k = 0; k < n; k++) {
        double grown = round((double)size.n * pow(procs[k], 1 / power));
        s->strong[k] = (point){.procs = procs[k], .size = size};
        s->weak[k] = (point){.procs = procs[k], .size = {(size_t)grown, size.steps}};
        if (s->grown == k && fits(s->ladder, s->weak[k].size)) s->grown++;
    }
    return GR_OK;
}

static gr_status run(study *s)
{
    for (int round = 0; round < ROUNDS; round++)
        for (size_t k = 0; k < s->crowds; k++) {
            GR_TRY(visit_narrowed(s, &s->strong[k], round == 0));
            if (k > 0 && k < s->grown) GR_TRY(visit_narrowed(s, &s->weak[k], round == 0));
        }
    return GR_OK;
}

// ---- what is printed ----

static json_t *point_json(point *p)
{
    gr_interval t = gr_median_interval(p->seconds, p->n, 0.95);
    return json_pack("{s:i, s:I, s:I, s:f, s:f, s:f, s:f}", "procs", p->procs, "n",
                     (json_int_t)p->size.n, "steps", (json_int_t)p->size.steps, "median", t.mid,
                     "lo", t.lo, "hi", t.hi, "work", p->work);
}

static json_t *study_json(study *s, const char *why)
{
    json_t *j = json_pack("{s:s, s:s, s:s}", "ladder", s->ladder->name, "rung", s->rung->name,
                          "n_name", s->ladder->n_name);
    json_t *strong = json_array(), *weak = json_array();
    for (size_t k = 0; !*why && k < s->crowds; k++) {
        json_array_append_new(strong, point_json(&s->strong[k]));
        if (k < s->grown) json_array_append_new(weak, point_json(k ? &s->weak[k] : &s->strong[k]));
    }
    json_object_set_new(j, "strong", strong);
    json_object_set_new(j, "weak", weak);
    if (*why) json_object_set_new(j, "why", json_string(why));
    return j;
}

static void add_study(json_t *studies, const gr_ladder *ladder, const gr_rung *rung, gr_size size)
{
    int procs[MOST_CROWDS];
    study s = {.ladder = ladder, .rung = rung};
    gr_status status = plan(&s, procs, crowds(gr_ranks(), procs), size);
    if (!status) status = run(&s);
    if (gr_rank() == 0) json_array_append_new(studies, study_json(&s, status ? gr_errmsg() : ""));
}

static void add_studies(json_t *studies, const gr_ladder *ladder, const gr_rung *rung, gr_size size)
{
    for (const gr_rung *r = ladder->rungs; r->name; r++)
        if (r->launcher == GR_LAUNCH_MPI && (!rung || r == rung))
            add_study(studies, ladder, r, size.n ? size : ladder->sizes[0]);
}

gr_status gr_ranks_scaling_print(const gr_ladder *ladder, const gr_rung *rung, gr_size size)
{
    json_t *studies = json_array();
    if (ladder) add_studies(studies, ladder, rung, size);
    for (const gr_ladder *const *l = gr_ladders; *l && !ladder; l++)
        if (studied(*l)) add_studies(studies, *l, NULL, size);
    json_t *all = json_pack("{s:i, s:o}", "ranks", gr_ranks(), "studies", studies);
    if (gr_rank() == 0) {
        json_dumpf(all, stdout, JSON_COMPACT | JSON_REAL_PRECISION(7));
        putchar('\n');
    }
    json_decref(all);
    return GR_OK;
}
