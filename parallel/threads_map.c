// SPDX-License-Identifier: BSD-3-Clause
// threads_map -- the map whose workers are threads: all memory is shared, nothing is copied.
//
// A thread cannot be ended from outside, so a task that hangs hangs its map, and one that crashes
// takes the program with it: use `fork` where that may happen. With tasks=N the finalizer and
// the initializer run again after N tasks; the thread stays.
#include "parallel/crew.h"
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

typedef struct worker {
    gr_crew *crew;
    int place;
    pthread_t thread;
    bool started;
} worker;

typedef struct threads {
    gr_crew *crew;
    worker workers[]; // (spec.workers)
} threads;

static struct gr_reply reply_of(gr_work *work)
{
    (void)work;
    return gr_reply_on_heap();
}

static void free_work(const gr_map *map, gr_work *work)
{
    (void)map;
    free(work);
}

static gr_status make(gr_map *map)
{
    int n = map->spec.workers;
    threads *t = calloc(1, sizeof *t + (size_t)n * sizeof *t->workers);
    gr_crew *crew = calloc(1, gr_crew_bytes(n));
    if (!t || !crew) {
        free(t), free(crew);
        return gr_fail(GR_ENOMEM, "map '%s': out of memory", map->name);
    }
    gr_crew_make(crew, map, reply_of, free_work);
    t->crew = crew;
    for (int p = 0; p < n; p++) t->workers[p] = (worker){.crew = crew, .place = p};
    map->launcher = t;
    return GR_OK;
}

static void free_threads(gr_map *map)
{
    threads *t = map->launcher;
    free(t->crew);
    free(t);
}

// ---- starting and ending ----

static void *worker_main(void *argument)
{
    worker *w = argument;
    while (gr_crew_work(w->crew, w->place) == GR_LEAVE_RETIRED) continue;
    return NULL;
}

// Signals are for the program's own threads.
static int start_worker(worker *w)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    atomic_store(&w->crew->places[w->place].stage, GR_STAGE_STARTING);
    int error = pthread_create(&w->thread, NULL, worker_main, w);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    w->started = !error;
    if (error) gr_crew_vacate(w->crew, w->place);
    return error;
}

static void end_worker(worker *w)
{
    if (w->started) pthread_join(w->thread, NULL);
    w->started = false;
    gr_crew_vacate(w->crew, w->place);
}

// Starts whoever is missing. Fewer workers than wanted are enough, if there is one.
static gr_status open_workers(gr_map *map)
{
    threads *t = map->launcher;
    int error = 0, there = 0;
    for (int p = 0; p < map->spec.workers; p++) {
        worker *w = &t->workers[p];
        if (w->started && atomic_load(&t->crew->places[p].stage) == GR_STAGE_FAILED) end_worker(w);
        if (!w->started && !error) error = start_worker(w);
        there += w->started;
    }
    if (!there)
        return gr_fail(GR_ESYS, "map '%s': no thread could be started: %s", map->name,
                       strerror(error));
    return GR_OK;
}

static void close_workers(gr_map *map)
{
    threads *t = map->launcher;
    for (gr_run *r = map->first; r; r = r->next)
        if (r->work) gr_deal_cancel(&r->work->deal);
    atomic_store(&t->crew->stop, true);
    gr_crew_ring(t->crew);
    for (int p = 0; p < map->spec.workers; p++) end_worker(&t->workers[p]);
    gr_crew_sweep(t->crew);
    atomic_store(&t->crew->stop, false);
}

// ---- jobs ----

static gr_status post(gr_map *map, gr_run *run)
{
    threads *t = map->launcher;
    GR_TRY(open_workers(map));
    GR_TRY(gr_work_new(&run->work, run));
    run->slot = gr_crew_post(t->crew, run->work);
    if (run->slot >= 0) return GR_OK;
    free(run->work);
    run->work = NULL;
    return gr_fail(GR_ESYS, "map '%s': its workers do not answer", map->name);
}

static void unpost(gr_map *map, gr_run *run)
{
    threads *t = map->launcher;
    gr_crew_remove(t->crew, run->slot);
}

static void attend(gr_map *map, double seconds)
{
    threads *t = map->launcher;
    gr_crew_wait(t->crew, seconds);
    gr_crew_trouble(t->crew, map);
}

static void count(gr_map *map, gr_run *run, gr_worker *workers)
{
    threads *t = map->launcher;
    for (int p = 0; p < map->spec.workers; p++)
        workers[p].busy = gr_crew_busy(t->crew, p, run->slot);
}

const gr_map_type gr_map_threads = {
    .name = "threads",
    .about = "threads of this program; nothing is copied, nothing can be stopped",
    .slots = GR_CREW_POSTS,
    .make = make,
    .free = free_threads,
    .post = post,
    .attend = attend,
    .count = count,
    .unpost = unpost,
    .close = close_workers,
};
