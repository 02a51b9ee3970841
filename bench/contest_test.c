// SPDX-License-Identifier: BSD-3-Clause
// The contest of solvers: instances are what they are called, counts depend on the seed alone, and
// ours need no more evaluations than NLopt's.
#include "bench/contest.h"
#include "config.h"
#include "lib/rng.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#ifdef __SANITIZE_ADDRESS__
enum { SEEDS = 3 }; // the same paths
#else
enum { SEEDS = 15 };
#endif
enum { N = 7 };

static void instances_are_moved_and_turned(void **state)
{
    (void)state;
    for (const gr_contest_function *f = gr_contest_functions; f->name; f++) {
        gr_instance a, b;
        double value;
        gr_instance_make(&a, f, N, 4), gr_instance_make(&b, f, N, 5);
        assert_true(a.shift[0] != b.shift[0] && a.x0[0] != b.x0[0] && a.turn[0] != b.turn[0]);
        for (int i = 0; i < N; i++) {
            assert_true(fabs(a.shift[i]) <= 4 && fabs(a.x0[i]) <= 4);
            for (int j = 0; j < N; j++) {
                double dot = 0;
                for (int k = 0; k < N; k++) dot += a.turn[i * N + k] * a.turn[j * N + k];
                assert_true(fabs(dot - (i == j)) < 1e-12);
            }
        }
        assert_int_equal(gr_instance_cost(a.x0, N, &a, &value), GR_OK);
        assert_true(value > 1e-8 && !a.done && a.spent == 1);
        assert_int_equal(gr_instance_cost(a.shift, N, &a, &value), GR_OK);
        assert_true(fabs(value) < 1e-12 && a.done && a.hit[GR_CONTEST_TARGETS - 1] == 2);
        for (int k = 1; k < GR_CONTEST_TARGETS; k++) assert_true(a.hit[k - 1] <= a.hit[k]);
        b.budget = 1;
        assert_int_equal(gr_instance_cost(b.x0, N, &b, &value), GR_OK);
        assert_true(b.done && !b.hit[GR_CONTEST_TARGETS - 1]);
    }
}

static json_t *contest(const char *map, const char *function, size_t dim, size_t instances,
                       size_t budget, char **specs)
{
    json_t *document;
    gr_contest_options o = {.dim = dim,
                            .instances = instances,
                            .budget = budget,
                            .specs = specs,
                            .function = function,
                            .stop = "evaluations(inf) or generations(inf)"};
    assert_int_equal(gr_map_new(&o.map, map, NULL), GR_OK);
    if (gr_contest_run(&o, &document)) fail_msg("%s", gr_errmsg());
    gr_map_free(o.map);
    return document;
}

static void counts_depend_on_the_seed_alone(void **state)
{
    static const char *const maps[] = {"threads:3", "fork:2"};
    char *specs[] = {(char[]){"neldermead"}, (char[]){"de"}, (char[]){"quadratic"}, NULL};
    json_t *serial = contest("serial", NULL, 3, 2, 700, specs);
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        json_t *other = contest(maps[i], NULL, 3, 2, 700, specs);
        assert_true(json_equal(serial, other));
        json_decref(other);
    }
    const json_t *run, *spent;
    size_t r, i;
    assert_int_equal(json_array_size(json_object_get(serial, "runs")), 3 * 8);
    json_array_foreach(json_object_get(serial, "runs"), r, run)
        json_array_foreach(json_object_get(run, "spent"), i, spent)
            assert_in_range(json_integer_value(spent), 1, 700);
    assert_string_equal(gr_contest_solver(serial, 1), "de");
    assert_null(gr_contest_solver(serial, 3));
    json_decref(serial);
}

// Two instances: one reached its last target at 40, one gave up at 60 after its first at 10.
static void expected_times_are_what_is_spent_a_success(void **state)
{
    json_t *document = json_loads(
        "{\"runs\": [{\"solver\": \"a\", \"function\": \"f\", \"spent\": [40, 60], \"hits\": "
        "[[1,2,3,4,5,6,7,8,9,20,40], [10,0,0,0,0,0,0,0,0,0,0]]}, {\"solver\": \"b\", \"function\": "
        "\"f\", \"spent\": [7], \"hits\": [[0,0,0,0,0,0,0,0,0,0,0]]}]}",
        0, NULL);
    const json_t *a = gr_contest_find(document, "a", "f"), *b = gr_contest_find(document, "b", "f");
    (void)state;
    assert_int_equal(gr_contest_reached(a), 1);
    assert_true(gr_contest_ert(a) == 100);
    assert_int_equal(gr_contest_reached(b), 0);
    assert_true(isinf(gr_contest_ert(b)) && isnan(gr_contest_ert(NULL)));
    assert_null(gr_contest_find(document, "a", "g"));
    assert_true(gr_contest_share(document, "a", 9) == 9. / 22);
    assert_true(gr_contest_share(document, "a", 10) == 10. / 22);
    assert_true(gr_contest_share(document, "a", 1e9) == 12. / 22);
    assert_true(gr_contest_share(document, "b", 1e9) == 0);
    json_decref(document);
}

static void refuses(gr_contest_options o, const char *words)
{
    json_t *document;
    if (!o.dim) o.dim = 3;
    o.instances = 1, o.budget = 5;
    assert_int_equal(gr_contest_run(&o, &document), GR_EARG);
    assert_null(document);
    if (!strstr(gr_errmsg(), words)) fail_msg("'%s' is not in: %s", words, gr_errmsg());
}

static void bad_words_are_named(void **state)
{
    char *wrong[] = {(char[]){"cma"}, (char[]){"powel"}, NULL}, *long_one[] = {NULL, NULL};
    char text[300];
    (void)state;
    refuses((gr_contest_options){.specs = wrong}, "did you mean 'powell'");
    refuses((gr_contest_options){.function = "sphare"}, "did you mean 'sphere'");
    refuses((gr_contest_options){.stop = "cogg"}, "did you mean 'cog'");
    refuses((gr_contest_options){.dim = 1}, "expected 2 to 40");
    refuses((gr_contest_options){.dim = 41}, "expected 2 to 40");
    memset(text, 'x', sizeof text - 1), text[sizeof text - 1] = '\0';
    long_one[0] = text;
    refuses((gr_contest_options){.specs = long_one}, "longer than 159 letters");
}

// The least expected number of evaluations of these solvers to the last target.
static double best(const char *function, size_t instances, size_t budget, char **specs)
{
    json_t *document = contest("serial", function, 10, instances, budget, specs);
    double least = INFINITY;
    const char *solver;
    for (size_t i = 0; (solver = gr_contest_solver(document, i)); i++)
        least = fmin(least, gr_contest_ert(gr_contest_find(document, solver, function)));
    json_decref(document);
    return least;
}

// In ten dimensions.
static void ours_need_no_more_than_those_of_nlopt(void **state)
{
    char *model[] = {(char[]){"quadratic"}, NULL}, *descent[] = {(char[]){"lbfgs"}, NULL};
    char *normal[] = {(char[]){"cma"}, NULL};
    (void)state;
    assert_true(best("ellipsoid", SEEDS, 1000, model) <= 100);
    assert_true(best("cigar", SEEDS, 1000, model) <= 100);
    double ours = best("rosenbrock", SEEDS, 10000, descent);
    assert_true(ours <= 1500);
    assert_true(best("rastrigin", 3, 200000, normal) < 600000); // NLopt's find it in none
#if GR_NLOPT
    char *theirs[] = {(char[]){"nlopt,algorithm=praxis,share=1e9"},
                      (char[]){"nlopt,algorithm=bobyqa,share=1e9"},
                      (char[]){"nlopt,algorithm=newuoa,share=1e9"}, NULL};
    assert_true(best("ellipsoid", SEEDS, 10000, theirs) > 100);
    assert_true(best("cigar", SEEDS, 10000, theirs) > 100);
    assert_true(best("rosenbrock", SEEDS, 10000, theirs) >= ours);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instances_are_moved_and_turned),
        cmocka_unit_test(counts_depend_on_the_seed_alone),
        cmocka_unit_test(expected_times_are_what_is_spent_a_success),
        cmocka_unit_test(bad_words_are_named),
        cmocka_unit_test(ours_need_no_more_than_those_of_nlopt),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
