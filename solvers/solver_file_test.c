// SPDX-License-Identifier: BSD-3-Clause
// States in files: what is restored goes on as if nothing had happened, and bad files are refused.
#include "lib/pack.h"
#include "solvers/solver_type.h"
#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#ifdef __SANITIZE_ADDRESS__
enum { STRIDE = 47, EACH = 4 }; // the same paths, fewer times
#else
enum { STRIDE = 13, EACH = 20 };
#endif

#define EACH_SOLVER(t)                                                                             \
    (const gr_solver_type *const *t = gr_solver_types; *t; t++) if (!(*t)->missing)

static char folder[] = "/dev/shm/gradus-state-XXXXXX", path[sizeof folder + 8];
static const char RULE[] = "generations(60) or evaluations(400)";

static gr_problem rosen(void)
{
    gr_problem p;
    assert_int_equal(gr_problem_new(&p, "rosen", 3), GR_OK);
    return p;
}

static gr_solver *make(const gr_problem *p, const char *spec, const char *stop)
{
    gr_solver *s;
    gr_solver_options o = {.spec = spec, .seed = 5, .stop = stop};
    if (gr_solver_new(&s, p, &o)) fail_msg("%s: %s", spec, gr_errmsg());
    return s;
}

static gr_stop solve(gr_solver *s)
{
    gr_stop stop;
    if (gr_solver_solve(s, &stop)) fail_msg("%s", gr_errmsg());
    return stop;
}

static void assert_same(const gr_solver *a, const gr_solver *b)
{
    assert_int_equal(a->at.generation, b->at.generation);
    assert_int_equal(a->at.evaluations, b->at.evaluations);
    assert_int_equal(a->at.traced, b->at.traced);
    assert_int_equal(a->rng.position, b->rng.position);
    assert_memory_equal(&a->at.f, &b->at.f, sizeof a->at.f);
    assert_memory_equal(&a->at.moved, &b->at.moved, sizeof a->at.moved);
    assert_memory_equal(a->at.x.data, b->at.x.data, a->n * sizeof(double));
    assert_int_equal(a->at.seen, b->at.seen);
    assert_memory_equal(a->at.points.data, b->at.points.data,
                        gr_array_count(&a->at.points) * sizeof(double));
    assert_memory_equal(a->real, b->real, a->at.real.shape[0] * sizeof(double));
}

static gr_solver *load(const gr_problem *p, const char *stop)
{
    gr_saved *saved;
    gr_solver *s;
    gr_solver_options o = {.stop = stop};
    if (gr_saved_open(&saved, path)) fail_msg("%s", gr_errmsg());
    if (gr_solver_restore(&s, p, saved, &o)) fail_msg("%s", gr_errmsg());
    gr_saved_close(saved);
    return s;
}

// Stopped in the middle of whatever step it is in, saved, and gone on with by another solver.
static void a_restored_run_is_the_same_run(void **state)
{
    (void)state;
    for
        EACH_SOLVER(t)
    for (int cut = 0; cut < 400; cut += STRIDE) {
        gr_problem p = rosen();
        char rule[60];
        snprintf(rule, sizeof rule, "generations(60) or evaluations(%d)", cut);
        gr_solver *whole = make(&p, (*t)->name, RULE), *s = make(&p, (*t)->name, rule);
        gr_stop last = solve(whole);
        solve(s);
        assert_int_equal(gr_solver_save(s, path), GR_OK);
        gr_solver_free(s);
        s = load(&p, RULE);
        assert_int_equal(solve(s), last);
        assert_same(whole, s);
        gr_solver_free(s), gr_solver_free(whole);
        gr_problem_free(&p);
    }
}

// Steps, and saves after each, until it is killed.
static void step_and_save(gr_solver *s)
{
    gr_stop stop = GR_STOP_NOT;
    while (!gr_solver_met(s) && !gr_solver_step(s, &stop) && !stop)
        if (gr_solver_save(s, path)) _exit(1);
    _exit(0);
}

// Killed by SIGKILL at this moment; what it left, gone on with, ends as `whole`. True if it was
// killed before it ended.
static bool killed_after(useconds_t us, const gr_solver *whole, const gr_problem *p,
                         const char *rule)
{
    int status;
    gr_solver *s = make(p, gr_solver_spec(whole), rule);
    assert_int_equal(gr_solver_save(s, path), GR_OK);
    pid_t child = fork();
    if (child == 0) step_and_save(s);
    usleep(us);
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &status, 0), child);
    gr_solver_free(s);
    s = load(p, NULL);
    solve(s);
    assert_same(whole, s);
    gr_solver_free(s);
    return WIFSIGNALED(status);
}

// At 100 random moments, in the middle of steps and of saving.
static void after_kill_9_it_ends_the_same(void **state)
{
    static const char *const specs[] = {"neldermead", "de", "cma", "swarm", "scem"};
    static const char rule[] = "generations(300) or evaluations(inf)";
    enum { SPECS = 5 };
    int killed = 0;
    gr_rng rng = gr_rng_of((uint64_t)getpid(), 0);
    gr_problem p = rosen();
    (void)state;
    for (int i = 0; i < SPECS; i++) {
        gr_solver *whole = make(&p, specs[i], rule);
        solve(whole);
        for (int k = 0; k < EACH; k++)
            killed += killed_after((useconds_t)gr_rng_below(&rng, 8000), whole, &p, rule);
        gr_solver_free(whole);
    }
    print_message("# %d of %d were killed before they ended\n", killed, SPECS * EACH);
    assert_true(killed >= SPECS * EACH / 2);
    gr_problem_free(&p);
}

static void another_rule_may_look_back_further(void **state)
{
    (void)state;
    gr_problem p = rosen();
    gr_solver *s = make(&p, "neldermead", "cog(1e-30,100) or generations(90)");
    assert_int_equal(solve(s), GR_STOP_GENERATIONS);
    assert_int_equal(gr_solver_stop_at(s, "cog(1e-6,30)"), GR_OK);
    assert_int_equal(gr_solver_save(s, path), GR_OK); // the ring stays longer than its rule needs
    gr_solver *t = load(&p, NULL);
    assert_int_equal(solve(s), solve(t));
    assert_same(s, t);
    gr_solver_free(s), gr_solver_free(t);
    gr_problem_free(&p);
}

// The points that a rule looks back at are saved, too; and seen from the moment it asks for them.
static void points_are_seen_again(void **state)
{
    static const char *const specs[] = {"neldermead", "de", "cma"};
    static const char rule[] = "collapsecost(1,40,0,90) and generations(7)";
    char cut[80];
    double f;
    (void)state;
    gr_problem p = rosen();
    for (size_t i = 0; i < 3; i++) {
        gr_solver *whole = make(&p, specs[i], rule);
        assert_int_equal(solve(whole), GR_STOP_CONVERGED);
        for (int most = 0; most < 200; most += 33) {
            snprintf(cut, sizeof cut, "(%s) or evaluations(%d)", rule, most);
            gr_solver *s = make(&p, specs[i], cut);
            solve(s);
            assert_int_equal(gr_solver_save(s, path), GR_OK);
            gr_solver_free(s);
            s = load(&p, rule);
            assert_int_equal(solve(s), GR_STOP_CONVERGED);
            assert_string_equal(gr_solver_why(whole), gr_solver_why(s));
            assert_same(whole, s);
            gr_solver_free(s);
        }
        int64_t seen = whole->at.seen; // none is lost when more are asked for
        assert_int_equal(gr_solver_stop_at(whole, "collapsecost(1,40,0,300) or evaluations(1)"),
                         GR_OK);
        assert_int_equal(seen, whole->at.evaluations < 90 ? whole->at.evaluations : 90);
        assert_int_equal(whole->at.seen, seen);
        const double *last =
            (double *)whole->at.points.data + (whole->at.evaluations - seen) % 300 * 4;
        assert_true(p.cost(last, 3, p.context, &f) == GR_OK && f == last[3]);
        gr_solver_free(whole);
    }
    gr_solver *s = make(&p, "de", "generations(3)");
    solve(s);
    assert_int_equal(s->at.seen, 0);
    assert_int_equal(gr_solver_stop_at(s, "collapsecost(1e9,1) or generations(4)"), GR_OK);
    solve(s);
    assert_int_equal(s->at.seen, 60); // one generation of 60 members
    gr_solver_free(s);
    gr_problem_free(&p);
}

// Back to a generation that was kept when rings were shorter.
static void a_reset_keeps_to_the_rule_of_now(void **state)
{
    (void)state;
    gr_problem p = rosen();
    gr_solver *s;
    gr_solver_options o = {.spec = "neldermead", .seed = 5, .stop = "generations(20)"};
    o.history = true;
    assert_int_equal(gr_solver_new(&s, &p, &o), GR_OK);
    assert_int_equal(solve(s), GR_STOP_GENERATIONS);
    assert_int_equal(gr_solver_stop_at(s, "cog(1e9,150) and collapseat(1e9,100)"), GR_OK);
    assert_int_equal(gr_solver_reset(s, 5), GR_OK);
    assert_int_equal(s->at.traced, 1); // one point was kept
    assert_int_equal(solve(s), GR_STOP_CONVERGED);
    assert_int_equal(gr_solver_generation(s), 155); // which needs 151 generations
    gr_solver_free(s);
    gr_problem_free(&p);
}

static void other_problems_are_refused(void **state)
{
    (void)state;
    gr_problem p = rosen(), other;
    gr_solver *s = make(&p, "powell", RULE), *none;
    gr_saved *saved;
    solve(s);
    assert_int_equal(gr_solver_save(s, path), GR_OK);
    assert_int_equal(gr_saved_open(&saved, path), GR_OK);
    assert_string_equal(gr_saved_problem(saved), "rosen");
    assert_string_equal(gr_saved_rule(saved), RULE);
    assert_int_equal(gr_saved_dimensions(saved), 3);
    assert_int_equal(gr_saved_seed(saved), 5);
    assert_int_equal(gr_problem_new(&other, "sphere", 3), GR_OK);
    assert_int_equal(gr_solver_restore(&none, &other, saved, NULL), GR_EARG);
    assert_non_null(strstr(gr_errmsg(), "of problem rosen"));
    assert_null(none);
    gr_problem_free(&other);
    assert_int_equal(gr_problem_new(&other, "rosen", 4), GR_OK);
    assert_int_equal(gr_solver_restore(&none, &other, saved, NULL), GR_EARG);
    gr_problem_free(&other);
    other = rosen();
    assert_int_equal(gr_problem_bound(&other, (double[]){0, 0, 0}, (double[]){2, 2, 2}), GR_OK);
    assert_int_equal(gr_solver_restore(&none, &other, saved, NULL), GR_EARG);
    assert_non_null(strstr(gr_errmsg(), "other bounds of x0"));
    other.maximise = true;
    assert_int_equal(gr_solver_restore(&none, &other, saved, NULL), GR_EARG);
    gr_problem_free(&other), gr_problem_free(&p);
    gr_saved_close(saved);
    gr_solver_free(s);
}

// ---- damage ----

static void put(const void *bytes, size_t size)
{
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_int_equal(fwrite(bytes, 1, size, out), size);
    assert_int_equal(fclose(out), 0);
}

static size_t get(unsigned char *bytes, size_t room)
{
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    size_t n = fread(bytes, 1, room, in);
    fclose(in);
    assert_true(n < room);
    return n;
}

// Each byte changed, each length cut: none is taken for a state.
static void damage_is_noticed(void **state)
{
    static unsigned char good[1 << 14], bad[1 << 14];
    (void)state;
    gr_problem p = rosen();
    gr_solver *s = make(&p, "neldermead", RULE);
    gr_saved *saved;
    assert_int_equal(gr_solver_save(s, path), GR_OK);
    size_t n = get(good, sizeof good);
    for (size_t i = 0; i < n; i++) {
        memcpy(bad, good, n);
        bad[i] ^= (unsigned char)(1 + i % 255);
        put(bad, n);
        assert_int_not_equal(gr_saved_open(&saved, path), GR_OK);
        assert_null(saved);
        put(good, i);
        assert_int_not_equal(gr_saved_open(&saved, path), GR_OK);
    }
    gr_solver_free(s);
    gr_problem_free(&p);
}

// Changed inside, and dumped again with a right checksum: whatever is accepted can be run.
static void change(gr_value *dict, gr_rng *rng)
{
    static const double odd[] = {NAN, INFINITY, -INFINITY, 0, -1, 1e300, 1e-320, 3};
    gr_value *v = &dict->pairs[gr_rng_below(rng, dict->size)].value;
    double d = odd[gr_rng_below(rng, 8)];
    if (v->kind == GR_VALUE_INT) v->integer = (int64_t)gr_rng_u64(rng) >> gr_rng_below(rng, 64);
    if (v->kind == GR_VALUE_DOUBLE) v->number = d;
    if (v->kind == GR_VALUE_STRING && v->size)
        ((char *)(uintptr_t)v->string)[gr_rng_below(rng, v->size)] = 'a';
    if (v->kind != GR_VALUE_ARRAY || !gr_array_count(v->array)) return;
    size_t i = gr_rng_below(rng, gr_array_count(v->array));
    if (v->array->dtype == GR_F64) ((double *)v->array->data)[i] = d;
    if (v->array->dtype == GR_I64)
        ((int64_t *)v->array->data)[i] = (int64_t)gr_rng_below(rng, 9) - 2;
}

static bool runs(const gr_problem *p)
{
    gr_saved *saved;
    gr_solver *s = NULL;
    gr_stop stop;
    gr_solver_options o = {.stop = "evaluations(420) or time(1)"};
    gr_status status = gr_saved_open(&saved, path);
    if (!status) status = gr_solver_restore(&s, p, saved, &o);
    gr_saved_close(saved);
    for (int i = 0; !status && i < 3; i++) status = gr_solver_step(s, &stop);
    gr_solver_free(s);
    return !status;
}

static void hostile_states_do_no_harm(void **state)
{
    enum { MUTANTS = 400 };
    int accepted = 0;
    gr_rng rng = gr_rng_of(1, 0);
    (void)state;
    for
        EACH_SOLVER(t)
    for (int i = 0; i < MUTANTS; i++) {
        gr_problem p = rosen();
        gr_solver *s = make(&p, (*t)->name, "evaluations(333)");
        gr_value v;
        solve(s);
        assert_int_equal(gr_solver_save(s, path), GR_OK);
        gr_solver_free(s);
        assert_int_equal(gr_load(path, &v, NULL), GR_OK);
        for (size_t k = 0; k < 1 + gr_rng_below(&rng, 3); k++) change(&v, &rng);
        assert_int_equal(gr_dump(path, &v, GR_PROTOCOL_FRAMED), GR_OK);
        gr_value_free(&v);
        accepted += runs(&p);
        gr_problem_free(&p);
    }
    assert_true(accepted > MUTANTS / 20); // else nothing was tried
}

// ---- a full disk ----

static void the_older_file_survives_a_full_disk(void **state)
{
    static unsigned char before[1 << 14], after[1 << 14];
    struct rlimit old, tiny = {64, 64};
    (void)state;
    gr_problem p = rosen();
    gr_solver *s = make(&p, "neldermead", RULE);
    assert_int_equal(gr_solver_save(s, path), GR_OK);
    size_t n = get(before, sizeof before);
    solve(s);
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old);
    tiny.rlim_max = old.rlim_max;
    setrlimit(RLIMIT_FSIZE, &tiny);
    gr_status status = gr_solver_save(s, path);
    setrlimit(RLIMIT_FSIZE, &old);
    assert_int_equal(status, GR_ESYS);
    assert_int_equal(get(after, sizeof after), n);
    assert_memory_equal(before, after, n);
    gr_solver_free(s);
    gr_problem_free(&p);
}

static int begin(void **state)
{
    (void)state;
    if (!mkdtemp(folder)) return -1;
    snprintf(path, sizeof path, "%s/state", folder);
    return 0;
}

// With the unfinished files of those that were killed.
static int end(void **state)
{
    char command[sizeof folder + 8];
    (void)state;
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_restored_run_is_the_same_run),
        cmocka_unit_test(after_kill_9_it_ends_the_same),
        cmocka_unit_test(another_rule_may_look_back_further),
        cmocka_unit_test(points_are_seen_again),
        cmocka_unit_test(a_reset_keeps_to_the_rule_of_now),
        cmocka_unit_test(other_problems_are_refused),
        cmocka_unit_test(damage_is_noticed),
        cmocka_unit_test(hostile_states_do_no_harm),
        cmocka_unit_test(the_older_file_survives_a_full_disk),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, begin, end);
}
