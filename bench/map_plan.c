// SPDX-License-Identifier: BSD-3-Clause
#include "bench/map_plan.h"
#include "bench/map_costs.h"
#include "bench/map_spin.h"
#include "bench/report_words.h"
#include "lib/cpu.h"
#include "lib/stats.h"
#include "lib/timer.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SAMPLE = 64, MOST = 256 };

// ---- a few items -------------------------------------------------------------------------------

enum { COPIES = 64 }; // a task shorter than BRIEF is run so often in one job
static const double BRIEF = 20e-6;

// Copies of one record, and room for their results.
typedef struct probe {
    gr_map *serial;
    gr_job job;
    char *in, *out;
} probe;

static size_t size_of(size_t fixed) { return fixed ? fixed : sizeof(gr_bytes); }

static void free_probe(probe *p)
{
    gr_map_free(p->serial);
    free(p->in), free(p->out);
}

static gr_status make_probe(probe *p, const gr_job *job)
{
    *p = (probe){.job = {.func = job->func,
                         .context = job->context,
                         .context_size = job->context_size,
                         .seed = job->seed}};
    p->job.in = p->in = calloc(COPIES, size_of(job->func->in_size));
    p->job.out = p->out = calloc(COPIES, size_of(job->func->out_size));
    gr_status status = p->in && p->out ? gr_map_new(&p->serial, "serial", NULL)
                                       : gr_fail(GR_ENOMEM, "a plan: out of memory");
    if (status) free_probe(p);
    return status;
}

// The fastest of three serial jobs of n copies of the record; of one, if that takes long.
static gr_status time_copies(probe *p, const void *record, size_t n, double *seconds)
{
    size_t in_size = size_of(p->job.func->in_size);
    *seconds = INFINITY;
    p->job.n = n;
    for (size_t i = 0; i < n; i++) memcpy(p->in + i * in_size, record, in_size);
    for (int k = 0; k < 3 && !(k > 0 && *seconds > 1e-3); k++) {
        double start = gr_now();
        gr_status status = gr_map_run(p->serial, &p->job);
        *seconds = fmin(*seconds, gr_now() - start);
        gr_bytes *results = (gr_bytes *)(void *)p->out;
        for (size_t i = 0; i < n && !p->job.func->out_size; i++) free(results[i].data);
        GR_TRY(status);
    }
    return GR_OK;
}

// What the same jobs take if their tasks do nothing.
typedef struct empty {
    double one, copies;
} empty;

static gr_status time_nothing(empty *e)
{
    probe p;
    int64_t record = 0;
    gr_job job = {.func = &gr_func_nothing};
    GR_TRY(make_probe(&p, &job));
    gr_status status = time_copies(&p, &record, 1, &e->one);
    if (!status) status = time_copies(&p, &record, COPIES, &e->copies);
    free_probe(&p);
    return status;
}

static gr_status time_task(probe *p, const void *record, const empty *e, double *length)
{
    double seconds;
    GR_TRY(time_copies(p, record, 1, &seconds));
    *length = fmax(0, seconds - e->one);
    if (seconds >= BRIEF) return GR_OK;
    GR_TRY(time_copies(p, record, COPIES, &seconds));
    *length = fmax(0, seconds - e->copies) / COPIES;
    return GR_OK;
}

// Every eighth place first, then those beside them: if the time is over early, what was measured is
// spread over all tasks.
static gr_status time_tasks(const gr_job *job, probe *p, double *length, size_t *n)
{
    empty e;
    double all[SAMPLE], start = gr_now();
    size_t most = job->n < SAMPLE ? job->n : SAMPLE, size = size_of(job->func->in_size);
    GR_TRY(time_nothing(&e));
    for (size_t k = 0; k < most; k++) all[k] = NAN;
    for (size_t first = 0; first < 8; first++)
        for (size_t k = first; k < most && !(k > 0 && gr_now() - start > 0.5); k += 8) {
            size_t task = (size_t)(((double)k + 0.5) / (double)most * (double)job->n);
            GR_TRY(time_task(p, (const char *)job->in + task * size, &e, &all[k]));
        }
    *n = 0;
    for (size_t k = 0; k < most; k++)
        if (!isnan(all[k])) length[(*n)++] = all[k];
    return GR_OK;
}

gr_status gr_map_sample(const gr_job *job, double *length, size_t *n)
{
    probe p;
    GR_TRY(make_probe(&p, job));
    gr_status status = time_tasks(job, &p, length, n);
    free_probe(&p);
    return status;
}

// Are long tasks beside long ones? By the correlation of each length with the next, beyond what
// chance does to so many. Else the order says nothing, and all orders are as likely.
static bool neighbours_alike(const double *x, size_t n)
{
    double mean = 0, with_next = 0, with_itself = 0;
    for (size_t i = 0; i < n; i++) mean += x[i] / (double)n;
    for (size_t i = 0; i < n; i++) {
        with_itself += (x[i] - mean) * (x[i] - mean);
        with_next += i + 1 < n ? (x[i] - mean) * (x[i + 1] - mean) : 0;
    }
    return with_itself > 0 && with_next / with_itself > 2 / sqrt((double)n);
}

// ---- pools -------------------------------------------------------------------------------------

typedef struct option {
    const char *launcher;
    gr_strategy strategy;
    int workers;
    double first, next; // s: with the pool's start, and without
} option;

typedef struct plan {
    const gr_map_load *load;
    gr_map_spec spec;
    // What the spec leaves open.
    bool any_launcher, any_strategy, any_workers;
    double serial;
    option options[MOST];
    size_t n;
} plan;

// All that is tried if the spec leaves it open.
static const gr_strategy strategies[] = {GR_POOL, GR_GUIDED, GR_CARDDEALER, GR_EQUALPORTION};

static gr_status add_options(plan *p, const char *launcher, int workers)
{
    gr_map_costs costs;
    GR_TRY(gr_map_costs_measure(launcher, workers, &costs));
    for (size_t s = 0; s < sizeof strategies / sizeof *strategies && p->n < MOST; s++) {
        gr_map_forecast first, next;
        if (!p->any_strategy && p->spec.strategy != strategies[s]) continue;
        GR_TRY(gr_map_predict(&costs, p->load, strategies[s], p->spec.chunk, true, &first));
        GR_TRY(gr_map_predict(&costs, p->load, strategies[s], p->spec.chunk, false, &next));
        p->options[p->n++] =
            (option){launcher, strategies[s], workers, first.seconds, next.seconds};
    }
    return GR_OK;
}

static gr_status make_options(plan *p)
{
    int crowds[16], n = gr_map_crowds(gr_cpu_usable(), crowds);
    if (!p->any_workers) crowds[0] = p->spec.workers, n = 1;
    for (int l = 0; gr_map_local[l]; l++) {
        if (!p->any_launcher && strcmp(p->spec.launcher, gr_map_local[l]) != 0) continue;
        for (int k = 0; k < n; k++) GR_TRY(add_options(p, gr_map_local[l], crowds[k]));
    }
    return GR_OK;
}

static gr_status read_spec(plan *p, const char *spec)
{
    p->any_launcher = p->any_strategy = p->any_workers = !spec;
    if (!spec) return GR_OK;
    GR_TRY(gr_map_spec_read(spec, &p->spec));
    int l = 0;
    while (gr_map_local[l] && strcmp(p->spec.launcher, gr_map_local[l]) != 0) l++;
    if (!gr_map_local[l] || p->spec.scheduler[0])
        return gr_fail(GR_EUNSUP, "map '%.60s': a plan is for 'threads' and 'fork'", spec);
    size_t head = strcspn(spec, ":,");
    p->any_strategy = !memchr(spec, '-', head);
    p->any_workers = spec[head] != ':';
    return GR_OK;
}

// ---- telling -----------------------------------------------------------------------------------

static void print_load(const gr_map_load *load, const char *task, double serial, FILE *out)
{
    double sorted[SAMPLE];
    memcpy(sorted, load->length, load->lengths * sizeof *sorted);
    double median = gr_median(sorted, load->lengths);
    fprintf(out, "%zu tasks of %s, %zu of them measured: %s to %s, median %s; one core needs %s\n",
            load->n, task, load->lengths, gr_words_seconds(sorted[0]).s,
            gr_words_seconds(sorted[load->lengths - 1]).s, gr_words_seconds(median).s,
            gr_words_seconds(serial).s);
}

static void print_options(const plan *p, const option *best, FILE *out)
{
    fprintf(out, "\n%-26s%14s%10s%14s%10s\n", "map", "first job", "gain", "next jobs", "gain");
    fprintf(out, "%-26s%14s%10s%14s%10s\n", "serial", gr_words_seconds(p->serial).s, "1.00x",
            gr_words_seconds(p->serial).s, "1.00x");
    for (size_t i = 0; i < p->n; i++) {
        const option *o = &p->options[i];
        gr_text name = gr_words("%s-%s:%d", o->launcher, gr_strategy_name(o->strategy), o->workers);
        fprintf(out, "%-26s%14s%10s%14s%10s%s\n", name.s, gr_words_seconds(o->first).s,
                gr_words_ratio(p->serial / o->first).s, gr_words_seconds(o->next).s,
                gr_words_ratio(p->serial / o->next).s, o == best ? "  <-" : "");
    }
}

static void print_advice(const plan *p, const option *best, FILE *out)
{
    if (best && best->first < p->serial)
        fprintf(out, "\ntake %s-%s:%d\n", best->launcher, gr_strategy_name(best->strategy),
                best->workers);
    else if (best && best->next < p->serial)
        fprintf(out,
                "\ntake serial for one job: starting a pool takes longer than it saves;"
                " for several jobs on one pool %s-%s:%d\n",
                best->launcher, gr_strategy_name(best->strategy), best->workers);
    else
        fprintf(out, "\ntake serial: the tasks are too short or too few to share\n");
}

static void print_plan(const plan *p, const char *task, FILE *out)
{
    const option *best = NULL;
    for (size_t i = 0; i < p->n; i++)
        if (!best || p->options[i].first < best->first) best = &p->options[i];
    print_load(p->load, task, p->serial, out);
    print_options(p, best, out);
    print_advice(p, best, out);
}

gr_status gr_map_plan_print(const char *spec, const gr_job *job, FILE *out)
{
    double length[SAMPLE];
    gr_map_load load = {.n = job->n, .length = length};
    plan p = {.load = &load};
    GR_TRY(read_spec(&p, spec));
    if (!job->n) return gr_fail(GR_EARG, "plan: no items");
    GR_TRY(gr_map_sample(job, length, &load.lengths));
    load.in_order = neighbours_alike(length, load.lengths);
    load.bytes = (double)(job->func->in_size + job->func->out_size);
    gr_map_costs serial;
    gr_map_forecast alone;
    GR_TRY(gr_map_costs_measure("serial", 1, &serial));
    GR_TRY(gr_map_predict(&serial, &load, GR_SEQUENTIAL, 0, false, &alone));
    p.serial = alone.seconds;
    GR_TRY(make_options(&p));
    print_plan(&p, job->func->name, out);
    return GR_OK;
}
