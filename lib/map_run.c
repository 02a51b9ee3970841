// SPDX-License-Identifier: BSD-3-Clause
// map_run -- a job under way: which tasks have ended, who is told, and what the run returns.
//
// Everything is read from the words of the job's deal. Two walks over them, each of which passes a
// chunk once: `over` in the order of the chunks, to know when the run is finished, and, where
// somebody wants to see task by task, one cursor for each lane.
#include "lib/map_type.h"
#include "lib/timer.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

bool gr_run_over(gr_run *run)
{
    const gr_deal *d = &run->work->deal;
    while (run->over < d->chunks) {
        gr_chunk_word w = gr_deal_look(d, run->over);
        if (!gr_deal_over(w)) return false;
        run->done += w.done;
        run->noted |= w.noted || w.state == GR_CHUNK_DROPPED;
        gr_worker *worker = &run->workers[w.place];
        worker->tasks += w.done, worker->chunks += w.done > 0;
        run->over++;
    }
    return true;
}

void gr_run_fail(gr_run *run, gr_status status, const char *text)
{
    if (run->finished || run->status) return;
    run->status = status;
    snprintf(run->text, sizeof run->text, "%s", text);
    gr_run_cancel(run);
}

// ---- task by task ----

static void collect(gr_run *run, size_t lo, size_t hi)
{
    const gr_map_type *type = run->map->type;
    if (!type->collect || lo == hi) return;
    gr_status status = type->collect(run->map, run, lo, hi);
    if (status) gr_run_fail(run, status, gr_errmsg());
}

// Takes note of what has ended in a chunk since it was last seen.
static gr_chunk_word see_chunk(gr_run *run, size_t k)
{
    const gr_deal *d = &run->work->deal;
    gr_chunk_word w = gr_deal_look(d, k);
    size_t lo = gr_deal_lo(d, k);
    collect(run, lo + run->told[k], lo + w.done);
    for (; run->told[k] < w.done; run->told[k]++) {
        run->order[run->ended++] = lo + run->told[k];
        run->seen[lo + run->told[k]] = true;
    }
    return w;
}

// A chunk that was never taken ends the walk: those behind it in its lane were not taken either.
static void see(gr_run *run)
{
    const gr_deal *d = &run->work->deal;
    size_t lanes = gr_deal_lanes(d);
    for (size_t lane = 0; lane < lanes; lane++) {
        bool all = true;
        for (size_t k = run->cursor[lane]; k < d->chunks; k += lanes) {
            gr_chunk_word w = see_chunk(run, k);
            if (w.state == GR_CHUNK_FREE) break;
            all = all && gr_deal_over(w);
            if (all) run->cursor[lane] = k + lanes;
        }
    }
}

bool gr_run_news(gr_run *run)
{
    const gr_deal *d = &run->work->deal;
    if (run->over == d->chunks || atomic_load(&run->cancelled) > run->dropped) return true;
    if (!run->followed) return gr_run_over(run);
    size_t lanes = gr_deal_lanes(d);
    for (size_t lane = 0; lane < lanes; lane++)
        for (size_t k = run->cursor[lane]; k < d->chunks; k += lanes) {
            gr_chunk_word w = gr_deal_look(d, k);
            if (w.done > run->told[k] || w.state == GR_CHUNK_DROPPED) return true;
            if (w.state == GR_CHUNK_FREE) break;
        }
    return false;
}

static gr_outcome outcome_of(const gr_run *run, size_t task)
{
    const gr_deal *d = &run->work->deal;
    gr_outcome o = {.attempts = 1};
    if (gr_deal_look(d, gr_deal_chunk_of(d, task)).noted && run->work->notes[task].attempts)
        o = run->work->notes[task];
    return o;
}

static void tell_task(gr_run *run, size_t task)
{
    const gr_listener *l = &run->job.listener;
    gr_outcome o = outcome_of(run, task);
    if (o.status) {
        if (l->error) l->error(task, &o, l->user);
    } else if (l->result) {
        size_t size = run->work->out_size;
        const char *out = run->job.out;
        gr_bytes bytes = {NULL, size};
        if (out && size)
            bytes.data = (char *)run->job.out + task * size;
        else if (out)
            bytes = ((const gr_bytes *)run->job.out)[task];
        l->result(task, bytes.data, bytes.size, l->user);
    }
}

static void tell(gr_run *run, bool last)
{
    const gr_listener *l = &run->job.listener;
    if (run->telling) return; // a listener that waits for another run
    run->telling = true;
    while (run->heard < run->ended) tell_task(run, run->order[run->heard++]);
    double now = l->progress ? gr_now() : 0;
    if (l->progress && (last || now - run->progress >= 0.1)) {
        run->progress = now;
        l->progress(run->ended, run->job.n, l->user);
    }
    run->telling = false;
}

// ---- the end ----

static void see_outcome(gr_run *run, size_t task, const gr_outcome *o)
{
    if (run->job.outcomes) run->job.outcomes[task] = *o;
    if (!o->status || run->status || run->done < run->job.n) return;
    run->status = o->status;
    snprintf(run->text, sizeof run->text, "task %zu: %s", task, o->text);
}

// Tasks that were dropped are cancelled; those with nothing to note went well at once.
static void see_outcomes(gr_run *run, size_t k)
{
    const gr_deal *d = &run->work->deal;
    gr_chunk_word w = gr_deal_look(d, k);
    if (!run->job.outcomes && !w.noted) return;
    size_t lo = gr_deal_lo(d, k), hi = gr_deal_lo(d, k + 1);
    for (size_t i = lo; i < hi; i++) {
        gr_outcome o = {.attempts = 1};
        if (i - lo >= w.done)
            o = (gr_outcome){GR_ECANCEL, i - lo == w.done ? w.losses : 0, "cancelled"};
        else if (w.noted && run->work->notes[i].attempts)
            o = run->work->notes[i];
        see_outcome(run, i, &o);
    }
}

static void collect_all(gr_run *run)
{
    const gr_deal *d = &run->work->deal;
    for (size_t k = 0; run->map->type->collect && k < d->chunks; k++) {
        size_t lo = gr_deal_lo(d, k);
        collect(run, lo + (run->told ? run->told[k] : 0), lo + gr_deal_look(d, k).done);
    }
}

static void count(gr_run *run)
{
    gr_map *map = run->map;
    int n = map->spec.workers;
    double lasted = gr_now() - run->started;
    if (map->type->count) map->type->count(map, run, run->workers);
    for (int p = 0; p < n; p++) run->workers[p].idle = lasted - run->workers[p].busy;
    memcpy(map->workers, run->workers, (size_t)n * sizeof *map->workers);
    map->ran = true;
}

static void finish(gr_run *run)
{
    collect_all(run);
    bool look = run->job.outcomes || run->noted;
    for (size_t k = 0; look && k < run->work->deal.chunks; k++) see_outcomes(run, k);
    if (run->done < run->job.n && !run->status) {
        run->status = GR_ECANCEL;
        snprintf(run->text, sizeof run->text, "cancelled: %zu of %zu tasks were done", run->done,
                 run->job.n);
    }
    count(run);
    run->map->type->unpost(run->map, run);
    run->work = NULL;
    run->finished = true;
}

void gr_run_update(gr_run *run)
{
    if (run->telling) return; // a listener that waits for another run of this map
    if (atomic_load(&run->cancelled) && !run->dropped) {
        gr_deal_cancel(&run->work->deal);
        run->dropped = true;
    }
    bool over = gr_run_over(run);
    if (run->followed || (over && run->order)) see(run);
    if (run->followed) tell(run, over);
    if (over) finish(run);
}
