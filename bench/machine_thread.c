// SPDX-License-Identifier: BSD-3-Clause
// What it costs to start a thread and to wake one that sleeps. Medians of many single events.
#include "bench/machine_part.h"
#include "lib/stats.h"
#include "lib/timer.h"
#include "parallel/team.h"
#include <pthread.h>

enum { MOST = 4000 };

static void *nothing(void *argument) { return argument; }

static gr_status put_thread(int n, json_t *card)
{
    double seconds[MOST];
    for (int k = 0; k < n; k++) {
        pthread_t thread;
        double start = gr_now();
        if (pthread_create(&thread, NULL, nothing, NULL))
            return gr_fail(GR_ESYS, "a thread could not be started");
        pthread_join(thread, NULL);
        seconds[k] = gr_now() - start;
    }
    return gr_machine_put_real(card, "thread_us", 1e6 * gr_median(seconds, (size_t)n));
}

// Two threads that wake each other in turn, each asleep while it is not its turn.
typedef struct relay {
    pthread_mutex_t lock; // protects turn
    pthread_cond_t changed;
    int turn; // the member that may go on
    int n;
    double seconds[MOST]; // of each round, by member 0
} relay;

static void pass_turn(relay *r, int member)
{
    pthread_mutex_lock(&r->lock);
    r->turn = !member;
    pthread_cond_signal(&r->changed);
    pthread_mutex_unlock(&r->lock);
}

static void await_turn(relay *r, int member)
{
    pthread_mutex_lock(&r->lock);
    while (r->turn != member) pthread_cond_wait(&r->changed, &r->lock);
    pthread_mutex_unlock(&r->lock);
}

static void run_relay(int member, int size, void *context)
{
    (void)size;
    relay *r = context;
    for (int k = 0; k < r->n; k++) {
        double start = gr_now();
        if (member == 1) await_turn(r, 1);
        pass_turn(r, member);
        if (member == 0) await_turn(r, 0), r->seconds[k] = gr_now() - start;
    }
}

// One wake-up is half a round trip.
static gr_status put_wake(int n, json_t *card)
{
    relay r = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, n, {0}};
    GR_TRY(gr_team_run(2, run_relay, &r));
    return gr_machine_put_real(card, "wake_us", 1e6 * gr_median(r.seconds, (size_t)n) / 2);
}

gr_status gr_machine_threads(const gr_machine_plan *plan, json_t *card)
{
    GR_TRY(put_thread(plan->quick ? 100 : 500, card));
    return put_wake(plan->quick ? 1000 : MOST, card);
}
