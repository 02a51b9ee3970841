// SPDX-License-Identifier: BSD-3-Clause
// fork_watch -- who looks after forked workers: the owner of the map, whenever it waits.
//
// Deaths are asked for with waitpid on our own children only, so that the program's SIGCHLD and its
// other children stay its own affair. A worker is late if nothing about it has changed for as long
// as a task may take; that needs no clock in the worker, and finds one that was stopped, too.
#include "lib/timer.h"
#include "parallel/forks.h"
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

static const double grace = 0.5;     // s, for what was cancelled or shall end
static const double last_words = 5;  // s, for finalizers
static const double patience = 1e-3; // s, between two looks

// ---- deaths ----

typedef struct death {
    gr_work *work;
    gr_status status;
    char text[64]; // how it died
} death;

static void give_up(size_t task, int attempts, void *context)
{
    death *d = context;
    char text[80];
    snprintf(text, sizeof text, "%.*s (%d attempt%s)", 56, d->text, attempts,
             attempts == 1 ? "" : "s");
    gr_work_give_up(d->work, task, d->status, attempts, text);
}

static death cause_of(const gr_fork *w, int how)
{
    death d = {.status = w->late > 0 ? GR_ETIME : GR_ESYS};
    if (w->late > 0)
        snprintf(d.text, sizeof d.text, "no answer within %g s", w->late);
    else if (how < 0)
        snprintf(d.text, sizeof d.text, "worker vanished");
    else if (WIFSIGNALED(how))
        snprintf(d.text, sizeof d.text, "worker killed by signal %d", WTERMSIG(how));
    else
        snprintf(d.text, sizeof d.text, "worker ended by exit(%d)", WEXITSTATUS(how));
    return d;
}

static void fail_runs(gr_map *map, gr_status status, const char *text)
{
    for (gr_run *r = map->first; r; r = r->next)
        if (r->work) gr_run_fail(r, status, text);
}

// One that dies while it starts is bad luck; if none starts any more, trying again helps nobody.
static void count_stillborn(gr_map *map, int place, const death *d)
{
    gr_forks *f = map->launcher;
    uint32_t started = atomic_load(&f->crew->started);
    f->stillborn = f->started == started ? f->stillborn + 1 : 1;
    f->started = started;
    if (f->stillborn < GR_FORK_STILLBORN) return;
    char text[128];
    snprintf(text, sizeof text, "worker %d, while it started: %s", place, d->text);
    fail_runs(map, GR_ESYS, text);
    f->stillborn = 0;
}

static void bury(gr_map *map, int place, int how)
{
    gr_forks *f = map->launcher;
    death d = cause_of(&f->forks[place], how);
    uint32_t stage = atomic_load(&f->crew->places[place].stage);
    f->forks[place].pid = 0;
    if (stage == GR_STAGE_FAILED) gr_crew_trouble(f->crew, map);
    gr_crew_vacate(f->crew, place);
    for (gr_run *r = map->first; r; r = r->next) {
        if (!r->work) continue;
        d.work = r->work;
        gr_deal_bury(&r->work->deal, place, r->dropped ? INT_MAX : r->job.retries, give_up, &d);
        r->workers[place].lost += stage == GR_STAGE_READY || stage == GR_STAGE_STARTING;
    }
    gr_crew_ring(f->crew);
    if (stage == GR_STAGE_STARTING) count_stillborn(map, place, &d);
}

static bool is_dead(const gr_fork *w, int flags, int *how)
{
    if (!w->pid) return false;
    pid_t pid = waitpid(w->pid, how, flags);
    if (pid < 0 && errno != EINTR) *how = -1; // somebody else has waited for it
    return pid == w->pid || (pid < 0 && errno != EINTR);
}

// ---- those that are late ----

static double limit_of(const gr_map *map, uint32_t visiting)
{
    double least = INFINITY;
    for (const gr_run *r = map->first; r; r = r->next)
        if (r->work && r->job.timeout > 0 && (!visiting || visiting == (uint32_t)r->slot + 1))
            least = fmin(least, r->job.timeout);
    return least;
}

static void end_late(const gr_map *map, gr_fork *w, const gr_crew *crew, const gr_place *p,
                     double now)
{
    uint64_t beat = atomic_load(&p->beat);
    bool idle = beat % 2 == 0 && atomic_load(&p->heard) == atomic_load(&crew->bell);
    if (idle || beat != w->beat || w->since == 0 || atomic_load(&p->stage) != GR_STAGE_READY) {
        w->beat = beat, w->since = now;
        return;
    }
    double limit = limit_of(map, atomic_load(&p->visiting));
    if (!(now - w->since > limit)) return;
    w->late = limit;
    kill(w->pid, SIGKILL);
}

// What was cancelled may still take half a second.
static void end_cancelled(gr_map *map, double now)
{
    gr_forks *f = map->launcher;
    for (gr_run *r = map->first; r; r = r->next) {
        if (!r->work || !r->dropped) continue;
        if (f->cancelled[r->slot] == 0) f->cancelled[r->slot] = now;
        for (int p = 0; now - f->cancelled[r->slot] > grace && p < map->spec.workers; p++)
            if (f->forks[p].pid &&
                atomic_load(&f->crew->places[p].visiting) == (uint32_t)r->slot + 1)
                kill(f->forks[p].pid, SIGKILL);
    }
}

// ---- the watch ----

gr_status gr_fork_fill(gr_map *map)
{
    gr_forks *f = map->launcher;
    gr_status status = GR_OK;
    int there = 0;
    for (int p = 0; p < map->spec.workers; p++) {
        if (!f->forks[p].pid && !status) status = gr_fork_worker(map, p);
        there += f->forks[p].pid > 0;
    }
    return there ? GR_OK : status;
}

static bool wanted(const gr_map *map)
{
    for (const gr_run *r = map->first; r; r = r->next)
        if (r->work && !atomic_load(&r->cancelled)) return true;
    return false;
}

void gr_fork_watch(gr_map *map)
{
    gr_forks *f = map->launcher;
    double now = gr_now();
    if (now - f->looked < patience) return;
    f->looked = now;
    gr_crew_trouble(f->crew, map); // before it has ended, which may take it a while
    for (int p = 0, how; p < map->spec.workers; p++) {
        if (f->forks[p].pid) end_late(map, &f->forks[p], f->crew, &f->crew->places[p], now);
        if (is_dead(&f->forks[p], WNOHANG, &how)) bury(map, p, how);
    }
    end_cancelled(map, now);
    if (wanted(map) && gr_fork_fill(map)) fail_runs(map, GR_ESYS, gr_errmsg());
}

// Waits, then kills: half a second for a task, longer for a finalizer. Returns how it ended.
static int end_worker(const gr_fork *w, const gr_place *place, double start)
{
    int how = 0;
    long nap = 20000; // ns: most end at once
    while (gr_now() - start < (atomic_load(&place->visiting) ? grace : last_words)) {
        if (is_dead(w, WNOHANG, &how)) return how;
        nanosleep(&(struct timespec){.tv_nsec = nap}, NULL);
        if (nap < 1000000) nap += nap / 2;
    }
    kill(w->pid, SIGKILL);
    while (!is_dead(w, 0, &how)) continue;
    return how;
}

void gr_fork_end(gr_map *map)
{
    gr_forks *f = map->launcher;
    double start = gr_now();
    atomic_store(&f->crew->stop, true);
    gr_crew_ring(f->crew);
    for (int p = 0; p < map->spec.workers; p++)
        if (f->forks[p].pid) bury(map, p, end_worker(&f->forks[p], &f->crew->places[p], start));
    f->stillborn = 0;
    gr_fork_restore_blas(f);
    atomic_store(&f->crew->stop, false);
}
