// SPDX-License-Identifier: BSD-3-Clause
// map_serial -- the map that is the truth: the tasks one after the other, in the calling thread.
//
// Tasks run when somebody waits or asks: gr_run_ready runs one, so that a loop that only asks comes
// to an end, too. A task that hangs or crashes takes the program with it.
#include "lib/map_type.h"
#include "lib/timer.h"
#include <stdlib.h>

typedef struct serial {
    bool open;
    void *state;
    size_t tasks; // since it was opened
    size_t card;
    gr_hand hand;
    bool holds; // is there anything in the hand?
    struct gr_reply reply;
} serial;

static gr_status make(gr_map *map)
{
    serial *s = calloc(1, sizeof *s);
    if (!s) return gr_fail(GR_ENOMEM, "map '%s': out of memory", map->name);
    s->reply = gr_reply_on_heap();
    map->launcher = s;
    return GR_OK;
}

static gr_status open_worker(gr_map *map, serial *s)
{
    const gr_map_options *o = &map->options;
    if (s->open) return GR_OK;
    s->state = NULL, s->tasks = 0;
    if (o->init) {
        gr_status status = o->init(&s->state, 0, o->argument);
        if (status) return status;
    }
    s->open = true;
    return GR_OK;
}

static void close_worker(gr_map *map)
{
    serial *s = map->launcher;
    const gr_map_options *o = &map->options;
    if (s->open && o->fini) o->fini(s->state, 0, o->argument);
    s->open = false;
}

static void free_serial(gr_map *map)
{
    serial *s = map->launcher;
    s->reply.fini(&s->reply);
    free(s);
}

static gr_status post(gr_map *map, gr_run *run)
{
    serial *s = map->launcher;
    GR_TRY(open_worker(map, s));
    s->card = 0, s->holds = false;
    gr_fail(GR_OK, "%s", ""); // a task that fails without a word is not given an older one
    return gr_work_new(&run->work, run);
}

static void unpost(gr_map *map, gr_run *run)
{
    (void)map;
    free(run->work);
}

// Runs one task. False if there is none.
static bool step(gr_map *map, gr_run *run)
{
    serial *s = map->launcher;
    gr_deal *d = &run->work->deal;
    if (!s->holds && !gr_deal_claim(d, 0, &s->card, &s->hand)) return false;
    s->holds = gr_work_task(run->work, 0, &s->hand, s->state, &s->reply);
    if (map->spec.tasks && ++s->tasks == map->spec.tasks) {
        close_worker(map);
        gr_status status = open_worker(map, s);
        if (status) gr_run_fail(run, status, gr_errmsg());
    }
    return true;
}

static void attend(gr_map *map, double seconds)
{
    serial *s = map->launcher;
    gr_run *run = map->first;
    gr_inside inside = {map, gr_map_inside};
    double start = gr_now(), end = start + seconds;
    if (s->holds && atomic_load(&run->cancelled)) {
        gr_deal_leave(&run->work->deal, 0, &s->hand);
        s->holds = false;
    }
    gr_map_inside = &inside;
    while (!atomic_load(&run->cancelled) && step(map, run))
        if (run->followed || (seconds >= 0 && gr_now() >= end)) break;
    gr_map_inside = inside.outer;
    run->workers[0].busy += gr_now() - start;
}

const gr_map_type gr_map_serial = {
    .name = "serial",
    .about = "one task after the other in the calling thread",
    .slots = 1,
    .most = 1,
    .make = make,
    .free = free_serial,
    .post = post,
    .attend = attend,
    .unpost = unpost,
    .close = close_worker,
};
