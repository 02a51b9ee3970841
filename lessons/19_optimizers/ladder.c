// SPDX-License-Identifier: BSD-3-Clause
// evolve -- the talk's "parallel mapped genetic optimizer": differential evolution, whose members
// are evaluated side by side. The population after the last generation is the same for any number
// of workers: a trial is made of the generation before, and of random numbers that belong to it.
// Source: R. Storn and K. Price, J. Global Optimization 11 (1997) 341.
#include "lessons/19_optimizers/optimizers.h"
#include "parallel/team.h"
#include <stdlib.h>
#include <string.h>

enum { D = EVOLVE_DIMENSIONS };

// ---- the problem ----

static void teardown(void *problem)
{
    evolve *p = problem;
    if (!p) return;
    free(p->x);
    free(p);
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    *problem = NULL;
    if (size.n > 1000000) return gr_fail(GR_EARG, "%zu members: expected at most 1000000", size.n);
    evolve *p = calloc(1, sizeof *p);
    double *room = calloc(2 * size.n * (D + 1) + 1, sizeof *room);
    if (!p || !room) {
        free(p), free(room);
        return gr_fail(GR_ENOMEM, "evolve: out of memory");
    }
    double *f = room + size.n * D, *trial = f + size.n;
    *p = (evolve){size.n, EVOLVE_GENERATIONS, seed, room, f, trial, trial + size.n * D};
    *problem = p;
    return GR_OK;
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    evolve *p = problem;
    size_t shape[] = {p->n, D};
    out[0] = (gr_output){"cost", gr_array_of(p->f, GR_F64, 1, shape), true};
    out[1] = (gr_output){"member", gr_array_of(p->x, GR_F64, 2, shape), true};
    return 2;
}

static double evaluations(const void *problem)
{
    const evolve *p = problem;
    return (double)(p->n * (p->generations + 1));
}

// ---- what the exercise is given ----

// A pendulum with friction x1, pushed with strength x2 and frequency x3, starts at angle x0: how
// far are its last angle and speed from 1 and 0?
double evolve_cost(const double x[D])
{
    enum { STEPS = 200 };
    const double dt = 0.05;
    double angle = x[0], speed = 0;
    for (int k = 0; k < STEPS; k++) {
        double push = x[2] * sin(x[3] * dt * k);
        speed += dt * (push - sin(angle) - x[1] * speed);
        angle += dt * speed;
    }
    return (angle - 1) * (angle - 1) + speed * speed;
}

void evolve_begin(evolve *p)
{
    for (size_t i = 0; i < p->n; i++) {
        gr_rng rng = gr_rng_of(p->seed, i);
        for (size_t k = 0; k < D; k++) p->x[i * D + k] = 2 * gr_rng_unit(&rng);
        p->f[i] = evolve_cost(p->x + i * D);
    }
}

void evolve_trial(const double *x, size_t n, size_t i, gr_rng *rng, double trial[D])
{
    const double *a = x + gr_rng_below(rng, n) * D, *b = x + gr_rng_below(rng, n) * D,
                 *c = x + gr_rng_below(rng, n) * D;
    size_t sure = gr_rng_below(rng, D);
    for (size_t k = 0; k < D; k++) {
        bool changed = gr_rng_unit(rng) < 0.5 || k == sure;
        trial[k] = changed ? a[k] + 0.7 * (b[k] - c[k]) : x[i * D + k];
    }
}

void evolve_challenge(evolve *p, size_t i)
{
    if (!(p->trial_f[i] <= p->f[i])) return;
    p->f[i] = p->trial_f[i];
    memcpy(p->x + i * D, p->trial + i * D, D * sizeof *p->x);
}

// ---- the rungs ----

static void make_trial(const evolve *p, size_t generation, size_t i)
{
    gr_rng rng = gr_rng_of(p->seed, generation * p->n + i);
    evolve_trial(p->x, p->n, i, &rng, p->trial + i * D);
}

static gr_status serial(void *problem, int workers)
{
    evolve *p = problem;
    (void)workers;
    evolve_begin(p);
    for (size_t g = 1; g <= p->generations; g++) {
        for (size_t i = 0; i < p->n; i++) make_trial(p, g, i);
        for (size_t i = 0; i < p->n; i++) p->trial_f[i] = evolve_cost(p->trial + i * D);
        for (size_t i = 0; i < p->n; i++) evolve_challenge(p, i);
    }
    return GR_OK;
}

// A fork and a join a generation: the winners take their places when all trials are judged.
typedef struct contest {
    evolve *p;
    size_t generation;
} contest;

static void judge(int member, int size, void *context)
{
    const contest *r = context;
    evolve *p = r->p;
    for (size_t i = (size_t)member; i < p->n; i += (size_t)size) {
        make_trial(p, r->generation, i);
        p->trial_f[i] = evolve_cost(p->trial + i * D);
    }
}

static gr_status threads(void *problem, int workers)
{
    evolve *p = problem;
    evolve_begin(p);
    for (size_t g = 1; g <= p->generations; g++) {
        GR_TRY(gr_team_run(workers, judge, &(contest){p, g}));
        for (size_t i = 0; i < p->n; i++) evolve_challenge(p, i);
    }
    return GR_OK;
}

// ---- by a map: workers that stay, a job a generation ----

static gr_status cost_of_record(gr_call *call)
{
    *(double *)call->out = evolve_cost(call->in);
    return GR_OK;
}

static const gr_func pendulum = {
    .name = "pendulum",
    .about = "where a driven pendulum ends",
    .call = cost_of_record,
    .in_size = D * sizeof(double),
    .out_size = sizeof(double),
};

static gr_status evolve_over(gr_map *map, evolve *p)
{
    evolve_begin(p);
    for (size_t g = 1; g <= p->generations; g++) {
        for (size_t i = 0; i < p->n; i++) make_trial(p, g, i);
        GR_TRY(gr_map_run(
            map, &(gr_job){.func = &pendulum, .n = p->n, .in = p->trial, .out = p->trial_f}));
        for (size_t i = 0; i < p->n; i++) evolve_challenge(p, i);
    }
    return GR_OK;
}

static gr_status by_map(void *problem, int workers)
{
    gr_map *map;
    char spec[40];
    snprintf(spec, sizeof spec, "fork:%d", workers);
    GR_TRY(gr_map_new(&map, spec, NULL));
    gr_status status = evolve_over(map, problem);
    gr_map_free(map);
    return status;
}

// ---- the table ----

static const gr_rung rungs[] = {
    {.name = "serial", .idea = "one trial after the other", .run = serial},
    {.name = "threads",
     .idea = "trials of a generation side by side: started and awaited once a generation",
     .run = threads,
     .launcher = GR_LAUNCH_THREADS},
    {.name = "map",
     .idea = "gr_map over processes that stay: where the talk sets the solver's map",
     .run = by_map,
     .launcher = GR_LAUNCH_FORK},
    {0},
};

const gr_ladder gr_ladder_evolve = {
    .name = "evolve",
    .title = "Differential evolution of driven pendulums",
    .lesson = "19_optimizers",
    .n_name = "members",
    .sizes = (const gr_size[]){{1024, 0}, {0}},
    .rungs = rungs,
    .setup = setup,
    .teardown = teardown,
    .outputs = outputs,
    .unit = "evaluation",
    .work = evaluations,
};
