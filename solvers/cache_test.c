// SPDX-License-Identifier: BSD-3-Clause
// A cache of costs changes what is computed, and nothing else.
#include "solvers/cache.h"
#include "solvers/coupled.h"
#include "solvers/solver_type.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { N = 3 };

// ---- by itself ----

static const gr_problem plain = {.name = "plain", .n = 2};

// Asks for m points, computes the first `most` of those that it must; how many have a cost.
static size_t ask(gr_cache *c, const double *x, size_t m, size_t most, double *f, size_t *k)
{
    const double *fresh;
    assert_int_equal(gr_cache_split(c, &plain, x, m, &fresh, k), GR_OK);
    for (size_t i = 0; i < *k && i < most; i++)
        gr_cache_costs(c)[i] = fresh[2 * i] + 10 * fresh[2 * i + 1];
    return gr_cache_join(c, *k < most ? *k : most, f, m);
}

static void points_are_computed_once(void **state)
{
    const double x[] = {1, 2, 3, 4, 1, 2, 0.0, 1, -0.0, 1};
    double f[5];
    size_t k;
    gr_cache *c;
    (void)state;
    assert_int_equal(gr_cache_new(&c, 2, 100, 1), GR_OK); // the batch outgrows its room
    assert_int_equal(ask(c, x, 5, 9, f, &k), 5);
    assert_int_equal(k, 4); // 0 and -0 are not the same bits
    assert_true(f[0] == 21 && f[1] == 43 && f[2] == 21 && f[3] == 10 && f[4] == 10);
    assert_int_equal(gr_cache_repeated(c), 1);
    assert_int_equal(ask(c, x, 5, 9, f, &k), 5);
    assert_int_equal(k, 0);
    assert_int_equal(gr_cache_repeated(c), 6);
    gr_cache_free(c);
    gr_cache_free(NULL);
}

// Cut after two of three: the points before the first without a cost have theirs, no other is
// believed to be known.
static void what_was_not_computed_is_not_known(void **state)
{
    const double x[] = {1, 2, 1, 2, 3, 4, 5, 6, 1, 2};
    double f[5];
    size_t k;
    gr_cache *c;
    (void)state;
    assert_int_equal(gr_cache_new(&c, 2, 16, 5), GR_OK);
    assert_int_equal(ask(c, x, 5, 2, f, &k), 3);
    assert_int_equal(k, 3);
    assert_true(f[0] == 21 && f[1] == 21 && f[2] == 43);
    assert_int_equal(gr_cache_repeated(c), 1);
    assert_int_equal(ask(c, x + 6, 2, 9, f, &k), 2);
    assert_int_equal(k, 1);
    assert_true(f[0] == 65 && f[1] == 21);
    gr_cache_free(c);
}

// Far more points than entries, in random order: whatever was forgotten is computed again.
static void it_stays_as_small_as_it_was_made(void **state)
{
    enum { BATCH = 40, ROUNDS = 300 };
    double x[2 * BATCH], f[BATCH];
    size_t k, computed = 0;
    gr_cache *c;
    gr_rng rng = gr_rng_of(3, 0);
    (void)state;
    assert_int_equal(gr_cache_new(&c, 2, 16, BATCH), GR_OK);
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < 2 * BATCH; i++) x[i] = (double)gr_rng_below(&rng, 9);
        assert_int_equal(ask(c, x, BATCH, BATCH, f, &k), BATCH);
        for (int i = 0; i < BATCH; i++) assert_true(f[i] == x[2 * i] + 10 * x[2 * i + 1]);
        computed += k;
    }
    assert_int_equal(computed + (size_t)gr_cache_repeated(c), BATCH * ROUNDS);
    assert_true(gr_cache_repeated(c) > BATCH * ROUNDS / 20);
    assert_true(computed > BATCH * ROUNDS / 4); // 81 points do not fit 16 places
    gr_cache_free(c);
}

// ---- in a solver ----

static atomic_long paid;

static gr_status bowl(const double *x, size_t n, void *context, double *f)
{
    (void)context;
    atomic_fetch_add(&paid, 1);
    *f = 0;
    for (size_t i = 0; i < n; i++) *f += (x[i] - 2.2) * (x[i] - 2.2);
    return GR_OK;
}

static gr_solver *solved(const gr_problem *p, const char *spec, size_t cache)
{
    gr_solver *s;
    gr_stop stop;
    gr_solver_options o = {.spec = spec, .seed = 4, .stop = "evaluations(700)", .cache = cache};
    atomic_store(&paid, 0);
    if (gr_solver_new(&s, p, &o)) fail_msg("%s: %s", spec, gr_errmsg());
    if (gr_solver_solve(s, &stop)) fail_msg("%s: %s", spec, gr_errmsg());
    return s;
}

static const double lo[N] = {-5, -5, -5}, hi[N] = {5, 5, 5};

static gr_coupled *whole_numbers(const gr_problem *p, const char *penalty)
{
    gr_coupled *c;
    gr_couplers by = {.inner = "integers", .additive = "x0 <= 1", .penalty = penalty};
    assert_int_equal(gr_coupled_new(&c, p, &by), GR_OK);
    return c;
}

static void solvers_find_the_same_and_pay_less(void **state)
{
    gr_problem p = {.name = "bowl", .cost = bowl, .n = N, .lo = lo, .hi = hi};
    gr_coupled *c = whole_numbers(&p, NULL);
    (void)state;
    for (const gr_solver_type *const *t = gr_solver_types; *t; t++) {
        double x[N], y[N];
        if ((*t)->missing) continue;
        gr_solver *without = solved(gr_coupled_problem(c), (*t)->name, 0);
        assert_int_equal(gr_solver_repeated(without), -1);
        gr_solver *with = solved(gr_coupled_problem(c), (*t)->name, 5000);
        assert_int_equal(gr_solver_evaluations(with), gr_solver_evaluations(without));
        assert_int_equal(gr_solver_generation(with), gr_solver_generation(without));
        assert_int_equal(paid + gr_solver_repeated(with), gr_solver_evaluations(with));
        assert_true(gr_solver_best(with, x) == gr_solver_best(without, y));
        assert_memory_equal(x, y, sizeof x);
        print_message("# %-11s paid %ld of %ld\n", (*t)->name, (long)paid,
                      (long)gr_solver_evaluations(with));
        assert_true(gr_solver_repeated(with) > 0);
        gr_solver_free(with), gr_solver_free(without);
    }
    gr_coupled_free(c);
}

// A heavier penalty is another cost.
static void costs_that_change_are_forgotten(void **state)
{
    gr_problem p = {.name = "bowl", .cost = bowl, .n = N, .lo = lo, .hi = hi};
    gr_coupled *c = whole_numbers(&p, "linear,k=0.1");
    gr_stop stop;
    (void)state;
    gr_solver *s = solved(gr_coupled_problem(c), "neldermead", 5000); // of one whole point
    double x[N], light = gr_solver_best(s, x);
    assert_int_equal(paid, 1);
    gr_coupled_next(c, x);
    assert_int_equal(gr_solver_stop_at(s, "evaluations(900)"), GR_OK);
    assert_int_equal(gr_solver_solve(s, &stop), GR_OK);
    assert_int_equal(paid, 2); // once more, heavier
    assert_true(gr_solver_best(s, NULL) == light);
    gr_solver_free(s);
    gr_coupled_free(c);
}

// 360 evaluations: whole generations of `de`; paid is what they cost.
static gr_solver *half_way(const gr_problem *p, const char *spec, size_t cache)
{
    gr_solver *s;
    gr_stop stop;
    gr_solver_options o = {.spec = spec, .seed = 4, .stop = "evaluations(360)", .cache = cache};
    atomic_store(&paid, 0);
    assert_int_equal(gr_solver_new(&s, p, &o), GR_OK);
    assert_int_equal(gr_solver_solve(s, &stop), GR_OK);
    return s;
}

// Saved, restored and gone on with; paid is what that cost.
static gr_solver *resumed(gr_solver *s, const gr_problem *p, size_t cache)
{
    char path[] = "/dev/shm/gradus-cache-XXXXXX";
    gr_saved *saved;
    gr_stop stop;
    gr_solver_options o = {.stop = "evaluations(700)", .cache = cache};
    int file = mkstemp(path);
    assert_true(file >= 0 && !close(file));
    assert_int_equal(gr_solver_save(s, path), GR_OK);
    gr_solver_free(s);
    assert_int_equal(gr_saved_open(&saved, path), GR_OK);
    assert_int_equal(unlink(path), 0);
    atomic_store(&paid, 0);
    if (gr_solver_restore(&s, p, saved, &o)) fail_msg("%s", gr_errmsg());
    gr_saved_close(saved);
    assert_int_equal(gr_solver_solve(s, &stop), GR_OK);
    return s;
}

// What was known when a run was saved is known when it goes on: nothing is paid twice.
static void a_resumed_run_pays_for_nothing_twice(void **state)
{
    static const char *const specs[] = {"de", "neldermead", "anneal"};
    static const size_t sizes[] = {5000, 40}; // all that is asked for, or less
    gr_problem p = {.name = "bowl", .cost = bowl, .n = N, .lo = lo, .hi = hi};
    gr_coupled *c = whole_numbers(&p, NULL);
    (void)state;
    for (size_t i = 0; i < 6; i++) {
        gr_solver *whole = solved(gr_coupled_problem(c), specs[i / 2], sizes[i % 2]);
        long all = paid;
        gr_solver *s = half_way(gr_coupled_problem(c), specs[i / 2], sizes[i % 2]);
        long before = paid;
        s = resumed(s, gr_coupled_problem(c), 0); // as large as it was
        assert_int_equal(gr_solver_evaluations(s), 700);
        assert_int_equal(gr_solver_repeated(s), gr_solver_repeated(whole));
        assert_int_equal(before + paid, all);
        assert_int_equal(before + paid + gr_solver_repeated(s), 700);
        gr_solver_free(s);
        s = half_way(gr_coupled_problem(c), specs[i / 2], sizes[i % 2]);
        s = resumed(s, gr_coupled_problem(c), 9000); // another size
        assert_int_equal(before + paid + gr_solver_repeated(s), 700);
        if (i % 2 == 0) assert_int_equal(before + paid, all);
        gr_solver_free(s);
        s = half_way(gr_coupled_problem(c), specs[i / 2], 0);
        s = resumed(s, gr_coupled_problem(c), 5000); // a new one counts from now on
        assert_int_equal(paid + gr_solver_repeated(s), 700 - 360);
        gr_solver_free(s), gr_solver_free(whole);
    }
    gr_coupled_free(c);
}

// A table of two points, saved and damaged.
static void damaged_tables_are_refused(void **state)
{
    const double x[] = {1, 2, 3, 4};
    double f[2];
    size_t k;
    gr_cache *c, *d;
    gr_array points, slots;
    (void)state;
    assert_int_equal(gr_cache_new(&c, 2, 16, 5), GR_OK);
    assert_int_equal(gr_cache_new(&d, 2, 16, 5), GR_OK);
    assert_int_equal(ask(c, x, 2, 9, f, &k), 2);
    assert_int_equal(gr_cache_dump(c, &plain, &points, &slots), GR_OK);
    assert_int_equal(points.shape[0], 2);
    int64_t *place = slots.data, good = place[1];
    for (int64_t bad = -1; bad <= 16 * 8; bad += 16 * 8 + 1) {
        place[1] = bad;
        assert_int_equal(gr_cache_load(d, &plain, &points, &slots, true, 0), GR_EDATA);
    }
    place[1] = good;
    assert_int_equal(gr_cache_load(d, &plain, &points, &slots, true, -1), GR_EDATA);
    assert_int_equal(gr_cache_load(d, &plain, &slots, &slots, true, 0), GR_EDATA);
    points.shape[0] = 1;
    assert_int_equal(gr_cache_load(d, &plain, &points, &slots, true, 0), GR_EDATA);
    points.shape[0] = 2;
    assert_int_equal(gr_cache_load(d, &plain, &points, &slots, true, 7), GR_OK);
    assert_int_equal(ask(d, x, 2, 9, f, &k), 2);
    assert_true(k == 0 && f[0] == 21 && f[1] == 43 && gr_cache_repeated(d) == 9);
    gr_problem other = plain;
    other.age++; // its costs are others now: nothing to be saved
    gr_array_free(&points), gr_array_free(&slots);
    assert_int_equal(gr_cache_dump(c, &other, &points, &slots), GR_OK);
    assert_int_equal(points.shape[0], 0);
    gr_array_free(&points), gr_array_free(&slots);
    gr_cache_free(c), gr_cache_free(d);
}

static void sizes_are_checked(void **state)
{
    gr_problem p = {.name = "bowl", .cost = bowl, .n = N, .lo = lo, .hi = hi};
    gr_solver *s;
    (void)state;
    gr_solver_options o = {.cache = (size_t)GR_CACHE_MOST + 1};
    assert_int_equal(gr_solver_new(&s, &p, &o), GR_EARG);
    assert_non_null(strstr(gr_errmsg(), "expected at most"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_are_computed_once),
        cmocka_unit_test(what_was_not_computed_is_not_known),
        cmocka_unit_test(it_stays_as_small_as_it_was_made),
        cmocka_unit_test(solvers_find_the_same_and_pay_less),
        cmocka_unit_test(costs_that_change_are_forgotten),
        cmocka_unit_test(a_resumed_run_pays_for_nothing_twice),
        cmocka_unit_test(damaged_tables_are_refused),
        cmocka_unit_test(sizes_are_checked),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
