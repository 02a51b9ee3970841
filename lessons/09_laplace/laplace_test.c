// SPDX-License-Identifier: BSD-3-Clause
// Oracles from mathematics: harmonic functions on the edges, and what the fields must become
// inside.
#include "lessons/09_laplace/laplace.h"
#include "lib/proc.h"
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

extern const gr_ladder gr_ladder_laplace, gr_ladder_jacobi;

typedef double harmonic(double x, double y);

static double saddle(double x, double y) { return x * x - y * y; }
static double sine(double x, double y) { return sinh(M_PI * y) * sin(M_PI * x) / sinh(M_PI); }

static gr_laplace *new_problem(const gr_ladder *ladder, size_t n, size_t steps)
{
    void *p = NULL;
    assert_int_equal(ladder->setup(&p, (gr_size){n, steps}, 1), GR_OK);
    return p;
}

static double exact(const gr_laplace *p, harmonic *f, size_t i, size_t j)
{
    double h = 1.0 / (double)(p->n - 1);
    return f((double)j * h, (double)i * h);
}

static void set_edges(gr_laplace *p, harmonic *f)
{
    size_t n = p->n;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            if (i == 0 || j == 0 || i == n - 1 || j == n - 1) {
                p->u[i * n + j] = exact(p, f, i, j);
                if (p->other) p->other[i * n + j] = p->u[i * n + j];
            }
}

static void run(const gr_ladder *ladder, const char *rung, gr_laplace *p, int workers)
{
    int k = gr_ladder_find(ladder, rung);
    assert_true(k >= 0);
    assert_int_equal(ladder->rungs[k].run(p, workers), GR_OK);
}

// The largest distance from the exact solution; NaN if there is one.
static double distance(const gr_laplace *p, harmonic *f)
{
    double largest = 0;
    for (size_t i = 0; i < p->n; i++)
        for (size_t j = 0; j < p->n; j++) {
            double d = fabs(p->u[i * p->n + j] - exact(p, f, i, j));
            if (!(d <= largest)) largest = d;
        }
    return largest;
}

static double converged_distance(const gr_ladder *ladder, const char *rung, size_t n, size_t steps,
                                 harmonic *f)
{
    gr_laplace *p = new_problem(ladder, n, steps);
    set_edges(p, f);
    run(ladder, rung, p, 1);
    double d = distance(p, f);
    assert_true(p->errors[steps - 1] <= 1e-12);
    ladder->teardown(p);
    return d;
}

// x^2 - y^2 solves the five-point equations exactly: only rounding remains.
static void sweeps_converge_to_the_harmonic_solution(void **state)
{
    (void)state;
    assert_true(converged_distance(&gr_ladder_laplace, "hoisted", 33, 4000, saddle) <= 1e-12);
    assert_true(converged_distance(&gr_ladder_laplace, "pipelined", 33, 4000, saddle) <= 1e-12);
    assert_true(converged_distance(&gr_ladder_jacobi, "tiled", 33, 8000, saddle) <= 1e-12);
}

// sinh(pi y) sin(pi x) / sinh(pi) does not: the error is that of the discretisation, O(h^2).
static void the_error_is_of_second_order(void **state)
{
    (void)state;
    double d[3];
    for (size_t k = 0, n = 17; k < 3; k++, n = 2 * n - 1)
        d[k] = converged_distance(&gr_ladder_laplace, "pipelined", n, 4 * n * n, sine);
    for (int k = 0; k < 2; k++) {
        double order = log2(d[k] / d[k + 1]);
        assert_true(order >= 1.9 && order <= 2.1);
    }
}

static void same_run(const gr_ladder *ladder, const char *a, const char *b, gr_size size,
                     int workers)
{
    gr_laplace *p = new_problem(ladder, size.n, size.steps);
    gr_laplace *q = new_problem(ladder, size.n, size.steps);
    run(ladder, a, p, 1);
    run(ladder, b, q, workers);
    assert_memory_equal(p->u, q->u, size.n * size.n * sizeof *p->u);
    assert_memory_equal(p->errors, q->errors, size.steps * sizeof *p->errors);
    ladder->teardown(q);
    ladder->teardown(p);
}

static void the_pipeline_keeps_every_bit(void **state)
{
    (void)state;
    for (size_t steps = 1; steps <= 51; steps += 2)
        for (int workers = 1; workers <= 5; workers += 2) {
            same_run(&gr_ladder_laplace, "hoisted", "pipelined", (gr_size){41, steps}, 1);
            same_run(&gr_ladder_laplace, "hoisted", "threads", (gr_size){67, steps}, workers);
        }
}

// Parts have 1024 columns and 256 rows: one part, two, one more point than fills a part.
static void tiles_keep_every_bit(void **state)
{
    (void)state;
    static const gr_size sizes[] = {{3, 9},    {40, 8},    {100, 33},  {257, 40},  {258, 16},
                                    {514, 33}, {1025, 18}, {1026, 35}, {1100, 17}, {1537, 5}};
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        same_run(&gr_ladder_jacobi, "simd", "tiled", sizes[k], 1);
        for (int workers = 2; workers <= 5; workers++)
            same_run(&gr_ladder_jacobi, "simd", "threads", sizes[k], workers);
    }
}

// More workers than rows, too.
static void processes_keep_every_bit(void **state)
{
    (void)state;
    static const gr_size sizes[] = {{3, 9}, {4, 1}, {40, 8}, {100, 33}};
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
        for (int workers = 1; workers <= 45; workers += workers < 5 ? 1 : 20)
            same_run(&gr_ladder_jacobi, "openmp", "fork", sizes[k], workers);
}

// Kills one child of `parent` as soon as it has `wanted` of them.
static void kill_a_child_of(pid_t parent, int wanted, int which)
{
    char path[64], text[256];
    int child[8], n = 0;
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", parent, parent);
    while (n < wanted) {
        gr_proc_read(path, text, sizeof text);
        n = 0;
        for (char *at = text, *end; n < 8 && (child[n] = (int)strtol(at, &end, 10)) > 0; at = end)
            n += child[n] != getpid();
    }
    usleep(20000);
    kill(child[which], SIGKILL);
    _exit(0);
}

static void a_killed_process_is_a_failure_in_words(void **state)
{
    (void)state;
    int k = gr_ladder_find(&gr_ladder_jacobi, "fork");
    if (access("/proc/thread-self/children", R_OK)) skip(); // a kernel without such lists
    for (int which = 0; which < 3; which++) {
        gr_laplace *p = new_problem(&gr_ladder_jacobi, 300, 1000000); // minutes, if nobody dies
        pid_t parent = getpid(), killer = fork();
        if (killer == 0) kill_a_child_of(parent, 3, which);
        assert_int_equal(gr_ladder_jacobi.rungs[k].run(p, 3), GR_ESYS);
        assert_non_null(strstr(gr_errmsg(), "was killed by signal 9"));
        assert_int_equal(waitpid(killer, NULL, 0), killer);
        assert_true(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD); // nobody is left
        gr_ladder_jacobi.teardown(p);
    }
}

static void sizes_without_an_interior_change_nothing(void **state)
{
    (void)state;
    const gr_ladder *const ladders[] = {&gr_ladder_laplace, &gr_ladder_jacobi};
    for (size_t l = 0; l < 2; l++)
        for (size_t n = 0; n < 3; n++)
            for (const gr_rung *r = ladders[l]->rungs; r->name; r++) {
                if (!r->run) continue; // of MPI ranks: bench/tests/mpi.sh
                gr_laplace *p = new_problem(ladders[l], n, 2);
                p->errors[0] = p->errors[1] = NAN;
                assert_int_equal(r->run(p, 1), GR_OK);
                assert_true(p->errors[0] == 0 && p->errors[1] == 0);
                assert_true(n == 0 || distance(p, saddle) <= 1e-15 || n == 1);
                assert_true(ladders[l]->work(p) <= 0);
                ladders[l]->teardown(p);
            }
}

static void too_large_is_refused(void **state)
{
    (void)state;
    void *p = &p;
    assert_int_equal(gr_laplace_setup(&p, (gr_size){SIZE_MAX, 1}, 1), GR_ENOMEM);
    assert_null(p);
    assert_int_equal(gr_jacobi_setup(&p, (gr_size){UINT32_MAX, 1}, 1), GR_ENOMEM);
    assert_int_equal(gr_jacobi_setup(&p, (gr_size){8, SIZE_MAX}, 1), GR_ENOMEM);
    assert_null(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sweeps_converge_to_the_harmonic_solution),
        cmocka_unit_test(the_error_is_of_second_order),
        cmocka_unit_test(the_pipeline_keeps_every_bit),
        cmocka_unit_test(tiles_keep_every_bit),
        cmocka_unit_test(processes_keep_every_bit),
        cmocka_unit_test(a_killed_process_is_a_failure_in_words),
        cmocka_unit_test(sizes_without_an_interior_change_nothing),
        cmocka_unit_test(too_large_is_refused),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
