// SPDX-License-Identifier: BSD-3-Clause
// The time that solvers take themselves: both sides make the runs they should, and what cannot be
// had is named.
#include "bench/overhead.h"
#include "config.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const double SHORT = 1e-5; // s of a sample: what comes out is not looked at

#if GR_NLOPT
static void check(gr_interval t)
{
    assert_true(t.lo > 0 && t.lo <= t.mid && t.mid <= t.hi && isfinite(t.hi));
    assert_int_equal(t.n, 7);
}
#endif

// All evaluations that are allowed, or fewer where a solver ends before.
static void both_sides_make_their_runs(void **state)
{
    static const gr_overhead_pair pair = {"neldermead", "LN_NELDERMEAD", "sphere", 10, 400},
                                  early = {"lattice,bins=2", "LN_COBYLA", "rosen", 3, 200};
    gr_overhead o;
    (void)state;
    gr_status status = gr_overhead_measure(&pair, 7, SHORT, &o);
#if GR_NLOPT
    assert_int_equal(status, GR_OK);
    assert_int_equal(o.evaluations[0], 400);
    assert_int_equal(o.evaluations[1], 400);
    check(o.ratio), check(o.seconds[0]), check(o.seconds[1]);
    assert_true(o.cost > 0);
    assert_int_equal(gr_overhead_measure(&early, 7, SHORT, &o), GR_OK);
    assert_int_equal(o.evaluations[0], 8);
    assert_int_equal(o.evaluations[1], 200);
#else
    (void)early;
    assert_int_equal(status, GR_EUNSUP);
    assert_non_null(strstr(gr_errmsg(), "without NLopt"));
#endif
}

static void what_there_is_not_is_named(void **state)
{
#if GR_NLOPT
    static const gr_overhead_pair theirs = {"de", "LN_NONE", "sphere", 2, 20},
                                  ours = {"dee", "LN_COBYLA", "sphere", 2, 20};
    gr_overhead o;
    assert_int_equal(gr_overhead_measure(&theirs, 7, SHORT, &o), GR_EUNSUP);
    assert_non_null(strstr(gr_errmsg(), "LN_NONE"));
    assert_int_equal(gr_overhead_measure(&ours, 7, SHORT, &o), GR_EARG);
    assert_non_null(strstr(gr_errmsg(), "did you mean 'de'"));
#endif
    (void)state;
}

static void pairs_are_shown_in_words(void **state)
{
    char text[2000] = "";
    json_t *fixture = json_load_file("bench/testdata/run.json", 0, NULL);
    FILE *out = fmemopen(text, sizeof text, "w");
    (void)state;
    gr_overhead_print(json_object_get(fixture, "overhead"), out);
    fclose(out);
    assert_non_null(strstr(text, "ours   200 ns (190 to 210 ns)"));
    assert_non_null(strstr(text, "NLopt  500 ns (480 to 520 ns)"));
    assert_non_null(strstr(text, "ratio  2.50x (2.40x to 2.60x)"));
    json_decref(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_sides_make_their_runs),
        cmocka_unit_test(what_there_is_not_is_named),
        cmocka_unit_test(pairs_are_shown_in_words),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
