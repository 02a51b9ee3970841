// SPDX-License-Identifier: BSD-3-Clause
// The functions of a contest, and how they are moved and turned.
//
// Source of the functions: N. Hansen, S. Finck, R. Ros and A. Auger, Real-parameter black-box
// optimization benchmarking 2009: noiseless functions definitions, INRIA RR-6829.
#include "bench/contest.h"
#include "lib/rng.h"
#include <math.h>
#include <string.h>

static double squares(const double *z, size_t from, size_t n)
{
    double sum = 0;
    for (size_t i = from; i < n; i++) sum += z[i] * z[i];
    return sum;
}

static double sphere(const double *z, size_t n) { return squares(z, 0, n); }

static double ellipsoid(const double *z, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += pow(1e6, (double)i / (double)(n - 1)) * z[i] * z[i];
    return sum;
}

static double cigar(const double *z, size_t n) { return z[0] * z[0] + 1e6 * squares(z, 1, n); }

static double discus(const double *z, size_t n) { return 1e6 * z[0] * z[0] + squares(z, 1, n); }

static double powers(const double *z, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += pow(fabs(z[i]), 2 + 4 * (double)i / (double)(n - 1));
    return sqrt(sum);
}

static double rosenbrock(const double *z, size_t n)
{
    double sum = 0, wide = fmax(1, sqrt((double)n) / 8);
    for (size_t i = 0; i + 1 < n; i++) {
        double a = wide * z[i] + 1, b = wide * z[i + 1] + 1;
        sum += 100 * (b - a * a) * (b - a * a) + (1 - a) * (1 - a);
    }
    return sum;
}

static double rastrigin(const double *z, size_t n)
{
    double sum = squares(z, 0, n);
    for (size_t i = 0; i < n; i++) sum += 10 - 10 * cos(2 * M_PI * z[i]);
    return sum;
}

static double ackley(const double *z, size_t n)
{
    double waves = 0, d = (double)n;
    for (size_t i = 0; i < n; i++) waves += cos(2 * M_PI * z[i]);
    return 20 - 20 * exp(-0.2 * sqrt(squares(z, 0, n) / d)) + exp(1) - exp(waves / d);
}

const gr_contest_function gr_contest_functions[] = {
    {"sphere", "sum z_i^2", sphere},
    {"ellipsoid", "sum 10^(6 (i-1)/(n-1)) z_i^2", ellipsoid},
    {"cigar", "z_1^2 + 10^6 sum_(i>1) z_i^2", cigar},
    {"discus", "10^6 z_1^2 + sum_(i>1) z_i^2", discus},
    {"powers", "sqrt(sum |z_i|^(2 + 4 (i-1)/(n-1)))", powers},
    {"rosenbrock", "sum 100 (y_(i+1) - y_i^2)^2 + (1 - y_i)^2, y = max(1, sqrt(n)/8) z + 1",
     rosenbrock},
    {"rastrigin", "10 n + sum (z_i^2 - 10 cos(2 pi z_i))", rastrigin},
    {"ackley", "20 - 20 exp(-0.2 sqrt(mean z_i^2)) + e - exp(mean cos(2 pi z_i))", ackley},
    {0},
};

double gr_contest_target(size_t i) { return pow(10, 2 - (double)i); }

static void uniform(gr_rng *rng, double *x, size_t n)
{
    for (size_t i = 0; i < n; i++) x[i] = -4 + 8 * gr_rng_unit(rng);
}

// Normal rows, each made orthogonal to those before it: a rotation, uniform among all.
static void rotation(gr_rng *rng, double *turn, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double *row = turn + i * n, size;
        for (size_t k = 0; k < n; k++) row[k] = gr_rng_normal(rng);
        for (size_t j = 0; j < i; j++) {
            double dot = 0;
            for (size_t k = 0; k < n; k++) dot += row[k] * turn[j * n + k];
            for (size_t k = 0; k < n; k++) row[k] -= dot * turn[j * n + k];
        }
        size = sqrt(squares(row, 0, n));
        for (size_t k = 0; k < n; k++) row[k] /= size;
    }
}

void gr_instance_make(gr_instance *instance, const gr_contest_function *function, size_t n,
                      uint64_t seed)
{
    gr_rng rng = gr_rng_of(seed, 1);
    memset(instance, 0, sizeof *instance);
    instance->function = function, instance->n = n, instance->budget = INT64_MAX;
    uniform(&rng, instance->shift, n);
    uniform(&rng, instance->x0, n);
    rotation(&rng, instance->turn, n);
}

gr_status gr_instance_cost(const double *x, size_t n, void *context, double *f)
{
    gr_instance *c = context;
    double z[GR_CONTEST_DIM];
    for (size_t i = 0; i < n; i++) {
        z[i] = 0;
        for (size_t k = 0; k < n; k++) z[i] += c->turn[i * n + k] * (x[k] - c->shift[k]);
    }
    *f = c->function->value(z, n);
    c->spent++;
    for (size_t i = 0; i < GR_CONTEST_TARGETS; i++)
        if (!c->hit[i] && *f <= gr_contest_target(i)) c->hit[i] = c->spent;
    c->done = c->hit[GR_CONTEST_TARGETS - 1] || c->spent >= c->budget;
    return GR_OK;
}
