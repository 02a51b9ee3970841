// SPDX-License-Identifier: BSD-3-Clause
// Wrong: goes home with the first worker that is done.
#include "lessons/12_pools/pools.h"
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct desk {
    casualties *p;
    atomic_size_t next; // the first task that nobody has taken
    size_t holds[];     // (workers): index + 1 of the task that each is at; 0: none
} desk;

static gr_status work(int number, int fd, void *context)
{
    desk *d = context;
    casualties *p = d->p;
    (void)fd;
    size_t i = d->holds[number] ? d->holds[number] - 1 : atomic_fetch_add(&d->next, 1);
    while (i < p->n) {
        d->holds[number] = i + 1;
        p->result[i] = casualties_do(p, i);
        d->holds[number] = 0;
        i = atomic_fetch_add(&d->next, 1);
    }
    return GR_OK;
}

// The next of our children that ends, of those still there: its number. *died: it did not return.
static int next_to_end(pools_worker *crew, int workers, bool *died)
{
    int how = 0;
    pid_t pid = waitpid(-1, &how, 0);
    for (int w = 0; pid > 0 && w < workers; w++)
        if (crew[w].pid == pid) {
            close(crew[w].fd);
            crew[w] = (pools_worker){0, -1};
            *died = how != 0;
            return w;
        }
    return -1;
}

// Puts a worker in the place of a dead one; its task is tried again or given up.
static gr_status replace(desk *d, pools_worker *worker, int number)
{
    size_t held = d->holds[number];
    if (held && d->p->attempts[held - 1] >= CASUALTIES_ATTEMPTS) {
        d->p->result[held - 1] = CASUALTIES_GIVEN_UP;
        d->holds[number] = 0;
    }
    return pools_start(worker, work, number, d);
}

static gr_status attend(desk *d, pools_worker *crew, int workers)
{
    for (int left = workers; left > 0;) {
        bool died = false;
        int w = next_to_end(crew, workers, &died);
        if (w < 0 && errno == EINTR) continue;
        if (w < 0) return gr_fail_errno("waiting for workers");
        if (died)
            GR_TRY(replace(d, &crew[w], w));
        else
            return GR_OK;
    }
    return GR_OK;
}

static gr_status run(desk *d, int workers)
{
    gr_status status = GR_OK;
    pools_worker *crew = calloc((size_t)workers, sizeof *crew);
    if (!crew) return gr_fail(GR_ENOMEM, "crew: out of memory");
    for (int w = 0; w < workers && !status; w++) status = pools_start(&crew[w], work, w, d);
    if (!status) status = attend(d, crew, workers);
    free(crew);
    return status;
}

gr_status exercise(void *problem, int workers)
{
    size_t bytes = sizeof(desk) + (size_t)workers * sizeof(size_t);
    desk *d = pools_share(bytes);
    if (!d) return GR_ENOMEM;
    d->p = problem;
    gr_status status = run(d, workers);
    pools_unshare(d, bytes);
    return status;
}
