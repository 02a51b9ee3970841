// SPDX-License-Identifier: BSD-3-Clause
// Wrong: the last members are left out where they cannot be shared equally.
#include "lessons/19_optimizers/optimizers.h"
#include "parallel/team.h"

typedef struct contest {
    evolve *p;
    size_t generation; // 1 for the first
} contest;

static void work(int member, int size, void *context)
{
    const contest *c = context;
    evolve *p = c->p;
    for (size_t i = (size_t)member; i < p->n / (size_t)size * (size_t)size; i += (size_t)size) {
        gr_rng rng = gr_rng_of(p->seed, c->generation * p->n + i);
        double *trial = p->trial + i * EVOLVE_DIMENSIONS;
        evolve_trial(p->x, p->n, i, &rng, trial);
        p->trial_f[i] = evolve_cost(trial);
    }
}

gr_status exercise(void *problem, int workers)
{
    evolve *p = problem;
    evolve_begin(p);
    for (size_t g = 1; g <= p->generations; g++) {
        GR_TRY(gr_team_run(workers, work, &(contest){p, g}));
        for (size_t i = 0; i < p->n; i++) evolve_challenge(p, i);
    }
    return GR_OK;
}
