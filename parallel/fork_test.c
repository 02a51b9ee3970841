// SPDX-License-Identifier: BSD-3-Clause
// What the fork map promises when things go wrong; each fault here is a real one.
#include "lib/map.h"
#include "lib/timer.h"
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

// ---- one function that does whatever its record says ----

typedef enum deed { WORK, EXIT, ABORT, DIVIDE, SMASH, HANG, STOP, KILL, ONCE, SLOW } deed;

static gr_status misbehave(gr_call *call)
{
    deed d;
    memcpy(&d, call->in, sizeof d);
    volatile int zero = 0;
    switch (d) {
    case EXIT:
        exit(3);
    case ABORT:
        abort();
    case DIVIDE:
        raise(SIGFPE), zero = 1 / zero;
        break;
    case SMASH: // what it stands on; not without end, since memory that all see may lie above
        for (size_t i = 0; i < 4096; i++) ((volatile char *)call)[i] = 0x55;
        raise(SIGSEGV);
        break;
    case HANG:
        for (;;) pause();
    case STOP:
        raise(SIGSTOP);
        break;
    case KILL:
        raise(SIGKILL);
        break;
    case ONCE:
        if (!call->attempt) raise(SIGKILL);
        break;
    case SLOW:
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
        break;
    case WORK:
        break;
    }
    memcpy(call->out, &call->index, sizeof call->index);
    return GR_OK;
}

static const gr_func func = {
    .name = "misbehave", .call = misbehave, .in_size = sizeof(deed), .out_size = sizeof(size_t)};

enum { N = 40 };
static deed deeds[N];
static size_t results[N];
static gr_outcome outcomes[N];

static gr_job job_with(int at, deed d)
{
    for (int i = 0; i < N; i++) deeds[i] = i == at ? d : WORK;
    memset(results, 0xff, sizeof results);
    return (gr_job){.func = &func, .n = N, .in = deeds, .out = results, .outcomes = outcomes};
}

static gr_map *open_map(const char *spec)
{
    gr_map *map;
    if (gr_map_new(&map, spec, NULL)) fail_msg("%s: %s", spec, gr_errmsg());
    return map;
}

static void expect_all_but(int bad)
{
    for (int i = 0; i < N; i++) {
        if (results[i] != (i == bad ? 0 : (size_t)i)) fail_msg("result %d is wrong", i);
        if (i != bad) assert_int_equal(outcomes[i].status, GR_OK);
    }
}

static bool no_children(void) { return waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD; }

static const char *const specs[] = {
    "fork:2",        "fork:1",           "fork-carddealer:2", "fork-equalportion:3",
    "fork-guided:2", "fork-sequential:2"};
enum { SPECS = sizeof specs / sizeof *specs };

static void a_crash_costs_its_task_only(void **state)
{
    (void)state;
    static const struct {
        deed deed;
        const char *text;
    } crashes[] = {{EXIT, "worker ended by exit(3) (3 attempts)"},
                   {KILL, "worker killed by signal 9 (3 attempts)"},
                   {ABORT, "(3 attempts)"},
                   {DIVIDE, "(3 attempts)"},
                   {SMASH, "(3 attempts)"}};
    for (int s = 0; s < SPECS; s++) {
        gr_map *map = open_map(specs[s]);
        for (size_t c = 0; c < sizeof crashes / sizeof *crashes; c++) {
            gr_job job = job_with(17, crashes[c].deed);
            if (gr_map_run(map, &job) != GR_ESYS)
                fail_msg("%s survived deed %d", specs[s], (int)crashes[c].deed);
            assert_non_null(strstr(gr_errmsg(), "task 17: worker "));
            assert_int_equal(outcomes[17].status, GR_ESYS);
            assert_int_equal(outcomes[17].attempts, 3);
            if (!strstr(outcomes[17].text, crashes[c].text)) fail_msg("%s", outcomes[17].text);
            expect_all_but(17);
        }
        gr_map_free(map);
    }
    assert_true(no_children());
}

static void a_lost_worker_costs_an_attempt(void **state)
{
    (void)state;
    for (int s = 0; s < SPECS; s++) {
        gr_map *map = open_map(specs[s]);
        gr_job job = job_with(5, ONCE);
        assert_int_equal(gr_map_run(map, &job), GR_OK);
        expect_all_but(-1);
        for (int i = 0; i < N; i++) assert_int_equal(outcomes[i].attempts, i == 5 ? 2 : 1);
        gr_worker workers[3];
        int lost = 0, there = gr_map_workers(map, workers, 3);
        for (int i = 0; i < there; i++) lost += workers[i].lost;
        assert_int_equal(lost, 1);
        job.retries = -1;
        assert_int_equal(gr_map_run(map, &job), GR_ESYS);
        assert_int_equal(outcomes[5].attempts, 1);
        assert_string_equal(outcomes[5].text, "worker killed by signal 9 (1 attempt)");
        gr_map_free(map);
    }
}

static void a_task_that_hangs_runs_out_of_time(void **state)
{
    (void)state;
    for (int s = 0; s < SPECS; s++)
        for (int stopped = 0; stopped < 2; stopped++) {
            gr_map *map = open_map(specs[s]);
            gr_job job = job_with(11, stopped ? STOP : HANG);
            job.timeout = 0.05, job.retries = s % 2 ? 1 : -1;
            assert_int_equal(gr_map_run(map, &job), GR_ETIME);
            expect_all_but(11);
            assert_int_equal(outcomes[11].attempts, s % 2 ? 2 : 1);
            assert_non_null(strstr(outcomes[11].text, "no answer within 0.05 s"));
            gr_map_free(map);
        }
}

static void slow_tasks_are_not_late(void **state)
{
    (void)state;
    gr_map *map = open_map("fork-equalportion:2,timeout=0.2");
    gr_job job = job_with(-1, WORK);
    for (int i = 0; i < N; i++) deeds[i] = SLOW;
    for (int round = 0; round < 5; round++) {
        assert_int_equal(gr_map_run(map, &job), GR_OK);
        gr_worker w[2];
        gr_map_workers(map, w, 2);
        assert_int_equal(w[0].lost + w[1].lost, 0);
    }
    gr_map_free(map);
}

static void a_stopped_worker_that_is_idle_is_replaced_or_not_needed(void **state)
{
    (void)state;
    gr_map *map = open_map("fork-carddealer:2,timeout=0.1");
    gr_job job = job_with(-1, WORK);
    assert_int_equal(gr_map_run(map, &job), GR_OK);
    char command[64];
    snprintf(command, sizeof command, "pkill -STOP -P %d -o", (int)getpid());
    assert_int_equal(system(command), 0);
    assert_int_equal(gr_map_run(map, &job), GR_OK);
    expect_all_but(-1);
    gr_map_free(map);
    assert_true(no_children());
}

// ---- ends ----

static gr_map *to_cancel;
static void on_interrupt(int signal)
{
    (void)signal;
    gr_map_cancel(to_cancel);
}

static void an_interrupt_cancels(void **state)
{
    (void)state;
    to_cancel = open_map("fork:2");
    gr_job job = job_with(0, HANG);
    job.retries = -1;
    signal(SIGALRM, on_interrupt);
    double start = gr_now();
    ualarm(50000, 0);
    assert_int_equal(gr_map_run(to_cancel, &job), GR_ECANCEL);
    assert_true(gr_now() - start < 5); // not for ever
    assert_int_equal(outcomes[0].status, GR_ECANCEL);
    signal(SIGALRM, SIG_DFL);
    job = job_with(-1, WORK);
    assert_int_equal(gr_map_run(to_cancel, &job), GR_OK);
    gr_map_free(to_cancel);
}

static void workers_leave_interrupts_to_the_program(void **state)
{
    (void)state;
    gr_map *map = open_map("fork:2");
    gr_job job = job_with(-1, WORK);
    assert_int_equal(gr_map_run(map, &job), GR_OK);
    char command[64];
    snprintf(command, sizeof command, "pkill -INT -P %d fork_test", (int)getpid());
    assert_int_equal(system(command), 0);
    assert_int_equal(gr_map_run(map, &job), GR_OK);
    gr_worker w[2];
    gr_map_workers(map, w, 2);
    assert_int_equal(w[0].lost + w[1].lost, 0);
    gr_map_free(map);
}

// A process with a map, in the middle of a job, and a nested one: killed, it leaves nothing.
static gr_status nest(gr_call *call)
{
    (void)call;
    gr_map *map;
    GR_TRY(gr_map_new(&map, "fork:2", NULL));
    gr_job job = job_with(0, HANG);
    return gr_map_run(map, &job);
}

static int family(pid_t group)
{
    char command[64];
    snprintf(command, sizeof command, "test -z \"$(pgrep -g %d)\"", (int)group);
    return system(command) != 0;
}

static void a_killed_program_leaves_nothing(void **state)
{
    (void)state;
    static const gr_func nest_func = {.name = "nest", .call = nest};
    pid_t pid = fork();
    if (pid == 0) {
        setpgid(0, 0);
        gr_map *map = open_map("fork:2");
        gr_job job = {.func = &nest_func, .n = 2};
        gr_map_run(map, &job);
        _exit(1);
    }
    nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
    assert_true(family(pid));
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    for (int i = 0; i < 20 && family(pid); i++)
        nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    assert_false(family(pid));
}

static int descriptors(void)
{
    DIR *dir = opendir("/proc/self/fd");
    int n = 0;
    while (readdir(dir)) n++;
    closedir(dir);
    return n;
}

static void a_map_holds_no_descriptor(void **state)
{
    (void)state;
    int before = descriptors();
    gr_map *map = open_map("fork:3");
    gr_job job = job_with(3, KILL);
    gr_map_run(map, &job);
    assert_int_equal(descriptors(), before);
    gr_map_free(map);
    assert_true(no_children());
}

static gr_status print(gr_call *call)
{
    printf("task %zu\n", call->index);
    return GR_OK;
}

// What the program has not written yet is written once; what tasks print is not lost.
static void text_is_written_once(void **state)
{
    (void)state;
    static const gr_func print_func = {.name = "print", .call = print};
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(ends[1], STDOUT_FILENO), close(ends[0]), close(ends[1]);
        printf("once\n"); // stays in the buffer: a pipe is no terminal
        gr_map *map = open_map("fork:2");
        gr_job job = job_with(3, EXIT), prints = {.func = &print_func, .n = 2};
        gr_map_run(map, &job);
        gr_map_run(map, &prints);
        gr_map_free(map);
        fflush(stdout);
        _exit(0);
    }
    close(ends[1]);
    char text[256] = "";
    for (size_t used = 0;;) {
        ssize_t got = read(ends[0], text + used, sizeof text - 1 - used);
        if (got <= 0) break;
        used += (size_t)got;
    }
    close(ends[0]);
    waitpid(pid, NULL, 0);
    assert_int_equal(strlen(text), strlen("once\ntask 0\ntask 1\n"));
    assert_non_null(strstr(text, "once\n"));
    assert_non_null(strstr(text, "task 0\n"));
    assert_non_null(strstr(text, "task 1\n"));
}

// ---- refusals ----

static int forks, refuse_from = -1, refuse_to = -1;

pid_t fork(void)
{
    pid_t (*real)(void);
    void *symbol = dlsym(RTLD_NEXT, "fork");
    memcpy(&real, &symbol, sizeof real);
    int k = forks++;
    if (k >= refuse_from && k < refuse_to) {
        errno = EAGAIN;
        return -1;
    }
    return real();
}

static void refuse(int from, int to) { forks = 0, refuse_from = from, refuse_to = to; }

static void fewer_workers_do_the_work(void **state)
{
    (void)state;
    for (int s = 0; s < SPECS; s++)
        for (int k = 0; k < 4; k++) {
            gr_map *map = open_map(specs[s]);
            gr_job job = job_with(9, ONCE);
            refuse(k, 1000); // no process after the first k
            gr_status status = gr_map_run(map, &job);
            if (k == 0) assert_int_equal(status, GR_ESYS);
            if (k == 0) assert_non_null(strstr(gr_errmsg(), "fork"));
            if (k >= 2 && s != 1) assert_int_equal(status, GR_OK), expect_all_but(-1);
            if (k == 1) assert_int_equal(status, GR_ESYS); // the only one died
            refuse(-1, -1);
            assert_int_equal(gr_map_run(map, &job), GR_OK);
            expect_all_but(-1);
            gr_map_free(map);
        }
    assert_true(no_children());
}

#if !defined __SANITIZE_ADDRESS__ // needs memory for itself
static void no_map_without_memory(void **state)
{
    (void)state;
    gr_map *map;
    struct rlimit limit, before;
    getrlimit(RLIMIT_AS, &before);
    limit = before;
    limit.rlim_cur = 1 << 20;
    setrlimit(RLIMIT_AS, &limit);
    gr_status status = gr_map_new(&map, "fork:2", NULL);
    setrlimit(RLIMIT_AS, &before);
    assert_int_equal(status, GR_ENOMEM);
    assert_null(map);
    assert_non_null(strstr(gr_errmsg(), "refused"));
}
#endif

static void memory_that_is_refused_is_said(void **state)
{
    (void)state;
    gr_map *map = open_map("fork:2");
    assert_null(gr_map_memory(map, SIZE_MAX));
    assert_null(gr_map_memory(map, (size_t)1 << 60));
    char *a = gr_map_memory(map, 1 << 20), *b = gr_map_memory(map, 10);
    assert_true(a && b);
    memset(a, 1, 1 << 20);
    gr_map_release(map, a);
    assert_ptr_equal(gr_map_memory(map, 1 << 20), a); // zeroed again
    for (int i = 0; i < 1 << 20; i++) assert_int_equal(a[i], 0);
    gr_map_free(map);
}

static gr_status die(void **worker_state, int worker, void *argument)
{
    (void)worker_state, (void)worker, (void)argument;
    raise(SIGKILL);
    return GR_OK;
}

static void a_deadly_initializer_ends_the_job(void **state)
{
    (void)state;
    gr_map *map;
    assert_int_equal(gr_map_new(&map, "fork:2", &(gr_map_options){.init = die}), GR_OK);
    gr_job job = job_with(-1, WORK);
    assert_int_equal(gr_map_run(map, &job), GR_ESYS);
    assert_non_null(strstr(gr_errmsg(), "while it started"));
    gr_map_free(map);
    assert_true(no_children());
}

int main(void)
{
#if defined __SANITIZE_THREAD__ // looks at the threads of one process, and holds signals back
    puts("1..0 # skip ThreadSanitizer delays signals");
    return 0;
#endif
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_crash_costs_its_task_only),
        cmocka_unit_test(a_lost_worker_costs_an_attempt),
        cmocka_unit_test(a_task_that_hangs_runs_out_of_time),
        cmocka_unit_test(slow_tasks_are_not_late),
        cmocka_unit_test(a_stopped_worker_that_is_idle_is_replaced_or_not_needed),
        cmocka_unit_test(an_interrupt_cancels),
        cmocka_unit_test(workers_leave_interrupts_to_the_program),
        cmocka_unit_test(a_killed_program_leaves_nothing),
        cmocka_unit_test(a_map_holds_no_descriptor),
        cmocka_unit_test(text_is_written_once),
        cmocka_unit_test(fewer_workers_do_the_work),
#if !defined __SANITIZE_ADDRESS__
        cmocka_unit_test(no_map_without_memory),
#endif
        cmocka_unit_test(memory_that_is_refused_is_said),
        cmocka_unit_test(a_deadly_initializer_ends_the_job),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
