// SPDX-License-Identifier: BSD-3-Clause
// problems_plane -- test problems of two variables.
#include "solvers/problem.h"
#include <math.h>

static double at(double *x, double x0, double x1, double least)
{
    x[0] = x0, x[1] = x1;
    return least;
}

// ---- shekel ----

static double shekel(const double *x, size_t n)
{
    static const double grid[] = {-32, -16, 0, 16, 32};
    (void)n;
    double sum = 0.002;
    for (int i = 0; i < 25; i++) {
        double a = pow(x[0] - grid[i % 5], 6), b = pow(x[1] - grid[i / 5], 6);
        sum += 1 / (i + 1 + a + b);
    }
    return 1 / sum;
}

static double at_shekel(double *x, size_t n)
{
    (void)n;
    return at(x, -31.97833, -31.97833, 0.99800383779445);
}

const gr_problem_type gr_problem_shekel = {
    .name = "shekel",
    .formula = "1 / (0.002 + sum_25 1 / (i + (x_1 - a_i)^6 + (x_2 - b_i)^6)), a, b on a 5 x 5 grid",
    .source =
        "J. Shekel, 5th Princeton Conf. on Information Science and Systems (1971); De Jong's F5",
    .least = 2,
    .most = 2,
    .usual = 2,
    .lo = -65.536,
    .hi = 65.536,
    .value = shekel,
    .optimum = at_shekel,
    .multimodal = true,
};

// ---- zimmermann ----

static double zimmermann(const double *x, size_t n)
{
    (void)n;
    double circle = (x[0] - 3) * (x[0] - 3) + (x[1] - 2) * (x[1] - 2) - 16;
    double f = 9 - x[0] - x[1];
    f = fmax(f, x[0] < 0 ? -100 * x[0] : f);
    f = fmax(f, x[1] < 0 ? -100 * x[1] : f);
    f = fmax(f, circle > 0 ? 100 * circle : f);
    return fmax(f, x[0] * x[1] > 14 ? 100 * (x[0] * x[1] - 14) : f);
}

static double at_zimmermann(double *x, size_t n)
{
    (void)n;
    return at(x, 7, 2, 0);
}

const gr_problem_type gr_problem_zimmermann = {
    .name = "zimmermann",
    .formula = "max(9 - x - y; 100 times how far x >= 0, y >= 0, (x-3)^2 + (y-2)^2 <= 16 and "
               "xy <= 14 are broken)",
    .source = "W. Zimmermann, Operations Research (1990); R. Storn and K. Price, J. Global "
              "Optimization 11 (1997) 341",
    .least = 2,
    .most = 2,
    .usual = 2,
    .lo = -100,
    .hi = 100,
    .value = zimmermann,
    .optimum = at_zimmermann,
    .multimodal = true,
};

// ---- fosc3d ----

static double fosc3d(const double *x, size_t n)
{
    (void)n;
    double hill = -4 * exp(-x[0] * x[0] - x[1] * x[1]) + sin(6 * x[0]) * sin(5 * x[1]);
    return hill + (x[1] < 0 ? 100 * x[1] * x[1] : 0);
}

static double at_fosc3d(double *x, size_t n)
{
    (void)n;
    return at(x, -0.21501801, 0.24035619, -4.501069742528923);
}

const gr_problem_type gr_problem_fosc3d = {
    .name = "fosc3d",
    .formula = "-4 exp(-x^2 - y^2) + sin 6x sin 5y, + 100 y^2 where y < 0",
    .source =
        "M. McKerns et al., mystic: highly-constrained non-convex optimization (2009-), models",
    .least = 2,
    .most = 2,
    .usual = 2,
    .lo = -2,
    .hi = 2,
    .value = fosc3d,
    .optimum = at_fosc3d,
    .multimodal = true,
};

// ---- nmin51 ----

static double nmin51(const double *p, size_t n)
{
    (void)n;
    double x = p[0], y = p[1];
    return exp(sin(50 * x)) + sin(60 * exp(y)) + sin(70 * sin(x)) + sin(sin(80 * y)) -
           sin(10 * (x + y)) + (x * x + y * y) / 4;
}

static double at_nmin51(double *x, size_t n)
{
    (void)n;
    return at(x, -0.024403079694375, 0.210612427155358, -3.306868647475237);
}

const gr_problem_type gr_problem_nmin51 = {
    .name = "nmin51",
    .formula = "e^(sin 50x) + sin(60 e^y) + sin(70 sin x) + sin(sin 80y) - sin(10 (x + y)) + "
               "(x^2 + y^2)/4",
    .source = "L. N. Trefethen, A Hundred-dollar, Hundred-digit Challenge, SIAM News 35 (2002), "
              "problem 4",
    .least = 2,
    .most = 2,
    .usual = 2,
    .lo = -1,
    .hi = 1,
    .value = nmin51,
    .optimum = at_nmin51,
    .multimodal = true,
};

// ---- peaks ----

static double peaks(const double *p, size_t n)
{
    (void)n;
    double x = p[0], y = p[1], x2 = x * x, y2 = y * y;
    double a = 3 * (1 - x) * (1 - x) * exp(-x2 - (y + 1) * (y + 1));
    double b = 10 * (x / 5 - x * x2 - y * y2 * y2) * exp(-x2 - y2);
    return a - b - exp(-(x + 1) * (x + 1) - y2) / 3;
}

static double at_peaks(double *x, size_t n)
{
    (void)n;
    return at(x, 0.22827892, -1.62553496, -6.551133332835841);
}

const gr_problem_type gr_problem_peaks = {
    .name = "peaks",
    .formula = "3 (1-x)^2 e^(-x^2 - (y+1)^2) - 10 (x/5 - x^3 - y^5) e^(-x^2 - y^2) - "
               "e^(-(x+1)^2 - y^2)/3",
    .source = "MATLAB's surface `peaks`",
    .least = 2,
    .most = 2,
    .usual = 2,
    .lo = -3,
    .hi = 3,
    .value = peaks,
    .optimum = at_peaks,
    .multimodal = true,
};

// ---- venkat91 ----

static double venkat91(const double *x, size_t n)
{
    (void)n;
    double r = sqrt((x[0] - 4) * (x[0] - 4) + (x[1] - 4) * (x[1] - 4) + 0.1);
    return -20 * sin(r) / r;
}

static double at_venkat91(double *x, size_t n)
{
    (void)n;
    return at(x, 4, 4, -19.668329370585823);
}

const gr_problem_type gr_problem_venkat91 = {
    .name = "venkat91",
    .formula = "-20 sin(R)/R, R = sqrt((x-4)^2 + (y-4)^2 + 0.1)",
    .source =
        "M. McKerns et al., mystic: highly-constrained non-convex optimization (2009-), models",
    .least = 2,
    .most = 2,
    .usual = 2,
    .lo = -10,
    .hi = 10,
    .value = venkat91,
    .optimum = at_venkat91,
    .multimodal = true,
};

// ---- easom ----

static double easom(const double *x, size_t n)
{
    (void)n;
    double a = x[0] - M_PI, b = x[1] - M_PI;
    return -cos(x[0]) * cos(x[1]) * exp(-a * a - b * b);
}

static double at_easom(double *x, size_t n)
{
    (void)n;
    return at(x, M_PI, M_PI, -1);
}

const gr_problem_type gr_problem_easom = {
    .name = "easom",
    .formula = "-cos x cos y exp(-(x - pi)^2 - (y - pi)^2)",
    .source = "E. Easom, thesis, University of Louisville (1990)",
    .least = 2,
    .most = 2,
    .usual = 2,
    .lo = -100,
    .hi = 100,
    .value = easom,
    .optimum = at_easom,
    .multimodal = true,
};
