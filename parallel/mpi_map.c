// SPDX-License-Identifier: BSD-3-Clause
// mpi_map -- the map over MPI ranks, as rank 0 has it: it deals, hears what was done, and does
// tasks itself in between.
//
// The deal (lib/deal.h) is kept here; rank 0 takes chunks for the others and sends them with their
// records. Each has up to two, so that nobody waits for rank 0 as long as its own task is shorter
// than another's chunk; towards the end only one, so that nobody waits for a chunk in a queue.
#include "lib/timer.h"
#include "parallel/mpi_letter.h"
#include "parallel/mpi_member.h"
#include "parallel/mpi_ranks.h"
#include "parallel/ranks_map.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

typedef struct seat {
    gr_hand hand[GR_AGENT_LOADS]; // what the rank holds, the oldest first
    int held;
    size_t card; // where it is in its own row of chunks
    double busy;
    int lost;
} seat;

typedef struct master {
    gr_member member;
    gr_run *run;   // NULL: none
    size_t jobs;   // so far
    size_t number; // of this one; 0: none
    bool drops;    // were all told to drop it?
    bool opened;   // have the others had a job since they were closed?
    int closed;    // how many said that they are
    int *works;    // (ranks)
    seat *seats;   // (ranks of the map)
} master;

static const double own_turn = 2e-5; // s that rank 0 computes before it looks at its mail

static bool there_is_one; // the ranks work for one map at a time

// ---- making ----

gr_status gr_mpi_map_make(gr_map *map)
{
    if (there_is_one)
        return gr_fail(GR_EUNSUP, "map '%s': the ranks work for another map already", map->name);
    if (gr_rank() > 0)
        return gr_fail(GR_EUNSUP, "map '%s' is made by rank 0; this is rank %d: gr_map_serve",
                       map->name, gr_rank());
    master *m = calloc(1, sizeof *m);
    int *ranks = calloc((size_t)gr_ranks(), sizeof *ranks);
    seat *seats = calloc((size_t)map->spec.workers, sizeof *seats);
    // The others wait already.
    if (!m || !ranks || !seats) gr_mpi_die("map '%s': out of memory", map->name);
    gr_status status = gr_member_open(&m->member, map, ranks);
    if (status) {
        free(m), free(ranks), free(seats);
        return status;
    }
    m->works = ranks, m->seats = seats;
    map->launcher = m;
    there_is_one = true;
    map->spec.width = m->member.agent.inner ? m->member.agent.inner->spec.workers : 1;
    return GR_OK;
}

// ---- letters out ----

static bool works(const gr_map *map, int rank)
{
    const master *m = map->launcher;
    return rank < map->spec.workers && m->works[rank];
}

// The same few words to all that work, or that have something in their hands.
static gr_status send_all(gr_map *map, gr_letter what, bool only_holders)
{
    master *m = map->launcher;
    for (int r = 1; r < map->spec.workers; r++) {
        if (!works(map, r) || (only_holders && !m->seats[r].held)) continue;
        GR_TRY(gr_mail_send(&m->member.mail, r, what, NULL, 0));
    }
    return GR_OK;
}

static gr_status send_job(gr_map *map, const gr_job *job)
{
    master *m = map->launcher;
    for (int r = 1; r < map->spec.workers; r++) {
        gr_bytes letter;
        if (!works(map, r)) continue;
        GR_TRY(gr_letter_of_job(job, m->jobs, &letter));
        GR_TRY(gr_mail_send(&m->member.mail, r, GR_LETTER_JOB, letter.data, letter.size));
        m->opened = true;
    }
    return GR_OK;
}

// ---- dealing ----

static size_t bytes_or(size_t size) { return size ? size : sizeof(gr_bytes); }

// Rank 0's own chunk: records and results are where the job has them.
static gr_status take_own(gr_map *map, const gr_hand *h)
{
    master *m = map->launcher;
    const gr_work *w = m->run->work;
    gr_load load = {.chunk = h->chunk, .lo = h->at, .hi = h->hi};
    size_t n = h->hi - h->at;
    load.outcomes = load.memory = calloc(n, sizeof *load.outcomes);
    if (!load.memory) return gr_fail(GR_ENOMEM, "a chunk of %zu tasks: out of memory", n);
    if (w->in) load.in = (const char *)w->in + h->at * bytes_or(w->in_size);
    if (w->out) load.out = (char *)w->out + h->at * bytes_or(w->out_size);
    gr_agent_take(&m->member.agent, load);
    return GR_OK;
}

static gr_status give(gr_map *map, int rank, const gr_hand *h)
{
    master *m = map->launcher;
    gr_bytes letter;
    if (rank == 0) return take_own(map, h);
    GR_TRY(gr_letter_of_chunk(m->run->work, h, &letter));
    return gr_mail_send(&m->member.mail, rank, GR_LETTER_DEAL, letter.data, letter.size);
}

// Where all draw from one heap, nobody has two of the last chunks.
static int may_hold(const gr_map *map, const gr_deal *d)
{
    bool drawn = d->strategy == GR_POOL || d->strategy == GR_GUIDED;
    size_t next = (size_t)atomic_load(&d->next), few = 2 * (size_t)map->spec.workers;
    return drawn && next + few > d->chunks ? 1 : GR_AGENT_LOADS;
}

// Gives a rank its next chunk, unless it holds `most` of them. A chunk that cannot be given goes
// back.
static void deal_one(gr_map *map, int rank, int most)
{
    master *m = map->launcher;
    gr_deal *d = &m->run->work->deal;
    seat *s = &m->seats[rank];
    gr_hand *h = &s->hand[s->held];
    if (!works(map, rank) || s->held >= most || !gr_deal_claim(d, rank, &s->card, h)) return;
    gr_status status = give(map, rank, h);
    s->held += !status;
    if (!status) return;
    gr_deal_leave(d, rank, h);
    gr_run_fail(m->run, status, gr_errmsg());
}

static void deal_to(gr_map *map, int rank)
{
    const master *m = map->launcher;
    for (int k = 1; k <= may_hold(map, &m->run->work->deal); k++) deal_one(map, rank, k);
}

// Everybody has one before anybody has two.
static void deal_all(gr_map *map)
{
    const master *m = map->launcher;
    for (int k = 1; k <= may_hold(map, &m->run->work->deal); k++)
        for (int r = map->spec.workers - 1; r >= 0; r--) deal_one(map, r, k);
}

static void give_up_nothing(size_t task, int attempts, void *context)
{
    (void)task, (void)attempts, (void)context;
}

static gr_status check_job(const gr_map *map, const gr_job *job)
{
    const master *m = map->launcher;
    if (!(job->timeout > 0) || m->member.agent.inner->type->kills) return GR_OK;
    return gr_fail(GR_EUNSUP, "map '%s': a time limit for a task needs mpi(fork:1)", map->name);
}

gr_status gr_mpi_map_post(gr_map *map, gr_run *run)
{
    master *m = map->launcher;
    GR_TRY(check_job(map, &run->job));
    GR_TRY(gr_work_new(&run->work, run));
    m->jobs++;
    gr_status status = send_job(map, &run->job);
    if (status) {
        free(run->work);
        run->work = NULL;
        return status;
    }
    m->run = run, m->number = m->jobs, m->drops = false;
    gr_agent_begin(&m->member.agent, &run->job);
    for (int r = 0; r < map->spec.workers; r++) {
        m->seats[r] = (seat){.card = (size_t)r};
        if (!works(map, r)) gr_deal_bury(&run->work->deal, r, 0, give_up_nothing, NULL);
    }
    deal_all(map);
    return GR_OK;
}

void gr_mpi_map_unpost(gr_map *map, gr_run *run)
{
    master *m = map->launcher;
    free(run->work);
    m->run = NULL, m->number = 0;
}

// ---- what was done ----

static void pop(seat *s)
{
    s->held--;
    for (int k = 0; k < s->held; k++) s->hand[k] = s->hand[k + 1];
}

// Tasks before `hi` of a rank's oldest chunk have ended; if it is the last one hears of it, the
// rest will not be done. While all are told to drop the job, words change with the last news only:
// a chunk that is over must be in nobody's hands.
static void mark(gr_map *map, int rank, size_t hi, bool last)
{
    master *m = map->launcher;
    gr_deal *d = &m->run->work->deal;
    seat *s = &m->seats[rank];
    gr_hand *h = &s->hand[0];
    if (m->run->dropped && !last) return;
    while (h->at < hi) gr_deal_done(d, rank, h, false);
    if (!last) return;
    if (h->at < h->hi) {
        gr_deal_leave(d, rank, h);
        gr_deal_cancel(d);
    }
    pop(s);
}

static void hear_part(gr_map *map, int rank, gr_bytes letter)
{
    master *m = map->launcher;
    gr_part part = gr_part_of_letter(letter);
    seat *s = &m->seats[rank];
    assert(s->held && s->hand[0].chunk == part.chunk);
    gr_status status = gr_part_store(&part, m->run->work);
    if (status) gr_run_fail(m->run, status, gr_errmsg());
    s->hand[0].noted |= part.notes > 0;
    s->busy = part.busy, s->lost = part.lost;
    mark(map, rank, part.hi, part.last);
    if (part.last) deal_to(map, rank);
}

static void hear_trouble(gr_map *map, int rank, gr_bytes letter)
{
    const master *m = map->launcher;
    gr_trouble t;
    char text[240];
    memcpy(&t, letter.data, sizeof t);
    snprintf(text, sizeof text, "worker %d: %s", rank, t.text);
    if (t.job == m->number) gr_run_fail(m->run, t.status, text);
}

static bool hear(gr_map *map)
{
    master *m = map->launcher;
    int from;
    gr_letter what;
    gr_bytes letter;
    if (!gr_mail_next(&m->member.mail, &from, &what, &letter)) return false;
    if (what == GR_LETTER_PART) hear_part(map, from, letter);
    if (what == GR_LETTER_TROUBLE) hear_trouble(map, from, letter);
    m->closed += what == GR_LETTER_CLOSED;
    return true;
}

// ---- rank 0's own tasks ----

static void note_own(gr_work *w, gr_hand *h, const gr_load *l)
{
    for (size_t i = l->told; i < l->done; i++) {
        const gr_outcome *o = &l->outcomes[i - l->lo];
        if (!o->status && o->attempts == 1) continue;
        w->notes[i] = *o;
        h->noted = true;
    }
}

static void tell_own(gr_map *map, bool dropped)
{
    master *m = map->launcher;
    gr_agent *a = &m->member.agent;
    while (a->held) {
        gr_load *l = &a->loads[0];
        bool last = l->done == l->hi || dropped;
        if (l->done == l->told && !last) return;
        note_own(m->run->work, &m->seats[0].hand[0], l);
        l->told = l->done;
        mark(map, 0, l->done, last);
        if (!last) return;
        gr_agent_put_down(a);
        deal_to(map, 0);
    }
}

static bool work(gr_map *map)
{
    master *m = map->launcher;
    gr_agent *a = &m->member.agent;
    if (!a->held || m->run->status || m->drops) return false;
    gr_status status = gr_agent_step(a, own_turn);
    if (status) {
        char text[240];
        snprintf(text, sizeof text, "worker 0: %.200s", gr_errmsg());
        gr_run_fail(m->run, status, text);
    }
    tell_own(map, false);
    return true;
}

static void drop(gr_map *map)
{
    master *m = map->launcher;
    m->drops = true;
    if (send_all(map, GR_LETTER_DROP, true)) gr_mpi_die("%s", gr_errmsg());
    gr_agent_drop(&m->member.agent);
    tell_own(map, true);
}

void gr_mpi_map_attend(gr_map *map, double seconds)
{
    const master *m = map->launcher;
    double end = gr_now() + seconds;
    for (int times = 0;; times++) {
        if (m->run->dropped && !m->drops) drop(map);
        bool heard = hear(map), worked = work(map);
        if (gr_run_news(m->run) || (seconds >= 0 && gr_now() >= end)) return;
        if (heard || worked)
            times = 0;
        else
            gr_mail_rest(times);
    }
}

void gr_mpi_map_count(gr_map *map, gr_run *run, gr_worker *workers)
{
    master *m = map->launcher;
    (void)run;
    m->seats[0].busy = gr_agent_busy(&m->member.agent), m->seats[0].lost = m->member.agent.lost;
    for (int r = 0; r < map->spec.workers; r++)
        workers[r].busy = m->seats[r].busy, workers[r].lost = m->seats[r].lost;
}

// ---- the end ----

static bool somebody_holds(const gr_map *map)
{
    const master *m = map->launcher;
    for (int r = 0; r < map->spec.workers; r++)
        if (m->seats[r].held) return true;
    return false;
}

static void wait_for_hands(gr_map *map)
{
    master *m = map->launcher;
    gr_deal_cancel(&m->run->work->deal);
    m->run->dropped = true;
    if (!m->drops) drop(map);
    for (int times = 0; somebody_holds(map); times++)
        if (!hear(map)) gr_mail_rest(times);
}

void gr_mpi_map_close(gr_map *map)
{
    master *m = map->launcher;
    int others = 0;
    if (m->run) wait_for_hands(map);
    gr_agent_close(&m->member.agent);
    if (!m->opened) return;
    m->opened = false, m->closed = 0;
    if (send_all(map, GR_LETTER_CLOSE, false)) gr_mpi_die("%s", gr_errmsg());
    for (int r = 1; r < map->spec.workers; r++) others += works(map, r);
    for (int times = 0; m->closed < others; times++)
        if (!hear(map)) gr_mail_rest(times);
}

void gr_mpi_map_free(gr_map *map)
{
    master *m = map->launcher;
    for (int r = 1; r < m->member.mail.ranks; r++)
        if (gr_mail_send(&m->member.mail, r, GR_LETTER_LEAVE, NULL, 0))
            gr_mpi_die("%s", gr_errmsg());
    gr_member_close(&m->member);
    free(m->works), free(m->seats), free(m);
    there_is_one = false;
}
