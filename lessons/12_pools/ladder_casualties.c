// SPDX-License-Identifier: BSD-3-Clause
// casualties -- tasks that kill the process that does them: some once, some always. Whoever deals
// tasks must notice a death, know which task it was, try that again, and give up at some point;
// and no task that went well may be done twice.
#include "lessons/12_pools/pools.h"
#include "lib/rng.h"
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

// ---- the tasks ----

typedef enum nature { HEALTHY, KILLS_ONCE, KILLS_ALWAYS } nature;

static nature nature_of(const casualties *p, size_t i)
{
    gr_rng rng = gr_rng_of(p->seed, i);
    size_t lot = gr_rng_below(&rng, 12);
    return lot == 0 ? KILLS_ALWAYS : lot <= 3 ? KILLS_ONCE : HEALTHY;
}

static int64_t value_of(size_t i) { return (int64_t)(i * i + 7); }

// By a signal that cannot be caught, by one that can, or by a way out in the middle of the work.
static _Noreturn void die(size_t i)
{
    if (i % 3 == 0) raise(SIGKILL);
    if (i % 3 == 1) raise(SIGTERM);
    _exit(3);
}

int64_t casualties_do(casualties *p, size_t i)
{
    int64_t before = p->attempts[i]++;
    nature kind = nature_of(p, i);
    if (kind == KILLS_ALWAYS || (kind == KILLS_ONCE && before == 0)) die(i);
    return value_of(i);
}

// ---- the problem ----

static void teardown(void *problem)
{
    casualties *p = problem;
    if (!p) return;
    pools_unshare(p->result, p->n * sizeof *p->result);
    pools_unshare(p->attempts, p->n * sizeof *p->attempts);
    free(p);
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    *problem = NULL;
    if (size.n > 1000000) return gr_fail(GR_EARG, "%zu tasks: expected at most 1000000", size.n);
    casualties *p = calloc(1, sizeof *p);
    if (!p) return gr_fail(GR_ENOMEM, "casualties: out of memory");
    *p = (casualties){.n = size.n, .seed = seed};
    p->result = pools_share(p->n * sizeof *p->result);
    p->attempts = pools_share(p->n * sizeof *p->attempts);
    if (!p->result || !p->attempts) {
        teardown(p);
        return GR_ENOMEM;
    }
    *problem = p;
    return GR_OK;
}

static void reset(void *problem)
{
    casualties *p = problem;
    for (size_t i = 0; i < p->n; i++) p->attempts[i] = 0;
    p->alone = false;
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    casualties *p = problem;
    p->left = p->alone ? 0 : pools_children();
    out[0] = (gr_output){"result", gr_array_of(p->result, GR_I64, 1, &p->n), true};
    out[1] = (gr_output){"attempts", gr_array_of(p->attempts, GR_I64, 1, &p->n), true};
    out[2] = (gr_output){"processes left", gr_array_of(&p->left, GR_I64, 1, (size_t[]){1}), true};
    return 3;
}

static double tasks(const void *problem) { return (double)((const casualties *)problem)->n; }

// ---- the rungs ----

static gr_status foreseen(void *problem, int workers)
{
    casualties *p = problem;
    (void)workers;
    p->alone = true;
    for (size_t i = 0; i < p->n; i++) {
        nature kind = nature_of(p, i);
        p->attempts[i] = kind == HEALTHY ? 1 : kind == KILLS_ONCE ? 2 : CASUALTIES_ATTEMPTS;
        p->result[i] = kind == KILLS_ALWAYS ? CASUALTIES_GIVEN_UP : value_of(i);
    }
    return GR_OK;
}

// Nobody knows in advance: a child for each attempt.
static gr_status attempt(int i, int fd, void *context)
{
    casualties *p = context;
    (void)fd;
    p->result[i] = casualties_do(p, (size_t)i);
    return GR_OK;
}

static gr_status one_by_one(void *problem, int workers)
{
    casualties *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) {
        gr_status status = GR_ESYS;
        for (int k = 0; k < CASUALTIES_ATTEMPTS && status; k++) {
            pools_worker worker;
            GR_TRY(pools_start(&worker, attempt, (int)i, p));
            status = pools_end(&worker);
        }
        if (status) p->result[i] = CASUALTIES_GIVEN_UP;
    }
    return GR_OK;
}

static const gr_size no_sizes[] = {{0, 0}}; // judged, not timed

static const gr_rung rungs[] = {
    {.name = "foreseen", .idea = "look into the tasks: who will kill?", .run = foreseen},
    {.name = "attempts",
     .idea = "a child for each attempt; how it ended says whether to try again",
     .run = one_by_one},
    {0},
};

const gr_ladder gr_ladder_casualties = {
    .name = "casualties",
    .title = "Which task was it that the worker died of?",
    .lesson = "12_pools",
    .n_name = "tasks",
    .sizes = no_sizes,
    .rungs = rungs,
    .setup = setup,
    .reset = reset,
    .teardown = teardown,
    .outputs = outputs,
    .unit = "task",
    .work = tasks,
};
