// SPDX-License-Identifier: BSD-3-Clause
// Stop rules: each is met when it should be and says why, and bad text is pointed at.
#include "solvers/solver_type.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

// A solver that plays back given costs: in generation g the best is at (x[g], 1), or, of more than
// two numbers, at (x[g], others).
enum { POINTS = 3, MOST = 10 };
static double costs[200], xs[200], cloud_x[2 * POINTS], cloud_f[POINTS], slope[2], gained;
static double others[MOST - 1] = {1};
static size_t numbers = 2;

static gr_status init(gr_solver *s) { return gr_solver_room(s, 0, 0, 0, 1); }

static gr_status play(gr_solver *s)
{
    double x[MOST] = {xs[s->at.generation + 1]}, f;
    memcpy(x + 1, others, sizeof others);
    return gr_solver_eval(s, x, &f, 1);
}

static void cloud(const gr_solver *s, gr_cloud *c)
{
    (void)s;
    *c = (gr_cloud){cloud_x, cloud_f, POINTS};
}

static double gain(const gr_solver *s) { return (void)s, gained; }
static const double *gradient(const gr_solver *s) { return (void)s, slope; }

static const gr_solver_type player = {.name = "player",
                                      .stop = "generations(150)",
                                      .init = init,
                                      .begin = play,
                                      .step = play,
                                      .cloud = cloud,
                                      .gain = gain,
                                      .gradient = gradient};

static gr_status cost(const double *x, size_t n, void *context, double *f)
{
    int *g = context;
    (void)x, (void)n;
    *f = costs[(*g)++];
    return GR_OK;
}

// Where it stops with this rule, after `f` and `x` were filled in; -1: not before generation 150.
static int64_t stops_at(const char *rule, char why[GR_WHY])
{
    int g = 0;
    gr_problem p = {.name = "play", .cost = cost, .context = &g, .n = numbers};
    gr_solver *s;
    gr_stop stop = GR_STOP_NOT;
    gr_solver_options o = {.spec = "neldermead", .x0 = (double[MOST]){0}};
    assert_int_equal(gr_solver_new(&s, &p, &o), GR_OK);
    s->type = &player;
    if (gr_solver_stop_at(s, rule)) fail_msg("%s: %s", rule, gr_errmsg());
    s->most_evaluations = s->most_generations = INFINITY;
    while (s->at.generation < 149 && !(stop = gr_solver_met(s)))
        assert_int_equal(gr_solver_step(s, &stop), GR_OK);
    snprintf(why, GR_WHY, "%s", gr_solver_why(s));
    int64_t generation = stop ? gr_solver_generation(s) : -1;
    gr_solver_free(s);
    return generation;
}

static void falls_until(int last) // by 1 in each generation, then not at all
{
    for (int g = 0; g < 200; g++) costs[g] = 100 - fmin(g, last), xs[g] = fmin(g, last);
}

static void check(const char *rule, int64_t generation, const char *words)
{
    char why[GR_WHY];
    int64_t at = stops_at(rule, why);
    if (at != generation) fail_msg("%s: stopped at %ld (%s)", rule, (long)at, why);
    if (generation >= 0 && !strstr(why, words)) fail_msg("%s: '%s' not in: %s", rule, words, why);
}

static void rules_on_costs(void **state)
{
    (void)state;
    falls_until(20);
    check("vtr(0.5,90)", 10, "vtr: the cost 90 is within 0.5 of the target 90");
    check("vtr(target=85)", 15, "target 85");
    check("vtr", -1, "");
    // 29 steps apart, as in mystic: those from generation 20 to 49; more than 30 costs are known.
    check("cog", 49, "cog: in 30 generations the cost fell by 0");
    check("cog(3,10)", 26, "at most 3");
    check("cog(generations=2,tol=0)", 21, "cog");
    check("cog(100,30)", 30, "cog");
    check("ncog(1e-4,10)", 29, "ncog");
    check("ncog(0.05,10)", 25, "of itself"); // 2 * 4 / (84 + 80) is the first below 0.05
    check("nct", 49, "did not fall in 30");
    check("nct(80.00001)", 20, "within a share 1e-06");
    check("nct(80)", 20, "target 80");
    check("vtrcog(0.5,1e-6,30,90)", 10, "vtr");
    check("vtrcog", 49, "cog");
    check("improvement", -1, "");
    check("improvement(1)", 1, "1 away");
    check("evaluations(7)", 6, "evaluations: all 7");
    check("generations(7)", 7, "generations: all 7");
    check("time", -1, "");
}

static void rules_on_points(void **state)
{
    (void)state;
    falls_until(20);
    check("collapseat(1e-4,50)", 50, "x1 kept to 1");
    check("collapseat(1e-4,50,20)", 70, "x0 kept to 20");
    check("collapseat(target=7)", -1, "");
    for (int g = 0; g < 200; g++) xs[g] = g < 30 ? 5 : 1 + 1e-5;
    costs[30] = 1;
    for (int g = 31; g < 200; g++) costs[g] = 2;
    check("collapseas", 80, "one within 0.0001 for 50 generations: x0 and x1");
    check("collapseas(1e-6)", -1, "");
}

// Two factors: weights x0 x1 at positions x2 x3, and weights x4 x5 x6 at positions x7 x8 x9. The
// first falls slowly, so that its weight is at most 5e-3 from generation 20 on.
static void rules_on_measures(void **state)
{
    static const double measure[MOST - 1] = {0.9, 7, 8, 1e-3, 0.5, -2e-3, 3, 4, 3 + 2e-3};
    (void)state;
    falls_until(20);
    for (int g = 0; g < 200; g++) xs[g] = g < 20 ? 0.1 : 1e-3;
    memcpy(others, measure, sizeof others);
    numbers = MOST;
    check("collapseweight(5e-3,50,2,3)", 50,
          "collapseweight: at most 0.005 for 50 generations: x4 (weight 0 of factor 1), x6 "
          "(weight 2 of factor 1)");
    check("collapseweight(1e-3,30,2,3)", 30, ": x4 (weight 0 of factor 1)");
    check("collapseweight(5e-4,30,2,3)", -1, "");
    check("collapseweight(points=2,3) and generations(70)", 70, ": x0 (weight 0 of factor 0), x4");
    check("when(collapseweight(5e-3,3,1,4)) or vtr(0.5,98)", 2, "vtr");
    check("when(collapseweight(5e-3,3,1,4)) or vtr(0.5,90)", 3, ": x4 (weight 2 of factor 1)");
    check("collapseweight(5e-3,3)", 3, ": x4 (weight 4 of factor 0)"); // one factor
    check("collapseweight(5e-3,3,1)", 3, ": x4 (weight 0 of factor 2), x6 (weight 0 of factor 3)");
    check("collapseposition(5e-3,50,2,3)", 50,
          "collapseposition: one within 0.005 for 50 generations: x7 and x9");
    check("collapseposition(1e-3,50,2,3)", -1, "");
    check("collapseposition(5e-3,50,1)", -1, ""); // no factor has two
    memset(others, 0, sizeof others);             // nine at once, more than there is room for
    check("collapseposition(1,2)", 2, "x8 and x9");
    check("collapseas(1,2)", 2, "x1 and x5, ...");
    numbers = 2, others[0] = 1;
}

// The cost falls from 60 to 0 and rises again, while x0 goes from 0 to 199.
static void rules_on_bounds(void **state)
{
    (void)state;
    for (int g = 0; g < 200; g++) xs[g] = g, costs[g] = fabs(g - 60.0);
    check("collapsecost(2,10)", 12,
          "10 or more points beyond cost over 2 more than the best: x0 in 9:inf");
    check("collapsecost", 51, "x0 in 49:inf");
    check("collapsecost(2,10,last=20)", 12, "x0 in 9:inf");
    check("collapsecost(2,10) and generations(80)", 80, "x0 in 57:63");
    check("collapsecost(2,30) and generations(80)", 80, "x0 in 57:inf");
    check("collapsecost(2,30,1) and generations(80)", 80, "x0 in 57:inf");     // 18 lie beyond
    check("collapsecost(2,30,1) and generations(61)", 61, "x0 in 57:61");      // none does
    check("collapsecost(2,10,0,20) and generations(80)", 80, "x0 in -inf:63"); // only these
    check("collapsecost(1e9,10)", -1, "");
    check("vtr(0.5,55) or when(collapsecost(2,10))", 5, "vtr");
    for (int g = 3; g < 200; g++) costs[g] = NAN; // no cost at all is above any
    check("collapsecost(2,20)", 22, "x0 in -inf:3");
    for (int g = 0; g < 200; g++) costs[g] = NAN;
    check("collapsecost(2,20)", -1, "");
}

static void rules_on_clouds(void **state)
{
    (void)state;
    falls_until(20);
    for (int i = 0; i < POINTS; i++)
        cloud_x[2 * i] = 3 + 1e-5 * i, cloud_x[2 * i + 1] = 1, cloud_f[i] = 1;
    check("crt", 0, "crt: all points are within 2e-05");
    check("crt(1e-5)", -1, "");
    check("spread(1e-5)", 0, "spread");
    check("spread", -1, "");
    cloud_f[2] = 1.1;
    check("crt", -1, "");
    check("crt(ftol=0.2)", 0, "crt");
    cloud_f[2] = NAN;
    check("crt(1,1)", -1, "");
    cloud_f[0] = cloud_f[1] = cloud_f[2] = INFINITY; // all costs were NaN: that is no agreement
    check("crt(1,1)", -1, "");
    slope[0] = 3, slope[1] = 4;
    check("gradient(5,2)", 0, "its norm is 5");
    check("gradient(4.9,2)", -1, "");
    check("gradient(4)", 0, "its norm is 4");
    check("gradient(7,1)", 0, "its norm is 7");
    slope[0] = NAN;
    check("gradient(1e9,2)", -1, "");
    gained = 0.5;
    check("reduction", -1, "");
    check("reduction(0.01)", 1, "lowered the cost 99 by 0.5");
}

static void rules_are_joined(void **state)
{
    (void)state;
    falls_until(20);
    check("vtr(0.5,90) or generations(3)", 3, "generations");
    check("vtr(0.5,90) and generations(3)", 10,
          "vtr: the cost 90 is within 0.5 of the target 90; gen");
    check("generations(12) and vtr(0.5,90)", -1, "");
    check("generations(3) or vtr(0.5,90) and generations(50)", 3, "generations");
    check("(generations(3) or vtr(0.5,90)) and generations(5)", 5, "generations");
    check("when(generations(4))", 4, "generations");
    check(" when ( ( cog ( ) ) ) or\tvtr ( tol = 1 , target = 82 ) ", 17, "vtr");
}

static double limit(const char *text, gr_stop stop)
{
    gr_rule *rule;
    assert_int_equal(gr_rule_read(&rule, text), GR_OK);
    double most = gr_rule_limit(rule, stop);
    gr_rule_free(rule);
    return most;
}

static void limits_are_found(void **state)
{
    (void)state;
    assert_true(limit("cog or evaluations(9) or evaluations(5)", GR_STOP_EVALUATIONS) == 5);
    assert_true(limit("evaluations(9) and evaluations(5)", GR_STOP_EVALUATIONS) == 9);
    assert_true(limit("evaluations(9) and cog", GR_STOP_EVALUATIONS) == INFINITY);
    assert_true(limit("time(3) or generations(2)", GR_STOP_TIME) == 3);
    assert_true(limit("time(3) or generations(2)", GR_STOP_GENERATIONS) == 2);
}

static void refuses(const char *text, const char *words)
{
    gr_rule *rule;
    assert_int_equal(gr_rule_read(&rule, text), GR_EARG);
    assert_null(rule);
    if (!strstr(gr_errmsg(), words)) fail_msg("%s: '%s' is not in: %s", text, words, gr_errmsg());
}

static void bad_text_is_pointed_at(void **state)
{
    char deep[300] = "", longest[1100];
    (void)state;
    refuses("", "a rule such as");
    refuses("cgo", "did you mean 'cog'");
    refuses("cog(1e-6,30", "',' or ')'");
    refuses("cog(1e-6,30,4)", "column 13: '4': expected ')'");
    refuses("cog(x)", "column 5: 'x': expected a number");
    refuses("cog(nan)", "expected a number");
    refuses("cog(tl=1)", "cog has no 'tl'; it has tol, generations; did you mean tol");
    refuses("cog(1,0)", "from 1 to 1000000");
    refuses("cog(1,1e9)", "from 1 to 1000000");
    refuses("cog(-1)", "not below 0");
    refuses("collapseweight(1,2,0)", "'0': expected the points of a factor, a whole number");
    refuses("collapseweight(1,2,3,2.5)", "'2': expected the points of a factor");
    refuses("collapseposition(points=2,3,-1)", "expected the points of a factor");
    refuses("collapseas(1,2,3)", "expected ')'");
    refuses("collapsecost(last=0)", "expected a number of points from 1 to 1000000");
    refuses("cog cog", "column 5: 'cog': expected 'and', 'or' or the end");
    refuses("cog or", "ends where a rule such as");
    refuses("or cog", "unknown rule 'or'");
    refuses("(cog", "ends where ')'");
    refuses("cog)", "column 4: ')'");
    refuses("when cog", "column 6: 'cog': expected '('");
    refuses("cog & vtr", "column 5: '&'");
    memset(deep, '(', 290);
    refuses(deep, "too many brackets");
    memset(longest, ' ', 1099), longest[1099] = '\0';
    refuses(longest, "longer than 1000");
}

static void time_is_what_solving_took(void **state)
{
    (void)state;
    gr_problem p;
    gr_solver *s;
    gr_stop stop;
    assert_int_equal(gr_problem_new(&p, "rosen", 2), GR_OK);
    gr_solver_options o = {.stop = "time(1e-9)"};
    assert_int_equal(gr_solver_new(&s, &p, &o), GR_OK);
    assert_int_equal(gr_solver_solve(s, &stop), GR_OK);
    assert_int_equal(stop, GR_STOP_TIME);
    assert_int_equal(gr_solver_evaluations(s), 0);
    assert_string_equal(gr_solver_why(s), "time: 1e-09 s are over");
    assert_int_equal(gr_solver_stop_at(s, "generations(3) or time(1000)"), GR_OK);
    assert_int_equal(gr_solver_solve(s, &stop), GR_OK);
    assert_int_equal(stop, GR_STOP_GENERATIONS);
    double seconds = gr_solver_seconds(s);
    assert_true(seconds > 0);
    assert_int_equal(gr_solver_solve(s, &stop), GR_OK);
    assert_true(gr_solver_seconds(s) > seconds); // it goes on
    gr_solver_free(s);
    gr_problem_free(&p);
}

static void a_rule_must_fit_its_solver(void **state)
{
    (void)state;
    gr_problem p;
    gr_solver *s;
    assert_int_equal(gr_problem_new(&p, "rosen", 2), GR_OK);
    gr_solver_options o = {.spec = "powell", .stop = "cog and (vtr or crt)"};
    assert_int_equal(gr_solver_new(&s, &p, &o), GR_EARG);
    assert_non_null(strstr(gr_errmsg(), "rule crt needs several points, which powell has not"));
    o.stop = "collapseweight(5e-3,50,2)";
    assert_int_equal(gr_solver_new(&s, &p, &o), GR_EARG);
    assert_non_null(strstr(gr_errmsg(), "with 2 points has 4 coordinates"));
    o.stop = "cog or collapseposition(points=1,2)";
    assert_int_equal(gr_solver_new(&s, &p, &o), GR_EARG);
    assert_non_null(strstr(gr_errmsg(), "with 3 points together have 6 coordinates"));
    o.stop = "collapsecost(1,50,0,50)";
    assert_int_equal(gr_solver_new(&s, &p, &o), GR_EARG);
    assert_non_null(strstr(gr_errmsg(), "50 samples of the last 50 points"));
    o = (gr_solver_options){.spec = "neldermead", .stop = "gradient"};
    assert_int_equal(gr_solver_new(&s, &p, &o), GR_EARG);
    o.stop = "reduction";
    assert_int_equal(gr_solver_new(&s, &p, &o), GR_EARG);
    o.stop = NULL;
    assert_int_equal(gr_solver_new(&s, &p, &o), GR_OK);
    assert_int_equal(gr_solver_stop_at(s, "reduction"), GR_EARG); // and the old rule is kept
    assert_int_equal(gr_solver_solve(s, &(gr_stop){0}), GR_OK);
    assert_non_null(strstr(gr_solver_why(s), "crt"));
    gr_solver_free(s);
    gr_problem_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_on_costs),
        cmocka_unit_test(rules_on_points),
        cmocka_unit_test(rules_on_measures),
        cmocka_unit_test(rules_on_bounds),
        cmocka_unit_test(rules_on_clouds),
        cmocka_unit_test(rules_are_joined),
        cmocka_unit_test(limits_are_found),
        cmocka_unit_test(bad_text_is_pointed_at),
        cmocka_unit_test(time_is_what_solving_took),
        cmocka_unit_test(a_rule_must_fit_its_solver),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
