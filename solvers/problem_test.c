// SPDX-License-Identifier: BSD-3-Clause
// The test problems: what is said of their minima holds, and bad ones are refused.
#include "solvers/problem.h"
#include "solvers/solver.h"
#include "lib/rng.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { KINDS = 24 };
static int points = 20000, near_points = 2000; // GRADUS_FEW=1, for Valgrind: a fiftieth

static double value(const gr_problem *p, const double *x)
{
    double f = NAN;
    assert_int_equal(p->cost(x, p->n, p->context, &f), GR_OK);
    return f;
}

static void there_are_all_of_them(void **state)
{
    size_t n = 0;
    (void)state;
    for (const gr_problem_type *const *t = gr_problem_types; *t; t++, n++) {
        assert_ptr_equal(gr_problem_type_of((*t)->name), *t);
        assert_true(strlen((*t)->formula) > 8 && strlen((*t)->source) > 10);
    }
    assert_int_equal(n, KINDS);
}

// The stated least value is taken where it is stated, and none of many points in the bounds, far or
// near, is better.
static void check_optimum(const gr_problem_type *t, size_t n)
{
    gr_problem p;
    gr_rng rng = gr_rng_of(1, n);
    assert_int_equal(gr_problem_new(&p, t->name, n), GR_OK);
    double *best = calloc(2 * n, sizeof *best), *x = best + n;
    double least = t->optimum(best, n);
    assert_int_equal(gr_problem_inside(&p, best, t->name), GR_OK);
    if (!(fabs(value(&p, best) - least) <= 1e-8))
        fail_msg("%s, %zu: %.12g at its optimum, not %.12g", t->name, n, value(&p, best), least);
    for (int i = 0; i < points + near_points; i++) {
        for (size_t k = 0; k < n; k++) {
            double u = gr_rng_unit(&rng), near = best[k] + 1e-3 * (u - 0.5);
            x[k] =
                i < points ? p.lo[k] + u * (p.hi[k] - p.lo[k]) : fmin(fmax(near, p.lo[k]), p.hi[k]);
        }
        if (!(value(&p, x) >= least - 1e-9))
            fail_msg("%s, %zu: %.12g is below %.12g", t->name, n, value(&p, x), least);
    }
    free(best);
    gr_problem_free(&p);
}

static void minima_are_where_they_are_said_to_be(void **state)
{
    (void)state;
    for (const gr_problem_type *const *t = gr_problem_types; *t; t++) {
        check_optimum(*t, (*t)->usual);
        check_optimum(*t, (*t)->least);
    }
}

static void values_are_those_of_the_literature(void **state)
{
    static const struct {
        const char *name;
        double x[10];
        size_t n;
        double f;
    } known[] = {
        {"rosen", {0.8, 1.2, 0.7}, 3, 86.2},
        {"step", {-5.05, -5.05}, 2, 18},
        {"michal", {2.20290552, 1.57079633}, 2, -1.8013034100985532},
        {"branins", {-M_PI, 12.275}, 2, 0.397887},
        {"corana", {0.05, 0, 0, 0}, 4, 0.0025},
        {"easom", {0, 0}, 2, -2.675288e-9},
        {"wavy2", {-1.79334047}, 1, -6.987594},
        {"zimmermann", {2.35, 5.94}, 2, 0.71},
        {"ackley", {1, 1}, 2, 3.625385},
    };
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        gr_problem p;
        assert_int_equal(gr_problem_new(&p, known[i].name, known[i].n), GR_OK);
        double f = value(&p, known[i].x);
        if (!(fabs(f - known[i].f) <= 1e-4 * fmax(1e-6, fabs(known[i].f))))
            fail_msg("%s: %.10g, expected %.10g", known[i].name, f, known[i].f);
        gr_problem_free(&p);
    }
}

static void refuses(const gr_problem *p, const char *words)
{
    assert_int_equal(gr_problem_check(p), GR_EARG);
    if (!strstr(gr_errmsg(), words)) fail_msg("'%s' is not in: %s", words, gr_errmsg());
}

static gr_status nothing(const double *x, size_t n, void *context, double *f)
{
    (void)x, (void)n, (void)context;
    return *f = 0, GR_OK;
}

static void bad_problems_are_refused(void **state)
{
    gr_problem p;
    (void)state;
    assert_int_equal(gr_problem_new(&p, "rosn", 3), GR_EARG);
    assert_non_null(strstr(gr_errmsg(), "did you mean 'rosen'"));
    gr_problem_free(&p);
    assert_int_equal(gr_problem_new(&p, "rosen", 1), GR_EARG);
    assert_int_equal(gr_problem_new(&p, "easom", 3), GR_EARG);
    assert_non_null(strstr(gr_errmsg(), "has 2 dimensions"));
    assert_int_equal(gr_problem_new(&p, "sphere", (size_t)GR_PROBLEM_MOST + 1), GR_EARG);
    assert_int_equal(gr_problem_new(&p, "sphere", 100000), GR_OK);
    gr_problem_free(&p);
    refuses(&(gr_problem){.name = "a", .n = 1}, "no cost");
    refuses(&(gr_problem){.name = "a", .cost = nothing}, "0 dimensions");
    refuses(&(gr_problem){.name = "", .cost = nothing, .n = 1}, "a name");
    refuses(&(gr_problem){.name = "a", .cost = nothing, .n = 1, .lo = (double[]){NAN}}, "bounds");
    refuses(
        &(gr_problem){
            .name = "a", .cost = nothing, .n = 2, .lo = (double[]){0, 3}, .hi = (double[]){1, 2}},
        "3:2 of x1");
}

static void bounds_are_checked(void **state)
{
    gr_problem p;
    (void)state;
    assert_int_equal(gr_problem_new(&p, "rosen", 3), GR_OK);
    assert_int_equal(gr_problem_bound(&p, (double[]){0, 0, 0}, (double[]){2, 2, 2}), GR_OK);
    assert_int_equal(gr_problem_inside(&p, (double[]){0, 1, 2}, "x0"), GR_OK);
    assert_int_equal(gr_problem_inside(&p, (double[]){0, 1, 2.5}, "x0"), GR_EARG);
    assert_non_null(strstr(gr_errmsg(), "x2 = 2.5 lies outside its bounds 0:2"));
    assert_int_equal(gr_problem_inside(&p, (double[]){0, NAN, 1}, "x0"), GR_EARG);
    assert_int_equal(gr_problem_inside(&p, (double[]){-1, 0, 1}, "x0"), GR_EARG);
    assert_int_equal(gr_problem_bound(&p, (double[]){0, 3, 0}, (double[]){2, 2, 2}), GR_EARG);
    gr_problem_free(&p);
    gr_problem_free(&p);
}

// ---- a gradient of one's own ----

// sum (k + 1) (x_k - k)^2, counted.
static gr_status bowl(const double *x, size_t n, void *context, double *f)
{
    *f = 0;
    for (size_t k = 0; k < n; k++) *f += (double)(k + 1) * (x[k] - (double)k) * (x[k] - (double)k);
    return ++*(int *)context, GR_OK;
}

static gr_status bowl_slope(const double *x, size_t n, void *context, double *g)
{
    (void)context;
    for (size_t k = 0; k < n; k++) g[k] = 2 * (double)(k + 1) * (x[k] - (double)k);
    return GR_OK;
}

static gr_status hill(const double *x, size_t n, void *context, double *f)
{
    GR_TRY(bowl(x, n, context, f));
    return *f = -*f, GR_OK;
}

static gr_status hill_slope(const double *x, size_t n, void *context, double *g)
{
    GR_TRY(bowl_slope(x, n, context, g));
    for (size_t k = 0; k < n; k++) g[k] = -g[k];
    return g[0] = NAN, GR_OK; // stays where it is
}

static gr_status no_slope(const double *x, size_t n, void *context, double *g)
{
    (void)x, (void)n, (void)context, (void)g;
    return gr_fail(GR_EDATA, "no slope today");
}

static gr_solver *solved(const gr_problem *p, const char *spec)
{
    static const double x0[5] = {9, 9, 9, 9, 9};
    gr_solver *s;
    gr_stop stop;
    gr_solver_options o = {.spec = spec, .x0 = x0};
    assert_int_equal(gr_solver_new(&s, p, &o), GR_OK);
    gr_status status = gr_solver_solve(s, &stop);
    if (status) assert_string_equal(gr_errmsg(), "no slope today");
    return s;
}

static void a_given_gradient_spares_evaluations(void **state)
{
    int calls = 0;
    double x[5];
    (void)state;
    gr_problem p = {.name = "bowl", .cost = bowl, .context = &calls, .n = 5};
    gr_solver *s = solved(&p, "lbfgs");
    int64_t many = gr_solver_evaluations(s);
    assert_int_equal(many, calls);
    gr_solver_free(s);
    p.gradient = bowl_slope, calls = 0;
    s = solved(&p, "lbfgs");
    assert_int_equal(gr_solver_evaluations(s), calls);
    assert_true(5 * calls < many);
    gr_solver_best(s, x);
    for (int k = 0; k < 5; k++) assert_true(fabs(x[k] - k) < 1e-7);
    gr_solver_free(s);
    p.cost = hill, p.gradient = hill_slope, p.maximise = true;
    s = solved(&p, "lbfgs");
    gr_solver_best(s, x);
    assert_true(x[0] == 9 && fabs(x[4] - 4) < 1e-7);
    gr_solver_free(s);
    p.gradient = no_slope;
    s = solved(&p, "lbfgs");
    assert_int_equal(gr_solver_evaluations(s), 1);
    gr_solver_free(s);
}

int main(void)
{
    if (getenv("GRADUS_FEW")) points /= 50, near_points /= 50;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_are_all_of_them),
        cmocka_unit_test(minima_are_where_they_are_said_to_be),
        cmocka_unit_test(values_are_those_of_the_literature),
        cmocka_unit_test(bad_problems_are_refused),
        cmocka_unit_test(bounds_are_checked),
        cmocka_unit_test(a_given_gradient_spares_evaluations),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
