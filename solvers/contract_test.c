// SPDX-License-Identifier: BSD-3-Clause
// What every solver promises, whichever it is: each test goes through all that are registered.
//
// The linker puts the functions below in the place of malloc and its kin (see the Makefile): they
// count what a step asks for, and refuse the call that a test names.
#include "config.h"
#include "solvers/constraints.h"
#include "solvers/coupled.h"
#include "solvers/model.h"
#include "solvers/solver_type.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

// ---- counted memory ----

static size_t calls, refused; // the call that fails, counted from 1; 0: none
static long blocks;           // that are not yet freed

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *block, size_t size);
int __real_posix_memalign(void **block, size_t alignment, size_t size);
char *__real_strdup(const char *text);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *block, size_t size);
int __wrap_posix_memalign(void **block, size_t alignment, size_t size);
char *__wrap_strdup(const char *text);
void __wrap_free(void *block);

static bool granted(void) { return ++calls != refused; }

static void *counted(void *block)
{
    blocks += block != NULL;
    return block;
}

void *__wrap_malloc(size_t size) { return granted() ? counted(__real_malloc(size)) : NULL; }

void *__wrap_calloc(size_t n, size_t size)
{
    return granted() ? counted(__real_calloc(n, size)) : NULL;
}

char *__wrap_strdup(const char *text) { return granted() ? counted(__real_strdup(text)) : NULL; }

void *__wrap_realloc(void *block, size_t size)
{
    if (!granted()) return NULL;
    void *larger = __real_realloc(block, size);
    blocks += !block && larger;
    return larger;
}

int __wrap_posix_memalign(void **block, size_t alignment, size_t size)
{
    if (!granted()) return 12; // ENOMEM
    int error = __real_posix_memalign(block, alignment, size);
    blocks += !error;
    return error;
}

void __wrap_free(void *block)
{
    blocks -= block != NULL;
    __real_free(block);
}

// ---- a cost that watches its caller ----

enum { N = 3 };

typedef struct watch {
    int64_t calls, fail_at, nan_every, above_every, below_at; // the last two: infinite
    double sign;
    bool outside; // was a point outside the bounds?
} watch;

static const double lo[N] = {-2, -1, -3}, hi[N] = {2, 3, 4}, x0[N] = {-1.2, 1, 0.7};

static gr_status valley(const double *x, size_t n, void *context, double *f)
{
    watch *w = context;
    double sum = 0;
    w->calls++;
    if (w->calls == w->fail_at) return gr_fail(GR_EDATA, "the cost fails");
    for (size_t i = 0; i < n; i++) w->outside |= !(x[i] >= lo[i] && x[i] <= hi[i]);
    for (size_t i = 0; i + 1 < n; i++) {
        double a = x[i + 1] - x[i] * x[i], b = 1 - x[i];
        sum += 100 * a * a + b * b;
    }
    bool nan = w->nan_every && w->calls % w->nan_every == 0;
    if (w->above_every && w->calls % w->above_every == 0) sum = INFINITY;
    if (w->calls == w->below_at) sum = -INFINITY;
    *f = nan ? NAN : w->sign < 0 ? -sum : sum;
    return GR_OK;
}

static gr_problem problem_of(watch *w)
{
    return (gr_problem){.name = "valley", .cost = valley, .context = w, .n = N, .lo = lo, .hi = hi};
}

static gr_solver *make(const gr_problem *p, const char *spec, const char *stop)
{
    gr_solver *s;
    gr_solver_options o = {.spec = spec, .x0 = x0, .seed = 7, .stop = stop};
    if (gr_solver_new(&s, p, &o)) fail_msg("%s: %s", spec, gr_errmsg());
    return s;
}

static gr_stop solve(gr_solver *s)
{
    gr_stop stop;
    if (gr_solver_solve(s, &stop)) fail_msg("%s: %s", gr_solver_spec(s), gr_errmsg());
    return stop;
}

// Bit for bit: what was found, what was counted, and all that the algorithm knows.
static void assert_same(const gr_solver *a, const gr_solver *b)
{
    size_t reals = a->at.real.shape[0], integers = a->at.integer.shape[0];
    assert_int_equal(a->at.generation, b->at.generation);
    assert_int_equal(a->at.evaluations, b->at.evaluations);
    assert_int_equal(a->rng.position, b->rng.position);
    assert_memory_equal(&a->at.f, &b->at.f, sizeof a->at.f);
    assert_memory_equal(a->at.x.data, b->at.x.data, N * sizeof(double));
    assert_memory_equal(a->real, b->real, reals * sizeof(double));
    assert_memory_equal(a->integer, b->integer, integers * sizeof(int64_t));
}

// Of those that this build can use.
#define EACH_SOLVER(t)                                                                             \
    (const gr_solver_type *const *t = gr_solver_types; *t; t++) if (!(*t)->missing)
static const char LONG[] = "generations(40) or evaluations(900)";

// ---- the promises ----

static void limits_are_never_overstepped(void **state)
{
    (void)state;
    for
        EACH_SOLVER(t)
    for (int most = 0; most < 60; most++) {
        watch w = {0};
        char rule[40];
        gr_problem p = problem_of(&w);
        snprintf(rule, sizeof rule, "evaluations(%d)", most);
        gr_solver *s = make(&p, (*t)->name, rule);
        gr_stop stop = solve(s);
        assert_true(stop == GR_STOP_EVALUATIONS || stop == GR_STOP_ENDED);
        if (stop == GR_STOP_EVALUATIONS) assert_int_equal(w.calls, most);
        assert_int_equal(gr_solver_evaluations(s), w.calls);
        assert_true(w.calls <= most && !w.outside);
        assert_int_equal(isnan(gr_solver_best(s, NULL)), most == 0);
        gr_solver_free(s);
    }
}

static void generations_are_counted(void **state)
{
    (void)state;
    for
        EACH_SOLVER(t)
    for (int most = 0; most < 6; most++) {
        watch w = {0};
        char rule[40];
        gr_problem p = problem_of(&w);
        snprintf(rule, sizeof rule, "generations(%d)", most);
        gr_solver *s = make(&p, (*t)->name, rule);
        gr_stop stop = solve(s);
        assert_true(stop == GR_STOP_GENERATIONS || stop == GR_STOP_ENDED);
        assert_true(gr_solver_generation(s) <= most);
        if (stop == GR_STOP_GENERATIONS) assert_int_equal(gr_solver_generation(s), most);
        gr_solver_free(s);
    }
}

// Cut after each single evaluation, and gone on with: the same run, and no evaluation is made
// twice.
static void a_cut_run_is_the_same_run(void **state)
{
    (void)state;
    for
        EACH_SOLVER(t)
        {
            watch w = {0}, v = {0};
            gr_problem p = problem_of(&w), q = problem_of(&v);
            gr_solver *whole = make(&p, (*t)->name, LONG),
                      *cut = make(&q, (*t)->name, "evaluations(0)");
            gr_stop last = solve(whole), stop = solve(cut);
            for (int most = 1; most <= w.calls; most++) {
                char rule[80];
                snprintf(rule, sizeof rule, "generations(40) or evaluations(%d)", most);
                assert_int_equal(gr_solver_stop_at(cut, rule), GR_OK);
                stop = solve(cut);
            }
            assert_int_equal(gr_solver_stop_at(cut, LONG), GR_OK);
            stop = solve(cut);
            assert_int_equal(stop, last);
            assert_int_equal(v.calls, w.calls);
            assert_same(whole, cut);
            gr_solver_free(whole), gr_solver_free(cut);
        }
}

static void steps_allocate_nothing(void **state)
{
    (void)state;
    for
        EACH_SOLVER(t)
        {
            watch w = {0};
            gr_problem p = problem_of(&w);
            gr_coupled *c;
            const gr_couplers by = {.inner = "x2 <= x1", .additive = "sum(x) <= 4 or x0 >= 1"};
            gr_solver *s;
            gr_solver_options o = {
                .spec = (*t)->name, .x0 = x0, .stop = "evaluations(inf)", .cache = 64};
            assert_int_equal(gr_coupled_new(&c, &p, &by), GR_OK);
            assert_int_equal(gr_solver_new(&s, gr_coupled_problem(c), &o), GR_OK);
            gr_stop stop = GR_STOP_NOT;
            size_t before = calls;
            for (int i = 0; i < 200 && !stop; i++)
                assert_int_equal(gr_solver_step(s, &stop), GR_OK);
            if (calls != before) fail_msg("%s: %zu allocations", (*t)->name, calls - before);
            gr_solver_free(s);
            gr_coupled_free(c);
        }
}

static void a_cost_that_fails_loses_nothing(void **state)
{
    (void)state;
    for
        EACH_SOLVER(t)
    for (int at = 1; at < 40; at += 3) {
        watch w = {.fail_at = at}, v = {0};
        gr_problem p = problem_of(&w), q = problem_of(&v);
        gr_solver *s = make(&p, (*t)->name, LONG), *whole = make(&q, (*t)->name, LONG);
        gr_stop stop;
        solve(whole);
        if (v.calls < at) w.fail_at = 0;
        assert_int_equal(gr_solver_solve(s, &stop), w.fail_at ? GR_EDATA : GR_OK);
        if (w.fail_at) assert_string_equal(gr_errmsg(), "the cost fails");
        if (w.fail_at) assert_int_equal(gr_solver_evaluations(s), at - 1);
        assert_int_equal(solve(s), whole->stop);
        assert_same(whole, s);
        gr_solver_free(s), gr_solver_free(whole);
    }
}

static void what_is_no_number_is_worse_than_all(void **state)
{
    (void)state;
    for
        EACH_SOLVER(t)
    for (int every = 1; every < 4; every++) {
        watch w = {.nan_every = every};
        gr_problem p = problem_of(&w);
        gr_solver *s = make(&p, (*t)->name, "evaluations(600) or generations(60)");
        solve(s);
        assert_int_equal(gr_solver_not_numbers(s), w.calls / every);
        assert_true(every == 1 ? isinf(gr_solver_best(s, NULL))
                               : isfinite(gr_solver_best(s, NULL)));
        assert_false(w.outside);
        gr_solver_free(s);
    }
}

// Infinite costs are numbers: the worst, and the best that there can be.
static void infinite_costs_are_borne(void **state)
{
    (void)state;
    for
        EACH_SOLVER(t)
    for (int every = 1; every < 4; every++) {
        watch w = {.above_every = every}, v = {.above_every = every, .below_at = 10};
        gr_problem p = problem_of(&w), q = problem_of(&v);
        gr_solver *s = make(&p, (*t)->name, "evaluations(300) or generations(60)"),
                  *best = make(&q, (*t)->name, "evaluations(300) or generations(60)");
        solve(s), solve(best);
        assert_int_equal(gr_solver_not_numbers(s), 0);
        assert_true(isfinite(gr_solver_best(s, NULL)) == (every > 1));
        assert_true(v.calls < 10 || gr_solver_best(best, NULL) == -INFINITY);
        assert_false(w.outside || v.outside);
        gr_solver_free(s), gr_solver_free(best);
    }
}

static void to_maximise_is_to_minimise_the_negative(void **state)
{
    (void)state;
    for
        EACH_SOLVER(t)
        {
            watch w = {0}, v = {.sign = -1};
            gr_problem p = problem_of(&w), q = problem_of(&v);
            q.maximise = true;
            gr_solver *least = make(&p, (*t)->name, LONG), *most = make(&q, (*t)->name, LONG);
            assert_int_equal(solve(least), solve(most));
            assert_same(least, most);
            assert_true(gr_solver_best(least, NULL) == -gr_solver_best(most, NULL));
            gr_solver_free(least), gr_solver_free(most);
        }
}

// serial, threads and forks, any number of them.
static void a_map_changes_nothing(void **state)
{
    static const char *const specs[] = {"serial", "threads:3", "fork:2", "fork-carddealer:3"};
    (void)state;
    for
        EACH_SOLVER(t)
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
        gr_problem p;
        gr_map *map;
        gr_solver *here, *there;
        gr_solver_options o = {.spec = (*t)->name, .seed = 3, .stop = "evaluations(157)"};
        assert_int_equal(gr_problem_new(&p, "rosen", N), GR_OK);
        assert_int_equal(gr_map_new(&map, specs[i], NULL), GR_OK);
        assert_int_equal(gr_solver_new(&here, &p, &o), GR_OK);
        o.map = map;
        assert_int_equal(gr_solver_new(&there, &p, &o), GR_OK);
        assert_int_equal(solve(here), solve(there));
        assert_same(here, there);
        gr_solver_free(here), gr_solver_free(there);
        gr_map_free(map);
        gr_problem_free(&p);
    }
}

static void one_goes_back_to_any_generation(void **state)
{
    (void)state;
    for
        EACH_SOLVER(t)
        {
            watch w = {0};
            gr_problem p = problem_of(&w);
            gr_solver *s, *whole = make(&p, (*t)->name, LONG);
            gr_solver_options o = {
                .spec = (*t)->name, .x0 = x0, .seed = 7, .stop = LONG, .history = true};
            assert_int_equal(gr_solver_new(&s, &p, &o), GR_OK);
            solve(whole), solve(s);
            for (int64_t g = gr_solver_generation(s); g >= 0; g -= 7) {
                assert_int_equal(gr_solver_reset(s, g), GR_OK);
                assert_int_equal(gr_solver_generation(s), g);
                assert_int_equal(gr_solver_reset(s, g + 1), GR_EARG);
            }
            solve(s);
            assert_same(whole, s);
            assert_int_equal(gr_solver_reset(whole, 0), GR_EARG);
            gr_solver_free(s), gr_solver_free(whole);
        }
}

static void sizes_and_memory_are_refused_with_a_reason(void **state)
{
    (void)state;
    for
        EACH_SOLVER(t)
        {
            gr_problem p;
            gr_solver *s;
            gr_solver_options o = {.spec = (*t)->name, .seed = 1, .stop = "evaluations(5)"};
            for (size_t n = 1; n <= 2; n++) { // one dimension is fine
                assert_int_equal(gr_problem_new(&p, "sphere", n), GR_OK);
                assert_int_equal(gr_solver_new(&s, &p, &o), GR_OK);
                assert_true(solve(s) == GR_STOP_EVALUATIONS || s->stop == GR_STOP_ENDED);
                gr_solver_free(s);
                gr_problem_free(&p);
            }
            assert_int_equal(gr_problem_new(&p, "sphere", 100000), GR_OK);
            gr_status status = gr_solver_new(&s, &p, &o);
            if (status) assert_true(status == GR_ENOMEM && strstr(gr_errmsg(), (*t)->name));
            if (!status) solve(s);
            gr_solver_free(s);
            gr_problem_free(&p);
        }
}

// Every allocation that making and running one asks for fails once.
static void without_memory_it_fails_and_leaves_nothing(void **state)
{
    (void)state;
    for
        EACH_SOLVER(t)
        {
            gr_status status = GR_ENOMEM;
            for (size_t at = 1; status; at++) {
                watch w = {0};
                gr_problem p = problem_of(&w);
                gr_solver *s = NULL;
                gr_stop stop;
                gr_solver_options o = {.spec = (*t)->name,
                                       .x0 = x0,
                                       .stop = "cog(1e-9,70) or evaluations(60)",
                                       .cache = 9,
                                       .history = true};
                long before = blocks;
                calls = 0, refused = at;
                status = gr_solver_new(&s, &p, &o);
                if (!status) status = gr_solver_solve(s, &stop);
                refused = 0;
                assert_true(status == GR_OK || status == GR_ENOMEM);
                gr_solver_free(s);
                assert_int_equal(blocks, before);
            }
        }
}

// ---- specs ----

static void refuses(const char *spec, const char *words)
{
    watch w = {0};
    gr_problem p = problem_of(&w);
    gr_solver *s;
    gr_solver_options o = {.spec = spec};
    assert_int_equal(gr_solver_new(&s, &p, &o), GR_EARG);
    assert_null(s);
    if (!strstr(gr_errmsg(), words)) fail_msg("'%s' is not in: %s", words, gr_errmsg());
}

static void bad_words_are_named(void **state)
{
    (void)state;
    refuses("neldermaed", "did you mean 'neldermead'");
    refuses("", "unknown solver ''");
    refuses("neldermead,adaptiv=1", "did you mean 'adaptive'");
    refuses("neldermead,adaptive=2", "from 0 to 1");
    refuses("neldermead,adaptive=0.5", "whole number");
    refuses("neldermead,radius=x", "radius 'x'");
    refuses("neldermead,radius=nan", "radius 'nan'");
    watch w = {0};
    gr_problem p = problem_of(&w);
    gr_solver *s;
    gr_solver_options o = {.x0 = (double[]){0, 9, 0}};
    assert_int_equal(gr_solver_new(&s, &p, &o), GR_EARG);
    assert_non_null(strstr(gr_errmsg(), "x1 = 9 lies outside its bounds -1:3"));
}

// A model and its data, with all that can be coupled to it, evaluated once.
static gr_status fit_and_couple(void)
{
    const gr_couplers by = {.inner = "integers[0,2:4] and x0 <= 3 or sorted",
                            .outer = "log(1 + x0)",
                            .additive = "x0 <= 1 or not x1 == 2; sum(x) <= 9"};
    gr_problem p;
    gr_fit *fit;
    gr_coupled *c = NULL;
    double x[4] = {1, 2, 3, 4}, f;
    gr_coupled_at at;
    gr_status status =
        gr_fit_new(&fit, &p, &(gr_fit_options){.data = GR_SOURCE_DIR "/data/mogi.txt"});
    if (!status) status = gr_coupled_new(&c, &p, &by);
    if (!status) {
        const gr_problem *whole = gr_coupled_problem(c);
        status = whole->cost(x, 4, whole->context, &f);
        if (!status) status = gr_coupled_look(c, x, &at);
    }
    gr_coupled_free(c);
    gr_problem_free(&p);
    gr_fit_free(fit);
    return status;
}

// Blocks are not counted: getline's is not allocated through here.
static void without_memory_nothing_is_coupled(void **state)
{
    size_t at = 0;
    gr_status status = GR_ENOMEM;
    (void)state;
    while (status && at < 100) {
        calls = 0, refused = ++at;
        status = fit_and_couple();
        refused = 0;
        assert_true(status == GR_OK || status == GR_ENOMEM);
        if (status) assert_non_null(strstr(gr_errmsg(), "out of memory"));
    }
    assert_int_equal(status, GR_OK);
    assert_true(at > 10);
}

static gr_status save_and_restore(const char *path)
{
    watch w = {0};
    gr_problem p = problem_of(&w);
    gr_solver *s = NULL, *again = NULL;
    gr_saved *saved = NULL;
    gr_stop stop;
    gr_solver_options o = {
        .spec = "de,np=8", .x0 = x0, .stop = "collapsecost or evaluations(20)", .cache = 30};
    gr_status status = gr_solver_new(&s, &p, &o);
    if (!status) status = gr_solver_solve(s, &stop);
    if (!status) status = gr_solver_save(s, path);
    if (!status) status = gr_saved_open(&saved, path);
    if (!status) status = gr_solver_restore(&again, &p, saved, NULL);
    if (!status) assert_int_equal(gr_solver_evaluations(again), 20);
    gr_saved_close(saved);
    gr_solver_free(s), gr_solver_free(again);
    return status;
}

// Leaks are seen by the sanitized build: of the blocks of files some are libc's.
static void states_go_without_memory(void **state)
{
    char path[] = "/dev/shm/gradus-contract-XXXXXX";
    int file = mkstemp(path);
    gr_status status = GR_ENOMEM;
    long at = 0;
    (void)state;
    assert_true(file >= 0 && !close(file));
    while (status && at < 900) {
        calls = 0, refused = ++at;
        status = save_and_restore(path);
        refused = 0;
        assert_true(status == GR_OK || status == GR_ENOMEM);
    }
    assert_int_equal(status, GR_OK);
    assert_true(at > 30);
    assert_int_equal(unlink(path), 0);
}

static gr_status constrain(const char *spec)
{
    watch w = {0};
    gr_problem p = problem_of(&w);
    gr_constraints *c;
    gr_constrained r;
    double x[N];
    gr_constrained_options o = {.x0 = x0, .spec = spec, .evaluations = 60};
    gr_status status = gr_constraints_read(&c, "x0^2 + x1^2 <= 1; x0 + x1 + x2 == 1", N);
    if (!status) status = gr_solve_constrained(&p, c, &o, x, &r);
    gr_constraints_free(c);
    assert_true(!w.outside && w.calls <= 61); // and the cost of the answer
    return status;
}

static void constraints_go_without_memory(void **state)
{
    static const char *const specs[] = {NULL, "lbfgs"};
    (void)state;
    for (int i = 0; i < 2; i++) {
        gr_status status = GR_ENOMEM;
        long at = 0, before = blocks;
        while (status && at < 900) {
            calls = 0, refused = ++at;
            status = constrain(specs[i]);
            refused = 0;
            assert_true(status == GR_OK || status == GR_ENOMEM);
            assert_int_equal(blocks, before);
        }
        assert_int_equal(status, GR_OK);
        assert_true(at > 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_are_never_overstepped),
        cmocka_unit_test(generations_are_counted),
        cmocka_unit_test(a_cut_run_is_the_same_run),
        cmocka_unit_test(steps_allocate_nothing),
        cmocka_unit_test(a_cost_that_fails_loses_nothing),
        cmocka_unit_test(what_is_no_number_is_worse_than_all),
        cmocka_unit_test(infinite_costs_are_borne),
        cmocka_unit_test(to_maximise_is_to_minimise_the_negative),
        cmocka_unit_test(a_map_changes_nothing),
        cmocka_unit_test(one_goes_back_to_any_generation),
        cmocka_unit_test(sizes_and_memory_are_refused_with_a_reason),
        cmocka_unit_test(without_memory_it_fails_and_leaves_nothing),
        cmocka_unit_test(without_memory_nothing_is_coupled),
        cmocka_unit_test(bad_words_are_named),
        cmocka_unit_test(states_go_without_memory),
        cmocka_unit_test(constraints_go_without_memory),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
