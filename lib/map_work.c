// SPDX-License-Identifier: BSD-3-Clause
// map_work -- one task, as every worker of every launcher runs it.
#include "lib/map_type.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// ---- replies ----

static gr_status heap_grow(struct gr_reply *reply, size_t room)
{
    char *data = realloc(reply->data, room);
    if (!data) return gr_fail(GR_ENOMEM, "a reply of %zu bytes: out of memory", room);
    reply->data = data, reply->room = room;
    return GR_OK;
}

static gr_bytes heap_keep(struct gr_reply *reply)
{
    gr_bytes bytes = {reply->data, reply->size};
    void *exact = bytes.size ? realloc(bytes.data, bytes.size) : NULL;
    if (exact) bytes.data = exact;
    if (!bytes.size) free(bytes.data), bytes.data = NULL;
    reply->data = NULL, reply->size = reply->room = 0;
    return bytes;
}

static void heap_fini(struct gr_reply *reply) { free(reply->data); }

struct gr_reply gr_reply_on_heap(void)
{
    return (struct gr_reply){.grow = heap_grow, .keep = heap_keep, .fini = heap_fini};
}

gr_status gr_reply(gr_call *call, const void *bytes, size_t size)
{
    struct gr_reply *r = call->reply;
    if (!r->open)
        return gr_fail(GR_EARG, "gr_reply: the result has a fixed size, or is not wanted");
    if (size > PTRDIFF_MAX - r->size)
        return gr_fail(GR_ENOMEM, "a reply of %zu bytes: out of memory", size);
    size_t need = r->size + size;
    if (need > r->room) GR_TRY(r->grow(r, need < 2 * r->room ? 2 * r->room : need));
    if (size) memcpy(r->data + r->size, bytes, size);
    r->size = need;
    return GR_OK;
}

// ---- tasks ----

// The record of a task: one of a fixed size, one of any size, or none.
static gr_bytes record_of(const gr_work *w, size_t task)
{
    if (!w->in) return (gr_bytes){0};
    if (!w->in_size) return ((const gr_bytes *)w->in)[task];
    return (gr_bytes){(char *)(uintptr_t)w->in + task * w->in_size, w->in_size};
}

static void note(gr_work *w, size_t task, gr_status status, int attempts, const char *text)
{
    gr_outcome *o = &w->notes[task];
    *o = (gr_outcome){.status = status, .attempts = attempts};
    if (status) strncpy(o->text, *text ? text : gr_status_text(status), sizeof o->text - 1);
}

// A failed task has zeros for a result, or none, whatever it wrote before.
static void clear_result(gr_work *w, size_t task)
{
    if (!w->out) return;
    if (w->out_size)
        memset((char *)w->out + task * w->out_size, 0, w->out_size);
    else
        ((gr_bytes *)w->out)[task] = (gr_bytes){0};
}

void gr_work_give_up(gr_work *w, size_t task, gr_status status, int attempts, const char *text)
{
    clear_result(w, task);
    note(w, task, status, attempts, text);
}

bool gr_work_task(gr_work *w, int place, gr_hand *hand, void *state, struct gr_reply *reply)
{
    size_t task = hand->at;
    int attempt = hand->losses;
    gr_bytes record = record_of(w, task);
    reply->size = 0, reply->open = w->out && w->out_size == 0;
    gr_call call = {.in = record.data,
                    .in_size = record.size,
                    .out = w->out_size ? (char *)w->out + task * w->out_size : NULL,
                    .context = w->context,
                    .context_size = w->context_size,
                    .state = state,
                    .index = w->first + task,
                    .attempt = attempt,
                    .rng = {.seed = w->seed, .stream = w->first + task},
                    .reply = reply};
    gr_status status = w->call(&call);
    if (status) {
        gr_work_give_up(w, task, status, attempt + 1, gr_errmsg());
        gr_fail(GR_OK, "%s", ""); // the next failure has a text of its own, or none
    } else {
        if (reply->open) ((gr_bytes *)w->out)[task] = reply->keep(reply);
        if (attempt) note(w, task, GR_OK, attempt + 1, "");
    }
    return gr_deal_done(&w->deal, place, hand, status || attempt);
}

void gr_work_make(gr_work *w, const gr_run *run, gr_outcome *notes, void *words)
{
    const gr_job *job = &run->job;
    const gr_map_spec *spec = &run->map->spec;
    *w = (gr_work){.call = job->func->call,
                   .in_size = job->func->in_size,
                   .out_size = job->func->out_size,
                   .in = job->in,
                   .out = job->out,
                   .context = job->context,
                   .context_size = job->context_size,
                   .seed = job->seed,
                   .first = job->first,
                   .notes = notes};
    gr_deal_make(&w->deal, spec->strategy, job->n, job->chunk, spec->workers, words);
}

gr_status gr_work_new(gr_work **work, const gr_run *run)
{
    const gr_job *job = &run->job;
    const gr_map_spec *spec = &run->map->spec;
    size_t words = gr_deal_bytes(spec->strategy,
                                 gr_deal_chunks(spec->strategy, job->n, job->chunk, spec->workers));
    size_t before = sizeof(gr_work) + words, size;
    *work = NULL;
    char *memory = NULL;
    if (!__builtin_mul_overflow(job->n, sizeof(gr_outcome), &size) &&
        !__builtin_add_overflow(size, before, &size))
        memory = calloc(1, size);
    if (!memory) return gr_fail(GR_ENOMEM, "a job of %zu tasks: out of memory", job->n);
    *work = (gr_work *)(void *)memory;
    gr_work_make(*work, run, (gr_outcome *)(void *)(memory + before), memory + sizeof(gr_work));
    return GR_OK;
}
