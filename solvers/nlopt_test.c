// SPDX-License-Identifier: BSD-3-Clause
// NLopt's algorithms as solvers: each asks for the same costs as without us, and keeps what all
// solvers promise. Where the library is missing, the reason is given.
#include "config.h"
#include "solvers/solver_type.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { N = 3, COSTS = 150 };
static const double lo[N] = {-2, -1, -3}, hi[N] = {2, 3, 4}, x0[N] = {-1.2, 1, 0.7};

typedef struct notes {
    int64_t calls;
    double nan_after;
    double sum; // of all coordinates asked for: equal only if all points are
} notes;

static gr_status valley(const double *x, size_t n, void *context, double *f)
{
    notes *w = context;
    *f = 0;
    for (size_t i = 0; i < n; i++) w->sum += x[i];
    for (size_t i = 0; i < n; i++)
        if (!(x[i] >= lo[i] && x[i] <= hi[i])) return gr_fail(GR_EDATA, "outside the bounds");
    for (size_t i = 0; i + 1 < n; i++) {
        double a = x[i + 1] - x[i] * x[i], b = 1 - x[i];
        *f += 100 * a * a + b * b;
    }
    if ((double)++w->calls > w->nan_after) *f = NAN;
    return GR_OK;
}

static gr_problem problem_of(notes *w)
{
    return (gr_problem){.name = "valley", .cost = valley, .context = w, .n = N, .lo = lo, .hi = hi};
}

static const char *const *words(void) { return gr_solver_type_of("nlopt")->options[0].words; }

static gr_solver *make(const gr_problem *p, const char *algorithm, const char *stop)
{
    char spec[80];
    gr_solver *s;
    snprintf(spec, sizeof spec, "nlopt,algorithm=%s", algorithm);
    gr_solver_options o = {.spec = spec, .x0 = x0, .seed = 5, .stop = stop};
    if (gr_solver_new(&s, p, &o)) fail_msg("%s: %s", spec, gr_errmsg());
    return s;
}

static gr_stop solve(gr_solver *s)
{
    gr_stop stop;
    if (gr_solver_solve(s, &stop)) fail_msg("%s: %s", gr_solver_spec(s), gr_errmsg());
    return stop;
}

static void each_keeps_limits_and_goes_on(void **state)
{
    (void)state;
    for (size_t i = 0; words()[i]; i++) {
        notes w = {.nan_after = INFINITY}, v = w;
        gr_problem p = problem_of(&w), q = problem_of(&v);
        gr_solver *whole = make(&p, words()[i], "evaluations(150)");
        gr_solver *cut = make(&q, words()[i], "evaluations(0)");
        gr_stop last = solve(whole), stop = solve(cut);
        for (int most = 1; most <= COSTS; most += 37) {
            char rule[40];
            snprintf(rule, sizeof rule, "evaluations(%d)", most);
            assert_int_equal(gr_solver_stop_at(cut, rule), GR_OK);
            stop = solve(cut);
            assert_true(v.calls <= most);
        }
        assert_int_equal(gr_solver_stop_at(cut, "evaluations(150)"), GR_OK);
        stop = solve(cut);
        assert_int_equal(stop, last);
        if (last == GR_STOP_EVALUATIONS) assert_int_equal(w.calls, COSTS);
        assert_int_equal(w.calls, v.calls);
        assert_int_equal(gr_solver_evaluations(whole), w.calls);
        assert_true(w.sum == v.sum);
        assert_true(gr_solver_best(whole, NULL) == gr_solver_best(cut, NULL));
        gr_solver_free(whole), gr_solver_free(cut);
    }
}

static void each_bears_what_is_no_number(void **state)
{
    (void)state;
    for (size_t i = 0; words()[i]; i++) {
        notes w = {.nan_after = 7};
        gr_problem p = problem_of(&w);
        gr_solver *s = make(&p, words()[i], "evaluations(60)");
        solve(s);
        assert_true(w.calls <= 60);
        assert_true(gr_solver_not_numbers(s) == (w.calls > 7 ? w.calls - 7 : 0));
        assert_true(isfinite(gr_solver_best(s, NULL)));
        gr_solver_free(s);
    }
}

static void refuses(const char *spec, const char *words_of_it)
{
    gr_problem p;
    gr_solver *s = NULL;
    gr_stop stop;
    assert_int_equal(gr_problem_new(&p, "sphere", 1), GR_OK);
    gr_solver_options o = {.spec = spec};
    gr_status status = gr_solver_new(&s, &p, &o);
    if (!status) status = gr_solver_solve(s, &stop);
    assert_int_equal(status, GR_EARG);
    if (!strstr(gr_errmsg(), words_of_it)) fail_msg("'%s': %s", words_of_it, gr_errmsg());
    gr_solver_free(s);
    gr_problem_free(&p);
}

static void what_it_refuses_is_said(void **state)
{
    (void)state;
    refuses("nlopt,algorithm=cobila", "did you mean 'cobyla'");
    refuses("nlopt,algorithm=newuoa", "algorithm newuoa refuses this problem");
}

#if GR_NLOPT
#include <nlopt.h>

static double alone(unsigned n, const double *x, double *g, void *data)
{
    notes *w = data;
    double f;
    (void)g;
    if (w->calls == COSTS) return 1e9; // it asks for some more than it may
    return valley(x, n, data, &f) ? INFINITY : f;
}

// The same points in the same order as from NLopt itself.
static void nothing_is_added(void **state)
{
    static const struct {
        const char *name;
        nlopt_algorithm is;
    } some[] = {{"neldermead", NLOPT_LN_NELDERMEAD},
                {"sbplx", NLOPT_LN_SBPLX},
                {"bobyqa", NLOPT_LN_BOBYQA},
                {"crs2", NLOPT_GN_CRS2_LM},
                {"isres", NLOPT_GN_ISRES}};
    (void)state;
    for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
        notes w = {.nan_after = INFINITY}, v = w;
        gr_problem p = problem_of(&w);
        gr_solver *s = make(&p, some[i].name, "evaluations(150)");
        double x[N], f;
        nlopt_opt opt = nlopt_create(some[i].is, N);
        solve(s);
        memcpy(x, x0, sizeof x);
        nlopt_srand(5);
        nlopt_set_min_objective(opt, alone, &v);
        nlopt_set_lower_bounds(opt, lo), nlopt_set_upper_bounds(opt, hi);
        nlopt_set_ftol_rel(opt, 1e-10), nlopt_set_xtol_rel(opt, 1e-10);
        nlopt_set_maxeval(opt, COSTS);
        assert_true(nlopt_optimize(opt, x, &f) > 0);
        assert_int_equal(w.calls, v.calls);
        assert_true(w.sum == v.sum);
        assert_true(f == gr_solver_best(s, NULL));
        nlopt_destroy(opt);
        gr_solver_free(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_added),
        cmocka_unit_test(each_keeps_limits_and_goes_on),
        cmocka_unit_test(each_bears_what_is_no_number),
        cmocka_unit_test(what_it_refuses_is_said),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
static void it_says_what_is_missing(void **state)
{
    gr_problem p = problem_of(NULL);
    gr_solver *s;
    (void)state;
    (void)words, (void)each_keeps_limits_and_goes_on, (void)each_bears_what_is_no_number;
    (void)what_it_refuses_is_said;
    assert_int_equal(gr_solver_new(&s, &p, &(gr_solver_options){.spec = "nlopt"}), GR_EUNSUP);
    assert_non_null(strstr(gr_errmsg(), "libnlopt-dev"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(it_says_what_is_missing)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
#endif
