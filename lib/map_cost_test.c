// SPDX-License-Identifier: BSD-3-Clause
// Forecasts whose answer is known: by hand, by counting all orders, by the law of large numbers.
#include "lib/map_cost.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static gr_map_forecast play(const gr_map_costs *costs, gr_map_load load, gr_strategy strategy,
                            size_t chunk)
{
    gr_map_forecast f;
    assert_int_equal(gr_map_predict(costs, &load, strategy, chunk, false, &f), GR_OK);
    return f;
}

static void close_to(double got, double want, double part)
{
    if (!(fabs(got - want) <= part * fabs(want))) fail_msg("%.9g, expected %.9g", got, want);
}

static const double one = 1;

static void equal_tasks_are_counted(void **state)
{
    (void)state;
    static const struct {
        gr_strategy strategy;
        size_t chunk;
        double seconds;
    } cases[] = {{GR_POOL, 1, 5},        {GR_POOL, 3, 6},       {GR_POOL, 100, 10},
                 {GR_CARDDEALER, 1, 5},  {GR_CARDDEALER, 3, 6}, {GR_EQUALPORTION, 1, 5},
                 {GR_SEQUENTIAL, 1, 10}, {GR_GUIDED, 1, 5}};
    gr_map_costs two = {.workers = 2};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gr_map_forecast f = play(&two, (gr_map_load){.n = 10, .length = &one, .lengths = 1},
                                 cases[i].strategy, cases[i].chunk);
        close_to(f.seconds, cases[i].seconds, 1e-12);
        close_to(f.work, 10, 1e-12);
        close_to(f.ideal, 5, 1e-12);
    }
}

static void each_cost_is_charged_once(void **state)
{
    (void)state;
    // chunks of 3, 3, 3, 1: worker 0 does two of them, six tasks
    gr_map_costs c = {.workers = 2,
                      .start = 1e6,
                      .job = 1e5,
                      .chunk = 1e4,
                      .task = 1e3,
                      .byte = 1e2,
                      .stretch = 1.5};
    gr_map_load load = {.n = 10, .length = &one, .lengths = 1, .in_order = true, .bytes = 8};
    gr_map_forecast f;
    assert_int_equal(gr_map_predict(&c, &load, GR_POOL, 3, false, &f), GR_OK);
    close_to(f.seconds, 1e5 + 2e4 + 6e3 + 8e3 + 9, 1e-12);
    assert_int_equal(gr_map_predict(&c, &load, GR_POOL, 3, true, &f), GR_OK);
    close_to(f.seconds, 1e6 + 1e5 + 2e4 + 6e3 + 8e3 + 9, 1e-12);
    close_to(f.ideal, 5, 1e-12); // the machine's share only
}

static void a_known_order_is_kept(void **state)
{
    (void)state;
    static const double ramp[] = {1, 2, 3, 4};
    gr_map_costs two = {.workers = 2};
    gr_map_load load = {.n = 4, .length = ramp, .lengths = 4, .in_order = true};
    close_to(play(&two, load, GR_EQUALPORTION, 1).seconds, 7, 1e-12);
    close_to(play(&two, load, GR_CARDDEALER, 1).seconds, 6, 1e-12);
    close_to(play(&two, load, GR_POOL, 1).seconds, 6, 1e-12);
    close_to(play(&two, load, GR_POOL, 1).ideal, 5, 1e-12);
    load.n = 4000; // each length stands for a thousand tasks
    close_to(play(&two, load, GR_EQUALPORTION, 1).seconds, 7000, 1e-3);
    close_to(play(&two, load, GR_CARDDEALER, 1).seconds, 5000, 1e-3);
    load.n = 4000000; // too many to deal one by one
    close_to(play(&two, load, GR_EQUALPORTION, 1).seconds, 7e6, 1e-3);
    close_to(play(&two, load, GR_CARDDEALER, 1).seconds, 5e6, 1e-3);
    close_to(play(&two, load, GR_POOL, 1).seconds, 5e6, 1e-3);
}

static void a_long_task_bounds_the_ideal(void **state)
{
    (void)state;
    static const double lengths[] = {1, 1, 1, 17};
    gr_map_costs four = {.workers = 4};
    gr_map_load load = {.n = 4, .length = lengths, .lengths = 4};
    close_to(play(&four, load, GR_POOL, 1).ideal, 17, 1e-12);
    close_to(play(&four, load, GR_POOL, 1).seconds, 17, 1e-12);
}

// ---- orders ------------------------------------------------------------------------------------

enum { FEW = 6 };
static const double uneven[FEW] = {0.1, 0.3, 0.7, 1.1, 2, 5};

// The mean makespan of two workers over all orders, by going through them.
static double over_all_orders(double order[FEW], int from, bool pool)
{
    if (from == FEW) {
        double clock[2] = {0, 0};
        for (int i = 0; i < FEW; i++) clock[pool ? clock[1] < clock[0] : i / (FEW / 2)] += order[i];
        return fmax(clock[0], clock[1]);
    }
    double sum = 0;
    for (int i = from; i < FEW; i++) {
        double kept = order[from];
        order[from] = order[i], order[i] = kept;
        sum += over_all_orders(order, from + 1, pool);
        order[i] = order[from], order[from] = kept;
    }
    return sum / (FEW - from);
}

static void an_unknown_order_is_averaged(void **state)
{
    (void)state;
    double order[FEW];
    gr_map_costs two = {.workers = 2};
    gr_map_load load = {.n = FEW, .length = uneven, .lengths = FEW};
    for (int i = 0; i < FEW; i++) order[i] = uneven[i];
    close_to(play(&two, load, GR_POOL, 1).seconds, over_all_orders(order, 0, true), 0.03);
    close_to(play(&two, load, GR_EQUALPORTION, 1).seconds, over_all_orders(order, 0, false), 0.03);
}

// Sums of many: half the work each, and what is expected of the larger of two normal sums.
static void many_tasks_follow_the_normal_law(void **state)
{
    (void)state;
    enum { N = 10000000 };
    double lengths[64];
    for (int i = 0; i < 64; i++) lengths[i] = -log((i + 0.5) / 64); // exponential
    gr_map_costs two = {.workers = 2};
    gr_map_load load = {.n = N, .length = lengths, .lengths = 64};
    gr_map_forecast pool = play(&two, load, GR_POOL, 1);
    close_to(pool.seconds, pool.ideal, 1e-4);
    gr_map_forecast blocks = play(&two, load, GR_EQUALPORTION, 1);
    close_to(blocks.seconds, blocks.ideal, 1e-3);
    load.n = 2000;
    blocks = play(&two, load, GR_EQUALPORTION, 1);
    close_to((blocks.seconds - blocks.ideal) / sqrt(1000), 0.564 * 0.95, 0.2);
}

static void the_same_question_has_the_same_answer(void **state)
{
    (void)state;
    gr_map_costs three = {.workers = 3, .chunk = 1e-3};
    gr_map_load load = {.n = 500, .length = uneven, .lengths = FEW};
    double first = play(&three, load, GR_GUIDED, 0).seconds;
    assert_true(play(&three, load, GR_GUIDED, 0).seconds == first);
}

static void hopeless_questions_are_refused(void **state)
{
    (void)state;
    static const double bad[] = {1, NAN}, negative = -1;
    gr_map_costs none = {.workers = 0}, two = {.workers = 2, .job = 3};
    gr_map_load load = {.n = 2, .length = &one, .lengths = 1};
    gr_map_forecast f;
    assert_int_equal(gr_map_predict(&none, &load, GR_POOL, 1, false, &f), GR_EARG);
    load.lengths = 0;
    assert_int_equal(gr_map_predict(&two, &load, GR_POOL, 1, false, &f), GR_EARG);
    load = (gr_map_load){.n = 2, .length = bad, .lengths = 2};
    assert_int_equal(gr_map_predict(&two, &load, GR_POOL, 1, false, &f), GR_EARG);
    load = (gr_map_load){.n = 2, .length = &negative, .lengths = 1};
    assert_int_equal(gr_map_predict(&two, &load, GR_POOL, 1, false, &f), GR_EARG);
    load.n = 0;
    assert_int_equal(gr_map_predict(&two, &load, GR_POOL, 1, false, &f), GR_OK);
    assert_true(f.seconds == 3 && f.work == 0);
}

static void break_even_is_where_both_take_as_long(void **state)
{
    (void)state;
    gr_map_costs two = {.workers = 2, .start = 1e-3, .job = 1e-5, .task = 1e-7};
    // 1024 (l + 2e-7) = 1e-5 + 512 (l + 1e-7), so l would be negative: it always pays
    assert_true(gr_map_break_even(&two, 1024, 2e-7, false) < 1e-9);
    // cold: 1024 l = 1.01e-3 + 512 (l + 1e-7)
    close_to(gr_map_break_even(&two, 1024, 0, true), 1.0612e-3 / 512, 2e-3);
    two.workers = 1;
    assert_true(isnan(gr_map_break_even(&two, 1024, 0, false)));
    two.workers = 2;
    assert_true(isnan(gr_map_break_even(&two, 1, 0, false))); // one task has nobody to share with
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_tasks_are_counted),
        cmocka_unit_test(each_cost_is_charged_once),
        cmocka_unit_test(a_known_order_is_kept),
        cmocka_unit_test(a_long_task_bounds_the_ideal),
        cmocka_unit_test(an_unknown_order_is_averaged),
        cmocka_unit_test(many_tasks_follow_the_normal_law),
        cmocka_unit_test(the_same_question_has_the_same_answer),
        cmocka_unit_test(hopeless_questions_are_refused),
        cmocka_unit_test(break_even_is_where_both_take_as_long),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
