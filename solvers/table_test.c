// SPDX-License-Identifier: BSD-3-Clause
// Every solver on every problem under every stop rule: each run ends for a reason that it names,
// within its limit, and its answer is one that was really computed.
#include "solvers/solver_type.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#ifdef __SANITIZE_ADDRESS__
enum { STRIDE = 4 }; // the same paths
#else
enum { STRIDE = 1 };
#endif
enum { MOST = 100, RULES = 40, DIM = 16 };

// Arguments with which a rule can be met in so few evaluations; other rules: their defaults.
static const struct {
    const char *name, *args;
} easy[] = {
    {"vtr", "(0.5)"},
    {"cog", "(1e-3,3)"},
    {"ncog", "(1e-3,3)"},
    {"crt", "(0.1,0.1)"},
    {"reduction", "(0.5)"},
    {"improvement", "(1)"},
    {"nct", "(generations=3)"},
    {"vtrcog", "(0.5,1e-3,3)"},
    {"spread", "(0.5)"},
    {"gradient", "(1e-2)"},
    {"collapseat", "(0.1,3)"},
    {"collapseas", "(0.5,3)"},
    {"collapseweight", "(0.5,3)"},
    {"collapseposition", "(9,1)"},
    {"collapsecost", "(1,20)"},
    {"evaluations", "(77)"},
    {"generations", "(2)"},
    {"time", "(0)"},
};

static void rule_text(const gr_rule_type *t, char text[80])
{
    const char *args = "";
    for (size_t i = 0; i < sizeof easy / sizeof *easy; i++)
        if (!strcmp(easy[i].name, t->name)) args = easy[i].args;
    snprintf(text, 80, "%s%s or evaluations(%d)", t->name, args, MOST);
}

static bool has(const gr_solver_type *t, const gr_problem *p, gr_rule_needs needs)
{
    return needs == GR_RULE_NEEDS_MEASURE    ? p->n % 2 == 0
           : needs == GR_RULE_NEEDS_CLOUD    ? t->cloud != NULL
           : needs == GR_RULE_NEEDS_GAIN     ? t->gain != NULL
           : needs == GR_RULE_NEEDS_GRADIENT ? t->gradient != NULL
                                             : true;
}

// The cost of the answer is the one that is told, lies in the bounds, and is not below the least.
static void check_answer(const gr_solver *s, const gr_problem *p, double least)
{
    double x[DIM], f, told = gr_solver_best(s, x);
    if (!gr_solver_evaluations(s)) return;
    assert_int_equal(gr_problem_inside(p, x, p->name), GR_OK);
    assert_int_equal(p->cost(x, p->n, p->context, &f), GR_OK);
    assert_memory_equal(&f, &told, sizeof f);
    assert_false(told < least - 1e-9);
}

// One run; true if its rule was met before its limit.
static bool one(const gr_solver_type *t, const gr_problem *p, double least,
                const gr_rule_type *rule)
{
    char text[80];
    gr_solver *s;
    gr_stop stop;
    rule_text(rule, text);
    gr_solver_options o = {.spec = t->name, .seed = 6, .stop = text};
    gr_status status = gr_solver_new(&s, p, &o);
    assert_int_equal(status, has(t, p, rule->needs) ? GR_OK : GR_EARG);
    if (status) return false;
    if (gr_solver_solve(s, &stop)) fail_msg("%s, %s, %s: %s", t->name, p->name, text, gr_errmsg());
    // "cog: ...": the rule itself, or, of vtrcog, one of its two
    char why[GR_WHY];
    snprintf(why, sizeof why, "%.*s", (int)strcspn(gr_solver_why(s), ":"), gr_solver_why(s));
    const char *reason = stop == GR_STOP_EVALUATIONS ? "evaluations"
                         : stop == GR_STOP_ENDED     ? "exhausted"
                                                     : rule->name;
    if (!why[0] || !strstr(reason, why))
        fail_msg("%s, %s, %s: '%s'", t->name, p->name, text, gr_solver_why(s));
    assert_true(stop == rule->stop || stop == GR_STOP_EVALUATIONS || stop == GR_STOP_ENDED);
    assert_true(gr_solver_evaluations(s) <= MOST);
    check_answer(s, p, least);
    gr_solver_free(s);
    return stop == rule->stop;
}

static void each_solver_ends_each_problem_by_each_rule(void **state)
{
    int runs = 0, met[RULES] = {0};
    (void)state;
    for (size_t k = 0; gr_problem_types[k]; k++) {
        const gr_problem_type *kind = gr_problem_types[k];
        if (k % STRIDE) continue;
        gr_problem p;
        double best[DIM];
        assert_int_equal(gr_problem_new(&p, kind->name, 0), GR_OK);
        double least = kind->optimum(best, p.n);
        for (const gr_solver_type *const *t = gr_solver_types; *t; t++)
            for (size_t r = 0; gr_rule_types[r].name && !(*t)->missing; r++, runs++)
                met[r] += one(*t, &p, least, &gr_rule_types[r]);
        gr_problem_free(&p);
    }
    for (size_t r = 0; gr_rule_types[r].name; r++) {
        print_message("# %-12s met in %d runs\n", gr_rule_types[r].name, met[r]);
        assert_true(met[r] * STRIDE > 10);
    }
    assert_true(runs * STRIDE >= 11 * 24 * 18);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_solver_ends_each_problem_by_each_rule),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
