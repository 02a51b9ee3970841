// SPDX-License-Identifier: BSD-3-Clause
// Step 2: a pool of processes.
//
// pools_run(workers, work, d) forks so many processes at once, runs work() in each, and waits for
// all. The desk lies in memory that all of them share, and so do the answers, p->passes. What is
// missing is the work: take numbers from the counter, test them, until there are none left. Take
// more than one at a time: the counter is shared, so an addition to it costs as much as a test or
// more. atomic_fetch_add(&d->next, k) returns the old value.
#include "lessons/12_pools/pools.h"
#include "lib/primes.h"
#include <stdatomic.h>

enum { CHUNK = 1000 };

typedef struct desk {
    primes *p;
    atomic_size_t next; // the first number that nobody has taken
} desk;

static gr_status work(int number, int fd, void *context)
{
    desk *d = context;
    (void)number, (void)fd;
    // TODO: chunks from the counter; p->passes[i] = gr_fermat(p->first + i) for each number in them
    (void)d;
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
