// SPDX-License-Identifier: BSD-3-Clause
// The third law of maps: what comes out depends on nothing but the job. Every launcher, strategy
// and number of workers is held against a serial loop; failing tasks are part of it.
#include "lib/map_type.h"
#include "parallel/maps_test_part.h"

static const int crews[] = {1, 2, 3, 7};

static void everywhere(const char *launcher, const char *options)
{
    size_t most_sizes = sizeof sizes / sizeof *sizes - few();
    for (int strategy = 0; strategy < GR_STRATEGIES; strategy++)
        for (size_t c = few() ? 2 : 0; c < (few() ? 3 : sizeof crews / sizeof *crews); c++) {
            char spec[96];
            snprintf(spec, sizeof spec, "%s-%s:%d%s", launcher,
                     gr_strategy_name((gr_strategy)strategy), crews[c], options);
            gr_map *map;
            if (gr_map_new(&map, spec, NULL)) fail_msg("%s", gr_errmsg());
            for (size_t s = 0; s < most_sizes; s++) {
                run_mixed(map, spec, sizes[s]);
                run_in_place(map, spec, sizes[s]);
                run_replies(map, spec, sizes[s]);
            }
            gr_map_free(map);
        }
}

static void threads_give_what_serial_gives(void **state)
{
    (void)state;
    everywhere("threads", "");
    everywhere("threads", ",chunk=3,tasks=10");
}

static void forks_give_what_serial_gives(void **state)
{
    (void)state;
    everywhere("fork", "");
    everywhere("fork", ",chunk=3");
}

static void retiring_forks_give_what_serial_gives(void **state)
{
    (void)state;
    gr_map *map;
    assert_int_equal(gr_map_new(&map, "fork:2,tasks=30,chunk=7", NULL), GR_OK);
    run_mixed(map, "fork:2,tasks=30,chunk=7", 100);
    run_mixed(map, "fork:2,tasks=30,chunk=7", 1000);
    gr_map_free(map);
}

// ---- runs ----

static void runs_are_followed(void **state)
{
    (void)state;
    static const char *const specs[] = {"serial",           "threads:3",
                                        "fork:3",           "fork-carddealer:2",
                                        "threads-guided:2", "fork-equalportion:3"};
    for (size_t k = 0; k < 2 * sizeof specs / sizeof *specs; k++) {
        enum { N = 60 };
        size_t results[N], index, seen = 0;
        bool ordered = k % 2, given[N] = {0};
        gr_map *map;
        gr_run *run;
        assert_int_equal(gr_map_new(&map, specs[k / 2], NULL), GR_OK);
        gr_job job = {.func = &doze_func, .n = N, .out = results};
        assert_int_equal(gr_map_start(map, &job, &run), GR_OK);
        for (; gr_run_next(run, ordered, -1, &index); seen++) {
            assert_false(given[index]);
            assert_true(!ordered || index == seen);
            assert_int_equal(results[index], index);
            given[index] = true;
        }
        assert_int_equal(seen, N);
        assert_true(gr_run_ready(run));
        assert_int_equal(gr_run_get(run), GR_OK);
        gr_run_free(run);
        gr_map_free(map);
    }
}

static void several_runs_may_be_under_way(void **state)
{
    (void)state;
    static const char *const specs[] = {"serial", "threads:2", "fork:2", "fork-carddealer:3"};
    for (size_t k = 0; k < sizeof specs / sizeof *specs; k++) {
        enum { RUNS = 10, N = 20 };
        static size_t results[RUNS][N];
        gr_map *map;
        gr_run *runs[RUNS];
        assert_int_equal(gr_map_new(&map, specs[k], NULL), GR_OK);
        memset(results, 0xff, sizeof results);
        for (int r = 0; r < RUNS; r++) {
            gr_job job = {.func = &doze_func, .n = N, .out = results[r]};
            assert_int_equal(gr_map_start(map, &job, &runs[r]), GR_OK);
        }
        for (int r = RUNS - 1; r >= 0; r--) {
            assert_int_equal(gr_run_get(runs[r]), GR_OK);
            for (size_t i = 0; i < N; i++) assert_int_equal(results[r][i], i);
            gr_run_free(runs[r]);
        }
        gr_map_free(map);
    }
}

static void cancelled_runs_end(void **state)
{
    (void)state;
    static const char *const specs[] = {"threads:2", "fork:2", "fork-carddealer:2,chunk=5"};
    for (size_t k = 0; k < sizeof specs / sizeof *specs; k++) {
        static size_t results[MOST], others[MOST];
        size_t index, done = 0;
        gr_map *map;
        gr_run *run, *behind;
        assert_int_equal(gr_map_new(&map, specs[k], NULL), GR_OK);
        gr_job job = {.func = &doze_func, .n = MOST, .out = results, .outcomes = outcomes};
        assert_int_equal(gr_map_start(map, &job, &run), GR_OK);
        job.outcomes = NULL, job.out = others;
        assert_int_equal(gr_map_start(map, &job, &behind), GR_OK);
        for (int i = 0; i < 20; i++) assert_true(gr_run_next(run, false, -1, &index));
        assert_false(gr_run_wait(run, 1e-3));
        gr_run_cancel(run);
        assert_int_equal(gr_run_get(run), GR_ECANCEL);
        for (int i = 0; i < MOST; i++) {
            assert_int_equal(outcomes[i].status, outcomes[i].attempts ? GR_OK : GR_ECANCEL);
            done += outcomes[i].attempts > 0;
            assert_true(!outcomes[i].attempts || results[i] == (size_t)i);
        }
        assert_true(done >= 20 && done < MOST);
        gr_map_close(map); // cancels the other one
        assert_int_equal(gr_run_get(behind), GR_ECANCEL);
        gr_run_free(run);
        gr_run_free(behind);
        run_mixed(map, specs[k], 100); // and starts again
        gr_map_free(map);
    }
}

// ---- workers ----

typedef struct tally {
    atomic_int inits, finis;
    int fail_at; // the worker whose initializer fails; -1: none
    int awaited; // initializers, without which no task ends
} tally;

static gr_status init(void **worker_state, int worker, void *argument)
{
    tally *t = argument;
    atomic_fetch_add(&t->inits, 1);
    *worker_state = argument;
    return worker == t->fail_at ? gr_fail(GR_EDATA, "not this one") : GR_OK;
}

static void fini(void *worker_state, int worker, void *argument)
{
    (void)worker;
    assert_ptr_equal(worker_state, argument);
    atomic_fetch_add(&((tally *)argument)->finis, 1);
}

static tally *told;

// However slow a worker is to start, the others do not finish the job without it.
static gr_status doze_when_all_are_here(gr_call *call)
{
    for (int i = 0; i < 10000 && atomic_load(&told->inits) < told->awaited; i++) doze(call);
    return doze(call);
}

static const gr_func assembled_func = {
    .name = "assembled", .call = doze_when_all_are_here, .out_size = sizeof(size_t)};

static void workers_begin_and_end(void **state)
{
    (void)state;
    static const char *const specs[] = {"serial", "threads:3", "fork:3"};
    for (size_t k = 0; k < sizeof specs / sizeof *specs; k++) {
        gr_map *map, *memory;
        assert_int_equal(gr_map_new(&memory, "fork:1", NULL), GR_OK);
        tally *t = told = gr_map_memory(memory, sizeof *t);
        t->fail_at = -1;
        gr_map_options options = {.init = init, .fini = fini, .argument = t};
        assert_int_equal(gr_map_new(&map, specs[k], &options), GR_OK);
        int crew = k ? 3 : 1;
        for (int round = 1; round <= 2; round++) {
            run_mixed(map, specs[k], 100);
            run_mixed(map, specs[k], 5);
            gr_map_close(map);
            assert_int_equal(atomic_load(&t->inits), round * crew);
            assert_int_equal(atomic_load(&t->finis), round * crew);
        }
        t->fail_at = crew - 1;
        t->awaited = 3 * crew;
        size_t results[MOST];
        gr_job job = {.func = &assembled_func, .n = 400, .out = results};
        assert_int_equal(gr_map_run(map, &job), GR_EDATA);
        assert_non_null(strstr(gr_errmsg(), "not this one"));
        t->fail_at = -1;
        assert_int_equal(gr_map_run(map, &job), GR_OK);
        gr_map_free(map);
        assert_int_equal(atomic_load(&t->finis) - 2 * crew, atomic_load(&t->inits) - 2 * crew - 1);
        gr_map_free(memory);
    }
}

static void many_tasks(void **state)
{
    (void)state;
    static const char *const specs[] = {"threads:2", "fork:2", "fork-guided:3"};
    size_t n = getenv("GRADUS_SLOW") ? 10000000 : few() ? 3000 : 300000;
    for (size_t k = 0; k < sizeof specs / sizeof *specs; k++) {
        gr_map *map;
        assert_int_equal(gr_map_new(&map, specs[k], NULL), GR_OK);
        uint64_t *numbers = gr_map_memory(map, n * 8), *results = gr_map_memory(map, n * 8);
        for (size_t i = 0; i < n; i++) numbers[i] = 7 * i;
        gr_job job = {.func = &mix_func,
                      .n = n,
                      .in = numbers,
                      .out = results,
                      .chunk = k == 1,
                      .context = context,
                      .context_size = sizeof context};
        assert_int_equal(gr_map_run(map, &job), GR_OK);
        for (size_t i = 0; i < n; i += 997) {
            gr_rng rng = gr_rng_of(0, i);
            assert_true(results[i] == 49 * i * i + i + gr_rng_u64(&rng));
        }
        gr_map_free(map);
    }
}

// Workers told to stop while they are about to sleep must hear it. (Missed once, nobody comes
// back.)
static void maps_end_as_soon_as_they_may(void **state)
{
    (void)state;
    enum { TASKS = 6 };
    gr_job job = mix_job(TASKS);
    for (int k = few() ? 1900 : 0; k < 2000; k++) {
        gr_map *map;
        assert_int_equal(gr_map_new(&map, k % 2 ? "threads:3" : "threads:3,tasks=1", NULL), GR_OK);
        gr_map_run(map, &job);
        gr_map_free(map);
    }
    expect_mixed("threads:3", TASKS);
}

static gr_map *outer;

static gr_status nest(gr_call *call)
{
    uint64_t numbers[3] = {0, 7, 14}, results[3];
    gr_job job = {.func = &mix_func,
                  .n = 3,
                  .in = numbers,
                  .out = results,
                  .context = context,
                  .context_size = sizeof context};
    if (gr_map_run(outer, &job) != GR_EUNSUP) return gr_fail(GR_EDATA, "the map ran in itself");
    if (gr_map_memory(outer, 8)) return gr_fail(GR_EDATA, "memory was given");
    gr_map *map;
    GR_TRY(gr_map_new(&map, call->index % 2 ? "threads:2" : "fork:2", NULL));
    gr_status status = gr_map_run(map, &job);
    gr_map_free(map);
    return status;
}

static void a_task_may_have_a_map_of_its_own(void **state)
{
    (void)state;
    static const gr_func func = {.name = "nest", .call = nest};
    static const char *const specs[] = {"serial", "fork:2", "threads:1"};
    for (size_t k = 0; k < sizeof specs / sizeof *specs; k++) {
        assert_int_equal(gr_map_new(&outer, specs[k], NULL), GR_OK);
        gr_job job = {.func = &func, .n = 4};
        if (gr_map_run(outer, &job)) fail_msg("%s: %s", specs[k], gr_errmsg());
        gr_map_free(outer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_give_what_serial_gives),
        cmocka_unit_test(runs_are_followed),
        cmocka_unit_test(several_runs_may_be_under_way),
        cmocka_unit_test(cancelled_runs_end),
        cmocka_unit_test(workers_begin_and_end),
        cmocka_unit_test(forks_give_what_serial_gives),
        cmocka_unit_test(retiring_forks_give_what_serial_gives),
        cmocka_unit_test(many_tasks),
        cmocka_unit_test(maps_end_as_soon_as_they_may),
        cmocka_unit_test(a_task_may_have_a_map_of_its_own),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
