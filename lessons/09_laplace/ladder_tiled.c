// SPDX-License-Identifier: BSD-3-Clause
// Jacobi sweeps tiled in time: several sweeps of a part of the grid in one pass over memory
// (ladder_pass.c). Parts overlap, so none waits for another within a pass, and a team shares them.
// Errors are added in the order in which `simd` adds them: field and errors are the same bits.
#include "lessons/09_laplace/pass.h"
#include "parallel/team.h"
#include <stdlib.h>
#include <string.h>

typedef struct plan {
    const gr_laplace *p;
    size_t parts, across, passes; // parts: of the grid, and of one row of them
    double *squares;              // (steps, parts), 0 at first
    gr_progress *progress;        // (members) passes done
    gr_pass *of_member;           // (members): each one's work, one part at a time
} plan;

static void make_part(const plan *all, size_t t, size_t k, gr_pass *q)
{
    const gr_laplace *p = all->p;
    size_t first = gr_jacobi_first_sweep(p->steps, all->passes, t);
    bool to_u = (all->passes - t) % 2 == 1; // the last pass writes p->u
    q->old = to_u ? p->other : p->u;
    q->new = to_u ? p->u : p->other;
    q->part = gr_jacobi_part(p, k);
    q->depth = gr_jacobi_first_sweep(p->steps, all->passes, t + 1) - first;
    q->errors = all->squares + first * all->parts + k % all->across;
    gr_jacobi_pass(q);
}

// Each member has its own parts; before a pass, all must have finished the one before.
static void work(int member, int size, void *context)
{
    const plan *all = context;
    size_t from = all->parts * (size_t)member / (size_t)size;
    size_t end = all->parts * ((size_t)member + 1) / (size_t)size;
    gr_pass *q = &all->of_member[member];
    memset(q, 0, sizeof *q);
    q->p = all->p, q->strip = GR_JACOBI_ROWS;
    q->next_sweep = all->parts, q->next_strip = all->across;
    for (size_t t = 0; t < all->passes; t++) {
        for (int m = 0; m < size; m++) gr_progress_wait(&all->progress[m], t);
        for (size_t k = from; k < end; k++) make_part(all, t, k, q);
        atomic_store_explicit(&all->progress[member].done, t + 1, memory_order_release);
    }
}

static gr_status run_plan(plan *all, int workers)
{
    const gr_laplace *p = all->p;
    for (int m = 0; m < workers; m++) atomic_init(&all->progress[m].done, 0);
    GR_TRY(gr_team_run(workers, work, all));
    for (size_t k = 0; k < p->steps; k++)
        p->errors[k] = gr_jacobi_error(all->squares + k * all->parts, all->parts);
    return GR_OK;
}

gr_status gr_jacobi_tiled(void *problem, int workers)
{
    gr_laplace *p = problem;
    size_t steps = p->steps;
    if (p->n < 3 || steps == 0) {
        memset(p->errors, 0, steps * sizeof *p->errors);
        return GR_OK;
    }
    plan all = {
        .p = p, .parts = gr_jacobi_parts(p), .across = gr_jacobi_pieces(p->n, GR_JACOBI_COLUMNS)};
    all.passes = gr_jacobi_passes(steps, GR_PASS_DEPTH);
    // Nobody without a part.
    size_t members = (size_t)workers < all.parts ? (size_t)workers : all.parts;
    all.squares = calloc(steps * all.parts, sizeof *all.squares);
    all.progress = aligned_alloc(64, members * sizeof *all.progress);
    all.of_member = aligned_alloc(64, members * sizeof *all.of_member);
    gr_status status = all.squares && all.progress && all.of_member
                           ? run_plan(&all, (int)members)
                           : gr_fail(GR_ENOMEM, "jacobi: a pass over %zu parts", all.parts);
    free(all.squares);
    free(all.progress);
    free(all.of_member);
    return status;
}
