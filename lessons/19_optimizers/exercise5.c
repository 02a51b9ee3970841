// SPDX-License-Identifier: BSD-3-Clause
// Step 5: a population over many workers.
// Differential evolution challenges each member i of a population by a trial, which evolve_trial
// makes of three other members and of random numbers; evolve_cost judges it, and evolve_challenge
// puts it in the place of the member unless it is worse. A cost takes long here, so a team does
// it: gr_team_run calls work() on each member of the team. Below, a worker lets a winner take its
// place at once, where other workers look for members to make trials of, and draws from a
// generator of its own. So the result depends on how many workers there are, and on who was
// faster. Make it the same for any number of them, and for each run: in generation g, the trial
// of member i is made of the population as it was at the end of generation g - 1, and of the
// numbers of stream g * n + i of the seed.
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
    gr_rng rng = gr_rng_of(p->seed + c->generation, (uint64_t)member);
    for (size_t i = (size_t)member; i < p->n; i += (size_t)size) {
        double *trial = p->trial + i * EVOLVE_DIMENSIONS;
        evolve_trial(p->x, p->n, i, &rng, trial);
        p->trial_f[i] = evolve_cost(trial);
        evolve_challenge(p, i); // TODO: not here; and whose random numbers are these?
    }
}

gr_status exercise(void *problem, int workers)
{
    evolve *p = problem;
    evolve_begin(p);
    for (size_t g = 1; g <= p->generations; g++)
        GR_TRY(gr_team_run(workers, work, &(contest){p, g}));
    return GR_OK;
}
