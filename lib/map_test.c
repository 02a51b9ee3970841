// SPDX-License-Identifier: BSD-3-Clause
#include "lib/map_type.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

// ---- functions ----

static gr_status square(gr_call *call)
{
    int64_t x;
    memcpy(&x, call->in, sizeof x);
    x *= x;
    memcpy(call->out, &x, sizeof x);
    return x == 49 ? gr_fail(GR_EDATA, "seven is refused") : GR_OK;
}

static const gr_func square_func = {.name = "square", .call = square, .in_size = 8, .out_size = 8};

// Replies the record as often as the task's index modulo 5 says.
static gr_status repeat(gr_call *call)
{
    for (size_t i = 0; i < call->index % 5; i++) GR_TRY(gr_reply(call, call->in, call->in_size));
    return GR_OK;
}

static const gr_func repeat_func = {.name = "repeat", .call = repeat};

enum { N = 100 };
static int64_t in[N], out[N];
static gr_outcome outcomes[N];

static gr_job job_of(size_t n)
{
    for (size_t i = 0; i < n; i++) in[i] = (int64_t)i, out[i] = -1;
    return (gr_job){.func = &square_func, .n = n, .in = in, .out = out, .outcomes = outcomes};
}

static gr_map *open_map(const char *spec)
{
    gr_map *map;
    if (gr_map_new(&map, spec, NULL)) fail_msg("%s: %s", spec, gr_errmsg());
    return map;
}

// ---- specs ----

static void a_spec_is_taken_apart(void **state)
{
    (void)state;
    gr_map_spec s;
    assert_int_equal(
        gr_map_spec_read(
            "torque-serial-carddealer:5:ppn=4:cpp=2,chunk=16,timeout=0.5,retries=0,tasks=9", &s),
        GR_OK);
    assert_string_equal(s.launcher, "serial");
    assert_string_equal(s.scheduler, "torque");
    assert_int_equal(s.strategy, GR_CARDDEALER);
    assert_int_equal(s.workers, 20);
    assert_int_equal(s.nodes, 5);
    assert_int_equal(s.ppn, 4);
    assert_int_equal(s.cpp, 2);
    assert_int_equal(s.chunk, 16);
    assert_true(s.timeout == 0.5);
    assert_int_equal(s.retries, -1);
    assert_int_equal(s.tasks, 9);
    assert_int_equal(gr_map_spec_read("serial", &s), GR_OK);
    assert_int_equal(s.workers, 1);
    assert_int_equal(s.strategy, GR_POOL);
    assert_string_equal(s.scheduler, "");
    assert_string_equal(s.inner, "");
    assert_int_equal(s.width, 1);
    assert_int_equal(gr_map_spec_read("mpi(fork-guided:2,chunk=9)-carddealer:3,chunk=5", &s),
                     GR_OK);
    assert_string_equal(s.inner, "fork-guided:2,chunk=9");
    assert_int_equal(s.width, 2);
    assert_int_equal(s.workers, 3);
    assert_int_equal(s.strategy, GR_CARDDEALER);
    assert_int_equal(s.chunk, 5);
}

static void a_bad_spec_names_the_word(void **state)
{
    (void)state;
    static const char *const bad[][2] = {
        {"", "unknown launcher ''"},
        {"seriell", "did you mean serial?"},
        {"serial-card", "did you mean carddealer?"},
        {"serial-", "unknown strategy ''"},
        {"serial:", "number of workers ''"},
        {"serial:0", "at least 1"},
        {"serial:-1", "'-1'"},
        {"serial:1x", "'1x'"},
        {"serial:99999999999999999999", "whole number"},
        {"serial:1:pnn=2", "did you mean ppn?"},
        {"serial:1:ppn", "ppn ''"},
        {"serial:1000000:ppn=1000000", "at most 1000000"},
        {"serial,chnk=2", "did you mean chunk?"},
        {"serial,chunk=x", "chunk 'x'"},
        {"serial,timeout=0", "timeout '0'"},
        {"serial,timeout=nan", "timeout 'nan'"},
        {"serial,retries=101", "retries '101'"},
        {"slurm", "unknown launcher 'slurm'"},
        {"serial(fork)", "takes no map in brackets"},
        {"mpi(frok):2", "did you mean fork?"},
        {"mpi(fork:0):2", "at least 1"},
        {"mpi(mpi):2", "cannot stand in brackets"},
        {"mpi(slurm-fork):2", "cannot stand in brackets"},
        {"mpi(fork:2", "one map in brackets"},
        {"mpi)fork(:2", "one map in brackets"},
        {"mpi():2", "one map in brackets"},
        {"mpi(fork(serial))", "one map in brackets"},
        {"mpi(fork:2,chunk=000000000000000000000000000000000000000000000000000001)", "letters in"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        gr_map_spec s;
        assert_int_equal(gr_map_spec_read(bad[i][0], &s), GR_EARG);
        if (!strstr(gr_errmsg(), bad[i][1])) fail_msg("%s: %s", bad[i][0], gr_errmsg());
    }
}

static void what_a_map_cannot_do_is_refused(void **state)
{
    (void)state;
    gr_map *map;
    assert_int_equal(gr_map_new(&map, "serial:2", NULL), GR_EUNSUP);
    assert_null(map);
    assert_non_null(strstr(gr_errmsg(), "at most 1"));
    assert_int_equal(gr_map_new(&map, "slurm-serial", NULL), GR_EUNSUP);
    assert_int_equal(gr_map_new(&map, "mpi:2", NULL), GR_EUNSUP); // this program has no ranks
    assert_non_null(strstr(gr_errmsg(), "gradus-mpi"));
    assert_int_equal(gr_map_serve("mpi:2", NULL), GR_EUNSUP);
    assert_int_equal(gr_map_serve("serial", NULL), GR_OK);
    assert_int_equal(gr_map_new(&map, "serial,timeout=1", NULL), GR_EUNSUP);
    assert_non_null(strstr(gr_errmsg(), "fork"));
    map = open_map("serial");
    gr_job job = job_of(3);
    job.timeout = 1;
    assert_int_equal(gr_map_run(map, &job), GR_EUNSUP);
    gr_map_free(map);
}

// ---- running ----

static void every_strategy_gives_the_same(void **state)
{
    (void)state;
    for (int strategy = 0; strategy < GR_STRATEGIES; strategy++) {
        char spec[64];
        snprintf(spec, sizeof spec, "serial-%s,chunk=3", gr_strategy_name((gr_strategy)strategy));
        gr_map *map = open_map(spec);
        gr_job job = job_of(N);
        assert_int_equal(gr_map_run(map, &job), GR_EDATA);
        assert_string_equal(gr_errmsg(), "task 7: seven is refused");
        for (int i = 0; i < N; i++) {
            assert_int_equal(out[i], i == 7 ? 0 : i * i);
            assert_int_equal(outcomes[i].status, i == 7 ? GR_EDATA : GR_OK);
            assert_int_equal(outcomes[i].attempts, 1);
        }
        gr_worker w;
        assert_int_equal(gr_map_workers(map, &w, 1), 1);
        assert_int_equal(w.tasks, N);
        gr_map_free(map);
    }
}

static void no_map_is_serial(void **state)
{
    (void)state;
    gr_job job = job_of(5);
    assert_int_equal(gr_map_run(NULL, &job), GR_OK);
    assert_int_equal(out[4], 16);
    job.n = 0;
    assert_int_equal(gr_map_run(NULL, &job), GR_OK);
}

static void replies_have_any_size(void **state)
{
    (void)state;
    gr_bytes words[] = {{(char[]){"zero"}, 4}, {(char[]){"one"}, 3}, {(char[]){"two"}, 3}},
             replies[3];
    gr_job job = {.func = &repeat_func, .n = 3, .in = words, .out = replies};
    assert_int_equal(gr_map_run(NULL, &job), GR_OK);
    assert_int_equal(replies[0].size, 0);
    assert_null(replies[0].data);
    assert_int_equal(replies[1].size, 3);
    assert_memory_equal(replies[1].data, "one", 3);
    assert_int_equal(replies[2].size, 6);
    assert_memory_equal(replies[2].data, "twotwo", 6);
    for (int i = 0; i < 3; i++) free(replies[i].data);
}

static void runs_go_one_after_the_other(void **state)
{
    (void)state;
    gr_map *map = open_map("serial");
    int64_t other_out[N];
    gr_job first = job_of(N), second = job_of(5);
    second.out = other_out;
    gr_run *a, *b;
    assert_int_equal(gr_map_start(map, &first, &a), GR_OK);
    assert_int_equal(gr_map_start(map, &second, &b), GR_OK);
    assert_int_equal(gr_run_get(b), GR_OK);
    assert_true(gr_run_ready(a));
    assert_int_equal(gr_run_get(a), GR_EDATA);
    assert_int_equal(other_out[4], 16);
    gr_run_free(a);
    gr_run_free(b);
    gr_map_free(map);
}

static void tasks_are_given_as_they_end(void **state)
{
    (void)state;
    for (int ordered = 0; ordered < 2; ordered++) {
        gr_map *map = open_map("serial");
        gr_job job = job_of(10);
        gr_run *run;
        assert_int_equal(gr_map_start(map, &job, &run), GR_OK);
        size_t index, seen = 0;
        while (gr_run_next(run, ordered, -1, &index)) assert_int_equal(index, seen++);
        assert_int_equal(seen, 10);
        assert_int_equal(gr_run_get(run), GR_EDATA);
        gr_run_free(run);
        gr_map_free(map);
    }
}

static void a_cancelled_run_keeps_what_is_done(void **state)
{
    (void)state;
    gr_map *map = open_map("serial,chunk=4");
    gr_job job = job_of(N);
    gr_run *run;
    size_t index;
    assert_int_equal(gr_map_start(map, &job, &run), GR_OK);
    for (int i = 0; i < 6; i++) assert_true(gr_run_next(run, true, -1, &index));
    gr_run_cancel(run);
    assert_int_equal(gr_run_get(run), GR_ECANCEL);
    assert_string_equal(gr_errmsg(), "cancelled: 6 of 100 tasks were done");
    for (int i = 0; i < N; i++) assert_int_equal(outcomes[i].attempts, i < 6);
    assert_int_equal(outcomes[6].status, GR_ECANCEL);
    assert_int_equal(out[6], -1);
    assert_false(gr_run_next(run, true, -1, &index));
    gr_run_free(run);
    gr_map_free(map);
}

static gr_map *nested;

static gr_status nest(gr_call *call)
{
    (void)call;
    gr_job job = job_of(1);
    return gr_map_run(nested, &job);
}

static void a_task_cannot_wait_for_its_own_map(void **state)
{
    (void)state;
    static const gr_func func = {.name = "nest", .call = nest};
    nested = open_map("serial");
    gr_job job = {.func = &func, .n = 1};
    assert_int_equal(gr_map_run(nested, &job), GR_EUNSUP);
    gr_map *outer = open_map("serial");
    assert_int_equal(gr_map_run(outer, &job), GR_OK); // another's is fine
    gr_map_free(outer);
    gr_map_free(nested);
}

typedef struct heard {
    size_t results, errors, progress, last;
} heard;

static void on_result(size_t index, const void *result, size_t size, void *user)
{
    heard *h = user;
    int64_t x;
    assert_int_equal(size, sizeof x);
    memcpy(&x, result, sizeof x);
    assert_int_equal(x, index * index);
    h->results++;
}

static void on_error(size_t index, const gr_outcome *outcome, void *user)
{
    assert_int_equal(index, 7);
    assert_string_equal(outcome->text, "seven is refused");
    ((heard *)user)->errors++;
}

static void on_progress(size_t done, size_t n, void *user)
{
    heard *h = user;
    assert_true(done >= h->last && done <= n);
    h->last = done;
    h->progress++;
}

static void listeners_hear_of_each_task(void **state)
{
    (void)state;
    heard h = {0};
    gr_job job = job_of(N);
    job.listener = (gr_listener){on_result, on_error, on_progress, &h};
    assert_int_equal(gr_map_run(NULL, &job), GR_EDATA);
    assert_int_equal(h.results, N - 1);
    assert_int_equal(h.errors, 1);
    assert_int_equal(h.last, N);
}

// ---- workers and memory ----

static int inits, finis;

static gr_status init(void **worker_state, int worker, void *argument)
{
    assert_int_equal(worker, 0);
    *worker_state = argument;
    return ++inits == 3 ? gr_fail(GR_EDATA, "the third is one too many") : GR_OK;
}

static void fini(void *worker_state, int worker, void *argument)
{
    assert_int_equal(worker, 0);
    assert_ptr_equal(worker_state, argument);
    finis++;
}

static void workers_begin_and_end(void **state)
{
    (void)state;
    int argument;
    gr_map *map;
    assert_int_equal(
        gr_map_new(&map, "serial",
                   &(gr_map_options){.init = init, .fini = fini, .argument = &argument}),
        GR_OK);
    assert_int_equal(inits, 0);
    gr_job job = job_of(5);
    assert_int_equal(gr_map_run(map, &job), GR_OK);
    assert_int_equal(gr_map_run(map, &job), GR_OK);
    assert_int_equal(inits, 1);
    gr_map_close(map);
    assert_int_equal(finis, 1);
    assert_int_equal(gr_map_run(map, &job), GR_OK); // open again
    gr_map_close(map);
    assert_int_equal(gr_map_run(map, &job), GR_EDATA);
    assert_string_equal(gr_errmsg(), "the third is one too many");
    assert_int_equal(gr_map_run(map, &job), GR_OK);
    gr_map_free(map);
    assert_int_equal(inits, 4);
    assert_int_equal(finis, 3);
}

static void memory_is_zeroed_and_ones_own(void **state)
{
    (void)state;
    gr_map *map = open_map("serial");
    char *a = gr_map_memory(map, 1000), *b = gr_map_memory(map, 1);
    assert_int_equal((uintptr_t)a % 64, 0);
    for (int i = 0; i < 1000; i++) assert_int_equal(a[i], 0);
    assert_null(gr_map_memory(map, SIZE_MAX / 2));
    gr_map_release(map, a);
    gr_map_release(map, NULL);
    *b = 1;
    gr_map_free(map); // takes b with it
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_spec_is_taken_apart),
        cmocka_unit_test(a_bad_spec_names_the_word),
        cmocka_unit_test(what_a_map_cannot_do_is_refused),
        cmocka_unit_test(every_strategy_gives_the_same),
        cmocka_unit_test(no_map_is_serial),
        cmocka_unit_test(replies_have_any_size),
        cmocka_unit_test(runs_go_one_after_the_other),
        cmocka_unit_test(tasks_are_given_as_they_end),
        cmocka_unit_test(a_cancelled_run_keeps_what_is_done),
        cmocka_unit_test(a_task_cannot_wait_for_its_own_map),
        cmocka_unit_test(listeners_hear_of_each_task),
        cmocka_unit_test(workers_begin_and_end),
        cmocka_unit_test(memory_is_zeroed_and_ones_own),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
