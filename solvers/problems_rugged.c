// SPDX-License-Identifier: BSD-3-Clause
// problems_rugged -- test problems with many minima, in any number of dimensions (corana: up to 4).
#include "solvers/problem.h"
#include <math.h>

static double all(double *x, size_t n, double value, double least)
{
    for (size_t i = 0; i < n; i++) x[i] = value;
    return least;
}

static double at_zero(double *x, size_t n) { return all(x, n, 0, 0); }

// The least value of a function of one variable in [lo, hi], and where: by a scan, then ternary
// search. What the sums below need, whose terms know of nothing but their own coordinate.
static double least_of(double (*f)(double x, double k), double k, double lo, double hi, double *x)
{
    enum { SCAN = 20000, CUTS = 200 };
    double width = (hi - lo) / SCAN, best = lo;
    for (int i = 0; i <= SCAN; i++)
        if (f(lo + i * width, k) < f(best, k)) best = lo + i * width;
    double a = fmax(lo, best - width), b = fmin(hi, best + width);
    for (int i = 0; i < CUTS; i++) {
        double third = (b - a) / 3;
        if (f(a + third, k) < f(b - third, k))
            b -= third;
        else
            a += third;
    }
    *x = (a + b) / 2;
    return f(*x, k);
}

// ---- corana ----

static double corana(const double *x, size_t n)
{
    static const double weight[] = {1, 1000, 10, 100};
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        double z = copysign(floor(fabs(x[i] / 0.2) + 0.49999) * 0.2, x[i]);
        double side = z == 0 ? 0 : copysign(0.05, z), edge = z - side;
        sum += fabs(x[i] - z) < 0.05 ? 0.15 * weight[i] * edge * edge : weight[i] * x[i] * x[i];
    }
    return sum;
}

const gr_problem_type gr_problem_corana = {
    .name = "corana",
    .formula = "sum d_i x_i^2, but 0.15 d_i (z_i - 0.05 sgn z_i)^2 within 0.05 of z_i = a multiple "
               "of 0.2; d = 1, 1000, 10, 100",
    .source = "A. Corana et al., ACM TOMS 13 (1987) 262",
    .least = 1,
    .most = 4,
    .usual = 4,
    .lo = -1000,
    .hi = 1000,
    .value = corana,
    .optimum = at_zero,
    .multimodal = true,
};

// ---- griewangk ----

static double griewangk(const double *x, size_t n)
{
    double sum = 0, product = 1;
    for (size_t i = 0; i < n; i++) {
        sum += x[i] * x[i];
        product *= cos(x[i] / sqrt((double)(i + 1)));
    }
    return sum / 4000 - product + 1;
}

const gr_problem_type gr_problem_griewangk = {
    .name = "griewangk",
    .formula = "sum x_i^2 / 4000 - product cos(x_i / sqrt i) + 1",
    .source = "A. Griewank, J. Optimization Theory and Applications 34 (1981) 11",
    .least = 1,
    .usual = 10,
    .lo = -400,
    .hi = 400,
    .value = griewangk,
    .optimum = at_zero,
    .multimodal = true,
};

// ---- schwefel ----

static double schwefel(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum -= x[i] * sin(sqrt(fabs(x[i])));
    return sum;
}

static double at_schwefel(double *x, size_t n)
{
    return all(x, n, 420.9687463600, -418.98288727243374 * (double)n);
}

const gr_problem_type gr_problem_schwefel = {
    .name = "schwefel",
    .formula = "-sum x_i sin(sqrt |x_i|)",
    .source = "H.-P. Schwefel, Numerical Optimization of Computer Models (1981), problem 2.26",
    .least = 1,
    .usual = 5,
    .lo = -500,
    .hi = 500,
    .value = schwefel,
    .optimum = at_schwefel,
    .multimodal = true,
};

// ---- rastrigin ----

static double rastrigin(const double *x, size_t n)
{
    double sum = 10 * (double)n;
    for (size_t i = 0; i < n; i++) sum += x[i] * x[i] - 10 * cos(2 * M_PI * x[i]);
    return sum;
}

const gr_problem_type gr_problem_rastrigin = {
    .name = "rastrigin",
    .formula = "10 n + sum (x_i^2 - 10 cos(2 pi x_i))",
    .source = "H. Muhlenbein, M. Schomisch and J. Born, Parallel Computing 17 (1991) 619",
    .least = 1,
    .usual = 5,
    .lo = -5.12,
    .hi = 5.12,
    .value = rastrigin,
    .optimum = at_zero,
    .multimodal = true,
};

// ---- ackley ----

static double ackley(const double *x, size_t n)
{
    double square = 0, wave = 0;
    for (size_t i = 0; i < n; i++) {
        square += x[i] * x[i];
        wave += cos(2 * M_PI * x[i]);
    }
    return 20 * -expm1(-0.2 * sqrt(square / (double)n)) + M_E - exp(wave / (double)n);
}

const gr_problem_type gr_problem_ackley = {
    .name = "ackley",
    .formula = "20 - 20 exp(-0.2 sqrt(mean x_i^2)) + e - exp(mean cos(2 pi x_i))",
    .source = "D. Ackley, A Connectionist Machine for Genetic Hillclimbing (1987)",
    .least = 1,
    .usual = 5,
    .lo = -32.768,
    .hi = 32.768,
    .value = ackley,
    .optimum = at_zero,
    .multimodal = true,
};

// ---- michal ----

static double michal_term(double x, double k)
{
    double s = sin(k * x * x / M_PI);
    return -sin(x) * pow(s * s, 10);
}

static double michal(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += michal_term(x[i], (double)(i + 1));
    return sum;
}

static double at_michal(double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += least_of(michal_term, (double)(i + 1), 0, M_PI, &x[i]);
    return sum;
}

const gr_problem_type gr_problem_michal = {
    .name = "michal",
    .formula = "-sum sin x_i (sin(i x_i^2 / pi))^20",
    .source = "Z. Michalewicz, Genetic Algorithms + Data Structures = Evolution Programs (1992)",
    .least = 1,
    .usual = 5,
    .lo = 0,
    .hi = M_PI,
    .value = michal,
    .optimum = at_michal,
    .multimodal = true,
};

// ---- wavy1, wavy2 ----

static double wavy1(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += fabs(x[i] + 3 * sin(x[i] + M_PI) + M_PI);
    return sum;
}

static double at_wavy1(double *x, size_t n) { return all(x, n, -M_PI, 0); }

const gr_problem_type gr_problem_wavy1 = {
    .name = "wavy1",
    .formula = "sum |x_i + 3 sin(x_i + pi) + pi|",
    .source =
        "M. McKerns et al., mystic: highly-constrained non-convex optimization (2009-), models",
    .least = 1,
    .usual = 2,
    .lo = -40,
    .hi = 40,
    .value = wavy1,
    .optimum = at_wavy1,
    .multimodal = true,
};

static double wavy2_term(double x, double k)
{
    (void)k;
    double sum = 4 * sin(x);
    for (int m = 4; m <= 64; m *= 2) sum += sin(m * x);
    return sum;
}

static double wavy2(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += wavy2_term(x[i], 0);
    return sum;
}

static double at_wavy2(double *x, size_t n)
{
    double least = least_of(wavy2_term, 0, -M_PI, M_PI, &x[0]);
    return all(x, n, x[0], (double)n * least);
}

const gr_problem_type gr_problem_wavy2 = {
    .name = "wavy2",
    .formula = "sum 4 sin x_i + sin 4x_i + sin 8x_i + sin 16x_i + sin 32x_i + sin 64x_i",
    .source =
        "M. McKerns et al., mystic: highly-constrained non-convex optimization (2009-), models",
    .least = 1,
    .usual = 2,
    .lo = -10,
    .hi = 10,
    .value = wavy2,
    .optimum = at_wavy2,
    .multimodal = true,
};
