// SPDX-License-Identifier: BSD-3-Clause
// Step 4: random numbers that belong to the task.
//
// Each of n tasks throws darts: streams_throw(&rng) returns its hits. Below, the generator is made
// before the fork, so every worker has a copy of it, and all of them throw the very same darts.
// Give each task the numbers that are its own, stream i of the seed, whoever does it and whatever
// was done before: gr_rng_of(seed, i) costs no more than copying three integers.
#include "lessons/12_pools/pools.h"
#include "lib/rng.h"
#include <stdatomic.h>

typedef struct desk {
    streams *p;
    atomic_size_t next; // the first task that nobody has taken
} desk;

static gr_rng rng; // TODO: not here

static gr_status work(int number, int fd, void *context)
{
    desk *d = context;
    (void)number, (void)fd;
    for (size_t i; (i = atomic_fetch_add(&d->next, 1)) < d->p->n;)
        d->p->hits[i] = streams_throw(&rng);
    return GR_OK;
}

gr_status exercise(void *problem, int workers)
{
    desk *d = pools_share(sizeof *d);
    if (!d) return GR_ENOMEM;
    d->p = problem;
    rng = gr_rng_of(d->p->seed, 0);
    gr_status status = pools_run(workers, work, d);
    pools_unshare(d, sizeof *d);
    return status;
}
