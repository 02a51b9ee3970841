// SPDX-License-Identifier: BSD-3-Clause
// Constraints kept in other ways than by a Lagrangian: joined by logic, penalties, transforms, and
// all of them coupled to a problem.
#include "lib/rng.h"
#include "solvers/coupled.h"
#include "solvers/penalty.h"
#include "solvers/solver.h"
#include "solvers/transform.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void assert_near(double got, double want, double slack)
{
    if (!(fabs(got - want) <= slack) && got != want) fail_msg("%.17g, expected %.17g", got, want);
}

// ---- logic ----

static double broken(const char *text, double x0, double x1)
{
    gr_constraints *c;
    if (gr_constraints_read(&c, text, 2)) fail_msg("%s", gr_errmsg());
    double value = gr_constraints_broken(c, (double[]){x0, x1});
    gr_constraints_free(c);
    return value;
}

static void constraints_are_joined(void **state)
{
    (void)state;
    assert_near(broken("x0 <= 1 and x1 <= 1", 3, 2), 2, 0);
    assert_near(broken("x0 <= 1 or x1 <= 1", 3, 2), 1, 0);
    assert_near(broken("x0 <= 1 or x1 <= 1", 3, 0), 0, 0);
    assert_near(broken("not x0 <= 1", 0, 0), 1, 0);
    assert_near(broken("not (x0 <= 1 or x1 <= 1)", 0, 3), 1, 0);   // both must be above
    assert_near(broken("not (x0 <= 1 and x1 <= 1)", 0, -1), 1, 0); // the nearer of the two
    assert_near(broken("not x0 == 1", 1, 0), 1, 0);
    assert_near(broken("not x0 == 1", 1.5, 0), 0, 0);
    assert_near(broken("not not x0 <= 1", 4, 0), 3, 0);
    assert_near(broken("x0 <= 1 or x1 <= 1 and x0 <= 2", 3, 0), 1, 0); // and binds closer
    assert_near(broken("x0 <= 9; x1 <= 1 or x0 <= 2;; x0 <= 5", 8, 3), 3, 0);
    assert_near(broken("((x0 + 1) * 2 <= 6) and ((x0 >= 0))", 4, 0), 4,
                0); // brackets of both kinds
    assert_near(broken("", 1, 1), 0, 0);
    assert_true(isnan(broken("log(x0) <= 1; x1 <= 1", -1, 0)));
    assert_near(broken("log(x0) <= 1 or x1 <= 1", -1, 0), 0, 0);
}

static void refuses_constraints(const char *text, const char *words)
{
    gr_constraints *c;
    assert_int_equal(gr_constraints_read(&c, text, 2), GR_EARG);
    if (!strstr(gr_errmsg(), words)) fail_msg("%s: '%s' is not in: %s", text, words, gr_errmsg());
}

static void bad_logic_is_pointed_at(void **state)
{
    char deep[200] = "";
    gr_constraints *c;
    gr_problem p;
    double x[2];
    gr_constrained r;
    (void)state;
    refuses_constraints("x0 <= 1 or", "column 11: expected a condition");
    refuses_constraints("and x0 <= 1", "column 1: expected a condition");
    refuses_constraints("(x0 <= 1", "column 5: expected ')'");
    refuses_constraints("x0 <= 1) or x1 <= 2", "column 8: expected and, or, a semicolon");
    for (int i = 0; i < 60; i++) strcat(deep, "(");
    strcat(deep, "x0 <= 1");
    for (int i = 0; i < 60; i++) strcat(deep, ")");
    refuses_constraints(deep, "fewer brackets");
    assert_int_equal(gr_constraints_read(&c, "x0 <= 1 or x1 <= 1", 2), GR_OK);
    assert_int_equal(gr_problem_new(&p, "sphere", 2), GR_OK);
    assert_int_equal(gr_solve_constrained(&p, c, NULL, x, &r), GR_EARG);
    assert_non_null(strstr(gr_errmsg(), "no multipliers"));
    gr_problem_free(&p);
    gr_constraints_free(c);
}

// ---- penalties ----

static double penalty(const char *spec, const char *text, double x0)
{
    gr_constraints *c;
    gr_penalty *p;
    if (gr_constraints_read(&c, text, 5)) fail_msg("%s", gr_errmsg());
    if (gr_penalty_read(&p, spec, c)) fail_msg("%s", gr_errmsg());
    double value = gr_penalty_value(p, (double[]){x0, 2, 3, 4, 5});
    gr_penalty_free(p);
    gr_constraints_free(c);
    return value;
}

static void penalties_have_their_forms(void **state)
{
    (void)state;
    assert_near(penalty("quadratic", "mean(x) == 5", 1), 400, 0); // mystic's penalty_mean
    assert_near(penalty("quadratic", "x0 <= 1", 3), 800, 0);
    assert_near(penalty("quadratic", "x0 <= 1", 1), 0, 0);
    assert_near(penalty("linear,k=10", "x0 == 1", -2), 30, 0);
    assert_near(penalty("linear,k=10", "x0 >= 1", -2), 60, 0);
    assert_near(penalty("uniform", "x0 == 1", 2), INFINITY, 0);
    assert_near(penalty("uniform,k=7", "x0 <= 1", 2), 7, 0);
    assert_near(penalty("uniform", "x0 == 1; x1 <= 2", 1), 0, 0);
    assert_near(penalty("barrier,k=2", "x0 <= 1", 0.5), log(2) / 2, 1e-15);
    assert_near(penalty("barrier", "x0 <= 1", 1), INFINITY, 0);
    assert_near(penalty("lagrange", "x0 == 1", 3), 40, 0);
    assert_near(penalty("lagrange", "x0 <= 1", 3), 40, 0);
    assert_near(penalty("linear,k=1", "x0 == 1 or x1 == 1", 5), 1, 0);
    assert_near(penalty("linear,k=1", "x0 == 1 and x1 == 1", 5), 5, 0);
    assert_near(penalty("linear,k=1", "not x0 <= 4", 1), 6, 0);
    assert_near(penalty("linear", "log(x0) <= 1", -1), INFINITY, 0);
}

static void penalties_grow_from_round_to_round(void **state)
{
    gr_constraints *c;
    gr_penalty *p;
    (void)state;
    assert_int_equal(gr_constraints_read(&c, "x0 == 1", 1), GR_OK);
    assert_int_equal(gr_penalty_read(&p, "quadratic,k=3,h=10", c), GR_OK);
    assert_near(gr_penalty_next(p, (double[]){3}), 2, 0);
    assert_near(gr_penalty_weight(p), 30, 0);
    gr_penalty_free(p);
    assert_int_equal(gr_penalty_read(&p, "lagrange,k=3", c), GR_OK);
    gr_penalty_next(p, (double[]){3});
    assert_near(gr_penalty_weight(p), 3, 0); // the multiplier moved instead, by 6
    assert_near(gr_penalty_value(p, (double[]){2}), 7.5, 0);
    gr_penalty_next(p, (double[]){3});
    assert_near(gr_penalty_weight(p), 15, 0); // nothing was mended
    gr_penalty_free(p);
    gr_constraints_free(c);
}

static void refuses_penalty(const char *spec, const char *text, const char *words)
{
    gr_constraints *c;
    gr_penalty *p;
    assert_int_equal(gr_constraints_read(&c, text, 2), GR_OK);
    assert_int_equal(gr_penalty_read(&p, spec, c), GR_EARG);
    assert_null(p);
    if (!strstr(gr_errmsg(), words)) fail_msg("%s: '%s' is not in: %s", spec, words, gr_errmsg());
    gr_constraints_free(c);
}

static void bad_penalties_are_named(void **state)
{
    (void)state;
    refuses_penalty("quadratc", "x0 == 1", "did you mean 'quadratic'?");
    refuses_penalty("", "x0 == 1", "unknown penalty ''");
    refuses_penalty("linear,w=1", "x0 == 1", "unknown option of a penalty 'w'");
    refuses_penalty("linear,k=-1", "x0 == 1", "'k=-1': expected k=NUMBER above 0");
    refuses_penalty("linear,k=1x", "x0 == 1", "'k=1x'");
    refuses_penalty("linear,k", "x0 == 1", "'k'");
    refuses_penalty("barrier", "x0 <= 1; x1 == 2", "'x1 == 2' is an equality");
    refuses_penalty("lagrange", "x0 <= 1 or x1 <= 2", "no multipliers");
}

// ---- transforms ----

static void moves(const char *text, const double *from, const double *to, size_t n)
{
    gr_transform *t;
    double x[8];
    bool holds, again;
    if (gr_transform_read(&t, text, n)) fail_msg("%s", gr_errmsg());
    memcpy(x, from, n * sizeof *x);
    assert_int_equal(gr_transform_apply(t, x, &holds), GR_OK);
    if (holds != (to != NULL)) fail_msg("%s: holds %d", text, holds);
    for (size_t i = 0; i < n && to; i++)
        if (!(fabs(x[i] - to[i]) <= 1e-9))
            fail_msg("%s: x%zu = %.12g, expected %g", text, i, x[i], to[i]);
    if (to) assert_int_equal(gr_transform_apply(t, x, &again), GR_OK); // and there it stays
    for (size_t i = 0; i < n && to; i++) assert_near(x[i], to[i], 1e-9);
    gr_transform_free(t);
}
#define V(...) ((const double[]){__VA_ARGS__})

static void transforms_move_points(void **state)
{
    (void)state;
    moves("mean(5)", V(1, 2, 3), V(4, 5, 6), 3);
    moves("sum(3)", V(1, 2, 3), V(0, 1, 2), 3);
    moves("variance(6)", V(1, 2, 3), V(-1, 2, 5), 3);
    moves("std(0)", V(1, 2, 3), V(2, 2, 2), 3);
    moves("variance(1)", V(2, 2, 2), NULL, 3); // nothing to widen
    moves("spread(4)", V(1, 2, 3), V(0, 2, 4), 3);
    moves("normalized", V(1, 2, 5), V(0.125, 0.25, 0.625), 3);
    moves("normalized(8)", V(0, 0, 0), NULL, 3);
    moves("sorted", V(3, 1, 2), V(1, 2, 3), 3);
    moves("sorted(-1)", V(3, 1, 2), V(3, 2, 1), 3);
    moves("monotonic", V(3, 1, 4), V(3, 3, 4), 3);
    moves("monotonic(-1)", V(3, 1, 4), V(3, 1, 1), 3);
    moves("integers", V(1.4, -1.6, 2), V(1, -2, 2), 3);
    moves("rounded(1)", V(1.44, -1.66, 2), V(1.4, -1.7, 2), 3);
    moves("discrete(1, 2, 5)", V(1.4, 4, -9), V(1, 5, 1), 3);
    moves("unique", V(1, 1, 1), V(1, 2, 0), 3);
    moves("unique(1,2,5)", V(1.4, 1.2, 1.3), V(1, 2, 5), 3);
    moves("unique(1,2)", V(1, 1, 1), NULL, 3); // three cannot differ
    moves("bounded(0,1)", V(-1, 0.5, 7), V(0, 0.5, 1), 3);
    moves("periodic(0,3)", V(-1, 0.5, 7), V(2, 0.5, 1), 3);
    moves("at(2, 7)", V(1, 2, 3), V(1, 2, 7), 3);
    moves("as(2, 0)", V(1, 2, 3), V(1, 2, 1), 3);
    moves("as(2, 0, 5)", V(1, 2, 3), V(1, 2, 6), 3);
    moves("x2 = x0 + x1", V(1, 2, 9), V(1, 2, 3), 3);
    moves("x0 <= x1", V(5, 2, 9), V(2, 2, 9), 3);
    moves("x0 >= 2*x1", V(5, 3, 9), V(6, 3, 9), 3);
    moves("x0 = x0 + 1", V(1, 2, 3), NULL, 3); // holds nowhere
    moves("x0 = log(x1)", V(1, -2, 3), NULL, 3);
    moves("", V(1, 2, 3), V(1, 2, 3), 3);
}

// Of some coordinates, as if there were no others.
static void transforms_move_groups(void **state)
{
    (void)state;
    moves("integers[1]", V(1.4, -1.6, 2.2), V(1.4, -2, 2.2), 3);
    moves("mean(5)[0,2]", V(1, 9, 3), V(4, 9, 6), 3);
    moves("sorted[1:4] and sorted(-1)[4:6]", V(9, 3, 2, 1, 4, 5), V(9, 1, 2, 3, 5, 4), 6);
    moves("sorted [ 2 : 3 , 0 ]", V(2, 3, 9), V(9, 3, 2), 3); // in the order that is given
    // weights, of which one is none, and positions, of which two are one
    moves("at(1, 0) and normalized[0:3]; as(4, 3)", V(1, 2, 3, 7, 8, 9), V(0.25, 0, 0.75, 7, 7, 9),
          6);
    moves("bounded(0,1)[0] or bounded(3,4)[0]", V(2.2, 7, 7), V(3, 7, 7), 3);
    moves("normalized[0:2]", V(0, 0, 1), NULL, 3);
}

static void transforms_are_joined(void **state)
{
    gr_transform *t;
    double x[] = {1, 2, 3};
    bool holds;
    (void)state;
    moves("sorted and mean(2); at(0, 0)", V(3, 1, 2), V(0, 2.5, 3.5), 3);
    moves("mean(5) and bounded(0, 6)", V(0, 0, 12), V(4.5, 4.5, 6), 3);
    moves("at(0, 1); at(0, 2)", V(3, 1, 2), NULL, 3); // contradict each other
    moves("at(0, 1) or at(0, 9)", V(3, 1, 2), V(1, 1, 2), 3);
    moves("at(0, 1) or at(0, 9)", V(9, 1, 2), V(9, 1, 2), 3);
    moves("(at(0, 1) or at(0, 9)) and integers", V(7.2, 1.1, 2), V(9, 1, 2), 3);
    moves("normalized or at(0, 2)", V(0, 0, 0), V(2, 0, 0), 3); // one of them can
    moves("not sorted", V(3, 1, 2), V(3, 1, 2), 3);
    moves("not at(0, 1)", V(1, 1, 2), V(1.002, 0.998, 2.003), 3);
    assert_int_equal(gr_transform_read(&t, "not mean(2)", 2), GR_OK);
    assert_int_equal(gr_transform_apply(t, x, &holds), GR_OK);
    assert_true(holds && x[0] == 1 && x[1] == 2); // their mean is 1.5 already
    gr_transform_free(t);
}

static void refuses_transform(const char *text, const char *words)
{
    gr_transform *t;
    assert_int_equal(gr_transform_read(&t, text, 3), GR_EARG);
    assert_null(t);
    if (!strstr(gr_errmsg(), words)) fail_msg("%s: '%s' is not in: %s", text, words, gr_errmsg());
}

static void bad_transforms_are_pointed_at(void **state)
{
    (void)state;
    refuses_transform("integrs", "column 1: unknown transform 'integrs'; did you mean 'integers'?");
    refuses_transform("sorted and", "column 11: expected a condition");
    refuses_transform("mean", "expected mean(m)");
    refuses_transform("mean()", "expected mean(m)");
    refuses_transform("mean(1,2)", "column 8: expected no further number");
    refuses_transform("mean(a)", "column 6: expected a number");
    refuses_transform("mean(1", "column 7: expected ',' or ')'");
    refuses_transform("mean(1) 2", "column 9: expected and, or, a semicolon");
    refuses_transform("at(3, 1)", "column 4: expected a coordinate, 0 to 2");
    refuses_transform("as(1, 0.5)", "expected a coordinate");
    refuses_transform("integers[3]", "column 10: expected a coordinate, 0 to 2");
    refuses_transform("integers[0:4]", "column 12: expected a coordinate, 0 to 3");
    refuses_transform("integers[99999999999999999999]", "expected a coordinate, 0 to 2");
    refuses_transform("integers[1:1]", "column 10: expected first:end with first < end");
    refuses_transform("integers[0,0:2]", "column 12: expected each coordinate once");
    refuses_transform("integers[]", "column 10: expected a coordinate");
    refuses_transform("integers[0", "column 11: expected ',' or ']'");
    refuses_transform("integers[0] 1", "column 13: expected and, or, a semicolon");
    refuses_transform("at(0, 1)[0]", "column 9: at names its coordinates itself");
    refuses_transform("mean[0]", "expected mean(m)");
    refuses_transform("x3 = 1", "column 1: expected a coordinate, x0 to x2");
    refuses_transform("x0 + x1 = 1", "column 1: expected a coordinate");
    refuses_transform("x0 = 1 +", "expected a number");
    refuses_transform("x0 = meen(x)", "did you mean 'mean'?");
}

// ---- anything ----

// Words of the language in any order: read or refused, and applied without harm.
static void any_text_ends_in_a_status(void **state)
{
    static const char *const words[] = {"x0",   "x1",       "(",  ")",  " and ", " or ", "not ",
                                        ";",    "<=",       "=",  "*",  "-",     "mean", "sum",
                                        "(1)",  "2",        ",",  "as", "log",   "^",    "unique",
                                        "1e9",  " ",        "x9", ">",  "/",     "at(",  "sorted",
                                        "max(", "integers", "\t", "%",  "[0",    ":1]",  "]"};
    gr_rng rng = gr_rng_of(20, 0);
    size_t read = 0;
    (void)state;
    for (int i = 0; i < 3000; i++) {
        char text[200] = "";
        size_t parts = 1 + gr_rng_below(&rng, 9);
        for (size_t k = 0; k < parts; k++) strcat(text, words[gr_rng_below(&rng, 35)]);
        gr_constraints *c;
        gr_transform *t;
        double x[] = {0.5, 2};
        bool holds;
        gr_status status = gr_constraints_read(&c, text, 2);
        assert_true(status == GR_OK || status == GR_EARG);
        if (!status) read++, gr_constraints_broken(c, x), gr_constraints_free(c);
        status = gr_transform_read(&t, text, 2);
        assert_true(status == GR_OK || status == GR_EARG);
        if (status) continue;
        read++;
        assert_int_equal(gr_transform_apply(t, x, &holds), GR_OK);
        gr_transform_free(t);
    }
    assert_true(read > 100); // some of them do mean something
}

// ---- coupled ----

typedef struct expectation {
    gr_couplers by;
    const char *solver, *stop;
    double x[2], slack, broken;
    bool maximise;
} expectation;

// sphere, or its opposite: (x0^2 + x1^2) on [-5, 5]^2, from (3, 4).
static void solve_coupled(const expectation *e)
{
    gr_problem p;
    gr_coupled *c;
    gr_solver *s;
    gr_stop stop;
    gr_coupled_at at;
    double x[2];
    assert_int_equal(gr_problem_new(&p, "sphere", 2), GR_OK);
    p.maximise = e->maximise;
    if (gr_coupled_new(&c, &p, &e->by)) fail_msg("%s", gr_errmsg());
    gr_solver_options o = {.spec = e->solver, .stop = e->stop, .x0 = (double[]){3, 4}};
    assert_int_equal(gr_solver_new(&s, gr_coupled_problem(c), &o), GR_OK);
    assert_int_equal(gr_solver_solve(s, &stop), GR_OK);
    gr_solver_best(s, x);
    assert_int_equal(gr_coupled_look(c, x, &at), GR_OK);
    for (int k = 0; k < 2; k++) assert_near(x[k], e->x[k], e->slack);
    assert_near(at.f, x[0] * x[0] + x[1] * x[1], 1e-15);
    assert_near(at.broken, e->broken, e->slack);
    gr_solver_free(s);
    gr_coupled_free(c);
    gr_problem_free(&p);
}

static void couplings_change_the_answer(void **state)
{
    static const expectation all[] = {
        {{.additive = "x0 + x1 >= 2"}, "neldermead", NULL, {0.9975, 0.9975}, 1e-3, 0.005, false},
        {{.additive = "x0 + x1 >= 2", .penalty = "linear"},
         "neldermead",
         NULL,
         {1, 1},
         0.02,
         0,
         false},
        {{.additive = "x0 >= 2 or x1 >= 1", .penalty = "linear"},
         "de",
         NULL,
         {0, 1},
         1e-4,
         0,
         false},
        {{.additive = "x0 >= 1", .penalty = "barrier,k=1e6"},
         "neldermead",
         NULL,
         {1, 0},
         1e-3,
         0,
         false},
        {{.additive = "x0^2 + x1^2 <= 4", .penalty = "linear", .inner = "as(1,0)"},
         "neldermead",
         NULL,
         {1.414213, 1.414213},
         1e-3,
         0,
         true},
        {{.inner = "x0 = 3 - x1"}, "neldermead", NULL, {1.5, 1.5}, 1e-4, 0, false},
        {{.inner = "integers and x0 >= 1"}, "de", "generations(40)", {1, 0}, 0, 0, false},
        {{.outer = "log(1 + x0)"}, "neldermead", NULL, {0, 0}, 1e-4, 0, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) solve_coupled(&all[i]);
}

static gr_coupled_at last_look;

// A transform that leads out of the bounds [0, 1]^2: x0 + x1 = 1.5, from (1, 0) and others.
static double ranged(const char *ranges, const char *inner, double *x)
{
    gr_problem p;
    gr_coupled *c;
    double f, lo[] = {0, 0}, hi[] = {1, 1};
    assert_int_equal(gr_problem_new(&p, "sphere", 2), GR_OK);
    assert_int_equal(gr_problem_bound(&p, lo, hi), GR_OK);
    assert_int_equal(gr_coupled_new(&c, &p, &(gr_couplers){.inner = inner, .ranges = ranges}),
                     GR_OK);
    const gr_problem *whole = gr_coupled_problem(c);
    assert_int_equal(whole->cost(x, 2, whole->context, &f), GR_OK);
    assert_int_equal(gr_coupled_look(c, x, &last_look), GR_OK);
    gr_coupled_free(c);
    gr_problem_free(&p);
    return f;
}

static void ranges_are_tight_clipped_or_strict(void **state)
{
    double x[2] = {1, 0}, y[2] = {1, 0}, z[2] = {1, 0}, w[2] = {1, 0};
    (void)state;
    assert_near(ranged("tight", "sum(1.5)", x), 1.25, 1e-9); // (1.25, 0.25) is outside
    assert_near(x[0] + x[1], 1.5, 1e-9);
    assert_true(x[0] <= 1);
    assert_near(ranged("clip", "sum(1.5)", y), 1 + 0.0625, 1e-12); // (1, 0.25): the sum is 1.25
    assert_near(ranged("strict", "sum(1.5)", z), INFINITY, 0);
    assert_near(ranged("tight", "sum(3)", w), INFINITY, 0); // there is no such point
    assert_true(isnan(last_look.f) && isinf(last_look.broken));
    assert_string_equal(last_look.worst, "the transforms");
}

static void lagrange_rounds_with_any_solver(void **state)
{
    gr_problem p;
    gr_coupled *c;
    gr_coupled_at at;
    double x[2] = {3, 4};
    (void)state;
    assert_int_equal(gr_problem_new(&p, "sphere", 2), GR_OK);
    const gr_couplers by = {.additive = "x0 + 2*x1 == 5; x1 <= 1", .penalty = "lagrange"};
    assert_int_equal(gr_coupled_new(&c, &p, &by), GR_OK);
    for (int round = 0; round < 12; round++) {
        gr_solver *s;
        gr_stop stop;
        gr_solver_options o = {.x0 = x, .stop = "crt(1e-9,1e-12) or evaluations(600)"};
        assert_int_equal(gr_solver_new(&s, gr_coupled_problem(c), &o), GR_OK);
        assert_int_equal(gr_solver_solve(s, &stop), GR_OK);
        gr_solver_best(s, x);
        gr_coupled_next(c, x);
        gr_solver_free(s);
    }
    assert_int_equal(gr_coupled_look(c, x, &at), GR_OK);
    assert_near(x[0], 3, 1e-6);
    assert_near(x[1], 1, 1e-6);
    assert_true(at.broken < 1e-6);
    gr_coupled_free(c);
    gr_problem_free(&p);
}

static void what_is_broken_is_named(void **state)
{
    gr_problem p;
    gr_coupled *c;
    gr_coupled_at at;
    double x[] = {1, 1};
    (void)state;
    assert_int_equal(gr_problem_new(&p, "sphere", 2), GR_OK);
    assert_int_equal(
        gr_coupled_new(&c, &p, &(gr_couplers){.additive = "x0 <= 2; x1 >= 4 ; x0 == 1"}), GR_OK);
    assert_int_equal(gr_coupled_look(c, x, &at), GR_OK);
    assert_string_equal(at.worst, "x1 >= 4");
    assert_near(at.broken, 3, 0);
    gr_coupled_free(c);
    assert_int_equal(gr_coupled_new(&c, &p, &(gr_couplers){.ranges = "tigt"}), GR_EARG);
    assert_non_null(strstr(gr_errmsg(), "did you mean 'tight'?"));
    assert_null(c);
    gr_problem_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(constraints_are_joined),
        cmocka_unit_test(bad_logic_is_pointed_at),
        cmocka_unit_test(penalties_have_their_forms),
        cmocka_unit_test(penalties_grow_from_round_to_round),
        cmocka_unit_test(bad_penalties_are_named),
        cmocka_unit_test(transforms_move_points),
        cmocka_unit_test(transforms_move_groups),
        cmocka_unit_test(transforms_are_joined),
        cmocka_unit_test(bad_transforms_are_pointed_at),
        cmocka_unit_test(any_text_ends_in_a_status),
        cmocka_unit_test(couplings_change_the_answer),
        cmocka_unit_test(ranges_are_tight_clipped_or_strict),
        cmocka_unit_test(lagrange_rounds_with_any_solver),
        cmocka_unit_test(what_is_broken_is_named),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
