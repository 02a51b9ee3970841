// SPDX-License-Identifier: BSD-3-Clause
// Several threads that do the same work at the same time, timed from the first start to the last
// end, and the memory that they do it in.
#include "bench/machine_part.h"
#include "lib/timer.h"
#include <math.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>

typedef struct span {
    _Alignas(64) double start, end; // s; a line of its own for each member
} span;

typedef struct lap {
    gr_team_work *prepare;
    gr_machine_work *work;
    void *context;
    int repeats;
    atomic_int arrived, round; // of the meeting
    span *spans;               // (size)
    double best;               // s, written by member 0
} lap;

// Waits until all members are here. It spins: a sleeping thread wakes too late and too unevenly to
// start a measurement. It yields, since there may be fewer cores than threads.
static void meet(lap *l, int size)
{
    int round = atomic_load(&l->round);
    if (atomic_fetch_add(&l->arrived, 1) == size - 1) {
        atomic_store(&l->arrived, 0);
        atomic_fetch_add(&l->round, 1);
        return;
    }
    for (int spins = 1; atomic_load(&l->round) == round; spins++)
        if (spins % 1024 == 0) sched_yield();
}

static double longest(const span *spans, int size)
{
    double start = INFINITY, end = -INFINITY;
    for (int k = 0; k < size; k++) {
        start = fmin(start, spans[k].start);
        end = fmax(end, spans[k].end);
    }
    return end - start;
}

static void run_member(int member, int size, void *context)
{
    lap *l = context;
    if (l->prepare) l->prepare(member, size, l->context);
    for (int k = 0; k < l->repeats; k++) {
        meet(l, size);
        l->spans[member].start = gr_now();
        l->work(member, size, k, l->context);
        l->spans[member].end = gr_now();
        meet(l, size);
        if (member == 0) l->best = fmin(l->best, longest(l->spans, size));
    }
}

gr_status gr_machine_lap(int size, int repeats, gr_team_work *prepare, gr_machine_work *work,
                         void *context, double *best)
{
    if (size < 1) return gr_fail(GR_EARG, "a lap of %d threads: expected 1 or more", size);
    lap l = {
        .prepare = prepare, .work = work, .context = context, .repeats = repeats, .best = INFINITY};
    l.spans = aligned_alloc(64, sizeof(span) * (size_t)size);
    if (!l.spans) return gr_fail(GR_ENOMEM, "times of %d threads: out of memory", size);
    gr_status status = gr_team_run(size, run_member, &l);
    free(l.spans);
    *best = l.best;
    return status;
}

gr_status gr_machine_block(size_t bytes, void **block)
{
    const size_t huge = (size_t)2 << 20;
    *block = NULL;
    if (bytes > SIZE_MAX - huge) return gr_fail(GR_ENOMEM, "a block of %zu bytes", bytes);
    bytes = (bytes + huge - 1) / huge * huge;
    *block = aligned_alloc(huge, bytes);
    if (!*block) return gr_fail(GR_ENOMEM, "a block of %zu MiB: out of memory", bytes >> 20);
    madvise(*block, bytes, MADV_HUGEPAGE); // refused where there are none: then without
    return GR_OK;
}
