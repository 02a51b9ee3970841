// SPDX-License-Identifier: BSD-3-Clause
#include "parallel/mpi_letter.h"
#include "parallel/mpi_mail.h"
#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

typedef struct job_head {
    size_t number;
    size_t name, context; // bytes, which follow
    size_t in_size, out_size;
    uint64_t seed;
    size_t first;
    double timeout;
    int retries;
    bool has_in, has_out;
} job_head;

typedef struct chunk_head {
    size_t chunk, lo, hi;
} chunk_head;

typedef struct part_note {
    size_t task;
    gr_outcome outcome;
} part_note;

static gr_status block(size_t size, const char *what, char **memory)
{
    *memory = NULL;
    if (size > GR_MAIL_MOST)
        return gr_fail(GR_EUNSUP, "%s of %zu bytes: a letter between ranks holds 2 GiB", what,
                       size);
    *memory = malloc(size ? size : 1);
    return *memory ? GR_OK : gr_fail(GR_ENOMEM, "%s of %zu bytes: out of memory", what, size);
}

static char *put(char *at, const void *from, size_t size)
{
    if (size) memcpy(at, from, size);
    return at + size;
}

// ---- items: records or results ----

// Bytes of n items as they stand in a letter. size 0: `items` are gr_bytes.
static size_t items_bytes(const void *items, size_t n, size_t size)
{
    const gr_bytes *any = items;
    size_t total = 0;
    if (!items) return 0;
    if (size) return n > SIZE_MAX / 2 / size ? SIZE_MAX / 2 : n * size;
    for (size_t i = 0; i < n && total <= GR_MAIL_MOST; i++) total += sizeof(size_t) + any[i].size;
    return total;
}

static char *put_items(char *at, const void *items, size_t n, size_t size)
{
    const gr_bytes *any = items;
    if (!items) return at;
    if (size) return put(at, items, n * size);
    for (size_t i = 0; i < n; i++) at = put(at, &any[i].size, sizeof(size_t));
    for (size_t i = 0; i < n; i++) at = put(at, any[i].data, any[i].size);
    return at;
}

static size_t size_at(const char *table, size_t i)
{
    size_t size;
    memcpy(&size, table + i * sizeof size, sizeof size);
    return size;
}

// ---- jobs ----

gr_status gr_letter_of_job(const gr_job *job, size_t number, gr_bytes *letter)
{
    const gr_func *f = job->func;
    job_head h = {.number = number,
                  .name = strlen(f->name) + 1,
                  .context = job->context_size,
                  .in_size = f->in_size,
                  .out_size = f->out_size,
                  .seed = job->seed,
                  .first = job->first,
                  .timeout = job->timeout,
                  .retries = job->retries,
                  .has_in = job->in != NULL,
                  .has_out = job->out != NULL};
    char *memory;
    size_t size = h.context > GR_MAIL_MOST ? h.context : sizeof h + h.name + h.context;
    GR_TRY(block(size, "a job's context", &memory));
    put(put(put(memory, &h, sizeof h), f->name, h.name), job->context, h.context);
    *letter = (gr_bytes){memory, size};
    return GR_OK;
}

// The function of that name; where the table says "any number" of bytes, the letter knows it.
static gr_status find(const gr_func *const *funcs, const char *name, const job_head *h,
                      gr_func *func)
{
    while (*funcs && strcmp((*funcs)->name, name)) funcs++;
    if (!*funcs) return gr_fail(GR_EARG, "no function '%.60s' in this rank's program", name);
    *func = **funcs;
    if ((func->in_size && func->in_size != h->in_size) ||
        (func->out_size && func->out_size != h->out_size))
        return gr_fail(GR_EARG, "function '%.60s' has other records or results in rank 0", name);
    func->in_size = h->in_size, func->out_size = h->out_size;
    return GR_OK;
}

gr_status gr_job_of_letter(gr_bytes letter, const gr_func *const *funcs, gr_func *func,
                           size_t *number, gr_job *job)
{
    // Whether there are records and results at all is kept in the pointers: this, or none.
    static char there[1];
    const char *at = letter.data, *name = at + sizeof(job_head);
    job_head h;
    memcpy(&h, at, sizeof h);
    *number = h.number;
    *job = (gr_job){.func = func,
                    .in = h.has_in ? there : NULL,
                    .out = h.has_out ? there : NULL,
                    .context = h.context ? name + h.name : NULL,
                    .context_size = h.context,
                    .seed = h.seed,
                    .first = h.first,
                    .timeout = h.timeout,
                    .retries = h.retries ? h.retries : -1};
    return find(funcs, name, &h, func);
}

// ---- chunks ----

gr_status gr_letter_of_chunk(const gr_work *w, const gr_hand *hand, gr_bytes *letter)
{
    chunk_head h = {.chunk = hand->chunk, .lo = hand->at, .hi = hand->hi};
    size_t n = h.hi - h.lo, each = w->in_size ? w->in_size : sizeof(gr_bytes);
    const void *records = w->in ? (const char *)w->in + h.lo * each : NULL;
    size_t results = w->out ? n * w->out_size : 0;
    size_t size = sizeof h + items_bytes(records, n, w->in_size);
    char *memory;
    GR_TRY(block(size > results ? size : results, "a chunk", &memory)); // it must come back, too
    put_items(put(memory, &h, sizeof h), records, n, w->in_size);
    *letter = (gr_bytes){memory, size};
    return GR_OK;
}

// The load's memory: results, outcomes, the table of records of any size, records.
static gr_status load_memory(gr_load *l, const gr_job *job, size_t records)
{
    size_t n = l->hi - l->lo, in = job->func->in_size, out = job->func->out_size;
    size_t results = job->out ? n * (out ? out : sizeof(gr_bytes)) : 0;
    size_t notes = (results + 63) / 64 * 64, table = notes + n * sizeof(gr_outcome);
    size_t data = (table + (in || !job->in ? 0 : n * sizeof(gr_bytes)) + 63) / 64 * 64;
    char *memory = aligned_alloc(64, (data + records + 127) / 64 * 64);
    if (!memory) return gr_fail(GR_ENOMEM, "a chunk of %zu tasks: out of memory", n);
    memset(memory, 0, data);
    l->memory = memory;
    l->out = job->out ? memory : NULL;
    l->outcomes = (gr_outcome *)(void *)(memory + notes);
    l->in = !job->in ? NULL : memory + (in ? data : table);
    return GR_OK;
}

gr_status gr_load_of_letter(gr_bytes letter, const gr_job *job, gr_load *l)
{
    chunk_head h;
    memcpy(&h, letter.data, sizeof h);
    *l = (gr_load){.chunk = h.chunk, .lo = h.lo, .hi = h.hi};
    const char *from = (const char *)letter.data + sizeof h;
    size_t records = letter.size - sizeof h, n = h.hi - h.lo;
    if (!job) return GR_OK;
    GR_TRY(load_memory(l, job, records));
    if (!job->in) return GR_OK;
    if (job->func->in_size) {
        memcpy((char *)(uintptr_t)l->in, from, records);
        return GR_OK;
    }
    gr_bytes *table = (gr_bytes *)(uintptr_t)l->in;
    char *at =
        (char *)l->memory + ((size_t)((char *)(table + n) - (char *)l->memory) + 63) / 64 * 64;
    memcpy(at, from + n * sizeof(size_t), records - n * sizeof(size_t));
    for (size_t i = 0; i < n; i++) {
        table[i] = (gr_bytes){at, size_at(from, i)};
        at += table[i].size;
    }
    return GR_OK;
}

// ---- parts ----

static bool notable(const gr_outcome *o) { return o->status || o->attempts != 1; }

static void *result_at(const gr_load *l, const gr_func *f, size_t task)
{
    return l->out ? (char *)l->out + (task - l->lo) * (f->out_size ? f->out_size : sizeof(gr_bytes))
                  : NULL;
}

// A result of any size must fit into a letter by itself.
static void refuse_large(gr_load *l, const gr_func *f, size_t task)
{
    gr_bytes *r = result_at(l, f, task);
    size_t most = GR_MAIL_MOST - sizeof(gr_part) - sizeof(part_note) - sizeof(size_t);
    if (f->out_size || !r || r->size <= most) return;
    gr_outcome *o = &l->outcomes[task - l->lo];
    *o = (gr_outcome){.status = GR_EUNSUP, .attempts = o->attempts};
    snprintf(o->text, sizeof o->text, "a result of %zu bytes: a letter between ranks holds 2 GiB",
             r->size);
    free(r->data);
    *r = (gr_bytes){0};
}

// Sets part->hi and ->notes; returns the letter's size.
static size_t fill(gr_load *l, const gr_func *f, gr_part *part)
{
    size_t size = sizeof *part;
    for (part->hi = part->lo; part->hi < l->done; part->hi++) {
        refuse_large(l, f, part->hi);
        bool noted = notable(&l->outcomes[part->hi - l->lo]);
        size_t more = items_bytes(result_at(l, f, part->hi), 1, f->out_size) +
                      (noted ? sizeof(part_note) : 0);
        if (size + more > GR_MAIL_MOST) break;
        size += more, part->notes += noted;
    }
    return size;
}

static void put_notes(char *at, const gr_load *l, const gr_part *part)
{
    for (size_t i = part->lo; i < part->hi; i++) {
        part_note note = {i, l->outcomes[i - l->lo]};
        if (notable(&note.outcome)) at = put(at, &note, sizeof note);
    }
}

gr_status gr_letter_of_part(gr_load *l, const gr_agent *a, bool dropped, gr_bytes *letter)
{
    const gr_func *f = a->job.func;
    gr_part part = {.chunk = l->chunk, .lo = l->told, .lost = a->lost};
    size_t size = fill(l, f, &part), n = part.hi - part.lo;
    char *memory;
    part.last = part.hi == l->hi || (dropped && part.hi == l->done);
    part.busy = gr_agent_busy(a);
    GR_TRY(block(size, "results", &memory));
    void *results = n ? result_at(l, f, part.lo) : NULL;
    put_notes(put_items(put(memory, &part, sizeof part), results, n, n ? f->out_size : 0), l,
              &part);
    for (size_t i = 0; i < n && results && !f->out_size; i++) free(((gr_bytes *)results)[i].data);
    l->told = part.hi;
    *letter = (gr_bytes){memory, size};
    return GR_OK;
}

gr_part gr_part_of_letter(gr_bytes letter)
{
    gr_part part;
    memcpy(&part, letter.data, sizeof part);
    part.rest = (gr_bytes){(char *)letter.data + sizeof part, letter.size - sizeof part};
    return part;
}

// Results of any size become blocks of their own.
static gr_status store_any(const gr_part *part, gr_bytes *out, const char **at)
{
    size_t n = part->hi - part->lo;
    const char *table = *at;
    *at += n * sizeof(size_t);
    for (size_t i = 0; i < n; i++) {
        size_t size = size_at(table, i);
        char *copy = size ? malloc(size) : NULL;
        if (size && !copy) return gr_fail(GR_ENOMEM, "a result of %zu bytes: out of memory", size);
        out[part->lo + i] = (gr_bytes){copy, size};
        *at = (put(copy, *at, size), *at + size);
    }
    return GR_OK;
}

gr_status gr_part_store(const gr_part *part, gr_work *w)
{
    const char *at = part->rest.data;
    size_t fixed = (part->hi - part->lo) * w->out_size;
    if (w->out && w->out_size) {
        memcpy((char *)w->out + part->lo * w->out_size, at, fixed);
        at += fixed;
    } else if (w->out)
        GR_TRY(store_any(part, w->out, &at));
    for (size_t k = 0; k < part->notes; k++, at += sizeof(part_note)) {
        part_note note;
        memcpy(&note, at, sizeof note);
        w->notes[note.task] = note.outcome;
    }
    return GR_OK;
}
