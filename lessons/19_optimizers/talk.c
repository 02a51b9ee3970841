// SPDX-License-Identifier: BSD-3-Clause
// The talk's program ("expanded interface", "diagnostics and continue") in C; README.md shows what
// it prints. With the library installed:
//   cc talk.c $(pkg-config --cflags --libs gradus) -o talk
#include <gradus.h>
#include <stdio.h>

static void diagnose(const gr_solver *s)
{
    double x[3], cost = gr_solver_best(s, x);
    printf("%lld evaluations, %lld generations, least cost %g at %.6f %.6f %.6f\n",
           (long long)gr_solver_evaluations(s), (long long)gr_solver_generation(s), cost, x[0],
           x[1], x[2]);
}

static gr_status solve(gr_solver *s)
{
    gr_stop why;
    gr_verbose words = gr_verbose_of(stdout, 5, 0); // every fifth generation, never the point
    GR_TRY(gr_solver_watch(s, &words.monitor));
    GR_TRY(gr_solver_solve(s, &why));
    diagnose(s);
    GR_TRY(gr_solver_stop_at(s, "cog(1e-8)")); // tighter, and on from where it is
    GR_TRY(gr_solver_solve(s, &why));
    diagnose(s);
    return GR_OK;
}

int main(void)
{
    const double x0[] = {0.8, 1.2, 0.7};
    const gr_solver_options options = {.spec = "neldermead", .x0 = x0, .stop = "cog(1e-6)"};
    gr_problem rosen;
    gr_solver *s = NULL;
    gr_status status = gr_problem_new(&rosen, "rosen", 3);
    if (!status) status = gr_solver_new(&s, &rosen, &options);
    if (!status) status = solve(s);
    if (status) fprintf(stderr, "%s\n", gr_errmsg());
    gr_solver_free(s);
    gr_problem_free(&rosen);
    return status ? 1 : 0;
}
