// SPDX-License-Identifier: BSD-3-Clause
// fork_map -- the map whose workers are forked processes: a task that crashes costs only itself.
//
// The workers are forked with the first job and stay; they see the program as it was then, and of
// later things what lies in the map's memory or comes with a job. (When the program has loaded code
// since, they are forked anew.) What a worker leaves when it dies is taken over by the others and
// its place filled again: parallel/fork_watch.c; how nothing gets lost or done twice: lib/deal.h.
#include "parallel/forks.h"
#include <link.h>
#include <stdlib.h>

static int how_often(struct dl_phdr_info *info, size_t size, void *times)
{
    (void)size;
    *(unsigned long long *)times = info->dlpi_adds;
    return 1;
}

static unsigned long long loads_of_code(void)
{
    unsigned long long times = 0;
    dl_iterate_phdr(how_often, &times);
    return times;
}

static gr_status make(gr_map *map)
{
    int n = map->spec.workers;
    gr_forks *f = calloc(1, sizeof *f + (size_t)n * sizeof *f->forks);
    if (!f) return gr_fail(GR_ENOMEM, "map '%s': out of memory", map->name);
    gr_status status = gr_arena_open(&f->arena);
    if (!status) f->crew = gr_arena_take(&f->arena, gr_crew_bytes(n));
    if (!f->crew) {
        gr_arena_close(&f->arena);
        free(f);
        return GR_ENOMEM;
    }
    gr_crew_make(f->crew, map, gr_fork_reply_of, gr_fork_job_free);
    f->crew->parent = map->owner;
    map->launcher = f;
    return GR_OK;
}

static void free_forks(gr_map *map)
{
    gr_forks *f = map->launcher;
    gr_arena_close(&f->arena);
    free(f);
}

static void close_workers(gr_map *map)
{
    gr_forks *f = map->launcher;
    for (gr_run *r = map->first; r; r = r->next)
        if (r->work) gr_deal_cancel(&r->work->deal);
    gr_fork_end(map);
    gr_crew_sweep(f->crew);
}

static gr_status open_workers(gr_map *map)
{
    gr_forks *f = map->launcher;
    unsigned long long code = loads_of_code();
    if (code != f->code && !map->posted) gr_fork_end(map);
    if (!map->posted) f->code = code;
    return gr_fork_fill(map);
}

static gr_status post(gr_map *map, gr_run *run)
{
    gr_forks *f = map->launcher;
    f->looked = 0;
    gr_fork_watch(map);
    GR_TRY(open_workers(map));
    GR_TRY(gr_fork_job_new(map, run));
    run->slot = gr_crew_post(f->crew, run->work);
    if (run->slot >= 0) {
        f->cancelled[run->slot] = 0;
        return GR_OK;
    }
    gr_fork_job_free(map, run->work);
    run->work = NULL;
    return gr_fail(GR_ESYS, "map '%s': its workers do not answer", map->name);
}

static void unpost(gr_map *map, gr_run *run)
{
    gr_forks *f = map->launcher;
    gr_crew_remove(f->crew, run->slot);
}

static void attend(gr_map *map, double seconds)
{
    static const double look_again = 5e-3; // s
    gr_forks *f = map->launcher;
    gr_crew_wait(f->crew, seconds >= 0 && seconds < look_again ? seconds : look_again);
    gr_fork_watch(map);
}

static void count(gr_map *map, gr_run *run, gr_worker *workers)
{
    gr_forks *f = map->launcher;
    for (int p = 0; p < map->spec.workers; p++)
        workers[p].busy = gr_crew_busy(f->crew, p, run->slot);
}

static void *take_memory(gr_map *map, size_t bytes)
{
    gr_forks *f = map->launcher;
    return gr_arena_take(&f->arena, bytes);
}

static void release_memory(gr_map *map, void *memory)
{
    gr_forks *f = map->launcher;
    gr_arena_release(&f->arena, memory, SIZE_MAX);
}

const gr_map_type gr_map_fork = {
    .name = "fork",
    .about = "forked processes with shared memory; a crash costs one task",
    .kills = true,
    .slots = GR_CREW_POSTS,
    .make = make,
    .free = free_forks,
    .post = post,
    .attend = attend,
    .collect = gr_fork_job_collect,
    .count = count,
    .unpost = unpost,
    .close = close_workers,
    .memory = take_memory,
    .release = release_memory,
};
