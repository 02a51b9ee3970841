// SPDX-License-Identifier: BSD-3-Clause
// Wrong: answers in memory of its own, which dies with the worker.
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
    primes *p = d->p;
    static uint8_t own[1 << 20];
    for (size_t i; (i = atomic_fetch_add(&d->next, CHUNK)) < p->n;) {
        size_t end = i + CHUNK < p->n ? i + CHUNK : p->n;
        for (; i < end; i++) own[i % sizeof own] = gr_fermat(p->first + i);
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
