// SPDX-License-Identifier: BSD-3-Clause
// The test problems, solved: every minimum is found by a solver with its own defaults, and where
// there are many minima, from nearly every seed.
#include "solvers/solver.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SEEDS = 15, WANTED = 14 }; // a rate of 0.9 or more
static const double NEAR = 1e-6;

// How far above the least value this solver ends, from this seed.
static double miss(const gr_problem *p, const char *spec, uint64_t seed, double least)
{
    char rule[120];
    gr_solver *s;
    gr_stop stop;
    // The target only saves time; the solver's own rule and limits hold besides.
    snprintf(rule, sizeof rule, "vtr(1e-7,%.17g) or %s", least,
             strcmp(spec, "de") ? "evaluations(inf)" : "cog(1e-10,1000) or crt(1e-9,1e-9)");
    gr_solver_options o = {.spec = spec, .seed = seed, .stop = rule};
    if (gr_solver_new(&s, p, &o)) fail_msg("%s: %s", p->name, gr_errmsg());
    if (gr_solver_solve(s, &stop)) fail_msg("%s: %s", p->name, gr_errmsg());
    double f = gr_solver_best(s, NULL);
    gr_solver_free(s);
    return f - least;
}

// How many of the seeds find the least value; counted no further when too few can.
static int successes(const gr_problem_type *t, const char *spec, int seeds, int wanted)
{
    gr_problem p;
    int found = 0;
    assert_int_equal(gr_problem_new(&p, t->name, 0), GR_OK);
    double *x = calloc(p.n, sizeof *x), least = t->optimum(x, p.n);
    for (int seed = 0; seed < seeds && seed - found <= seeds - wanted; seed++)
        found += miss(&p, spec, (uint64_t)seed, least) <= NEAR;
    free(x);
    gr_problem_free(&p);
    return found;
}

static void every_minimum_is_found(void **state)
{
    int missed = 0;
    (void)state;
    for (const gr_problem_type *const *t = gr_problem_types; *t; t++) {
        int seeds = (*t)->multimodal ? SEEDS : 3, wanted = (*t)->multimodal ? WANTED : 3;
        int cma = successes(*t, "cma", seeds, wanted);
        int de = cma < wanted ? successes(*t, "de", seeds, wanted) : 0;
        bool fine = cma >= wanted || de >= wanted;
        print_message("# %-11s cma %2d%s of %d\n", (*t)->name, cma,
                      cma < wanted ? de >= wanted ? ", de enough" : ", de too few" : "", seeds);
        if (!fine) print_message("# %s: de %d\n", (*t)->name, de);
        missed += !fine;
    }
    assert_int_equal(missed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_minimum_is_found)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
