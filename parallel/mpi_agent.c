// SPDX-License-Identifier: BSD-3-Clause
#include "parallel/mpi_agent.h"
#include "lib/timer.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

// ---- the inner map ----

// Its workers count on from rank to rank.
static gr_status init(void **state, int worker, void *argument)
{
    const gr_agent *a = argument;
    return a->options.init(state, a->rank * a->inner->spec.workers + worker, a->options.argument);
}

static void fini(void *state, int worker, void *argument)
{
    const gr_agent *a = argument;
    a->options.fini(state, a->rank * a->inner->spec.workers + worker, a->options.argument);
}

// Without brackets the rank does the tasks itself, unless that could take too long.
static void inner_spec(const gr_map_spec *spec, int workers, char text[96])
{
    const char *usual = spec->timeout > 0 ? "fork:1" : "serial";
    const char *given = spec->inner[0] ? spec->inner : usual;
    size_t name = strcspn(given, ":,");
    if (workers)
        snprintf(text, 96, "%.*s:%d%s", (int)name, given, workers, given + name);
    else
        snprintf(text, 96, "%s", given);
}

gr_status gr_agent_open(gr_agent *a, const gr_map *map, int rank, int workers)
{
    char text[96];
    *a = (gr_agent){.options = map->options, .rank = rank};
    gr_map_options options = {.init = a->options.init ? init : NULL,
                              .fini = a->options.fini ? fini : NULL,
                              .argument = a};
    inner_spec(&map->spec, workers, text);
    GR_TRY(gr_map_new(&a->inner, text, &options));
    a->inner->within = map;
    if (map->spec.tasks) a->inner->spec.tasks = map->spec.tasks;
    a->grain = (size_t)a->inner->spec.workers;
    return GR_OK;
}

void gr_agent_begin(gr_agent *a, const gr_job *job)
{
    assert(!a->held);
    if (job->func->call != a->call) a->grain = (size_t)a->inner->spec.workers;
    a->job = *job;
    a->call = job->func->call;
    a->job.listener = (gr_listener){.user = NULL};
    a->job.chunk = 0;
    a->since = a->busy = 0, a->lost = 0;
}

void gr_agent_close(gr_agent *a)
{
    gr_agent_drop(a);
    if (a->inner) gr_map_close(a->inner);
}

void gr_agent_fini(gr_agent *a)
{
    gr_agent_drop(a);
    while (a->held) gr_agent_put_down(a);
    gr_map_free(a->inner);
    a->inner = NULL;
}

// ---- loads ----

void gr_agent_take(gr_agent *a, gr_load load)
{
    assert(a->held < GR_AGENT_LOADS);
    load.begun = load.done = load.told = load.lo;
    a->loads[a->held++] = load;
}

void gr_agent_put_down(gr_agent *a)
{
    free(a->loads[0].memory);
    a->held--;
    for (int k = 0; k < a->held; k++) a->loads[k] = a->loads[k + 1];
}

double gr_agent_busy(const gr_agent *a)
{
    return a->busy + (a->since > 0 ? gr_now() - a->since : 0);
}

// ---- bits ----

static const void *record_at(const gr_agent *a, const gr_load *l, size_t task)
{
    size_t size = a->job.func->in_size;
    return l->in ? (const char *)l->in + (task - l->lo) * (size ? size : sizeof(gr_bytes)) : NULL;
}

static void *result_at(const gr_agent *a, const gr_load *l, size_t task)
{
    size_t size = a->job.func->out_size;
    return l->out ? (char *)l->out + (task - l->lo) * (size ? size : sizeof(gr_bytes)) : NULL;
}

static gr_status begin_bit(gr_agent *a, gr_load *l)
{
    struct gr_bit *b = &a->bits[a->under_way];
    size_t left = l->hi - l->begun, n = a->grain < left ? a->grain : left;
    *b = (struct gr_bit){.lo = l->begun, .hi = l->begun + n, .began = gr_now()};
    gr_job job = a->job;
    job.n = n;
    job.first += b->lo;
    job.in = record_at(a, l, b->lo), job.out = result_at(a, l, b->lo);
    job.outcomes = l->outcomes + (b->lo - l->lo);
    GR_TRY(gr_map_start(a->inner, &job, &b->run));
    l->begun = b->hi;
    if (!(a->since > 0)) a->since = b->began;
    a->under_way++;
    return GR_OK;
}

// As many as the inner map can have: one where the rank itself is the worker.
static gr_status begin_bits(gr_agent *a)
{
    int most = a->inner->type->slots < GR_AGENT_BITS ? a->inner->type->slots : GR_AGENT_BITS;
    for (int k = 0; k < a->held; k++)
        while (a->under_way < most && a->loads[k].begun < a->loads[k].hi)
            GR_TRY(begin_bit(a, &a->loads[k]));
    return GR_OK;
}

static gr_load *load_of(gr_agent *a, size_t task)
{
    int k = 0;
    while (task < a->loads[k].lo || task >= a->loads[k].hi) k++;
    assert(k < a->held);
    return &a->loads[k];
}

// A bit of a few milliseconds costs nearly nothing and says often enough how far it is.
static void adapt(gr_agent *a, double took)
{
    size_t least = (size_t)a->inner->spec.workers;
    if (took < 2e-3 && a->grain < SIZE_MAX / 8) a->grain *= 4;
    if (took > 20e-3) a->grain = a->grain / 2 > least ? a->grain / 2 : least;
}

static void count_lost(gr_agent *a)
{
    gr_worker workers[64];
    int n = gr_map_workers(a->inner, workers, 64);
    for (int k = 0; k < n && k < 64; k++) a->lost += workers[k].lost;
}

static void free_results(const gr_agent *a, gr_load *l, size_t from, size_t to)
{
    if (a->job.func->out_size || !l->out) return;
    for (gr_bytes *r = result_at(a, l, from); from < to; from++, r++) {
        free(r->data);
        *r = (gr_bytes){0};
    }
}

// Only the beginning of what was dropped counts as done.
static size_t done_before(const gr_load *l, const struct gr_bit *b)
{
    size_t task = b->lo;
    while (task < b->hi && l->outcomes[task - l->lo].status != GR_ECANCEL) task++;
    return task;
}

static gr_status end_bit(gr_agent *a, bool dropped)
{
    struct gr_bit b = a->bits[0];
    gr_load *l = load_of(a, b.lo);
    bool whole = b.run->done == b.hi - b.lo;
    gr_status status = whole || dropped ? GR_OK : gr_run_get(b.run);
    if (l->done == b.lo) l->done = whole ? b.hi : done_before(l, &b);
    free_results(a, l, l->done > b.lo ? l->done : b.lo, b.hi);
    adapt(a, gr_now() - b.began);
    count_lost(a);
    gr_run_free(b.run);
    a->under_way--;
    for (int k = 0; k < a->under_way; k++) a->bits[k] = a->bits[k + 1];
    if (!a->under_way) a->busy = gr_agent_busy(a), a->since = 0;
    return status;
}

gr_status gr_agent_step(gr_agent *a, double seconds)
{
    GR_TRY(begin_bits(a));
    if (!a->under_way || !gr_run_wait(a->bits[0].run, seconds)) return GR_OK;
    GR_TRY(end_bit(a, false));
    return begin_bits(a);
}

void gr_agent_drop(gr_agent *a)
{
    for (int k = 0; k < a->under_way; k++) gr_run_cancel(a->bits[k].run);
    while (a->under_way) {
        gr_run_wait(a->bits[0].run, -1);
        end_bit(a, true);
    }
}
