// SPDX-License-Identifier: BSD-3-Clause
// Constraints: textbook problems solved to their known optima, and bad or hopeless ones told.
#include "solvers/constraints.h"
#include "solvers/expression.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

// An objective read from text.
static gr_status by_text(const double *x, size_t n, void *context, double *f)
{
    (void)n;
    *f = gr_expression_value(context, x);
    return GR_OK;
}

typedef struct textbook {
    const char *name, *objective, *constraints;
    size_t n;
    double lo, hi, x0[4], f;
    bool maximise;
} textbook;

// W. Hock and K. Schittkowski, Test Examples for Nonlinear Programming Codes (1981), by number.
static const textbook problems[] = {
    {"HS6", "(1 - x0)^2", "10*(x1 - x0^2) == 0", 2, -1e3, 1e3, {-1.2, 1}, 0, false},
    {"HS7",
     "log(1 + x0^2) - x1",
     "(1 + x0^2)^2 + x1^2 == 4",
     2,
     -1e3,
     1e3,
     {2, 2},
     -1.7320508075688772,
     false},
    {"HS12",
     "0.5*x0^2 + x1^2 - x0*x1 - 7*x0 - 7*x1",
     "25 - 4*x0^2 - x1^2 >= 0",
     2,
     -1e3,
     1e3,
     {0, 0},
     -30,
     false},
    {"HS35",
     "9 - 8*x0 - 6*x1 - 4*x2 + 2*x0^2 + 2*x1^2 + x2^2 + 2*x0*x1 + 2*x0*x2",
     "x0 + x1 + 2*x2 <= 3",
     3,
     0,
     1e3,
     {0.5, 0.5, 0.5},
     1.0 / 9,
     false},
    {"HS43",
     "x0^2 + x1^2 + 2*x2^2 + x3^2 - 5*x0 - 5*x1 - 21*x2 + 7*x3",
     "8 - x0^2 - x1^2 - x2^2 - x3^2 - x0 + x1 - x2 + x3 >= 0; 10 - x0^2 - 2*x1^2 - x2^2 - 2*x3^2 + "
     "x0 + x3 >= 0;"
     "5 - 2*x0^2 - x1^2 - x2^2 - 2*x0 + x1 + x3 >= 0;",
     4,
     -1e3,
     1e3,
     {0, 0, 0, 0},
     -44,
     false},
    {"HS71",
     "x0*x3*(x0 + x1 + x2) + x2",
     "x0*x1*x2*x3 >= 25; x0^2 + x1^2 + x2^2 + x3^2 = 40",
     4,
     1,
     5,
     {1, 5, 5, 1},
     17.0140173,
     false},
    {"area", "x0*x1", "2*x0 + 2*x1 < 20", 2, 0, 100, {1, 2}, 25, true},
};

static void textbook_optima_are_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++) {
        const textbook *t = &problems[i];
        gr_expression *e;
        gr_constraints *c;
        gr_constrained r;
        double lo[4] = {t->lo, t->lo, t->lo, t->lo}, hi[4] = {t->hi, t->hi, t->hi, t->hi}, x[4];
        assert_int_equal(gr_expression_read(&e, t->objective, t->n), GR_OK);
        if (gr_constraints_read(&c, t->constraints, t->n)) fail_msg("%s", gr_errmsg());
        gr_problem p = {.name = t->name,
                        .cost = by_text,
                        .context = e,
                        .n = t->n,
                        .lo = lo,
                        .hi = hi,
                        .maximise = t->maximise};
        gr_constrained_options o = {.x0 = t->x0};
        if (gr_solve_constrained(&p, c, &o, x, &r)) fail_msg("%s", gr_errmsg());
        print_message("# %s: %.9g, %ld evaluations, %s\n", t->name, r.f, (long)r.evaluations,
                      r.why);
        assert_int_equal(r.stop, GR_STOP_CONVERGED);
        assert_true(fabs(r.f - t->f) <= 1e-6 * fmax(1, fabs(t->f)));
        assert_true(r.broken <= 1e-8 && r.stationarity <= 1e-6 && r.slack <= 1e-6);
        assert_true(gr_constraints_broken(c, x) == r.broken);
        gr_constraints_free(c);
        gr_expression_free(e);
    }
}

static void solver_makes_rounds(const char *spec, const gr_problem *p, const gr_constraints *c)
{
    const double x0[] = {0.5, 0.5};
    double x[2], slack = 1e-6;
    gr_constrained r;
    gr_constrained_options o = {.x0 = x0, .spec = spec, .seed = 1};
    if (gr_solve_constrained(p, c, &o, x, &r)) fail_msg("%s: %s", spec, gr_errmsg());
    print_message("# %s: %.9g, %ld evaluations, %s\n", spec, r.f, (long)r.evaluations, r.why);
    assert_int_equal(r.stop, GR_STOP_CONVERGED);
    assert_true(fabs(r.f - 0.0456748087) <= slack && r.broken <= slack);
    o.evaluations = 100; // to the last of them
    assert_int_equal(gr_solve_constrained(p, c, &o, x, &r), GR_OK);
    assert_int_equal(r.stop, GR_STOP_EVALUATIONS);
    assert_int_equal(r.evaluations, 100);
    o.evaluations = 0, o.stop = "generations(2)"; // too loose to end in a minimum: that is said
    assert_int_equal(gr_solve_constrained(p, c, &o, x, &r), GR_OK);
    assert_true(r.stop == GR_STOP_ENDED || r.stop == GR_STOP_CONVERGED);
    if (r.stop == GR_STOP_CONVERGED) assert_true(r.stationarity <= 1e-6);
}

static void any_solver_makes_the_rounds(void **state)
{
    static const char *const specs[] = {"neldermead", "powell", "de,np=20", "cma", "quadratic"};
    gr_problem p;
    gr_constraints *c;
    gr_constrained r;
    double x[2];
    (void)state;
    assert_int_equal(gr_problem_new(&p, "rosen", 2), GR_OK);
    assert_int_equal(gr_constraints_read(&c, "x0^2 + x1^2 <= 1", 2), GR_OK);
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) solver_makes_rounds(specs[i], &p, c);
    gr_constrained_options o = {.spec = "neldermaed"};
    assert_int_equal(gr_solve_constrained(&p, c, &o, x, &r), GR_EARG);
    o = (gr_constrained_options){.spec = "cma", .stop = "crt"};
    assert_int_equal(gr_solve_constrained(&p, c, &o, x, &r), GR_EARG);
    gr_constraints_free(c);
    gr_problem_free(&p);
}

static void hopeless_ones_end_with_a_reason(void **state)
{
    (void)state;
    gr_problem p;
    gr_constraints *c;
    gr_constrained r;
    double x[2];
    assert_int_equal(gr_problem_new(&p, "sphere", 2), GR_OK);
    assert_int_equal(gr_constraints_read(&c, "x0 >= 2; x0 <= 1", 2), GR_OK);
    assert_int_equal(gr_solve_constrained(&p, c, NULL, x, &r), GR_OK);
    assert_int_equal(r.stop, GR_STOP_ENDED);
    assert_non_null(strstr(r.why, "may be infeasible"));
    assert_true(r.broken > 0.4 && r.broken < 0.6); // half way between: the least that is broken
    gr_constrained_options o = {.evaluations = 10};
    assert_int_equal(gr_solve_constrained(&p, c, &o, x, &r), GR_OK);
    assert_int_equal(r.stop, GR_STOP_EVALUATIONS);
    assert_int_equal(r.evaluations, 10);
    gr_constraints_free(c);
    gr_problem_free(&p);
}

static void refuses(const char *text, const char *words)
{
    gr_constraints *c;
    assert_int_equal(gr_constraints_read(&c, text, 3), GR_EARG);
    assert_null(c);
    if (!strstr(gr_errmsg(), words)) fail_msg("%s: '%s' is not in: %s", text, words, gr_errmsg());
}

static void bad_tokens_are_pointed_at(void **state)
{
    gr_constraints *c;
    (void)state;
    refuses("x0 + 1", "column 1: expected <=, >= or ==");
    refuses("x0 <= 1 <= 2", "column 9: '<': one relation is enough");
    refuses("x0 <= 1; x1 == meen(x)", "column 16: unknown word 'meen'; did you mean 'mean'?");
    refuses("x0 <= ; x1 == 1", "column 7: expected a number");
    refuses("<= 1", "column 1: expected a number");
    refuses("x0 => 1", "column 5: '>': one relation");
    assert_int_equal(gr_constraints_read(&c, " ; x0 + 2*x1 <= 5; x2 == mean(x);", 3), GR_OK);
    assert_int_equal(gr_constraints_count(c), 2);
    assert_true(gr_constraints_equality(c, 1) && !gr_constraints_equality(c, 0));
    assert_true(gr_constraints_value(c, 0, (double[]){1, 3, 0}) == 2);
    assert_true(gr_constraints_broken(c, (double[]){1, 1, 1}) == 0);
    assert_true(gr_constraints_broken(c, (double[]){1, 3, 2}) == 2);
    gr_constraints_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(textbook_optima_are_found),
        cmocka_unit_test(any_solver_makes_the_rounds),
        cmocka_unit_test(hopeless_ones_end_with_a_reason),
        cmocka_unit_test(bad_tokens_are_pointed_at),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
