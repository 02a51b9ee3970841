// SPDX-License-Identifier: BSD-3-Clause
// map_new -- a map as a value: made from its spec, its memory, what it says of its workers, its
// end.
#include "lib/map_type.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// ---- a map and its memory ----

gr_status gr_map_check_timeout(const gr_map *map, double timeout)
{
    if (!(timeout > 0) || map->type->kills) return GR_OK;
    return gr_fail(GR_EUNSUP,
                   "map '%s': a time limit for a task needs 'fork': nothing stops a task in '%s'",
                   map->name, map->type->name);
}

// Everything but the launcher's own.
static gr_status check(gr_map *map)
{
    const gr_map_spec *spec = &map->spec;
    if (spec->scheduler[0])
        return gr_fail(GR_EUNSUP, "map '%s': no scheduler '%s' in this program", map->name,
                       spec->scheduler);
    int most = map->type->most ? map->type->most : GR_DEAL_PLACES;
    if (spec->workers > most)
        return gr_fail(GR_EUNSUP, "map '%s': %d workers: '%s' has at most %d", map->name,
                       spec->workers, map->type->name, most);
    if (!map->type->make)
        return gr_fail(GR_EUNSUP,
                       "map '%s': '%s' runs in gradus-mpi only, which is built where Open MPI is",
                       map->name, map->type->name);
    return gr_map_check_timeout(map, spec->timeout);
}

static gr_status prepare(gr_map **map, const char *spec, const gr_map_options *options)
{
    gr_map_spec read;
    *map = NULL;
    GR_TRY(gr_map_spec_read(spec, &read));
    gr_map *m = calloc(1, sizeof *m);
    gr_worker *workers = calloc((size_t)read.workers, sizeof *workers);
    if (!m || !workers) {
        free(m), free(workers);
        return gr_fail(GR_ENOMEM, "map '%s': out of memory", spec);
    }
    *m = (gr_map){.type = gr_map_type_of(read.launcher), .spec = read, .owner = getpid()};
    m->workers = workers;
    if (options) m->options = *options;
    snprintf(m->name, sizeof m->name, "%s", spec);
    *map = m;
    return check(m);
}

static void discard(gr_map *map)
{
    if (map) free(map->workers);
    free(map);
}

gr_status gr_map_new(gr_map **map, const char *spec, const gr_map_options *options)
{
    gr_status status = prepare(map, spec, options);
    if (!status) status = (*map)->type->make(*map);
    if (!status) return GR_OK;
    discard(*map);
    *map = NULL;
    return status;
}

gr_status gr_map_serve(const char *spec, const gr_map_options *options)
{
    gr_map *map;
    gr_status status = prepare(&map, spec, options);
    if (!status && map->type->serve) status = map->type->serve(map);
    discard(map);
    return status;
}

// A task holds a copy of its map's parent's thoughts, or waits for itself: neither can work.
gr_status gr_map_check_owner(const gr_map *map)
{
    if (map->owner != getpid())
        return gr_fail(GR_EUNSUP,
                       "map '%s' belongs to another process: make one of its own in here",
                       map->name);
    for (const gr_inside *i = gr_map_inside; i; i = i->outer)
        if (i->map == map || i->map->within == map)
            return gr_fail(GR_EUNSUP, "map '%s': a task cannot wait for the map that runs it",
                           map->name);
    return GR_OK;
}

// Memory from the heap knows its map, so that gr_map_free finds what was not released.
struct gr_block {
    struct gr_block *previous, *next;
    char apart[GR_DEAL_LINE - 2 * sizeof(void *)];
};

static void *heap_memory(gr_map *map, size_t bytes)
{
    struct gr_block *b = NULL;
    if (bytes < PTRDIFF_MAX - 2 * sizeof *b)
        b = aligned_alloc(GR_DEAL_LINE,
                          sizeof *b + (bytes + GR_DEAL_LINE - 1) / GR_DEAL_LINE * GR_DEAL_LINE);
    if (!b) {
        gr_fail(GR_ENOMEM, "map '%s': %zu bytes: out of memory", map->name, bytes);
        return NULL;
    }
    *b = (struct gr_block){.next = map->block};
    if (b->next) b->next->previous = b;
    map->block = b;
    return memset(b + 1, 0, bytes);
}

static void heap_release(gr_map *map, void *memory)
{
    struct gr_block *b = (struct gr_block *)memory - 1;
    if (b->next) b->next->previous = b->previous;
    if (b->previous)
        b->previous->next = b->next;
    else
        map->block = b->next;
    free(b);
}

void *gr_map_memory(gr_map *map, size_t bytes)
{
    if (gr_map_check_owner(map)) return NULL;
    return map->type->memory ? map->type->memory(map, bytes) : heap_memory(map, bytes);
}

void gr_map_release(gr_map *map, void *memory)
{
    if (!memory || map->owner != getpid()) return;
    if (map->type->release)
        map->type->release(map, memory);
    else
        heap_release(map, memory);
}

int gr_map_workers(const gr_map *map, gr_worker *workers, int room)
{
    if (!map->ran) return 0;
    int n = map->spec.workers < room ? map->spec.workers : room;
    memcpy(workers, map->workers, (size_t)n * sizeof *workers);
    return map->spec.workers;
}

void gr_map_free(gr_map *map)
{
    if (!map || map->owner != getpid()) return;
    gr_map_close(map);
    map->type->free(map);
    while (map->block) heap_release(map, map->block + 1);
    free(map->workers);
    free(map);
}
