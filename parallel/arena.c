// SPDX-License-Identifier: BSD-3-Clause
#include "parallel/arena.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

enum { ALIGNMENT = 64, LEAST = 1 << 20, MANY = 1 << 17 };

// The machine's memory, and at most a quarter of the addresses that this process may use.
static size_t wanted_size(void)
{
    size_t size = (size_t)sysconf(_SC_PHYS_PAGES) * (size_t)sysconf(_SC_PAGESIZE);
    struct rlimit limit;
    if (!getrlimit(RLIMIT_AS, &limit) && limit.rlim_cur != RLIM_INFINITY &&
        limit.rlim_cur / 4 < size)
        size = (size_t)limit.rlim_cur / 4;
    return size / LEAST * LEAST;
}

gr_status gr_arena_open(gr_arena *arena)
{
    *arena = (gr_arena){0};
    void *base = MAP_FAILED;
    size_t size = wanted_size();
    for (; size >= LEAST && base == MAP_FAILED; size /= 2) {
        base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE,
                    -1, 0);
        if (base != MAP_FAILED) break;
    }
    if (base == MAP_FAILED) return gr_fail(GR_ENOMEM, "memory for forked workers: refused");
    madvise(base, size, MADV_DONTDUMP);
    arena->base = base, arena->size = size;
    return GR_OK;
}

void gr_arena_close(gr_arena *arena)
{
    for (gr_span *s = arena->first, *next; s; s = next) {
        next = s->next;
        free(s);
    }
    if (arena->base) munmap(arena->base, arena->size);
    *arena = (gr_arena){0};
}

static char *end_of(const gr_arena *a, const gr_span *s) { return s ? s->at + s->size : a->base; }

// The bytes between `s` (NULL: the beginning) and the next block.
static size_t gap_after(const gr_arena *a, const gr_span *s)
{
    const gr_span *next = s ? s->next : a->first;
    return (size_t)((next ? next->at : a->base + a->size) - end_of(a, s));
}

static void *take_after(gr_arena *a, gr_span *before, size_t bytes)
{
    gr_span *s = malloc(sizeof *s);
    if (!s) {
        gr_fail(GR_ENOMEM, "memory for forked workers: out of memory");
        return NULL;
    }
    gr_span **link = before ? &before->next : &a->first;
    *s = (gr_span){end_of(a, before), bytes, *link};
    *link = s;
    return s->at;
}

void *gr_arena_take(gr_arena *a, size_t bytes)
{
    size_t size = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (!size) size = ALIGNMENT;
    gr_span *s = NULL;
    bool fits = bytes <= a->size;
    while (fits && gap_after(a, s) < size && (s ? s->next : a->first)) s = s ? s->next : a->first;
    if (fits && gap_after(a, s) >= size) return take_after(a, s, size);
    gr_fail(GR_ENOMEM, "memory for forked workers: no room for %zu bytes", bytes);
    return NULL;
}

void *gr_arena_take_half(gr_arena *a, size_t *bytes)
{
    gr_span *best = NULL;
    for (gr_span *s = a->first; s; s = s->next)
        if (gap_after(a, s) > gap_after(a, best)) best = s;
    *bytes = gap_after(a, best) / 2 / ALIGNMENT * ALIGNMENT;
    return take_after(a, best, *bytes);
}

// Zeros again: whole pages go back to the system, if it takes them.
static void wipe(char *at, size_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *lo = (char *)(((uintptr_t)at + page - 1) / page * page);
    char *hi = (char *)(((uintptr_t)at + size) / page * page);
    if (size < MANY || madvise(lo, (size_t)(hi - lo), MADV_REMOVE)) {
        memset(at, 0, size);
        return;
    }
    memset(at, 0, (size_t)(lo - at));
    memset(hi, 0, (size_t)(at + size - hi));
}

void gr_arena_release(gr_arena *a, void *block, size_t touched)
{
    gr_span **link = &a->first;
    while (block && *link && (*link)->at != block) link = &(*link)->next;
    if (!block || !*link) return;
    gr_span *s = *link;
    wipe(s->at, touched < s->size ? touched : s->size);
    *link = s->next;
    free(s);
}

bool gr_arena_has(const gr_arena *a, const void *memory, size_t bytes)
{
    uintptr_t at = (uintptr_t)memory, base = (uintptr_t)a->base;
    return at >= base && at - base <= a->size && bytes <= a->size - (at - base);
}
