// SPDX-License-Identifier: BSD-3-Clause
// The check must reject what is wrong, whatever way it is wrong: each mutant here is one way.
#include "lib/ladder.h"
#include "lib/map.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

// y[i] = 2 x[i], and the sum of y; x is never changed.
typedef struct twice {
    size_t n;
    double *x, *y, sum;
} twice;

static gr_status twice_setup(void **problem, gr_size size, uint64_t seed)
{
    *problem = NULL;
    twice *p = calloc(1, sizeof *p);
    if (!p) return gr_fail(GR_ENOMEM, "twice: out of memory");
    p->n = size.n;
    p->x = calloc(size.n + 1, sizeof *p->x), p->y = calloc(size.n + 1, sizeof *p->y);
    for (size_t i = 0; i < size.n; i++) p->x[i] = 1 + (double)i + (double)seed;
    *problem = p;
    return GR_OK;
}

static void twice_teardown(void *problem)
{
    twice *p = problem;
    if (!p) return;
    free(p->x);
    free(p->y);
    free(p);
}

static int twice_outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    twice *p = problem;
    out[0] = (gr_output){"y", gr_array_of(p->y, GR_F64, 1, (size_t[]){p->n}), true};
    out[1] = (gr_output){"sum", gr_array_of(&p->sum, GR_F64, 0, NULL), false};
    return 2;
}

static gr_status truth(void *problem, int workers)
{
    twice *p = problem;
    (void)workers;
    p->sum = 0;
    for (size_t i = 0; i < p->n; i++) p->sum += p->y[i] = 2 * p->x[i];
    return GR_OK;
}

static gr_status nothing(void *problem, int workers)
{
    (void)problem, (void)workers;
    return GR_OK;
}

static gr_status one_short(void *problem, int workers)
{
    twice *p = problem;
    p->n -= p->n > 0;
    truth(p, workers);
    p->n += p->n > 0 || p->x[0] > 0;
    return GR_OK;
}

static gr_status writes_nan(void *problem, int workers)
{
    twice *p = problem;
    truth(p, workers);
    if (p->n) p->y[p->n / 2] = NAN;
    return GR_OK;
}

static gr_status last_bit(void *problem, int workers)
{
    twice *p = problem;
    truth(p, workers);
    if (p->n) p->y[0] = nextafter(p->y[0], INFINITY);
    return GR_OK;
}

static gr_status sum_nearly(void *problem, int workers)
{
    twice *p = problem;
    truth(p, workers);
    p->sum *= 1 + 1e-10;
    return GR_OK;
}

static gr_status sum_nan(void *problem, int workers)
{
    twice *p = problem;
    truth(p, workers);
    p->sum = NAN;
    return GR_OK;
}

static gr_status stale(void *problem, int workers) // gives its first answer again
{
    static double kept = 0;
    twice *p = problem;
    truth(p, workers);
    if (p->n == 1 && kept > 0) p->y[0] = kept;
    if (p->n == 1) kept = p->y[0] + 1;
    return GR_OK;
}

static gr_status only_once(void *problem,
                           int workers) // leaves a state behind that breaks the second run
{
    twice *p = problem;
    truth(p, workers);
    if (p->n) p->x[0] += 1;
    return GR_OK;
}

static gr_status refuses(void *problem, int workers)
{
    (void)problem, (void)workers;
    return gr_fail(GR_EUNSUP, "not written yet");
}

static const gr_size no_sizes[] = {{0, 0}};
static const gr_rung rungs[] = {{.name = "truth", .run = truth}, {0}};
static const gr_ladder ladder = {.name = "twice",
                                 .sizes = no_sizes,
                                 .rungs = rungs,
                                 .setup = twice_setup,
                                 .teardown = twice_teardown,
                                 .outputs = twice_outputs};

static gr_status check(gr_rung_run *run, double tolerance)
{
    gr_rung rung = {.name = "candidate", .run = run, .tolerance = tolerance};
    gr_truths truths = {0};
    gr_status status = gr_ladder_check_edges(&ladder, &rung, 1, &truths, NULL, NULL);
    gr_truths_free(&ladder, &truths);
    return status;
}

static void the_truth_passes(void **state)
{
    (void)state;
    assert_int_equal(check(truth, 0), GR_OK);
    assert_int_equal(check(sum_nearly, 1e-9), GR_OK);
}

static void every_mutant_is_rejected(void **state)
{
    (void)state;
    static const struct {
        gr_rung_run *run;
        double tolerance;
    } mutants[] = {{nothing, 1e-9},  {one_short, 1e-9}, {writes_nan, 1e-9},
                   {last_bit, 1e-9}, {sum_nearly, 0},   {sum_nearly, 1e-11},
                   {sum_nan, 1e-9},  {stale, 1e-9},     {only_once, 1e-9}};
    for (size_t i = 0; i < sizeof mutants / sizeof *mutants; i++)
        if (check(mutants[i].run, mutants[i].tolerance) != GR_EDATA)
            fail_msg("mutant %zu was accepted", i);
}

static void the_first_difference_is_named(void **state)
{
    (void)state;
    assert_int_equal(check(writes_nan, 0), GR_EDATA);
    assert_string_equal(
        gr_errmsg(), "size 1: y[0] = nan (never written?), expected 4 (first of 1 that differs)");
    assert_int_equal(check(refuses, 0), GR_EUNSUP);
    assert_string_equal(gr_errmsg(), "size 0: not written yet");
}

static void steps_come_from_the_listed_sizes(void **state)
{
    (void)state;
    static const gr_size sizes[] = {{500, 100}, {2000, 1000}, {0, 0}};
    gr_ladder l = {.sizes = sizes, .steps_name = "iterations"};
    assert_int_equal(gr_ladder_size(&l, (gr_size){10, 0}).steps, 100);
    assert_int_equal(gr_ladder_size(&l, (gr_size){1999, 0}).steps, 100);
    assert_int_equal(gr_ladder_size(&l, (gr_size){2000, 0}).steps, 1000);
    assert_int_equal(gr_ladder_size(&l, (gr_size){2000, 7}).steps, 7);
}

static void no_reset(void *problem) { (void)problem; }

static void only_runs_that_use_up_their_inputs_are_reset_between(void **state)
{
    (void)state;
    gr_ladder l = {.reset = NULL};
    assert_false(gr_ladder_uses_up(&l));
    l.reset = no_reset;
    assert_true(gr_ladder_uses_up(&l));
    l.keeps = true;
    assert_false(gr_ladder_uses_up(&l));
}

static void what_workers_said_is_kept_for_one_run(void **state)
{
    (void)state;
    gr_worker w[3];
    gr_rung_forget(3);
    assert_int_equal(gr_rung_workers(1, w, 3), 0); // a rung that says nothing
    gr_rung_worked(0, 5, 0.75);
    gr_rung_worked(2, 1, 1.5);
    gr_rung_worked(GR_MOST_WORKERS, 1, 1); // not kept, not written anywhere
    assert_int_equal(gr_rung_workers(1, w, 3), 3);
    assert_int_equal(w[0].tasks, 5);
    assert_true(w[0].busy == 0.75 && w[0].idle == 0.25);
    assert_true(w[1].tasks == 0 && w[1].busy == 0 && w[1].idle == 1);
    assert_true(w[2].busy == 1.5 && w[2].idle == 0); // clocks may disagree by a little
    assert_int_equal(gr_rung_workers(1, w, GR_MOST_WORKERS + 1), 0);
    gr_rung_forget(3);
    assert_int_equal(gr_rung_workers(1, w, 3), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_truth_passes),
        cmocka_unit_test(every_mutant_is_rejected),
        cmocka_unit_test(the_first_difference_is_named),
        cmocka_unit_test(steps_come_from_the_listed_sizes),
        cmocka_unit_test(only_runs_that_use_up_their_inputs_are_reset_between),
        cmocka_unit_test(what_workers_said_is_kept_for_one_run),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
