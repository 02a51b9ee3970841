// SPDX-License-Identifier: BSD-3-Clause
// A counter-based generator has no history: number k of stream i is a function of (seed, i, k). So
// a stream for each task costs nothing, and the result is the same for any number of workers.
#include "lessons/12_pools/pools.h"
#include "lib/rng.h"
#include <stdatomic.h>

typedef struct desk {
    streams *p;
    atomic_size_t next; // the first task that nobody has taken
} desk;

static gr_status work(int number, int fd, void *context)
{
    desk *d = context;
    (void)number, (void)fd;
    for (size_t i; (i = atomic_fetch_add(&d->next, 1)) < d->p->n;) {
        gr_rng rng = gr_rng_of(d->p->seed, i);
        d->p->hits[i] = streams_throw(&rng);
    }
    return GR_OK;
}

gr_status exercise(void *problem, int workers)
{
    desk *d = pools_share(sizeof *d);
    if (!d) return GR_ENOMEM;
    d->p = problem;
    gr_status status = pools_run(workers, work, d);
    pools_unshare(d, sizeof *d);
    return status;
}
