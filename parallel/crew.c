// SPDX-License-Identifier: BSD-3-Clause
#include "parallel/crew.h"
#include "lib/cpu.h"
#include "lib/timer.h"
#include "parallel/futex.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// What the owner sleeps for. A word that a worker finds set, it resets and wakes the owner.
enum { NOTHING, THE_END, A_TASK };

// How often to look again before sleeping: a few microseconds.
enum { SPINS = 100 };

static const double look_again = 5e-3; // s, for a task's end that nobody told of

size_t gr_crew_bytes(int workers) { return sizeof(gr_crew) + (size_t)workers * sizeof(gr_place); }

void gr_crew_make(gr_crew *crew, const gr_map *map, struct gr_reply (*reply_of)(gr_work *work),
                  void (*free_work)(const gr_map *map, gr_work *work))
{
    crew->free_work = free_work;
    crew->map = map;
    crew->reply_of = reply_of;
    crew->workers = map->spec.workers;
}

// ---- the owner ----

static bool looked_at(const gr_crew *crew, int slot)
{
    for (int p = 0; p < crew->workers; p++)
        if (atomic_load(&crew->places[p].visiting) == (uint32_t)slot + 1) return true;
    return false;
}

void gr_crew_sweep(gr_crew *crew)
{
    for (int s = 0; s < GR_CREW_SLOTS; s++) {
        gr_slot *slot = &crew->slots[s];
        if (!slot->work || atomic_load(&slot->number) || looked_at(crew, s)) continue;
        crew->free_work(crew->map, slot->work);
        slot->work = NULL;
    }
}

void gr_crew_remove(gr_crew *crew, int slot)
{
    atomic_store(&crew->slots[slot].number, 0);
    gr_crew_sweep(crew);
}

// A worker that looks at a job that is over looks away within a microsecond, if it has a core.
static int free_slot(gr_crew *crew)
{
    for (int tries = 0; tries < 1000; tries++) {
        gr_crew_sweep(crew);
        for (int s = 0; s < GR_CREW_SLOTS; s++)
            if (!crew->slots[s].work) return s;
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    return -1;
}

static void give_up_nothing(size_t task, int attempts, void *context)
{
    (void)task, (void)attempts, (void)context;
}

int gr_crew_post(gr_crew *crew, gr_work *work)
{
    int slot = free_slot(crew);
    if (slot < 0) return -1;
    uint64_t last = 0;
    for (int s = 0; s < GR_CREW_SLOTS; s++) {
        uint64_t number = atomic_load(&crew->slots[s].number);
        if (number > last) last = number;
    }
    for (int p = 0; p < crew->workers; p++) {
        atomic_store(&crew->places[p].busy[slot], 0);
        if (atomic_load(&crew->places[p].stage) == GR_STAGE_VACANT)
            gr_deal_bury(&work->deal, p, 0, give_up_nothing, NULL);
    }
    crew->slots[slot].work = work;
    atomic_store(&crew->slots[slot].number, last + 1);
    gr_crew_ring(crew);
    return slot;
}

void gr_crew_ring(gr_crew *crew)
{
    atomic_fetch_add(&crew->bell, 1);
    gr_futex_wake(&crew->bell, INT_MAX);
}

static bool news(const gr_map *map)
{
    for (gr_run *r = map->first; r; r = r->next)
        if (r->work && gr_run_news(r)) return true;
    return false;
}

static uint32_t wish(const gr_map *map)
{
    for (gr_run *r = map->first; r; r = r->next)
        if (r->work && r->followed) return A_TASK;
    return THE_END;
}

void gr_crew_wait(gr_crew *crew, double seconds)
{
    uint32_t wanted = wish(crew->map);
    atomic_store(&crew->wanted, wanted);
    if (news(crew->map) || seconds == 0) return;
    for (int i = 0; i < SPINS && atomic_load(&crew->wanted) == wanted; i++) gr_relax();
    // Between the end of a task and the look at this wish a worker has no fence, which every task
    // would pay for; so it may overlook one that is just made.
    if (wanted == A_TASK && !(seconds >= 0 && seconds < look_again)) seconds = look_again;
    if (atomic_load(&crew->wanted) == wanted) gr_futex_wait(&crew->wanted, wanted, seconds);
}

static int64_t nanoseconds(void) { return (int64_t)(gr_now() * 1e9); }

double gr_crew_busy(const gr_crew *crew, int place, int slot)
{
    int64_t busy = atomic_load(&crew->places[place].busy[slot]);
    return (double)(busy < 0 ? busy + nanoseconds() : busy) * 1e-9;
}

void gr_crew_vacate(gr_crew *crew, int place)
{
    gr_place *p = &crew->places[place];
    for (int s = 0; s < GR_CREW_SLOTS; s++)
        if (atomic_load(&p->busy[s]) < 0) atomic_fetch_add(&p->busy[s], nanoseconds());
    atomic_store(&p->visiting, 0);
    p->told = false;
    atomic_store(&p->stage, GR_STAGE_VACANT);
}

void gr_crew_trouble(gr_crew *crew, gr_map *map)
{
    for (int p = 0; p < crew->workers; p++) {
        gr_place *place = &crew->places[p];
        if (atomic_load(&place->stage) != GR_STAGE_FAILED || place->told) continue;
        place->told = true;
        char text[sizeof place->text + 32];
        snprintf(text, sizeof text, "worker %d: %s", p, place->text);
        for (gr_run *r = map->first; r; r = r->next)
            if (r->work) gr_run_fail(r, place->status, text);
    }
}

// ---- a worker ----

typedef struct seat {
    gr_crew *crew;
    gr_place *place;
    int number;
    void *state;
    size_t tasks; // done by this worker
    size_t limit; // after which it goes; SIZE_MAX: none
} seat;

static void step(gr_place *p)
{
    uint64_t beat = atomic_load_explicit(&p->beat, memory_order_relaxed);
    atomic_store_explicit(&p->beat, beat + 1, memory_order_relaxed);
}

static void wake_owner(gr_crew *crew)
{
    if (atomic_exchange(&crew->wanted, NOTHING) != NOTHING) gr_futex_wake(&crew->wanted, 1);
}

// Runs the tasks in a hand. False: this worker has done as many as it may.
static bool work_hand(seat *s, gr_work *w, gr_hand *hand, struct gr_reply *reply)
{
    _Atomic uint32_t *wanted = &s->crew->wanted;
    for (bool more = true; more;) {
        step(s->place), step(s->place);
        more = gr_work_task(w, s->number, hand, s->state, reply);
        if (atomic_load_explicit(wanted, memory_order_relaxed) == A_TASK) wake_owner(s->crew);
        if (++s->tasks < s->limit) continue;
        if (more) gr_deal_leave(&w->deal, s->number, hand);
        return false;
    }
    return true;
}

// Takes chunks of one job as long as there are any. False: this worker has done as many tasks as it
// may.
static bool work_job(seat *s, int slot, gr_work *w)
{
    size_t card = (size_t)s->number;
    gr_hand hand;
    if (!gr_deal_claim(&w->deal, s->number, &card, &hand)) return true;
    struct gr_reply reply = s->crew->reply_of(w);
    atomic_fetch_sub(&s->place->busy[slot], nanoseconds());
    bool goes_on;
    do goes_on = work_hand(s, w, &hand, &reply);
    while (goes_on && gr_deal_claim(&w->deal, s->number, &card, &hand));
    atomic_fetch_add(&s->place->busy[slot], nanoseconds());
    reply.fini(&reply);
    return goes_on;
}

// The slot of the oldest job that is newer than `after`; -1 if there is none.
static int next_slot(gr_crew *crew, uint64_t *after)
{
    int best = -1;
    uint64_t least = UINT64_MAX;
    for (int s = 0; s < GR_CREW_SLOTS; s++) {
        uint64_t number = atomic_load(&crew->slots[s].number);
        if (number > *after && number < least) best = s, least = number;
    }
    *after = least;
    return best;
}

static bool work_jobs(seat *s)
{
    bool goes_on = true;
    uint64_t number = 0;
    for (int slot; goes_on && (slot = next_slot(s->crew, &number)) >= 0;) {
        // Having said so, the job is either still there, or not to be looked at.
        atomic_store(&s->place->visiting, (uint32_t)slot + 1);
        if (atomic_load(&s->crew->slots[slot].number) == number)
            goes_on = work_job(s, slot, s->crew->slots[slot].work);
        atomic_store(&s->place->visiting, 0);
    }
    return goes_on;
}

static void wait_for_bell(gr_crew *crew, uint32_t heard)
{
    for (int i = 0; i < SPINS && atomic_load(&crew->bell) == heard; i++) gr_relax();
    while (atomic_load(&crew->bell) == heard) {
        gr_futex_wait(&crew->bell, heard, 1.0);
        if (crew->parent && getppid() != crew->parent) _exit(EXIT_FAILURE);
    }
}

static gr_leaving work_and_wait(seat *s)
{
    // Which bell it has heard is settled before it looks at anything: what changes after that rings
    // again.
    for (uint32_t bell = atomic_load(&s->crew->bell); !atomic_load(&s->crew->stop);
         bell = atomic_load(&s->crew->bell)) {
        step(s->place);
        bool goes_on = work_jobs(s);
        step(s->place);
        atomic_store(&s->place->heard, bell);
        wake_owner(s->crew);
        if (!goes_on) return GR_LEAVE_RETIRED;
        wait_for_bell(s->crew, bell);
    }
    return GR_LEAVE_STOPPED;
}

static bool init(seat *s)
{
    const gr_map_options *o = &s->crew->map->options;
    gr_status status = o->init ? o->init(&s->state, s->number, o->argument) : GR_OK;
    if (status) {
        s->place->status = status;
        snprintf(s->place->text, sizeof s->place->text, "%s", gr_errmsg());
    }
    atomic_store(&s->place->stage, status ? GR_STAGE_FAILED : GR_STAGE_READY);
    if (!status) atomic_fetch_add(&s->crew->started, 1);
    if (status) wake_owner(s->crew);
    return !status;
}

gr_leaving gr_crew_work(gr_crew *crew, int place)
{
    const gr_map *map = crew->map;
    gr_inside inside = {map, gr_map_inside};
    size_t limit = map->spec.tasks ? map->spec.tasks : SIZE_MAX;
    seat s = {crew, &crew->places[place], place, NULL, 0, limit};
    gr_map_inside = &inside;
    gr_cpu_bind(0, place, crew->workers);
    gr_fail(GR_OK, "%s", ""); // a task that fails without a word is not given an older one
    gr_leaving why = GR_LEAVE_FAILED;
    if (init(&s)) {
        why = work_and_wait(&s);
        atomic_store(&s.place->stage, GR_STAGE_LEAVING);
        if (map->options.fini) map->options.fini(s.state, place, map->options.argument);
    }
    gr_map_inside = inside.outer;
    return why;
}
