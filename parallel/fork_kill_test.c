// SPDX-License-Identifier: BSD-3-Clause
// Workers are killed with SIGKILL at random moments, many times, by a process that does nothing
// else. Every result must be there and right, and no task may have run more often than its
// outcome says. GRADUS_SLOW=1 kills 1000 of them, GRADUS_FEW=1 (for Valgrind) 40.
#include "lib/map.h"
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { N = 3000, CREW = 3 };

// What the test, the workers and the killer share.
typedef struct board {
    atomic_int pids[CREW]; // who is at which place
    atomic_int kills, enough, starts;
    atomic_int begun[N], done[N]; // the tasks' side effects
} board;

static board *shared;

static void sleep_ns(uint64_t ns) { nanosleep(&(struct timespec){.tv_nsec = (long)ns}, NULL); }

// ---- workers ----

// The killer knows one in four while it still starts (a map none of whose workers starts gives up),
// the others from their first task on.
static gr_status enlist(void **state, int worker, void *argument)
{
    (void)argument;
    *state = &shared->pids[worker];
    if (atomic_fetch_add(&shared->starts, 1) % 4 == 0)
        atomic_store(&shared->pids[worker], getpid());
    return GR_OK;
}

// Takes up to 20 us, most of which is spent in the map if the record says 0.
static gr_status work(gr_call *call)
{
    uint64_t rounds;
    memcpy(&rounds, call->in, sizeof rounds);
    if (call->state) atomic_store((atomic_int *)call->state, getpid());
    atomic_fetch_add(&shared->begun[call->index], 1);
    uint64_t x = call->index;
    for (uint64_t i = 0; i <= rounds; i++) x = x * 6364136223846793005u + gr_rng_u64(&call->rng);
    if (call->out) memcpy(call->out, &x, sizeof x);
    gr_status status = call->out ? GR_OK : gr_reply(call, &x, call->index % (sizeof x + 1));
    atomic_fetch_add(&shared->done[call->index], 1);
    return status;
}

static const gr_func fixed = {.name = "fixed", .call = work, .in_size = 8, .out_size = 8};
static const gr_func any = {.name = "any", .call = work, .in_size = 8};

// ---- the killer ----

static bool is_living_child_of(pid_t pid, pid_t parent)
{
    char path[64], what = 'Z';
    int found = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "r");
    if (file && fscanf(file, "%*d (%*[^)]) %c %d", &what, &found) != 2) found = 0;
    if (file) fclose(file);
    return found == parent && what != 'Z';
}

static void kill_at_random(pid_t parent)
{
    gr_rng rng = gr_rng_of((uint64_t)parent, 0);
    while (getppid() == parent && !atomic_load(&shared->enough)) {
        sleep_ns(gr_rng_below(&rng, 4000000));
        pid_t pid = atomic_load(&shared->pids[gr_rng_below(&rng, CREW)]);
        if (pid && is_living_child_of(pid, parent) && !kill(pid, SIGKILL))
            atomic_fetch_add(&shared->kills, 1);
    }
    _exit(0);
}

// ---- the test ----

static uint64_t records[N], truth[N], results[N];
static gr_bytes replies[N];
static gr_outcome outcomes[N];

static void find_truth(void)
{
    gr_rng rng = gr_rng_of(7, 7);
    for (int i = 0; i < N; i++) records[i] = i % 3 ? 0 : gr_rng_below(&rng, 2000);
    gr_job job = {.func = &fixed, .n = N, .in = records, .out = truth, .seed = 11};
    assert_int_equal(gr_map_run(NULL, &job), GR_OK);
}

static void expect_results(const char *spec, bool fixed_size)
{
    for (size_t i = 0; i < N; i++) {
        size_t size = i % 9;
        bool right = results[i] == truth[i];
        if (!fixed_size)
            right = replies[i].size == size && (!size || !memcmp(replies[i].data, &truth[i], size));
        if (!fixed_size) free(replies[i].data);
        if (!right) fail_msg("%s: result %zu is wrong", spec, i);
    }
}

static int expect_side_effects(const char *spec)
{
    int again = 0;
    for (int i = 0; i < N; i++) {
        int begun = atomic_load(&shared->begun[i]), done = atomic_load(&shared->done[i]);
        if (outcomes[i].status || begun > outcomes[i].attempts || done < 1 || done > begun)
            fail_msg("%s: task %d: begun %d, done %d, %d attempts: %s", spec, i, begun, done,
                     outcomes[i].attempts, outcomes[i].text);
        again += outcomes[i].attempts - 1;
    }
    return again;
}

static void run_once(gr_map *map, const char *spec, bool fixed_size)
{
    gr_job job = {.func = fixed_size ? &fixed : &any,
                  .n = N,
                  .in = records,
                  .out = fixed_size ? (void *)results : (void *)replies,
                  .seed = 11,
                  .retries = 100,
                  .outcomes = outcomes};
    memset(shared->begun, 0, sizeof shared->begun);
    memset(shared->done, 0, sizeof shared->done);
    memset(results, 0, sizeof results);
    if (gr_map_run(map, &job)) fail_msg("%s: %s", spec, gr_errmsg());
    expect_results(spec, fixed_size);
    int again = expect_side_effects(spec), lost = 0;
    gr_worker workers[CREW];
    int there = gr_map_workers(map, workers, CREW);
    for (int i = 0; i < there; i++) lost += workers[i].lost;
    if (again > lost) fail_msg("%s: %d tasks were tried again, %d workers lost", spec, again, lost);
}

static void killed_workers_lose_nothing(void **state)
{
    (void)state;
    static const char *const specs[] = {"fork:3,chunk=1",      "fork:3",
                                        "fork-guided:3",       "fork-carddealer:3,chunk=5",
                                        "fork-equalportion:3", "fork-sequential:3"};
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(shared != MAP_FAILED);
    find_truth();
    int most = getenv("GRADUS_SLOW") ? 1000 : getenv("GRADUS_FEW") ? 40 : 200;
    gr_map *maps[6];
    pid_t parent = getpid(), killer = fork();
    if (killer == 0) kill_at_random(parent);
    for (size_t s = 0; s < 6; s++)
        assert_int_equal(gr_map_new(&maps[s], specs[s], &(gr_map_options){.init = enlist}), GR_OK);
    for (size_t k = 0; atomic_load(&shared->kills) < most; k++) {
        run_once(maps[k % 6], specs[k % 6], k / 6 % 2);
        if (k % 60 == 59) gr_map_close(maps[k % 6]);
    }
    atomic_store(&shared->enough, 1);
    waitpid(killer, NULL, 0);
    for (size_t s = 0; s < 6; s++) gr_map_free(maps[s]);
    assert_true(waitpid(-1, NULL, WNOHANG) < 0);
    munmap(shared, sizeof *shared);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(killed_workers_lose_nothing)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
