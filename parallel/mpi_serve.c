// SPDX-License-Identifier: BSD-3-Clause
// mpi_serve -- a rank that works for the map of rank 0: it does what its letters say.
#include "lib/timer.h"
#include "parallel/mpi_letter.h"
#include "parallel/mpi_member.h"
#include "parallel/mpi_ranks.h"
#include "parallel/mpi_watch.h"
#include "parallel/ranks_map.h"
#include <signal.h>
#include <stdlib.h>

static const double tell_again = 5e-3; // s, between two parts of one chunk
static const double look_again = 2e-4; // s, while the inner map's workers are at work

typedef struct servant {
    gr_member member;
    const gr_func *const *funcs;
    size_t number; // of the job
    gr_func func;  // and what it calls
    void *job;     // the letter that agent.job points into
    bool trouble;  // this rank can do nothing of this job
    bool leaves;
    bool idle;   // and noted as such by the watch
    double told; // when the last part was sent
} servant;

// A rank that cannot even answer must not let rank 0 wait for ever.
static void send(servant *s, gr_letter what, gr_bytes letter)
{
    if (gr_mail_send(&s->member.mail, 0, what, letter.data, letter.size))
        gr_mpi_die("%s", gr_errmsg());
}

static void say_trouble(servant *s, gr_status status)
{
    if (s->trouble) return;
    gr_trouble *t = calloc(1, sizeof *t);
    if (!t) gr_mpi_die("out of memory: %s", gr_errmsg());
    *t = (gr_trouble){.job = s->number, .status = status};
    snprintf(t->text, sizeof t->text, "%s", gr_errmsg());
    s->trouble = true;
    send(s, GR_LETTER_TROUBLE, (gr_bytes){t, sizeof *t});
}

static void send_part(servant *s, bool dropped)
{
    gr_bytes letter;
    gr_load *l = &s->member.agent.loads[0];
    if (gr_letter_of_part(l, &s->member.agent, dropped, &letter)) gr_mpi_die("%s", gr_errmsg());
    bool last = l->told == l->hi || (dropped && l->told == l->done);
    send(s, GR_LETTER_PART, letter);
    if (last) gr_agent_put_down(&s->member.agent);
}

// What has ended is told chunk by chunk, and every few milliseconds.
static void tell(servant *s)
{
    while (s->member.agent.held) {
        const gr_load *l = &s->member.agent.loads[0];
        double now = gr_now();
        if (l->done == l->told || (l->done < l->hi && now - s->told < tell_again)) return;
        s->told = now;
        send_part(s, false);
    }
}

// ---- letters ----

static void *keep_letter(servant *s)
{
    void *letter = s->member.mail.in;
    s->member.mail.in = NULL, s->member.mail.in_room = 0;
    return letter;
}

static void begin_job(servant *s, gr_bytes letter)
{
    gr_job job;
    free(s->job);
    s->job = keep_letter(s);
    s->trouble = false;
    s->told = 0;
    gr_status status = gr_job_of_letter(letter, s->funcs, &s->func, &s->number, &job);
    if (status)
        say_trouble(s, status);
    else
        gr_agent_begin(&s->member.agent, &job);
}

// In trouble chunks are held until they are dropped.
static void take(servant *s, gr_bytes letter)
{
    gr_load load;
    const gr_job *job = s->trouble ? NULL : &s->member.agent.job;
    gr_status status = gr_load_of_letter(letter, job, &load);
    gr_agent_take(&s->member.agent, load);
    if (status) say_trouble(s, status);
}

static void drop(servant *s)
{
    gr_agent_drop(&s->member.agent);
    while (s->member.agent.held) send_part(s, true);
}

static void obey(servant *s, gr_letter what, gr_bytes letter)
{
    switch (what) {
    case GR_LETTER_JOB:
        begin_job(s, letter);
        return;
    case GR_LETTER_DEAL:
        take(s, letter);
        return;
    case GR_LETTER_DROP:
        drop(s);
        return;
    case GR_LETTER_CLOSE:
        gr_agent_close(&s->member.agent);
        send(s, GR_LETTER_CLOSED, (gr_bytes){NULL, 0});
        return;
    default:
        s->leaves = true;
    }
}

// ---- the life of a servant ----

// The rank itself computes in gr_agent_step, or sleeps there while its inner map's workers do.
static bool work(servant *s)
{
    if (!s->member.agent.held || s->trouble) return false;
    gr_status status = gr_agent_step(&s->member.agent, look_again);
    if (status) say_trouble(s, status);
    tell(s);
    return true;
}

// If rank 0 waits for this one, which waits for rank 0, the watch shall see it.
static void idle(servant *s, int times)
{
    if (times == GR_MAIL_PATIENT) {
        gr_watch_enter(GR_WATCHED_SERVE, 0, 0, -1);
        s->idle = true;
    }
    gr_mail_rest(times);
}

static void wake(servant *s)
{
    if (s->idle) gr_watch_leave();
    s->idle = false;
}

// ^C and what mpirun says before it kills are for rank 0 to decide about.
static void serve(servant *s)
{
    struct sigaction deaf = {.sa_handler = SIG_IGN}, interrupt, end;
    sigaction(SIGINT, &deaf, &interrupt);
    sigaction(SIGTERM, &deaf, &end);
    for (int times = 0; !s->leaves; times++) {
        int from;
        gr_letter what;
        gr_bytes letter;
        if (gr_mail_next(&s->member.mail, &from, &what, &letter)) {
            wake(s);
            obey(s, what, letter);
            times = 0;
        } else if (work(s))
            times = 0;
        else
            idle(s, times);
    }
    sigaction(SIGINT, &interrupt, NULL);
    sigaction(SIGTERM, &end, NULL);
}

gr_status gr_mpi_map_serve(gr_map *map)
{
    servant s = {.funcs = gr_member_funcs(map)};
    GR_TRY(gr_member_open(&s.member, map, NULL));
    serve(&s);
    gr_member_close(&s.member);
    free(s.job);
    return GR_OK;
}
