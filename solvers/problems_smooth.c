// SPDX-License-Identifier: BSD-3-Clause
// problems_smooth -- test problems with one valley or few, in any number of dimensions or in a
// fixed one. Formulas count coordinates from 1; here they are x[0], x[1], ...
#include "solvers/problem.h"
#include <math.h>

static double all(double *x, size_t n, double value, double least)
{
    for (size_t i = 0; i < n; i++) x[i] = value;
    return least;
}

static double at_zero(double *x, size_t n) { return all(x, n, 0, 0); }
static double at_one(double *x, size_t n) { return all(x, n, 1, 0); }

// ---- sphere ----

static double sphere(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += x[i] * x[i];
    return sum;
}

const gr_problem_type gr_problem_sphere = {
    .name = "sphere",
    .formula = "sum x_i^2",
    .source = "K. De Jong, dissertation, University of Michigan (1975), F1",
    .least = 1,
    .usual = 3,
    .lo = -5.12,
    .hi = 5.12,
    .value = sphere,
    .optimum = at_zero,
};

// ---- rosen ----

static double rosen(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i + 1 < n; i++) {
        double a = x[i + 1] - x[i] * x[i], b = 1 - x[i];
        sum += 100 * (a * a) + b * b;
    }
    return sum;
}

const gr_problem_type gr_problem_rosen = {
    .name = "rosen",
    .formula = "sum 100 (x_(i+1) - x_i^2)^2 + (1 - x_i)^2",
    .source = "H. Rosenbrock, Computer J. 3 (1960) 175",
    .least = 2,
    .usual = 3,
    .lo = -5,
    .hi = 10,
    .value = rosen,
    .optimum = at_one,
};

// ---- step ----

static double step(const double *x, size_t n)
{
    double sum = 30;
    for (size_t i = 0; i < n; i++)
        sum += fabs(x[i]) <= 5.12 ? floor(x[i]) : 30 * (fabs(x[i]) - 5.12);
    return sum;
}

static double at_lowest_step(double *x, size_t n) { return all(x, n, -5.06, 30 - 6 * (double)n); }

const gr_problem_type gr_problem_step = {
    .name = "step",
    .formula = "30 + sum floor(x_i), or 30 (|x_i| - 5.12) beyond 5.12",
    .source = "K. De Jong, dissertation, University of Michigan (1975), F3; R. Storn and K. Price, "
              "J. Global Optimization 11 (1997) 341",
    .least = 1,
    .usual = 5,
    .lo = -5.12,
    .hi = 5.12,
    .value = step,
    .optimum = at_lowest_step,
};

// ---- quartic ----

static double quartic(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += (double)(i + 1) * (x[i] * x[i]) * (x[i] * x[i]);
    return sum;
}

const gr_problem_type gr_problem_quartic = {
    .name = "quartic",
    .formula = "sum i x_i^4 (without the noise of the original, since a cost depends on x alone)",
    .source = "K. De Jong, dissertation, University of Michigan (1975), F4",
    .least = 1,
    .usual = 10,
    .lo = -1.28,
    .hi = 1.28,
    .value = quartic,
    .optimum = at_zero,
};

// ---- ellipsoid ----

static double ellipsoid(const double *x, size_t n)
{
    double sum = 0, prefix = 0;
    for (size_t i = 0; i < n; i++) {
        prefix += x[i];
        sum += prefix * prefix;
    }
    return sum;
}

const gr_problem_type gr_problem_ellipsoid = {
    .name = "ellipsoid",
    .formula = "sum (x_1 + ... + x_i)^2",
    .source = "H.-P. Schwefel, Numerical Optimization of Computer Models (1981), problem 1.2",
    .least = 1,
    .usual = 5,
    .lo = -65.536,
    .hi = 65.536,
    .value = ellipsoid,
    .optimum = at_zero,
};

// ---- powers ----

static double powers(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += pow(fabs(x[i]), (double)(i + 2));
    return sum;
}

const gr_problem_type gr_problem_powers = {
    .name = "powers",
    .formula = "sum |x_i|^(i+1)",
    .source = "T. Back and H.-P. Schwefel, Evolutionary Computation 1 (1993) 1",
    .least = 1,
    .usual = 5,
    .lo = -1,
    .hi = 1,
    .value = powers,
    .optimum = at_zero,
};

// ---- branins ----

static double branins(const double *x, size_t n)
{
    (void)n;
    double a = x[1] - 5.1 / (4 * M_PI * M_PI) * x[0] * x[0] + 5 / M_PI * x[0] - 6;
    return a * a + 10 * (1 - 1 / (8 * M_PI)) * cos(x[0]) + 10;
}

static double at_branins(double *x, size_t n)
{
    (void)n;
    x[0] = M_PI, x[1] = 2.275;
    return 5 / (4 * M_PI);
}

const gr_problem_type gr_problem_branins = {
    .name = "branins",
    .formula = "(x_2 - 5.1 x_1^2/(4 pi^2) + 5 x_1/pi - 6)^2 + 10 (1 - 1/(8 pi)) cos x_1 + 10",
    .source = "L. Dixon and G. Szego, Towards Global Optimisation 2 (1978)",
    .least = 2,
    .most = 2,
    .usual = 2,
    .los = (const double[]){-5, 0},
    .his = (const double[]){10, 15},
    .value = branins,
    .optimum = at_branins, // three minima, all the same
};

// ---- goldstein ----

static double goldstein(const double *x, size_t n)
{
    (void)n;
    double a = x[0], b = x[1], s = a + b + 1, d = 2 * a - 3 * b;
    double p = 1 + s * s * (19 - 14 * a + 3 * a * a - 14 * b + 6 * a * b + 3 * b * b);
    return p * (30 + d * d * (18 - 32 * a + 12 * a * a + 48 * b - 36 * a * b + 27 * b * b));
}

static double at_goldstein(double *x, size_t n)
{
    (void)n;
    x[0] = 0, x[1] = -1;
    return 3;
}

const gr_problem_type gr_problem_goldstein = {
    .name = "goldstein",
    .formula = "(1 + s^2 (19 - 14a + 3a^2 - 14b + 6ab + 3b^2)) (30 + d^2 (18 - 32a + 12a^2 + 48b - "
               "36ab + 27b^2)), s = a + b + 1, d = 2a - 3b",
    .source = "A. Goldstein and J. Price, Math. Comp. 25 (1971) 569",
    .least = 2,
    .most = 2,
    .usual = 2,
    .lo = -2,
    .hi = 2,
    .value = goldstein,
    .optimum = at_goldstein,
    .multimodal = true,
};

// ---- paviani ----

static double paviani(const double *x, size_t n)
{
    double sum = 0, product = 1;
    for (size_t i = 0; i < n; i++) {
        double a = log(x[i] - 2), b = log(10 - x[i]);
        sum += a * a + b * b;
        product *= x[i];
    }
    return sum - pow(product, 0.2);
}

static double at_paviani(double *x, size_t n) { return all(x, n, 9.3502658, -45.7784697075); }

const gr_problem_type gr_problem_paviani = {
    .name = "paviani",
    .formula = "sum (ln^2(x_i - 2) + ln^2(10 - x_i)) - (x_1 ... x_10)^0.2",
    .source = "D. Himmelblau, Applied Nonlinear Programming (1972), problem 17",
    .least = 10,
    .most = 10,
    .usual = 10,
    .lo = 2.001,
    .hi = 9.999,
    .value = paviani,
    .optimum = at_paviani,
};
