// SPDX-License-Identifier: BSD-3-Clause
// measure -- one point in one fresh process: verify, calibrate, sample, verify again; print one
// line.
//
// `gradus bench` starts `gradus measure` once a lap for every point, so that memory layout, address
// randomisation and page placement vary between launches and are not taken for speed.
// On MPI ranks all of them do the same: a time is the longest of all ranks, and whatever is decided
// by a time is so decided alike. Rank 0 has the outputs, and prints. Method: docs/method.md (batch,
// samples, truth).
#include "bench/command.h"
#include "bench/map_record.h"
#include "bench/ranks_pingpong.h"
#include "bench/ranks_record.h"
#include "bench/ranks_scaling.h"
#include "bench/plan.h"
#include "lib/map.h"
#include "lib/npy.h"
#include "lib/ranks.h"
#include "lib/stats.h"
#include "lib/timer.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { WARM_BATCHES = 5 };

typedef struct launch {
    const gr_ladder *ladder;
    const gr_rung *rung;
    bool is_limit;
    void *problem;
    int procs;
    gr_status failed; // of a run inside a batch
    double whole;     // s that the last single run took
    double mine;      // s of the last batch, on this rank alone
    double seconds[GR_MOST_SAMPLES];
    double own[GR_MOST_SAMPLES]; // the same, on this rank alone
    double warm[WARM_BATCHES + 1];
    size_t samples, warmups, k;
    gr_output truth[GR_MAX_OUTPUTS]; // loaded; n == 0 while there is none
    int truths;
    gr_array loaded[GR_MAX_OUTPUTS];
} launch;

static double now(void) { return gr_ranks_max(gr_now()); }

static double time_run(launch *l)
{
    if (l->ladder->reset) l->ladder->reset(l->problem);
    gr_rung_forget(l->procs);
    double start = now();
    if (gr_ranks() > 1) start = gr_now(); // each rank its own clock, from the same moment on
    gr_status status = l->rung->run(l->problem, l->procs);
    double end = gr_now();
    status = gr_ranks_agree(status);
    if (status) l->failed = status;
    l->mine = end - start;
    l->whole = gr_ranks_max(l->mine);
    return status ? NAN : l->whole;
}

// k runs: timed as one where nothing has to be reset between them, else one by one.
static double time_batch(size_t k, void *context)
{
    launch *l = context;
    double sum = 0, mine = 0;
    if (k == 1 || gr_ladder_uses_up(l->ladder)) {
        for (size_t i = 0; i < k; i++) sum += time_run(l), mine += l->mine;
        l->mine = mine;
        return sum;
    }
    double start = now();
    if (gr_ranks() > 1) start = gr_now();
    for (size_t i = 0; i < k && !l->failed; i++) l->failed = l->rung->run(l->problem, l->procs);
    double end = gr_now();
    l->failed = gr_ranks_agree(l->failed);
    l->mine = end - start;
    sum = gr_ranks_max(l->mine);
    return l->failed ? NAN : sum;
}

// ---- truth
// ---------------------------------------------------------------------------------------

static void truth_path(char *path, size_t size, const char *prefix, int output)
{
    snprintf(path, size, "%s-%d.npy", prefix, output);
}

static gr_status write_truth(launch *l, const char *prefix)
{
    if (gr_rank() > 0) return GR_OK;
    gr_output out[GR_MAX_OUTPUTS];
    int n = l->ladder->outputs(l->problem, out);
    for (int i = 0; i < n; i++) {
        char path[4096];
        truth_path(path, sizeof path, prefix, i);
        GR_TRY(gr_npy_save(path, &out[i].view));
    }
    return GR_OK;
}

static gr_status load_truth(launch *l, const char *prefix)
{
    if (gr_rank() > 0) return GR_OK;
    int n = l->ladder->outputs(l->problem, l->truth);
    for (int i = 0; i < n; i++) {
        char path[4096];
        truth_path(path, sizeof path, prefix, i);
        GR_TRY(gr_npy_load(path, &l->loaded[i]));
        l->truth[i].view = l->loaded[i];
    }
    l->truths = n;
    return GR_OK;
}

static gr_status compare(launch *l)
{
    gr_output got[GR_MAX_OUTPUTS];
    if (l->is_limit || !l->truths) return GR_OK;
    int n = l->ladder->outputs(l->problem, got);
    return gr_outputs_compare(got, n, l->truth, l->truths, l->rung->tolerance);
}

static gr_status verify(launch *l) { return gr_ranks_agree(compare(l)); }

// ---- sampling
// ------------------------------------------------------------------------------------

static bool settled(const launch *l)
{
    if (l->warmups < 2) return false;
    double last = l->warm[l->warmups - 1], before = l->warm[l->warmups - 2];
    return fabs(last - before) < 0.05 * last;
}

static gr_status warm_up(launch *l)
{
    double start = now();
    l->k = gr_batch_size(time_batch, l, gr_ranks_max(gr_sample_floor(gr_clock_measure())));
    if (!l->k) return l->failed;
    while (l->warmups < WARM_BATCHES && now() - start < 0.2 && !settled(l)) {
        double t = time_batch(l->k, l);
        if (isnan(t)) return l->failed;
        l->warm[l->warmups++] = t / (double)l->k;
    }
    return GR_OK;
}

// A sample of k calls; its own time on this rank is the last batch's.
static void keep(launch *l, double seconds, size_t k)
{
    l->own[l->samples] = l->mine / (double)k;
    l->seconds[l->samples++] = seconds / (double)k;
}

static gr_status sample(launch *l, double seconds)
{
    double start = now(), last = 0;
    while (!gr_samples_enough(l->seconds, l->samples, 0.02) && now() - start + last < seconds) {
        double t = time_batch(l->k, l);
        if (isnan(t)) return l->failed;
        last = t;
        keep(l, t, l->k);
    }
    return GR_OK;
}

// The last sample has its outputs poisoned first, and is verified. Where calls are batched, one
// more call is, and is not counted.
static gr_status last_sample(launch *l)
{
    gr_ladder_poison(l->ladder, l->problem);
    double t = time_run(l);
    if (isnan(t)) return l->failed;
    if (l->k == 1 && l->samples < GR_MOST_SAMPLES) keep(l, t, 1);
    return verify(l);
}

// Verified before and after: the outputs are poisoned first, so that a run that leaves them alone,
// or returns what was there, is seen. A run of half a second is its own sample; one of a tenth
// needs no more warming up than the first verified run gives.
static gr_status measure(launch *l, double seconds, const char *truth, const char *write)
{
    if (truth) GR_TRY(gr_ranks_agree(load_truth(l, truth)));
    gr_ladder_poison(l->ladder, l->problem);
    double cold = time_run(l);
    if (isnan(cold)) return l->failed;
    if (write) GR_TRY(write_truth(l, write));
    if (write) GR_TRY(load_truth(l, write));
    GR_TRY(verify(l));
    l->k = 1;
    if (cold >= 0.5) {
        keep(l, cold, 1);
        return GR_OK;
    }
    l->warm[l->warmups++] = cold;
    if (cold < 0.1) GR_TRY(warm_up(l));
    GR_TRY(sample(l, seconds));
    return last_sample(l);
}

static json_t *array_of(const double *x, size_t n)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) json_array_append_new(list, json_real(x[i]));
    return list;
}

// What each worker did in the last verified run; NULL if the rung does not say.
static json_t *workers_json(const launch *l)
{
    gr_worker *workers = calloc((size_t)l->procs, sizeof *workers);
    int n = workers ? gr_rung_workers(l->whole, workers, l->procs) : 0;
    json_t *list = n ? json_array() : NULL;
    for (int k = 0; k < n; k++)
        json_array_append_new(list,
                              json_pack("{s:I, s:f, s:f}", "tasks", (json_int_t)workers[k].tasks,
                                        "busy", workers[k].busy, "idle", workers[k].idle));
    free(workers);
    return list;
}

// Each rank's own median; NULL elsewhere than on rank 0 of several. Collective.
static json_t *own_json(launch *l)
{
    size_t ranks = (size_t)gr_ranks();
    double mine = gr_median(l->own, l->samples),
           *all = gr_rank() == 0 ? calloc(ranks, sizeof mine) : NULL;
    if (ranks > 1 && !(gr_ranks_max(gr_rank() == 0 && !all) > 0))
        gr_ranks_gather(&mine, sizeof mine, all);
    json_t *own = ranks > 1 && all ? array_of(all, ranks) : NULL;
    free(all);
    return own;
}

static void print_line(const launch *l, gr_status status, json_t *own)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    double work = l->is_limit ? l->ladder->limit_work(l->problem) : l->ladder->work(l->problem);
    json_t *line = json_pack("{s:I, s:o, s:o, s:f, s:s, s:I}", "k", (json_int_t)l->k, "seconds",
                             array_of(l->seconds, l->samples), "warm",
                             array_of(l->warm, l->warmups), "work", work, "verify",
                             status ? gr_errmsg() : "ok", "nivcsw", (json_int_t)usage.ru_nivcsw);
    json_t *workers = workers_json(l);
    if (workers) json_object_set_new(line, "workers", workers);
    if (own) json_object_set_new(line, "own", own);
    json_dumpf(line, stdout, JSON_COMPACT | JSON_REAL_PRECISION(7));
    putchar('\n');
    json_decref(line);
}

static gr_status run_launch(launch *l, gr_size size, double seconds, const char *truth,
                            const char *write)
{
    GR_TRY(gr_size_check(l->ladder, size));
    GR_TRY(l->ladder->setup(&l->problem, size, 1));
    gr_status status = measure(l, seconds, truth, write);
    if (status == GR_OK || status == GR_EDATA) {
        json_t *own = own_json(l);
        if (gr_rank() == 0) print_line(l, status, own);
    }
    l->ladder->teardown(l->problem);
    for (int i = 0; i < l->truths; i++) gr_array_free(&l->loaded[i]);
    return status == GR_EDATA ? GR_OK : status; // a wrong result is an outcome, said in the line
}

// ---- the command
// ---------------------------------------------------------------------------------

typedef struct request {
    gr_size size;
    size_t procs, maps;
    double seconds;
    const char *truth, *write;
    bool limit, collectives, messages, scaling;
} request;

static gr_status measure_rung(const request *r, const char *name)
{
    launch l = {.procs = (int)r->procs, .is_limit = r->limit};
    GR_TRY(gr_select(name, &l.ladder, &l.rung));
    if (r->scaling) return gr_ranks_scaling_print(l.ladder, l.rung, r->size);
    if (r->limit) l.rung = &l.ladder->limit;
    if (!(l.rung && l.rung->name)) return gr_fail(GR_EARG, "measure: '%s' names no rung", name);
    if (!l.rung->run) return gr_fail(GR_EUNSUP, "measure: '%s' runs in gradus-mpi only", name);
    return run_launch(&l, gr_ladder_size(l.ladder, r->size), r->seconds, r->truth, r->write);
}

static gr_status measure_asked(const request *r, char **operands)
{
    const char *name = operands[0];
    if ((r->messages || r->collectives || r->scaling) && !gr_ranks_possible())
        return gr_fail(GR_EUNSUP, "measure: ranks are in gradus-mpi only");
    if (r->maps && !name) return gr_map_record_print(r->maps);
    if (r->messages && !name) return gr_pingpong_print();
    if (r->collectives && !name) return gr_ranks_record_print();
    if (r->scaling && !name) return gr_ranks_scaling_print(NULL, NULL, r->size);
    if (!name || operands[1]) return gr_fail(GR_EARG, "measure: expected one LADDER/RUNG");
    return measure_rung(r, name);
}

static int measure_main(int argc, char **argv)
{
    request r = {.procs = 1, .seconds = 0.25};
    bool helped;
    char **operands;
    const gr_option options[] = {
        {"size", GR_NUMBER, &r.size.n, "N", "the size"},
        {"steps", GR_NUMBER, &r.size.steps, "K", "its steps"},
        {"procs", GR_NUMBER, &r.procs, "P", "workers"},
        {"seconds", GR_SECONDS, &r.seconds, "T", "time for samples"},
        {"truth", GR_TEXT, &r.truth, "PREFIX", "compare with PREFIX-0.npy ..."},
        {"write-truth", GR_TEXT, &r.write, "PREFIX", "write PREFIX-0.npy ..."},
        {"limit", GR_FLAG, &r.limit, NULL, "measure the ladder's limit"},
        {"maps", GR_NUMBER, &r.maps, "N", "instead of a ladder: the costs of maps, and N jobs"},
        {"collectives", GR_FLAG, &r.collectives, NULL,
         "instead of a ladder: on ranks, what collectives cost"},
        {"pingpong", GR_FLAG, &r.messages, NULL, "or what messages between two of them cost"},
        {"scaling", GR_FLAG, &r.scaling, NULL,
         "or, of all case studies or one ladder, how rungs scale with the number of ranks"},
        {0},
    };
    gr_status status =
        gr_options_read(&gr_command_measure, options, argc, argv, &operands, &helped);
    if (status || helped) return gr_exit_of(status);
    return gr_exit_of(measure_asked(&r, operands));
}

const gr_command gr_command_measure = {
    .name = "measure",
    .operands = "LADDER/RUNG",
    .summary = "one point, once: what bench starts for every launch",
    .run = measure_main,
};
