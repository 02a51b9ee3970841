// SPDX-License-Identifier: BSD-3-Clause
// Quadratic models: eigenvalues, systems, least values in a trust region, interpolation; and the
// solver that is made of them.
#include "solvers/trust.h"
#include "lib/rng.h"
#include "solvers/interpolate.h"
#include "solvers/solver.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { N = 6, POINTS = (N + 1) * (N + 2) / 2 };

static void draw(gr_rng *rng, double *x, size_t n)
{
    for (size_t i = 0; i < n; i++) x[i] = gr_rng_normal(rng);
}

// Eigenvalues of either sign and of sizes from 1e-6 to 1.
static void draw_symmetric(gr_rng *rng, double *a)
{
    double b[N * N];
    draw(rng, b, N * N);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++) {
            a[i * N + j] = 0;
            for (size_t k = 0; k < N; k++)
                a[i * N + j] +=
                    pow(10, -(double)k) * (k % 2 ? -1 : 1) * b[k * N + i] * b[k * N + j];
        }
}

static double value(const double *g, const double *h, const double *d)
{
    double sum = 0;
    for (size_t i = 0; i < N; i++) {
        sum += g[i] * d[i];
        for (size_t j = 0; j < N; j++) sum += d[i] * h[i * N + j] * d[j] / 2;
    }
    return sum;
}

static void eigenvectors_rebuild_their_matrix(void **state)
{
    gr_rng rng = gr_rng_of(1, 0);
    (void)state;
    for (int trial = 0; trial < 20; trial++) {
        double a[N * N], copy[N * N], e[N], v[N * N], room[2 * N];
        draw_symmetric(&rng, a);
        if (trial == 0) memset(a, 0, sizeof a);
        if (trial == 1) a[1] = a[N] = 1e-300;
        for (size_t i = 0; i < N * N; i++) a[i] *= trial % 5 == 2 ? 0x1p900 : 1;
        double size = trial % 5 == 2 ? 0x1p900 : 1;
        memcpy(copy, a, sizeof a);
        gr_eigen(N, copy, e, v, room);
        for (size_t i = 0; i < N; i++)
            for (size_t j = 0; j < N; j++) {
                double sum = 0, dot = 0;
                for (size_t k = 0; k < N; k++) {
                    sum += v[k * N + i] * e[k] * v[k * N + j];
                    dot += v[k * N + i] * v[k * N + j];
                }
                assert_true(fabs(sum - a[i * N + j]) < 1e-13 * size);
                assert_true(fabs(dot - (i == j)) < 1e-14);
            }
    }
}

static void inverses_are_inverse_or_refused(void **state)
{
    gr_rng rng = gr_rng_of(2, 0);
    double a[N * N], b[N * N], pivot[N];
    (void)state;
    for (int trial = 0; trial < 20; trial++) {
        draw(&rng, a, N * N);
        a[0] = 0; // rows must be exchanged
        memcpy(b, a, sizeof a);
        assert_true(gr_invert(N, b, pivot));
        for (size_t i = 0; i < N * N; i++) {
            double sum = 0;
            for (size_t k = 0; k < N; k++) sum += a[i / N * N + k] * b[k * N + i % N];
            assert_true(fabs(sum - (i % (N + 1) == 0)) < 1e-10);
        }
    }
    for (size_t i = 0; i < N; i++) a[i * N + 2] = 0;
    memcpy(b, a, sizeof a);
    assert_false(gr_invert(N, b, pivot));
    for (size_t i = 0; i < N; i++) a[i * N + 2] = NAN;
    assert_false(gr_invert(N, a, pivot));
}

// No point drawn in the region is lower; and the step is in the region.
static void no_point_of_the_region_is_lower(void **state)
{
    gr_rng rng = gr_rng_of(3, 0);
    (void)state;
    double *room = calloc(gr_trust_room(N), sizeof *room);
    for (int trial = 0; trial < 60; trial++) {
        double g[N], h[N * N], lo[N], hi[N], d[N], x[N], curve, radius = trial % 3 ? 1 : 0.01;
        bool bounded = trial % 2;
        draw(&rng, g, N), draw_symmetric(&rng, h);
        if (trial % 5 == 0) g[0] = 0;
        for (size_t i = 0; i < N; i++) {
            lo[i] = bounded ? -0.4 * gr_rng_unit(&rng) : -INFINITY;
            hi[i] = bounded ? 0.4 * gr_rng_unit(&rng) : INFINITY;
        }
        double least = gr_trust_step(N, g, h, lo, hi, radius, d, &curve, room), size = 0, sum;
        assert_true(fabs(least - value(g, h, d)) < 1e-12);
        for (size_t i = 0; i < N; i++) size += d[i] * d[i];
        assert_true(sqrt(size) <= radius * (1 + 1e-9));
        for (size_t i = 0; i < N; i++) assert_true(d[i] >= lo[i] && d[i] <= hi[i]);
        for (int i = 0; i < 2000; i++) {
            draw(&rng, x, N);
            sum = 0;
            for (size_t k = 0; k < N; k++) sum += x[k] * x[k];
            for (size_t k = 0; k < N; k++)
                x[k] = fmin(fmax(x[k] * radius / sqrt(sum), lo[k]), hi[k]);
            // In bounds the step is good, not exact.
            assert_true(value(g, h, x) >= (bounded ? 1.25 : 1 + 1e-9) * least - 1e-12);
        }
    }
    free(room);
}

// The gradient has no part along the axis that goes down.
static void the_hard_case_reaches_the_sphere(void **state)
{
    const double g[2] = {1, 0}, h[4] = {2, 0, 0, -1}, far[2] = {9, 9}, near[2] = {-9, -9};
    double d[2], curve, room[32];
    (void)state;
    assert_true(gr_trust_room(2) <= sizeof room / sizeof *room);
    // d = (-1/3, +-sqrt(8)/3) on the unit circle
    double least = gr_trust_step(2, g, h, near, far, 1, d, &curve, room);
    assert_true(fabs(least - (-1. / 3 + 1. / 9 - 4. / 9)) < 1e-9);
    assert_true(fabs(d[0] + 1. / 3) < 1e-6 && fabs(fabs(d[1]) - sqrt(8) / 3) < 1e-6);
    assert_true(curve == 0);
}

typedef struct fitted {
    gr_interpolation q;
    double f[POINTS], g[N], h[N * N]; // values; what is fitted to them
    double *room;
} fitted;

static void check_values(const fitted *t)
{
    double at = value(t->g, t->h, t->q.z);
    for (size_t j = 0; j < t->q.p; j++)
        assert_true(fabs(value(t->g, t->h, t->q.z + j * N) - at - (t->f[j] - t->f[0])) < 1e-8);
}

// Lagrange's functions: their values at x, and that of point 3 as a quadratic, which is 1 there.
static void check_lagrange(const fitted *t, const double *x)
{
    double g[N], h[N * N], sum = 0;
    gr_interpolation_weights(&t->q, x);
    gr_interpolation_lagrange(&t->q, 3, g, h);
    double at_3 = value(g, h, t->q.z + 3 * N), other = value(g, h, t->q.z);
    assert_true(fabs(at_3 - other - 1) < 1e-8);
    assert_true(fabs(value(g, h, x) - other - t->q.weight[3]) < 1e-7);
    for (size_t j = 0; j < t->q.p; j++) sum += t->q.weight[j];
    assert_true(fabs(sum - 1) < 1e-8); // a constant is interpolated
}

static void interpolate(size_t p, bool exact)
{
    gr_rng rng = gr_rng_of(4, p);
    double g[N], h[N * N], x[N];
    fitted t = {
        .room = calloc(gr_interpolation_kept(N, p) + gr_interpolation_room(N, p), sizeof *t.room)};
    t.q = gr_interpolation_of(N, p, t.room, t.room + gr_interpolation_kept(N, p));
    draw(&rng, g, N), draw_symmetric(&rng, h);
    for (size_t k = 0; k < N * N; k++) t.h[k] = exact ? 0 : h[k] + 0.01;
    draw(&rng, t.q.z, N * p);
    assert_true(gr_interpolation_begin(&t.q));
    for (int round = 0; round < 3 * POINTS; round++) { // all points are exchanged, some often
        for (size_t j = 0; j < p; j++) t.f[j] = value(g, h, t.q.z + j * N) + 7;
        gr_interpolation_fit(&t.q, t.f, (size_t)round % p, t.g, t.h);
        check_values(&t);
        draw(&rng, x, N);
        if (exact) assert_true(fabs(value(t.g, t.h, x) - value(g, h, x)) < 1e-7);
        check_lagrange(&t, x);
        size_t out = 0;
        for (size_t j = 0; j < p; j++)
            if (fabs(t.q.weight[j]) > fabs(t.q.weight[out])) out = j;
        assert_true(gr_interpolation_exchange(&t.q, out, x));
        memcpy(t.q.z + out * N, x, sizeof x);
    }
    gr_interpolation_weights(&t.q, t.q.z); // the place of another point: never both
    assert_false(gr_interpolation_exchange(&t.q, 1, t.q.z));
    memset(t.q.z, 0, N * p * sizeof *t.q.z); // points that do not differ
    assert_false(gr_interpolation_begin(&t.q));
    free(t.room);
}

static void quadratics_go_through_their_points(void **state)
{
    (void)state;
    interpolate(POINTS, true);
    interpolate(2 * N + 1, false);
}

// ---- the solver ----

typedef struct bowl {
    const double *h;
    double at, nan_above; // the least is at (at, at, ...)
    int64_t calls;
} bowl;

static gr_status cost(const double *x, size_t n, void *context, double *f)
{
    bowl *b = context;
    const double none[N] = {0};
    double d[N];
    for (size_t i = 0; i < n; i++) d[i] = x[i] - b->at;
    b->calls++;
    *f = x[0] > b->nan_above ? NAN : value(none, b->h, d);
    return GR_OK;
}

static double solved(bowl *b, const double *lo, const double *hi, double *x, gr_stop *stop)
{
    gr_problem p = {.name = "bowl", .cost = cost, .context = b, .n = N, .lo = lo, .hi = hi};
    gr_solver *s;
    b->calls = 0;
    assert_int_equal(gr_solver_new(&s, &p, &(gr_solver_options){.spec = "quadratic", .seed = 3}),
                     GR_OK);
    assert_int_equal(gr_solver_solve(s, stop), GR_OK);
    double f = gr_solver_best(s, x);
    gr_solver_free(s);
    return f;
}

// Eigenvalues from 1 to 1e6, in a basis that is turned.
static void turned_bowl(double *h)
{
    gr_rng rng = gr_rng_of(6, 0);
    double a[N * N], e[N], v[N * N], room[2 * N];
    draw_symmetric(&rng, a);
    gr_eigen(N, a, e, v, room);
    for (size_t i = 0; i < N * N; i++) {
        h[i] = 0;
        for (size_t k = 0; k < N; k++)
            h[i] += v[k * N + i / N] * pow(1e6, (double)k / (N - 1)) * v[k * N + i % N];
    }
}

static void a_bowl_takes_one_model(void **state)
{
    double h[N * N], x[N], lo[N], hi[N];
    gr_stop stop;
    (void)state;
    turned_bowl(h);
    for (size_t i = 0; i < N; i++) lo[i] = -5, hi[i] = 5;
    bowl b = {.h = h, .at = 1, .nan_above = INFINITY};
    gr_problem p = {.name = "bowl", .cost = cost, .context = &b, .n = N, .lo = lo, .hi = hi};
    gr_solver *s;
    gr_solver_options o = {.spec = "quadratic", .seed = 3, .stop = "vtr(1e-8)"};
    assert_int_equal(gr_solver_new(&s, &p, &o), GR_OK);
    assert_int_equal(gr_solver_solve(s, &stop), GR_OK);
    assert_int_equal(stop, GR_STOP_CONVERGED);
    assert_true(b.calls <= POINTS + 12);
    gr_solver_free(s);
    assert_true(solved(&b, lo, hi, x, &stop) < 1e-12);
    assert_true(stop != GR_STOP_EVALUATIONS && b.calls < 1000);
    for (size_t i = 0; i < N; i++) assert_true(fabs(x[i] - 1) < 1e-6);
}

static void bounds_and_holes_are_borne(void **state)
{
    double h[N * N] = {0}, x[N], lo[N], hi[N];
    gr_stop stop;
    (void)state;
    for (size_t i = 0; i < N; i++) h[i * N + i] = 2 + (double)i, lo[i] = -5, hi[i] = 5;
    bowl b = {.h = h, .at = 1, .nan_above = 2}; // no number where x0 > 2
    assert_true(solved(&b, lo, hi, x, &stop) < 1e-9);
    lo[0] = hi[0] = 3, hi[1] = 0.5; // one coordinate is fixed, one ends too early
    b.nan_above = INFINITY;
    assert_true(fabs(solved(&b, lo, hi, x, &stop) - (4 + 3. / 2 / 4)) < 1e-9);
    assert_true(x[0] == 3 && x[1] == 0.5);
    for (size_t i = 0; i < N; i++) lo[i] = hi[i] = 2;
    solved(&b, lo, hi, x, &stop);
    assert_int_equal(stop, GR_STOP_ENDED);
    assert_int_equal(b.calls, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(eigenvectors_rebuild_their_matrix),
        cmocka_unit_test(inverses_are_inverse_or_refused),
        cmocka_unit_test(no_point_of_the_region_is_lower),
        cmocka_unit_test(the_hard_case_reaches_the_sphere),
        cmocka_unit_test(quadratics_go_through_their_points),
        cmocka_unit_test(a_bowl_takes_one_model),
        cmocka_unit_test(bounds_and_holes_are_borne),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
