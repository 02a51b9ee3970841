// SPDX-License-Identifier: BSD-3-Clause
#include "parallel/team.h"
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

enum { WAIT, GO, GO_HOME };

typedef struct team {
    gr_team_work *work;
    void *context;
    int size;
    pthread_mutex_t lock; // protects gate
    pthread_cond_t opened;
    int gate;
} team;

typedef struct member {
    team *team;
    pthread_t thread;
    int number;
} member;

static int wait_at_gate(team *t)
{
    pthread_mutex_lock(&t->lock);
    while (t->gate == WAIT) pthread_cond_wait(&t->opened, &t->lock);
    int gate = t->gate;
    pthread_mutex_unlock(&t->lock);
    return gate;
}

static void open_gate(team *t, int gate)
{
    pthread_mutex_lock(&t->lock);
    t->gate = gate;
    pthread_cond_broadcast(&t->opened);
    pthread_mutex_unlock(&t->lock);
}

// Binds to the k-th core, after the caller's own, of those this process may use; leaves the choice
// to the system if there are fewer than `size`.
static void bind_to_core(pthread_attr_t *attr, int k, int size)
{
    cpu_set_t allowed, one;
    if (sched_getaffinity(0, sizeof allowed, &allowed) || CPU_COUNT(&allowed) < size) return;
    int cpu = sched_getcpu();
    while (k > 0) {
        cpu = (cpu + 1) % CPU_SETSIZE;
        k -= CPU_ISSET(cpu, &allowed) ? 1 : 0;
    }
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    pthread_attr_setaffinity_np(attr, sizeof one, &one);
}

static void *member_main(void *argument)
{
    member *m = argument;
    if (wait_at_gate(m->team) == GO) m->team->work(m->number, m->team->size, m->team->context);
    return NULL;
}

static int start_member(member *m)
{
    pthread_attr_t attr;
    int error = pthread_attr_init(&attr);
    if (error) return error;
    bind_to_core(&attr, m->number, m->team->size);
    error = pthread_create(&m->thread, &attr, member_main, m);
    pthread_attr_destroy(&attr);
    return error;
}

gr_status gr_team_run(int size, gr_team_work *work, void *context)
{
    if (size < 1) return gr_fail(GR_EARG, "a team of %d: expected 1 or more", size);
    if (size == 1) {
        work(0, 1, context);
        return GR_OK;
    }
    member *members = calloc((size_t)size, sizeof *members);
    if (!members) return gr_fail(GR_ENOMEM, "a team of %d: out of memory", size);
    team t = {work, context, size, PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, WAIT};
    int started = 1, error = 0;
    for (; started < size && !error; started += !error) {
        members[started] = (member){.team = &t, .number = started};
        error = start_member(&members[started]);
    }
    open_gate(&t, error ? GO_HOME : GO);
    if (!error) work(0, size, context);
    for (int k = 1; k < started; k++) pthread_join(members[k].thread, NULL);
    free(members);
    if (error) return gr_fail(GR_ESYS, "thread %d of %d could not be started", started, size);
    return GR_OK;
}
