// SPDX-License-Identifier: BSD-3-Clause
// The promises of maps, on MPI ranks: `mpirun -n N mpi_maps_test`. All ranks run through the same
// specs; rank 0 makes each map and judges, the others serve it. With a word, rank 1 dies in that
// phase of a map's life: start, init, task, fini; or it has no memory, or rank 0 has forgotten to
// free the map: memory, forgotten. An assertion that fails ends rank 0, and the job.
#include "lib/map_type.h"
#include "lib/ranks.h"
#include "parallel/maps_test_part.h"
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>

// ---- tasks that go wrong ----

// What a record asks for: 0 and more: nothing, else a misdeed.
enum { CRASH = -1, HANG = -2, SLOWLY = -3 };

static gr_status misbehave(gr_call *call)
{
    int64_t what;
    memcpy(&what, call->in, sizeof what);
    if (what == CRASH) raise(SIGKILL);
    while (what == HANG) nanosleep(&(struct timespec){.tv_sec = 1}, NULL);
    if (what == SLOWLY) nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    memcpy(call->out, &what, sizeof what);
    return GR_OK;
}

static const gr_func misbehave_func = {
    .name = "misbehave", .call = misbehave, .in_size = 8, .out_size = 8};
static const gr_func unknown_func = {.name = "unknown", .call = repeat};
static const gr_func *const known[] = {&mix_func, &repeat_func, &doze_func, &misbehave_func, NULL};

// ---- a map on rank 0, or its servants ----

static const char *word; // the phase in which rank 1 dies; "": none

static void die_in(const char *phase)
{
    if (gr_rank() == 1 && !strcmp(word, phase)) raise(SIGKILL);
}

static gr_map *with(const char *spec, gr_map_options options)
{
    gr_map *map = NULL;
    options.funcs = known;
    gr_status status = gr_rank() ? gr_map_serve(spec, &options) : gr_map_new(&map, spec, &options);
    if (status) fail_msg("%s: %s", spec, gr_errmsg());
    return map;
}

// ---- what serial gives ----

static void one_spec(const char *spec, bool all)
{
    gr_map *map = with(spec, (gr_map_options){.init = NULL});
    for (size_t s = 0; map && s < sizeof sizes / sizeof *sizes - !all; s++) {
        run_mixed(map, spec, sizes[s]);
        run_replies(map, spec, sizes[s]);
        if (all) run_in_place(map, spec, sizes[s]);
    }
    gr_map_free(map);
}

static void ranks_give_what_serial_gives(void **state)
{
    (void)state;
    char spec[64];
    for (int strategy = 0; strategy < (few() ? 1 : GR_STRATEGIES); strategy++)
        for (int ranks = gr_ranks(); ranks > 0; ranks -= ranks < 3 ? 1 : ranks - 2) {
            const char *name = gr_strategy_name((gr_strategy)strategy);
            snprintf(spec, sizeof spec, "mpi-%s:%d", name, ranks);
            one_spec(spec, ranks < 4);
            snprintf(spec, sizeof spec, "mpi(threads:2)-%s:%d,chunk=3", name, ranks);
            if (ranks == 2) one_spec(spec, true);
        }
    one_spec("mpi(fork:2):1", false);
    one_spec("mpi(fork)", true); // a node
    if (gr_ranks() > 1) one_spec("mpi(fork:1):2,tasks=7", true);
}

// ---- runs ----

static void runs_are_followed(gr_map *map)
{
    enum { N = 60 };
    size_t results[N], index;
    for (int ordered = 0; ordered < 2; ordered++) {
        bool given[N] = {0};
        size_t seen = 0;
        gr_run *run;
        gr_job job = {.func = &doze_func, .n = N, .out = results};
        assert_int_equal(gr_map_start(map, &job, &run), GR_OK);
        for (; gr_run_next(run, ordered, -1, &index); seen++) {
            assert_false(given[index]);
            assert_true(!ordered || index == seen);
            assert_int_equal(results[index], index);
            given[index] = true;
        }
        assert_int_equal(seen, N);
        assert_int_equal(gr_run_get(run), GR_OK);
        gr_run_free(run);
    }
}

static void runs_are_cancelled(gr_map *map)
{
    static size_t results[MOST], others[MOST];
    size_t index, done = 0;
    gr_run *run, *behind;
    gr_job job = {.func = &doze_func, .n = MOST, .out = results, .outcomes = outcomes};
    assert_int_equal(gr_map_start(map, &job, &run), GR_OK);
    job.outcomes = NULL, job.out = others;
    assert_int_equal(gr_map_start(map, &job, &behind), GR_OK);
    for (int i = 0; i < 20; i++) assert_true(gr_run_next(run, false, -1, &index));
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
    run_mixed(map, "after a cancelled run", 100);
}

static void runs_are_under_way(void **state)
{
    static const char *const specs[] = {"mpi", "mpi(fork:1)"};
    (void)state;
    for (int k = 0; k < 2; k++) {
        gr_map *map = with(specs[k], (gr_map_options){.init = NULL});
        if (map) runs_are_followed(map);
        if (map) runs_are_cancelled(map);
        gr_map_free(map);
    }
}

// A part of a larger job: the same numbers as in the whole.
static void a_job_may_be_a_part(void **state)
{
    (void)state;
    gr_map *map = with("mpi", (gr_map_options){.init = NULL});
    if (!map) return;
    gr_job job = mix_job(100);
    job.first = 40, job.n = 60, job.in = in + 40, job.out = out + 40, job.outcomes = outcomes + 40;
    gr_map_run(map, &job);
    job.first = 0, job.n = 40, job.in = in, job.out = out, job.outcomes = outcomes;
    gr_map_run(map, &job);
    expect_mixed("in two parts", 100);
    gr_map_free(map);
}

// ---- faults ----

static void tasks_crash_and_hang(void **state)
{
    enum { N = 12 };
    (void)state;
    gr_map *map = with("mpi,timeout=1,retries=1", (gr_map_options){.init = NULL});
    if (!map) return;
    int64_t what[N] = {0, 1, CRASH, 3, HANG, 5, 6, 7, 8, 9, 10, CRASH}, got[N];
    gr_job job = {.func = &misbehave_func, .n = N, .in = what, .out = got, .outcomes = outcomes};
    assert_int_equal(gr_map_run(map, &job), GR_ESYS);
    assert_string_equal(gr_errmsg(), "task 2: worker killed by signal 9 (2 attempts)");
    for (int i = 0; i < N; i++) {
        gr_status wanted = what[i] == CRASH ? GR_ESYS : what[i] == HANG ? GR_ETIME : GR_OK;
        assert_int_equal(outcomes[i].status, wanted);
        assert_int_equal(got[i], wanted ? 0 : what[i]);
        assert_true(outcomes[i].attempts == 2 || !wanted);
    }
    gr_map_free(map);
}

static gr_status init(void **state, int worker, void *argument)
{
    int *fail_at = argument;
    *state = argument;
    die_in("init");
    return worker == *fail_at ? gr_fail(GR_EDATA, "not this one") : GR_OK;
}

static void fini(void *state, int worker, void *argument)
{
    (void)worker;
    assert_ptr_equal(state, argument);
    die_in("fini");
}

static void initializers_fail(void **state)
{
    (void)state;
    int fail_at = gr_ranks() - 1;
    gr_map *map = with("mpi", (gr_map_options){.init = init, .fini = fini, .argument = &fail_at});
    if (!map) return;
    size_t results[MOST];
    gr_job job = {.func = &doze_func, .n = 400, .out = results};
    assert_int_equal(gr_map_run(map, &job), GR_EDATA);
    assert_non_null(strstr(gr_errmsg(), "not this one"));
    gr_map_free(map);
}

static void bad_jobs_are_refused(void **state)
{
    (void)state;
    gr_map *second, *map = with("mpi", (gr_map_options){.init = NULL});
    if (!map) return;
    char *large =
        mmap(NULL, 3UL << 30, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    gr_bytes records[3] = {{large, 3UL << 30}, {large, 3UL << 30}, {large, 3UL << 30}};
    gr_job job = {.func = &unknown_func, .n = 3}, long_one = {.func = &doze_func, .timeout = 1};
    gr_job heavy = {.func = &repeat_func, .n = 3, .in = records};
    if (gr_ranks() > 1) {
        assert_int_equal(gr_map_run(map, &job), GR_EARG);
        assert_non_null(strstr(gr_errmsg(), "no function 'unknown' in this rank's program"));
    }
    assert_int_equal(gr_map_run(map, &long_one), GR_EUNSUP);
    assert_true(gr_map_run(map, &heavy) == GR_EUNSUP || gr_ranks() == 1);
    assert_int_equal(gr_map_new(&second, "mpi", NULL), GR_EUNSUP);
    run_mixed(map, "after refusals", 100);
    gr_map_free(map);
    munmap(large, 3UL << 30);
}

static void too_many_ranks(void **state)
{
    (void)state;
    char spec[32];
    gr_map *map;
    snprintf(spec, sizeof spec, "mpi:%d", gr_ranks() + 1);
    gr_status status = gr_rank() ? gr_map_serve(spec, NULL) : gr_map_new(&map, spec, NULL);
    assert_int_equal(status, GR_EUNSUP);
    assert_int_equal(gr_map_serve("threads:2", NULL), GR_OK); // nothing to do
}

// ---- a rank that dies ----

static gr_status die(gr_call *call)
{
    die_in("task");
    return doze(call);
}

static const gr_func die_func = {.name = "die", .call = die, .out_size = sizeof(size_t)};

// Chunks of 40 MiB, for which rank 1 has no room.
static void large_chunks(void)
{
    enum { LARGE = 40 << 20 };
    struct rlimit none;
    gr_map *map = NULL;
    char *record = calloc(LARGE, 1);
    getrlimit(RLIMIT_AS, &none);
    none.rlim_cur = LARGE;
    if (gr_rank() == 1) setrlimit(RLIMIT_AS, &none);
    map = with("mpi", (gr_map_options){.init = NULL});
    gr_bytes records[8];
    for (int i = 0; i < 8; i++) records[i] = (gr_bytes){record, LARGE};
    gr_job job = {.func = &repeat_func, .n = 8, .in = records};
    if (map) gr_map_run(map, &job);
}

static void live_and_die(void)
{
    static const gr_func *const funcs[] = {&die_func, NULL};
    int fail_at = -1;
    gr_map_options options = {.init = init, .fini = fini, .argument = &fail_at, .funcs = funcs};
    gr_map *map = NULL;
    size_t results[MOST];
    die_in("start");
    if (!strcmp(word, "memory")) large_chunks();
    if (gr_rank()) gr_map_serve("mpi", &options);
    if (gr_rank()) return;
    assert_int_equal(gr_map_new(&map, "mpi", &options), GR_OK);
    gr_job job = {.func = &die_func, .n = 400, .out = results};
    gr_map_run(map, &job);
    if (!strcmp(word, "forgotten")) return;
    gr_map_free(map);
    puts("it came to its end");
}

// Rank 0 judges. After a failure the others wait for a map that does not end: so the job ends.
static void promise(const char *name, CMUnitTestFunction test)
{
    const struct CMUnitTest tests[] = {{name, test, NULL, NULL, NULL}};
    if (gr_rank() > 0)
        test(NULL);
    else if (cmocka_run_group_tests(tests, NULL, NULL))
        exit(1);
}

int main(int argc, char **argv)
{
    word = argc > 1 ? argv[1] : "";
    cmocka_set_message_output(CM_OUTPUT_TAP);
    if (gr_ranks_begin()) return 1;
    if (*word)
        live_and_die();
    else {
        promise("ranks give what serial gives", ranks_give_what_serial_gives);
        promise("runs are under way", runs_are_under_way);
        promise("a job may be a part", a_job_may_be_a_part);
        if (gr_ranks() == 2) promise("tasks crash and hang", tasks_crash_and_hang);
        promise("initializers fail", initializers_fail);
        promise("bad jobs are refused", bad_jobs_are_refused);
        promise("too many ranks", too_many_ranks);
        if (gr_rank() == 0) puts("all promises are kept");
    }
    gr_ranks_end();
    return 0;
}
