// SPDX-License-Identifier: BSD-3-Clause
// fork_job -- a job in shared memory: what lies there already is used in place, the rest is copied.
#include "parallel/forks.h"
#include <stdlib.h>
#include <string.h>

enum { REPLIES = 1 << 16 }; // bytes that a worker takes at a time for its replies

// ---- records in ----

static gr_status take(gr_forks *f, gr_fork_job *j, int block, size_t n, size_t size, void **memory)
{
    size_t bytes;
    if (__builtin_mul_overflow(n, size, &bytes)) bytes = SIZE_MAX;
    *memory = j->blocks[block] = gr_arena_take(&f->arena, bytes);
    return *memory ? GR_OK : GR_ENOMEM;
}

static gr_status put(gr_forks *f, gr_fork_job *j, int block, const void **memory, size_t n,
                     size_t size)
{
    void *copy;
    if (!*memory || gr_arena_has(&f->arena, *memory, n * size)) return GR_OK;
    GR_TRY(take(f, j, block, n, size, &copy));
    memcpy(copy, *memory, n * size);
    *memory = copy;
    return GR_OK;
}

// Records of any size: their table is copied, and behind it those that lie elsewhere.
static gr_status put_any(gr_forks *f, gr_fork_job *j, int block, const void **memory, size_t n)
{
    const gr_bytes *from = *memory;
    size_t total = 0;
    for (size_t i = 0; i < n; i++)
        if (!gr_arena_has(&f->arena, from[i].data, from[i].size)) total += from[i].size;
    void *taken;
    GR_TRY(take(f, j, block, n * sizeof *from + total, 1, &taken));
    gr_bytes *to = taken;
    char *at = (char *)(to + n);
    for (size_t i = 0; i < n; i++) {
        to[i] = from[i];
        if (!from[i].size || gr_arena_has(&f->arena, from[i].data, from[i].size)) continue;
        to[i].data = memcpy(at, from[i].data, from[i].size);
        at += from[i].size;
    }
    *memory = to;
    return GR_OK;
}

static gr_status put_results(gr_forks *f, gr_fork_job *j, gr_work *w, size_t n)
{
    if (!w->out || (w->out_size && gr_arena_has(&f->arena, w->out, n * w->out_size))) return GR_OK;
    j->out_copied = true;
    GR_TRY(take(f, j, 2, n, w->out_size ? w->out_size : sizeof(gr_bytes), &w->out));
    if (w->out_size) return GR_OK;
    j->region = gr_arena_take_half(&f->arena, &j->region_size);
    return j->region ? GR_OK : GR_ENOMEM;
}

static gr_status put_deal(gr_forks *f, gr_fork_job *j, const gr_run *run)
{
    const gr_map_spec *s = &run->map->spec;
    size_t n = run->job.n, chunks = gr_deal_chunks(s->strategy, n, run->job.chunk, s->workers);
    void *words, *notes;
    GR_TRY(take(f, j, 3, gr_deal_bytes(s->strategy, chunks), 1, &words));
    GR_TRY(take(f, j, 4, n, sizeof(gr_outcome), &notes));
    gr_work_make(&j->work, run, notes, words);
    return GR_OK;
}

static gr_status fill(gr_forks *f, gr_fork_job *j, const gr_run *run)
{
    size_t n = run->job.n;
    gr_work *w = &j->work;
    GR_TRY(put_deal(f, j, run));
    if (w->in_size)
        GR_TRY(put(f, j, 0, &w->in, n, w->in_size));
    else if (w->in)
        GR_TRY(put_any(f, j, 0, &w->in, n));
    GR_TRY(put(f, j, 1, &w->context, w->context_size, 1));
    return put_results(f, j, w, n);
}

gr_status gr_fork_job_new(gr_map *map, gr_run *run)
{
    gr_forks *f = map->launcher;
    gr_fork_job *j = gr_arena_take(&f->arena, sizeof *j);
    if (!j) return GR_ENOMEM;
    gr_status status = fill(f, j, run);
    if (!status)
        run->work = &j->work;
    else
        gr_fork_job_free(map, &j->work);
    return status;
}

void gr_fork_job_free(const gr_map *map, gr_work *work)
{
    gr_forks *f = map->launcher;
    gr_fork_job *j = (gr_fork_job *)work;
    gr_arena_release(&f->arena, j->region, atomic_load(&j->region_used));
    for (int i = 0; i < 5; i++) gr_arena_release(&f->arena, j->blocks[i], SIZE_MAX);
    gr_arena_release(&f->arena, j, SIZE_MAX);
}

// ---- results out ----

static gr_status own_copy(gr_bytes *to, const gr_bytes *from)
{
    *to = (gr_bytes){0};
    if (!from->size) return GR_OK;
    to->data = malloc(from->size);
    if (!to->data) return gr_fail(GR_ENOMEM, "a result of %zu bytes: out of memory", from->size);
    memcpy(to->data, from->data, from->size);
    to->size = from->size;
    return GR_OK;
}

gr_status gr_fork_job_collect(gr_map *map, gr_run *run, size_t lo, size_t hi)
{
    const gr_fork_job *j = (const gr_fork_job *)run->work;
    const gr_work *w = run->work;
    (void)map;
    if (!j->out_copied) return GR_OK;
    if (w->out_size) {
        memcpy((char *)run->job.out + lo * w->out_size, (char *)w->out + lo * w->out_size,
               (hi - lo) * w->out_size);
        return GR_OK;
    }
    gr_bytes *to = run->job.out;
    const gr_bytes *from = w->out;
    for (size_t i = lo; i < hi; i++) GR_TRY(own_copy(&to[i], &from[i]));
    return GR_OK;
}

// ---- replies, in the worker ----

// A reply is one piece: one that outgrows its place moves to a larger one.
static gr_status grow(struct gr_reply *reply, size_t room)
{
    gr_fork_job *j = reply->keeper;
    size_t block = (room > REPLIES ? room + 63 : REPLIES) / 64 * 64;
    size_t at = atomic_load(&j->region_used);
    do {
        if (block > j->region_size - at)
            return gr_fail(GR_ENOMEM, "a reply of %zu bytes: no room in shared memory", room);
    } while (!atomic_compare_exchange_weak(&j->region_used, &at, at + block));
    if (reply->size) memcpy(j->region + at, reply->data, reply->size);
    reply->data = j->region + at, reply->room = block;
    return GR_OK;
}

static gr_bytes keep(struct gr_reply *reply)
{
    gr_bytes bytes = {reply->size ? reply->data : NULL, reply->size};
    size_t used = (reply->size + 15) / 16 * 16;
    if (used > reply->room) used = reply->room;
    if (used) reply->data += used, reply->room -= used;
    reply->size = 0;
    return bytes;
}

static void leave(struct gr_reply *reply) { reply->room = 0; }

struct gr_reply gr_fork_reply_of(gr_work *work)
{
    return (struct gr_reply){.grow = grow, .keep = keep, .fini = leave, .keeper = work};
}
