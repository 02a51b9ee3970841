// SPDX-License-Identifier: BSD-3-Clause
// milestones -- what a monitor sees of the talk's run: the generations at which the best cost was
// at most half of what it was at the milestone before. Looked at from outside, step by step, and by
// a monitor that the solver tells.
#include "lessons/19_optimizers/optimizers.h"
#include <stdlib.h>

static void teardown(void *problem)
{
    milestones *p = problem;
    if (!p) return;
    free(p->cost), free(p->generation);
    free(p);
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    *problem = NULL;
    if (size.n > 100000) return gr_fail(GR_EARG, "%zu rows: expected at most 100000", size.n);
    milestones *p = calloc(1, sizeof *p);
    double *cost = calloc(size.n + 3, sizeof *cost), *x0 = cost ? cost + size.n : NULL;
    int64_t *generation = calloc(2 * size.n + 1, sizeof *generation);
    if (!p || !cost || !generation) {
        free(p), free(cost), free(generation);
        return gr_fail(GR_ENOMEM, "milestones: out of memory");
    }
    gr_rng rng = gr_rng_of(seed, size.n);
    for (int k = 0; k < 3; k++) x0[k] = 0.5 + gr_rng_unit(&rng);
    *p = (milestones){size.n, x0, generation, generation + size.n, cost, generation + 2 * size.n};
    *problem = p;
    return GR_OK;
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    static const size_t one = 1;
    milestones *p = problem;
    out[0] = (gr_output){"count", gr_array_of(p->count, GR_I64, 1, &one), true};
    out[1] = (gr_output){"generation", gr_array_of(p->generation, GR_I64, 1, &p->n), true};
    out[2] = (gr_output){"evaluations", gr_array_of(p->evaluations, GR_I64, 1, &p->n), true};
    out[3] = (gr_output){"cost", gr_array_of(p->cost, GR_F64, 1, &p->n), true};
    return 4;
}

static double rows(const void *problem) { return (double)((const milestones *)problem)->n; }

static void clear(milestones *p)
{
    *p->count = 0;
    for (size_t i = 0; i < p->n; i++) p->generation[i] = p->evaluations[i] = -1, p->cost[i] = NAN;
}

// ---- what the exercise is given ----

static gr_status solve_twice(gr_solver *s, gr_monitor *monitor)
{
    gr_stop stop;
    if (monitor) GR_TRY(gr_solver_watch(s, monitor));
    GR_TRY(gr_solver_solve(s, &stop));
    GR_TRY(gr_solver_stop_at(s, "cog(1e-12)"));
    return gr_solver_solve(s, &stop);
}

gr_status milestones_run(milestones *p, gr_monitor *monitor)
{
    gr_problem rosen;
    gr_solver *s = NULL;
    clear(p);
    GR_TRY(gr_problem_new(&rosen, "rosen", 3));
    gr_status status = gr_solver_new(&s, &rosen, &(gr_solver_options){.x0 = p->x0, .stop = "cog"});
    if (!status) status = solve_twice(s, monitor);
    gr_solver_free(s);
    gr_problem_free(&rosen);
    return status;
}

// ---- the rungs ----

static void note(milestones *p, const gr_solver *s, double *last)
{
    double cost = gr_solver_best(s, NULL);
    if (!(cost <= *last / 2)) return;
    *last = cost;
    if ((size_t)*p->count == p->n) return;
    size_t row = (size_t)(*p->count)++;
    p->generation[row] = gr_solver_generation(s);
    p->evaluations[row] = gr_solver_evaluations(s);
    p->cost[row] = cost;
}

static gr_status step_to(gr_solver *s, milestones *p, double *last)
{
    gr_stop stop = gr_solver_met(s);
    while (!stop) {
        GR_TRY(gr_solver_step(s, &stop));
        if (!stop) note(p, s, last);
        if (!stop) stop = gr_solver_met(s);
    }
    return GR_OK;
}

// A loop of one's own around gr_solver_step.
static gr_status outside(void *problem, int workers)
{
    milestones *p = problem;
    gr_problem rosen;
    gr_solver *s = NULL;
    double last = INFINITY;
    (void)workers;
    clear(p);
    GR_TRY(gr_problem_new(&rosen, "rosen", 3));
    gr_status status = gr_solver_new(&s, &rosen, &(gr_solver_options){.x0 = p->x0, .stop = "cog"});
    if (!status) status = step_to(s, p, &last);
    if (!status) status = gr_solver_stop_at(s, "cog(1e-12)");
    if (!status) status = step_to(s, p, &last);
    gr_solver_free(s);
    gr_problem_free(&rosen);
    return status;
}

typedef struct watcher {
    gr_monitor monitor;
    milestones *p;
    double last;
} watcher;

static gr_status see(gr_monitor *monitor, const gr_solver *s)
{
    watcher *w = (watcher *)monitor;
    note(w->p, s, &w->last);
    return GR_OK;
}

static gr_status watched(void *problem, int workers)
{
    watcher w = {{see, NULL}, problem, INFINITY};
    (void)workers;
    return milestones_run(problem, &w.monitor);
}

static const gr_size no_sizes[] = {{0, 0}}; // judged, not timed

static const gr_rung rungs[] = {
    {.name = "outside", .idea = "a loop of one's own that looks after each step", .run = outside},
    {.name = "monitor", .idea = "the solver's loop, which tells a monitor", .run = watched},
    {0},
};

const gr_ladder gr_ladder_milestones = {
    .name = "milestones",
    .title = "At which generations was the best cost halved?",
    .lesson = "19_optimizers",
    .n_name = "rows",
    .sizes = no_sizes,
    .rungs = rungs,
    .setup = setup,
    .teardown = teardown,
    .outputs = outputs,
    .unit = "row",
    .work = rows,
};
