// SPDX-License-Identifier: BSD-3-Clause
// stops -- when is it enough? The talk's rule, ChangeOverGeneration: the least cost fell by at most
// a tolerance over the last 30 generations. Here it looks at the costs of n runs.
#include "lessons/19_optimizers/optimizers.h"
#include <stdlib.h>

static void teardown(void *problem)
{
    stops *p = problem;
    if (!p) return;
    free((void *)p->cost), free(p->stop);
    free(p);
}

// Falls, rests and falls again; nothing is found at first in every third run, and in every seventh
// not at all.
static void fill(double *cost, size_t run, gr_rng *rng)
{
    size_t blind = run % 7 == 4 ? STOPS_LONGEST : run % 3 == 2 ? 40 : 0;
    size_t rest = 25 + gr_rng_below(rng, 12), fall = 1 + gr_rng_below(rng, 20);
    double f = 1000, share = 0.5 + 0.4 * gr_rng_unit(rng);
    for (size_t g = 0; g < STOPS_LONGEST; g++) {
        if (g % (rest + fall) < fall) f *= share;
        if (run % 11 == 3) f = 5 - ldexp(1, -24) * (double)(g / STOPS_WINDOW);
        cost[g] = g < blind ? INFINITY : f;
    }
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    *problem = NULL;
    if (size.n > 100000) return gr_fail(GR_EARG, "%zu runs: expected at most 100000", size.n);
    stops *p = calloc(1, sizeof *p);
    double *cost = calloc(size.n * STOPS_LONGEST + 1, sizeof *cost);
    int64_t *stop = calloc(size.n + 1, sizeof *stop);
    if (!p || !cost || !stop) {
        free(p), free(cost), free(stop);
        return gr_fail(GR_ENOMEM, "stops: out of memory");
    }
    gr_rng rng = gr_rng_of(seed, 0);
    for (size_t i = 0; i < size.n; i++) fill(cost + i * STOPS_LONGEST, i, &rng);
    *p = (stops){size.n, cost, stop, ldexp(1, -24)};
    *problem = p;
    return GR_OK;
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    stops *p = problem;
    out[0] = (gr_output){"stop", gr_array_of(p->stop, GR_I64, 1, &p->n), true};
    return 1;
}

static double runs(const void *problem) { return (double)((const stops *)problem)->n; }

// ---- the rungs ----

static gr_status plain(void *problem, int workers)
{
    stops *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) {
        const double *cost = p->cost + i * STOPS_LONGEST;
        p->stop[i] = -1;
        for (size_t g = STOPS_WINDOW; g < STOPS_LONGEST && p->stop[i] < 0; g++)
            if (cost[g - STOPS_WINDOW + 1] - cost[g] <= p->tolerance) p->stop[i] = (int64_t)g;
    }
    return GR_OK;
}

// A solver does not keep all of its costs: those of 30 generations, in a ring.
static int64_t stop_of(const double *cost, double tolerance)
{
    double ring[STOPS_WINDOW];
    for (size_t g = 0; g < STOPS_LONGEST; g++) {
        ring[g % STOPS_WINDOW] = cost[g];
        if (g >= STOPS_WINDOW && ring[(g + 1) % STOPS_WINDOW] - cost[g] <= tolerance)
            return (int64_t)g;
    }
    return -1;
}

static gr_status ring(void *problem, int workers)
{
    stops *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++)
        p->stop[i] = stop_of(p->cost + i * STOPS_LONGEST, p->tolerance);
    return GR_OK;
}

static const gr_size no_sizes[] = {{0, 0}}; // judged, not timed

static const gr_rung rungs[] = {
    {.name = "plain", .idea = "looks back in the list of all costs", .run = plain},
    {.name = "ring", .idea = "keeps the costs of 30 generations, as a solver does", .run = ring},
    {0},
};

const gr_ladder gr_ladder_stops = {
    .name = "stops",
    .title = "When has each run done enough?",
    .lesson = "19_optimizers",
    .n_name = "runs",
    .sizes = no_sizes,
    .rungs = rungs,
    .setup = setup,
    .teardown = teardown,
    .outputs = outputs,
    .unit = "run",
    .work = runs,
};
