// SPDX-License-Identifier: BSD-3-Clause
#include "lib/map_type.h"
#include "lib/timer.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

_Thread_local const gr_inside *gr_map_inside;

size_t gr_chunk(size_t n, int workers)
{
    size_t deals = (size_t)(workers > 1 ? workers : 1) * 64;
    return n <= deals ? 1 : (n - 1) / deals + 1;
}

// ---- the queue ----

static void unlink_run(gr_run *run)
{
    gr_run **link = &run->map->first;
    while (*link != run) link = &(*link)->next;
    *link = run->next;
    run->map = NULL;
}

// The launcher would not have it, or it was cancelled before: it ends without having begun.
static void refuse(gr_run *run, gr_status status, const char *text)
{
    run->status = status;
    snprintf(run->text, sizeof run->text, "%s", text);
    for (size_t i = 0; run->job.outcomes && i < run->job.n; i++)
        run->job.outcomes[i] = (gr_outcome){GR_ECANCEL, 0, "cancelled"};
    run->finished = true;
}

static void post(gr_map *map, gr_run *run)
{
    if (atomic_load(&run->cancelled)) {
        refuse(run, GR_ECANCEL, "cancelled: nothing was begun");
        return;
    }
    run->started = gr_now();
    gr_status status = map->type->post(map, run);
    if (status)
        refuse(run, status, gr_errmsg());
    else
        map->posted++;
}

// Hands runs to the launcher, first come first served, as long as it has room.
static void post_runs(gr_map *map)
{
    for (gr_run *r = map->first; r && map->posted < map->type->slots; r = r->next)
        if (!r->work && !r->finished) post(map, r);
}

static void cancel_all(gr_map *map)
{
    for (gr_run *r = map->first; r; r = r->next) gr_run_cancel(r);
}

static void update_runs(gr_map *map)
{
    for (gr_run *r = map->first; r; r = r->next)
        if (r->work && !r->finished) {
            gr_run_update(r);
            map->posted -= r->finished;
        }
}

static void unlink_finished(gr_map *map)
{
    for (gr_run *r = map->first, *next; r; r = next) {
        next = r->next;
        if (r->finished && !r->telling) unlink_run(r);
    }
}

static void attend(gr_map *map, double seconds)
{
    if (atomic_exchange(&map->cancelled, false)) cancel_all(map);
    post_runs(map);
    if (map->posted) map->type->attend(map, seconds);
    update_runs(map);
    post_runs(map);
    unlink_finished(map);
}

// ---- runs ----

// For those who want to see task by task.
static gr_status make_lists(gr_run *run)
{
    const gr_map_spec *s = &run->map->spec;
    size_t n = run->job.n, chunks = gr_deal_chunks(s->strategy, n, run->job.chunk, s->workers);
    run->order = calloc(n + 1, sizeof *run->order);
    run->seen = calloc(n + 1, sizeof *run->seen);
    run->told = calloc(chunks + 1, sizeof *run->told);
    run->cursor = calloc((size_t)s->workers, sizeof *run->cursor);
    if (!run->order || !run->seen || !run->told || !run->cursor)
        return gr_fail(GR_ENOMEM, "a job of %zu tasks: out of memory", n);
    for (size_t lane = 0; lane < (size_t)s->workers; lane++) run->cursor[lane] = lane;
    return GR_OK;
}

static void free_run(gr_run *run)
{
    free(run->workers);
    free(run->order);
    free(run->seen);
    free(run->told);
    free(run->cursor);
    free(run);
}

static size_t usual_chunk(const gr_map_spec *s, size_t n)
{
    if (s->chunk) return s->chunk;
    size_t chunk = s->strategy == GR_GUIDED ? 1 : gr_chunk(n, s->workers);
    return chunk > (size_t)s->width ? chunk : (size_t)s->width; // enough for the map in brackets
}

static gr_job with_defaults(const gr_map *map, gr_job job)
{
    const gr_map_spec *s = &map->spec;
    if (!job.chunk) job.chunk = usual_chunk(s, job.n);
    if (!(job.timeout > 0)) job.timeout = s->timeout;
    if (!job.retries) job.retries = s->retries ? s->retries : 2;
    if (job.retries < 0) job.retries = 0;
    if (job.retries > GR_DEAL_LOSSES) job.retries = GR_DEAL_LOSSES;
    return job;
}

static gr_status make_run(gr_map *map, const gr_job *job, bool lists, gr_run **run)
{
    gr_run *r = calloc(1, sizeof *r);
    if (!r) return gr_fail(GR_ENOMEM, "a job of %zu tasks: out of memory", job->n);
    r->map = map;
    r->job = with_defaults(map, *job);
    r->followed = job->listener.result || job->listener.error || job->listener.progress;
    r->workers = calloc((size_t)map->spec.workers, sizeof *r->workers);
    gr_status status = GR_OK;
    if (!r->workers) status = gr_fail(GR_ENOMEM, "a job of %zu tasks: out of memory", job->n);
    if (!status && (lists || r->followed)) status = make_lists(r);
    if (!status)
        *run = r;
    else
        free_run(r);
    return status;
}

// Without results of a fixed size, the caller frees each: those of tasks that failed are none.
static void clear_results(const gr_job *job)
{
    if (!job->func->out_size && job->out && job->n) memset(job->out, 0, job->n * sizeof(gr_bytes));
}

static gr_status start(gr_map *map, const gr_job *job, bool lists, gr_run **run)
{
    assert(job->func && job->func->call && (job->out || !job->func->out_size || !job->n));
    *run = NULL;
    GR_TRY(gr_map_check_owner(map));
    GR_TRY(gr_map_check_timeout(map, job->timeout));
    gr_run *r = NULL;
    GR_TRY(make_run(map, job, lists, &r));
    clear_results(job);
    gr_run **link = &map->first;
    while (*link) link = &(*link)->next;
    *link = r;
    post_runs(map);
    if (r->finished) { // refused
        gr_status status = gr_fail(r->status, "%s", r->text);
        unlink_run(r);
        free_run(r);
        return status;
    }
    *run = r;
    return GR_OK;
}

gr_status gr_map_start(gr_map *map, const gr_job *job, gr_run **run)
{
    return start(map, job, true, run);
}

bool gr_run_wait(gr_run *run, double seconds)
{
    double end = gr_now() + seconds, left = seconds;
    while (!run->finished) {
        attend(run->map, left);
        if (seconds >= 0 && (left = end - gr_now()) <= 0) break;
    }
    return run->finished;
}

bool gr_run_ready(gr_run *run) { return gr_run_wait(run, 0); }

gr_status gr_run_get(gr_run *run)
{
    gr_run_wait(run, -1);
    return run->status ? gr_fail(run->status, "%s", run->text) : GR_OK;
}

// Nothing but stores: signal handlers and listeners may call it.
void gr_run_cancel(gr_run *run) { atomic_store(&run->cancelled, true); }

void gr_map_cancel(gr_map *map) { atomic_store(&map->cancelled, true); }

void gr_run_free(gr_run *run)
{
    if (!run) return;
    assert(!run->telling);
    gr_run_cancel(run);
    gr_run_wait(run, -1);
    free_run(run);
}

// Is there a task to give, in the order that is wanted?
static bool take_next(gr_run *run, bool ordered, size_t *index)
{
    if (!ordered) {
        if (run->came == run->ended) return false;
        *index = run->order[run->came++];
        return true;
    }
    while (run->finished && run->front < run->job.n && !run->seen[run->front]) run->front++;
    if (run->front == run->job.n || !run->seen[run->front]) return false;
    *index = run->front++;
    return true;
}

bool gr_run_next(gr_run *run, bool ordered, double seconds, size_t *index)
{
    double end = gr_now() + seconds, left = seconds;
    run->followed = true;
    while (!take_next(run, ordered, index)) {
        if (run->finished || (seconds >= 0 && left <= 0)) return false;
        attend(run->map, left);
        left = seconds < 0 ? seconds : end - gr_now();
        if (seconds >= 0 && left <= 0) return take_next(run, ordered, index);
    }
    return true;
}

gr_status gr_map_run(gr_map *map, const gr_job *job)
{
    gr_map *own = NULL;
    if (!map) GR_TRY(gr_map_new(&own, "serial", NULL));
    gr_run *run;
    gr_status status = start(map ? map : own, job, false, &run);
    if (!status) {
        status = gr_run_get(run);
        gr_run_free(run);
    }
    gr_map_free(own);
    return status;
}

// ---- the end ----

void gr_map_close(gr_map *map)
{
    if (map->owner != getpid()) return;
    cancel_all(map);
    map->type->close(map);
    while (map->first) attend(map, 0);
}
