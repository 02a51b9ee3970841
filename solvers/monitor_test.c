// SPDX-License-Identifier: BSD-3-Clause
// Monitors: what they write, and that logs are read back: ours and mystic's.
#include "solvers/monitor.h"
#include "solvers/control.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

static const double talk[] = {0.8, 1.2, 0.7};
static char path[] = "/dev/shm/gradus-log-XXXXXX";
static gr_problem rosen;

static gr_solver *make(const char *stop, volatile sig_atomic_t *asked)
{
    gr_solver *s;
    gr_solver_options o = {.x0 = talk, .stop = stop, .asked = asked};
    if (gr_solver_new(&s, &rosen, &o)) fail_msg("%s", gr_errmsg());
    return s;
}

static void solve(gr_solver *s)
{
    gr_stop stop;
    if (gr_solver_solve(s, &stop)) fail_msg("%s", gr_errmsg());
}

static char *whole_file(void)
{
    static char text[1 << 16];
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    text[fread(text, 1, sizeof text - 1, in)] = '\0';
    fclose(in);
    return text;
}

static void put(const char *text)
{
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_true(fputs(text, out) >= 0);
    assert_int_equal(fclose(out), 0);
}

// ---- words ----

static void words_come_at_intervals(void **state)
{
    char *text;
    size_t size;
    (void)state;
    FILE *out = open_memstream(&text, &size);
    gr_verbose words = gr_verbose_of(out, 25, 100);
    gr_solver *s = make("crt", NULL);
    assert_int_equal(gr_solver_watch(s, &words.monitor), GR_OK);
    solve(s);
    fclose(out);
    assert_non_null(strstr(text, "generation 0: cost 86.19999999999997\n"));
    assert_non_null(strstr(text, "generation 0: at 0.8 1.2 0.7\n"));
    assert_non_null(strstr(text, "generation 25: cost 0.0214563751218788"));
    assert_non_null(strstr(text, "generation 100: at "));
    assert_null(strstr(text, "generation 26"));
    assert_null(strstr(text, "generation 25: at"));
    assert_non_null(strstr(text, "stop: crt: "));
    free(text);
    gr_solver_free(s);
}

// ---- logs ----

static double double_of_generation(const gr_solver *s, void *user)
{
    return *(double *)user * (double)gr_solver_generation(s);
}

static void a_log_is_read_back_bit_for_bit(void **state)
{
    double two = 2;
    const gr_column columns[] = {{"twice", double_of_generation, &two}, {0}};
    gr_solver *s = make("crt", NULL);
    gr_log log;
    gr_history h;
    double x[3];
    (void)state;
    gr_log_options o = {.columns = columns, .interval = 2};
    assert_int_equal(gr_log_open(&log, path, s, &o), GR_OK);
    assert_int_equal(gr_solver_watch(s, &log.monitor), GR_OK);
    solve(s);
    assert_int_equal(gr_log_close(&log), GR_OK);
    assert_int_equal(gr_log_close(&log), GR_OK);
    assert_non_null(strstr(whole_file(), "# gradus log 1\n# problem rosen dimensions 3 solver "
                                         "neldermead seed 0\n# generation evaluations cost twice "
                                         "x0 x1 x2\n0 1 86.19999999999997 0.0 0.8 1.2 0.7\n2 6 "));
    assert_int_equal(gr_history_read(&h, path), GR_OK);
    assert_int_equal(h.rows, 61);
    assert_int_equal(h.n, 3);
    assert_int_equal(((int64_t *)h.generation.data)[60], 120);
    assert_true(((double *)h.cost.data)[60] == gr_solver_best(s, x));
    assert_memory_equal((double *)h.x.data + 180, x, sizeof x);
    assert_string_equal(h.stop, gr_solver_why(s));
    gr_history_free(&h);
    gr_solver_free(s);
}

// A run that was killed after generation 50 was saved: rows after it, and a torn one, go.
static void a_log_is_gone_on_with(void **state)
{
    gr_solver *s = make("crt", NULL), *t = make("generations(50)", NULL);
    gr_log log;
    char *whole;
    (void)state;
    assert_int_equal(gr_log_open(&log, path, s, NULL), GR_OK);
    assert_int_equal(gr_solver_watch(s, &log.monitor), GR_OK);
    solve(s);
    assert_int_equal(gr_log_close(&log), GR_OK);
    whole = strdup(whole_file());
    char torn[1 << 16];
    snprintf(torn, sizeof torn, "%.*s\n57 11", (int)(strstr(whole, "\n56 ") - whole), whole);
    put(torn);
    solve(t);
    assert_int_equal(gr_log_open(&log, path, t, &(gr_log_options){.go_on = true}), GR_OK);
    assert_int_equal(gr_solver_watch(t, &log.monitor), GR_OK);
    assert_int_equal(gr_solver_stop_at(t, "crt"), GR_OK);
    solve(t);
    assert_int_equal(gr_log_close(&log), GR_OK);
    assert_string_equal(whole_file(), whole);
    put("something else\n1 2 3\n");
    assert_int_equal(gr_log_open(&log, path, t, &(gr_log_options){.go_on = true}), GR_EDATA);
    assert_string_equal(whole_file(), "something else\n1 2 3\n");
    assert_int_equal(gr_log_open(&log, "/dev/null/log", t, NULL), GR_ESYS);
    free(whole);
    gr_solver_free(s), gr_solver_free(t);
}

static void a_full_disk_ends_the_solving(void **state)
{
    struct rlimit old, tiny;
    gr_solver *s = make("crt", NULL);
    gr_log log;
    gr_stop stop;
    (void)state;
    assert_int_equal(gr_log_open(&log, path, s, NULL), GR_OK);
    assert_int_equal(gr_solver_watch(s, &log.monitor), GR_OK);
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old);
    tiny = (struct rlimit){1000, old.rlim_max};
    setrlimit(RLIMIT_FSIZE, &tiny);
    gr_status status = gr_solver_solve(s, &stop);
    gr_status closed = gr_log_close(&log);
    setrlimit(RLIMIT_FSIZE, &old);
    assert_int_equal(status, GR_ESYS);
    assert_int_equal(closed, GR_ESYS);
    assert_true(gr_solver_generation(s) > 3); // and what was found stays
    gr_solver_free(s);
}

static void mystics_logs_are_read(void **state)
{
    gr_history h;
    (void)state;
    put("# Fri Nov 27 10:00:00 2026\n# ___#___  __ChiSquare__  __params__\n"
        "  (0,)     86.19999999999997   [0.8, 1.2, 0.7]\n"
        "  (1,)     79.26873600000001   [0.84, 1.2, 0.7]\n"
        "  (2, 0)     inf   [-1e-3, 1.25, 0.7]\n"
        "# STOP(\"ChangeOverGeneration with {'tolerance': 1e-06}\")\n");
    assert_int_equal(gr_history_read(&h, path), GR_OK);
    assert_int_equal(h.rows, 3);
    assert_int_equal(h.n, 3);
    assert_true(((double *)h.cost.data)[1] == 79.26873600000001);
    assert_true(isinf(((double *)h.cost.data)[2]));
    assert_true(((double *)h.x.data)[6] == -1e-3);
    assert_int_equal(((int64_t *)h.generation.data)[2], 2);
    assert_string_equal(h.stop, "ChangeOverGeneration with {'tolerance': 1e-06}");
    gr_history_free(&h);
}

static void bad(const char *text, const char *words)
{
    gr_history h;
    put(text);
    assert_int_equal(gr_history_read(&h, path), GR_EDATA);
    if (!strstr(gr_errmsg(), words)) fail_msg("'%s' is not in: %s", words, gr_errmsg());
    assert_null(h.cost.data);
}

static void bad_logs_name_the_line(void **state)
{
    gr_history h;
    (void)state;
    bad("", "no row");
    bad("# gradus log 1\n", "no row");
    bad("0 1 2 3\nx\n", "line 2: expected a number");
    bad("0 1 2 3\n1 2 3 4 5\n", "line 2: expected as many coordinates");
    bad("0 1 2\n", "line 1: expected as many");
    bad("-1 1 2 3\n", "generation -1");
    bad("1e99 1 2 3\n", "generation 1e+99");
    bad("(0,) 1 2\n", "line 1: expected a point in square brackets");
    bad("(0,", "no row");
    bad("(0,\n", "line 1: expected a number");
    assert_int_equal(gr_history_read(&h, "/dev/shm/no such file"), GR_ESYS);
    put("0 1 2 3\n1 2 3"); // a torn last line
    assert_int_equal(gr_history_read(&h, path), GR_OK);
    assert_int_equal(h.rows, 1);
    gr_history_free(&h);
}

// ---- ^C ----

// A monitor that presses ^C in generation 10, once.
static gr_status press(gr_monitor *m, const gr_solver *s)
{
    (void)m;
    return gr_solver_generation(s) == 10 && raise(SIGINT) ? GR_ESYS : GR_OK;
}

static gr_status called(gr_solver *s, void *user)
{
    ++*(int *)user;
    return gr_solver_generation(s) == 10 ? GR_OK : GR_EARG;
}

// Solves with these answers; what was written is in `said`.
static gr_stop answered(const char *answers, gr_control *c, gr_solver **s, char **said)
{
    size_t size;
    gr_stop stop;
    static gr_monitor finger = {press, NULL};
    c->in = answers ? fmemopen((void *)(uintptr_t)answers, strlen(answers), "r") : NULL;
    c->out = open_memstream(said, &size);
    gr_control_catch(c);
    *s = make("crt", &c->asked);
    assert_int_equal(gr_solver_watch(*s, &finger), GR_OK);
    gr_status status = gr_control_solve(c, *s, &stop);
    gr_control_release(c);
    if (c->in) fclose(c->in);
    fclose(c->out);
    assert_int_equal(status, GR_OK);
    return stop;
}

static void control_c_is_a_question(void **state)
{
    int calls = 0;
    char *said;
    gr_solver *s;
    gr_control c = {.call = called, .user = &calls};
    (void)state;
    assert_int_equal(answered("best\ncall\ncal\nbset\ncontinue\n", &c, &s, &said),
                     GR_STOP_CONVERGED);
    assert_int_equal(calls, 2);
    assert_non_null(strstr(said, "best cost "));
    assert_non_null(strstr(said, "unknown word 'bset'; did you mean 'best'?"));
    assert_int_equal(gr_solver_evaluations(s), 215); // going on changed nothing
    assert_int_equal(gr_solver_generation(s), 120);
    gr_solver_free(s), free(said);
    assert_int_equal(answered("exit\n", &c, &s, &said), GR_STOP_ASKED);
    assert_int_equal(gr_solver_generation(s), 10);
    assert_true(gr_solver_best(s, NULL) < 86);
    gr_solver_free(s), free(said);
    assert_int_equal(answered("best\n", &c, &s, &said), GR_STOP_ASKED); // end of input
    gr_solver_free(s), free(said);
    c.call = NULL;
    assert_int_equal(answered("call\nexit\n", &c, &s, &said), GR_STOP_ASKED);
    assert_non_null(strstr(said, "unknown word 'call'"));
    gr_solver_free(s), free(said);
    assert_int_equal(answered(NULL, &c, &s, &said), GR_STOP_ASKED); // nobody to ask
    assert_string_equal(said, "");
    assert_string_equal(gr_solver_why(s), "interrupted: somebody asked it to stop");
    gr_solver_free(s), free(said);
}

static int begin(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 || close(fd) || gr_problem_new(&rosen, "rosen", 3);
}

static int end(void **state)
{
    (void)state;
    gr_problem_free(&rosen);
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_come_at_intervals), cmocka_unit_test(a_log_is_read_back_bit_for_bit),
        cmocka_unit_test(a_log_is_gone_on_with),   cmocka_unit_test(a_full_disk_ends_the_solving),
        cmocka_unit_test(mystics_logs_are_read),   cmocka_unit_test(bad_logs_name_the_line),
        cmocka_unit_test(control_c_is_a_question),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, begin, end);
}
