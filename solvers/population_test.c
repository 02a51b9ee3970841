// SPDX-License-Identifier: BSD-3-Clause
// Solvers with options that choose among algorithms: each choice solves, and is what its name says.
#include "solvers/solver_type.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static gr_solver *make(const gr_problem *p, const char *spec, const char *stop)
{
    gr_solver *s;
    gr_solver_options o = {.spec = spec, .seed = 2, .stop = stop};
    if (gr_solver_new(&s, p, &o)) fail_msg("%s: %s", spec, gr_errmsg());
    return s;
}

static gr_problem problem_of(const char *name, size_t n)
{
    gr_problem p;
    assert_int_equal(gr_problem_new(&p, name, n), GR_OK);
    return p;
}

static void solves(const char *spec, const char *name, const char *stop)
{
    gr_problem p = problem_of(name, 3);
    gr_solver *s = make(&p, spec, stop);
    gr_stop why;
    assert_int_equal(gr_solver_solve(s, &why), GR_OK);
    if (!(gr_solver_best(s, NULL) <= 1e-6))
        fail_msg("%s on %s: %g, %s", spec, name, gr_solver_best(s, NULL), gr_solver_why(s));
    gr_solver_free(s);
    gr_problem_free(&p);
}

static void each_choice_solves(void **state)
{
    static const char *const strategies[] = {"best1", "rand1", "randtobest1", "best2", "rand2"};
    static const char *const ways[] = {"bin", "exp"}, *const updates[] = {"generation", "inplace"};
    char spec[100];
    (void)state;
    for (int i = 0; i < 20; i++) {
        snprintf(spec, sizeof spec, "de,strategy=%s,crossover=%s,update=%s,cross=0.9,dither",
                 strategies[i % 5], ways[i / 5 % 2], updates[i / 10]);
        solves(spec, "rosen", "vtr(1e-7) or evaluations(60000)");
    }
    solves("swarm,topology=global", "sphere", "vtr(1e-7) or evaluations(60000)");
    solves("swarm,topology=ring", "sphere", "vtr(1e-7) or evaluations(60000)");
    solves("neldermead,adaptive", "sphere", "crt(1e-5,1e-9)");
    solves("lbfgs,memory=3", "rosen", NULL);
    solves("lbfgs,differences=central", "rosen", NULL);
    solves("cma,restarts=0", "rosen", NULL);
    solves("anneal", "sphere", NULL);
    solves("metropolis,temperature=1e-9,reach=0.001", "sphere", "vtr(1e-6) or generations(100000)");
}

// Coordinates that a trial has not from its parent, on average.
static double changed(const char *spec)
{
    enum { N = 10, NP = 60, GENERATIONS = 100 };
    static double before[N * NP];
    gr_problem p = problem_of("sphere", N);
    gr_solver *s = make(&p, spec, "generations(1000)");
    gr_stop stop;
    double sum = 0;
    assert_int_equal(gr_solver_step(s, &stop), GR_OK);
    for (int g = 0; g < GENERATIONS; g++) {
        memcpy(before, s->real, sizeof before);
        assert_int_equal(gr_solver_step(s, &stop), GR_OK);
        for (int k = 0; k < N * NP; k++) sum += s->scratch[k] != before[k];
    }
    gr_solver_free(s);
    gr_problem_free(&p);
    return sum / (NP * GENERATIONS);
}

// Binomial: 1 + 9 p. Exponential: 1 + p + ... + p^9. 6000 trials; the error is below 0.03 each.
static void crossovers_are_what_they_are_called(void **state)
{
    (void)state;
    assert_true(fabs(changed("de,np=60,cross=0.5,crossover=bin") - 5.5) < 0.15);
    assert_true(fabs(changed("de,np=60,cross=0.5,crossover=exp") - 1.998) < 0.15);
    assert_true(fabs(changed("de,np=60,cross=0,crossover=bin") - 1) < 1e-9);
    assert_true(fabs(changed("de,np=60,cross=1,crossover=exp") - 10) < 0.01);
}

// A parabola in one variable: exp(-x^2 / 2) has mean 0 and variance 1.
static void metropolis_samples_its_density(void **state)
{
    enum { CHAINS = 50, GENERATIONS = 4000, BURN = 400 };
    (void)state;
    gr_problem p = problem_of("sphere", 1);
    assert_int_equal(gr_problem_bound(&p, (double[]){-10}, (double[]){10}), GR_OK);
    gr_solver *s = make(&p, "metropolis,chains=50,temperature=2,reach=0.1", "generations(4000)");
    gr_stop stop = GR_STOP_NOT;
    double sum = 0, squares = 0, n = 0;
    for (int g = 0; g < GENERATIONS; g++) {
        assert_int_equal(gr_solver_step(s, &stop), GR_OK);
        for (int i = 0; g >= BURN && i < CHAINS; i++, n++) {
            sum += s->real[i];
            squares += s->real[i] * s->real[i];
        }
    }
    assert_true(fabs(sum / n) < 0.05);
    assert_true(fabs(squares / n - 1) < 0.05);
    gr_solver_free(s);
    gr_problem_free(&p);
}

// Two correlated normals: exp(-cost) has variances 1 and 4 and correlation 0.8, about (1, -2).
static gr_status tilted(const double *x, size_t n, void *context, double *f)
{
    double a = x[0] - 1, b = (x[1] + 2) / 2;
    (void)n, (void)context;
    *f = (a * a - 1.6 * a * b + b * b) / (2 * (1 - 0.64));
    return GR_OK;
}

static void scem_samples_its_density(void **state)
{
    enum { GENERATIONS = 6000, BURN = 1000 };
    const double lo[] = {-20, -20}, hi[] = {20, 20};
    gr_problem p = {.name = "tilted", .cost = tilted, .n = 2, .lo = lo, .hi = hi};
    gr_solver *s = make(&p, "scem", "generations(10000)");
    gr_stop stop = GR_STOP_NOT;
    double a = 0, b = 0, aa = 0, ab = 0, bb = 0, m = 0;
    (void)state;
    for (int g = 0; g < GENERATIONS; g++) {
        gr_cloud c;
        assert_int_equal(gr_solver_step(s, &stop), GR_OK);
        s->type->cloud(s, &c);
        for (size_t i = 0; g >= BURN && i < c.m; i++, m++) {
            double x = c.x[2 * i] - 1, y = c.x[2 * i + 1] + 2;
            a += x, b += y, aa += x * x, ab += x * y, bb += y * y;
        }
    }
    print_message("# mean %.3f %.3f, covariance %.3f %.3f %.3f\n", a / m, b / m, aa / m, ab / m,
                  bb / m);
    assert_true(fabs(a / m) < 0.05 && fabs(b / m) < 0.1);
    assert_true(fabs(aa / m - 1) < 0.1);
    assert_true(fabs(ab / m - 1.6) < 0.16);
    assert_true(fabs(bb / m - 4) < 0.4);
    gr_solver_free(s);
}

static void a_lattice_is_searched_once(void **state)
{
    (void)state;
    gr_problem p = problem_of("sphere", 3);
    gr_solver *s = make(&p, "lattice,bins=7,batch=50", NULL);
    gr_stop stop;
    double x[3];
    assert_int_equal(gr_solver_solve(s, &stop), GR_OK);
    assert_int_equal(stop, GR_STOP_ENDED);
    assert_int_equal(gr_solver_evaluations(s), 343);
    assert_int_equal(gr_solver_generation(s), 6);
    assert_true(gr_solver_best(s, x) < 1e-20 && fabs(x[0]) < 1e-10); // the middle bin's centre
    gr_solver_free(s);
    gr_problem_free(&p);
}

// At a minimum on the bounds the projected gradient is zero, and lbfgs stays in them.
static void descents_end_at_bounds(void **state)
{
    (void)state;
    gr_problem p = problem_of("rosen", 2);
    assert_int_equal(gr_problem_bound(&p, (double[]){-2, -2}, (double[]){0.5, 2}), GR_OK);
    gr_solver *s = make(&p, "lbfgs", NULL);
    gr_stop stop;
    double x[2];
    assert_int_equal(gr_solver_solve(s, &stop), GR_OK);
    assert_true(fabs(gr_solver_best(s, x) - 0.25) < 1e-9);
    assert_true(x[0] == 0.5 && fabs(x[1] - 0.25) < 1e-5);
    gr_solver_free(s);
    gr_problem_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_choice_solves),
        cmocka_unit_test(crossovers_are_what_they_are_called),
        cmocka_unit_test(metropolis_samples_its_density),
        cmocka_unit_test(scem_samples_its_density),
        cmocka_unit_test(a_lattice_is_searched_once),
        cmocka_unit_test(descents_end_at_bounds),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
