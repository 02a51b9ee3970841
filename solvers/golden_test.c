// SPDX-License-Identifier: BSD-3-Clause
// Nelder-Mead and Powell against scipy and mystic: the same algorithms give the same counts.
#include "solvers/solver_type.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const double talk[] = {0.8, 1.2, 0.7}, zeros[3] = {0};

typedef struct golden {
    const char *spec, *stop;
    const double *x0;
    double f, within; // the reference value, and how near to it (as a share)
    int64_t evaluations, generations;
} golden;

static const golden runs[] = {
    {"neldermead", NULL, talk, 1.4007595447908541e-10, 1e-12, 215, 120}, // scipy, mystic with CRT()
    {"neldermead", NULL, zeros, 1.1605792769954724e-09, 1e-7, 289, 165},
    {"neldermead", "cog", talk, 3.7462454459091554e-11, 1e-12, 230, 128}, // mystic, COG()
    {"neldermead", "cog(1e-8)", talk, 2.494e-13, 1e-3, 251, 140},
    {"powell", NULL, talk, 7.8966948764886334e-27, 1e-9, 477, 13}, // scipy
    {"powell", NULL, zeros, 8.3173488898295291e-23, 1e-9, 885, 26},
};

static gr_problem rosen(void)
{
    gr_problem p;
    assert_int_equal(gr_problem_new(&p, "rosen", 3), GR_OK);
    return p;
}

static gr_solver *make(const gr_problem *p, const char *spec, const double *x0, const char *stop)
{
    gr_solver *s;
    gr_solver_options o = {.spec = spec, .x0 = x0, .stop = stop};
    if (gr_solver_new(&s, p, &o)) fail_msg("%s: %s", spec, gr_errmsg());
    return s;
}

static void counts_are_those_of_the_references(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        const golden *g = &runs[i];
        gr_problem p = rosen();
        gr_solver *s = make(&p, g->spec, g->x0, g->stop);
        gr_stop stop;
        assert_int_equal(gr_solver_solve(s, &stop), GR_OK);
        print_message("# %s %s: %.17g in %ld evaluations, %ld generations\n", g->spec,
                      gr_solver_why(s), gr_solver_best(s, NULL), (long)gr_solver_evaluations(s),
                      (long)gr_solver_generation(s));
        assert_int_equal(stop, GR_STOP_CONVERGED);
        assert_int_equal(gr_solver_evaluations(s), g->evaluations);
        assert_int_equal(gr_solver_generation(s), g->generations);
        assert_true(fabs(gr_solver_best(s, NULL) - g->f) <= g->within * g->f);
        gr_solver_free(s);
        gr_problem_free(&p);
    }
}

// The talk: solve, tighten the tolerance, go on. mystic's counters begin anew there; these do not.
static void going_on_is_as_one_run(void **state)
{
    (void)state;
    gr_problem p = rosen();
    gr_solver *s = make(&p, "neldermead", talk, "cog");
    gr_stop stop;
    assert_int_equal(gr_solver_solve(s, &stop), GR_OK);
    assert_int_equal(gr_solver_evaluations(s), 230);
    assert_int_equal(gr_solver_stop_at(s, "cog(1e-8)"), GR_OK);
    assert_int_equal(gr_solver_solve(s, &stop), GR_OK);
    assert_int_equal(gr_solver_evaluations(s), 251);
    assert_int_equal(gr_solver_generation(s), 140);
    gr_solver_free(s);
    gr_problem_free(&p);
}

// mystic's VerboseMonitor(25) and its first steps.
static void the_way_there_is_the_same(void **state)
{
    static const struct {
        int64_t generation, evaluations; // evaluations 0: not known
        double f;
    } at[] = {{0, 1, 86.19999999999997},
              {1, 4, 79.268736},
              {2, 6, 32.660132},
              {3, 7, 32.660132},
              {25, 0, 0.021456375121878854},
              {50, 0, 0.017792430608739095},
              {75, 0, 0.000829564875675104},
              {100, 0, 7.348341660129e-07},
              {120, 215, 1.400759544790854e-10}};
    (void)state;
    gr_problem p = rosen();
    gr_solver *s = make(&p, "neldermead", talk, NULL);
    gr_stop stop = GR_STOP_NOT;
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        while (gr_solver_generation(s) < at[i].generation)
            assert_int_equal(gr_solver_step(s, &stop), GR_OK);
        assert_true(fabs(gr_solver_best(s, NULL) - at[i].f) <= 1e-7 * at[i].f);
        if (at[i].evaluations) assert_int_equal(gr_solver_evaluations(s), at[i].evaluations);
    }
    gr_solver_free(s);
    gr_problem_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_those_of_the_references),
        cmocka_unit_test(going_on_is_as_one_run),
        cmocka_unit_test(the_way_there_is_the_same),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
