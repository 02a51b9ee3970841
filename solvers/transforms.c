// SPDX-License-Identifier: BSD-3-Clause
// The transforms by name (solvers/transform.h).
#include "solvers/transform.h"
#include <math.h>
#include <stdlib.h>

static double mean_of(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += x[i];
    return sum / (double)n;
}

static double variance_of(const double *x, size_t n)
{
    double mean = mean_of(x, n), sum = 0;
    for (size_t i = 0; i < n; i++) sum += (x[i] - mean) * (x[i] - mean);
    return sum / (double)n;
}

static double least_of(const double *x, size_t n)
{
    double f = x[0];
    for (size_t i = 1; i < n; i++) f = fmin(f, x[i]);
    return f;
}

static double largest_of(const double *x, size_t n)
{
    double f = x[0];
    for (size_t i = 1; i < n; i++) f = fmax(f, x[i]);
    return f;
}

// ---- statistics ----

// What already holds to rounding is left alone, or two transforms would never agree.
static bool close_to(double a, double b) { return fabs(a - b) <= 1e-12 * (1 + fabs(b)); }

static bool mean(double *x, size_t n, const double *arg, size_t args)
{
    double shift = arg[0] - mean_of(x, n);
    (void)args;
    if (close_to(mean_of(x, n), arg[0])) return true;
    for (size_t i = 0; i < n; i++) x[i] += shift;
    return true;
}

static bool sum(double *x, size_t n, const double *arg, size_t args)
{
    return mean(x, n, &(double){arg[0] / (double)n}, args);
}

// Distances from the mean, scaled.
static bool widen(double *x, size_t n, double from, double to)
{
    double middle = mean_of(x, n);
    if (close_to(from, to)) return true;
    if (!(from > 0) || !(to >= 0)) return false;
    for (size_t i = 0; i < n; i++) x[i] = middle + (x[i] - middle) * (to / from);
    return true;
}

static bool std(double *x, size_t n, const double *arg, size_t args)
{
    (void)args;
    return widen(x, n, sqrt(variance_of(x, n)), arg[0]);
}

static bool variance(double *x, size_t n, const double *arg, size_t args)
{
    (void)args;
    return arg[0] >= 0 && widen(x, n, sqrt(variance_of(x, n)), sqrt(arg[0]));
}

static bool spread(double *x, size_t n, const double *arg, size_t args)
{
    (void)args;
    return widen(x, n, largest_of(x, n) - least_of(x, n), arg[0]);
}

static bool normalized(double *x, size_t n, const double *arg, size_t args)
{
    double sum = mean_of(x, n) * (double)n, want = args ? arg[0] : 1;
    if (close_to(sum, want)) return true;
    if (sum == 0) return false;
    for (size_t i = 0; i < n; i++) x[i] *= want / sum;
    return true;
}

// ---- order ----

static int up(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int down(const void *a, const void *b) { return up(b, a); }

static bool falls(const double *arg, size_t args) { return args && arg[0] < 0; }

static bool sorted(double *x, size_t n, const double *arg, size_t args)
{
    qsort(x, n, sizeof *x, falls(arg, args) ? down : up);
    return true;
}

static bool monotonic(double *x, size_t n, const double *arg, size_t args)
{
    for (size_t i = 1; i < n; i++)
        x[i] = falls(arg, args) ? fmin(x[i], x[i - 1]) : fmax(x[i], x[i - 1]);
    return true;
}

// ---- values ----

static bool integers(double *x, size_t n, const double *arg, size_t args)
{
    (void)arg, (void)args;
    for (size_t i = 0; i < n; i++) x[i] = rint(x[i]);
    return true;
}

static bool rounded(double *x, size_t n, const double *arg, size_t args)
{
    double scale = pow(10, args ? arg[0] : 0);
    for (size_t i = 0; i < n; i++) x[i] = rint(x[i] * scale) / scale;
    return true;
}

static bool discrete(double *x, size_t n, const double *arg, size_t args)
{
    for (size_t i = 0; i < n; i++) {
        double near = arg[0];
        for (size_t k = 1; k < args; k++)
            if (fabs(arg[k] - x[i]) < fabs(near - x[i])) near = arg[k];
        x[i] = near;
    }
    return true;
}

static bool is_among(double value, const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (x[i] == value) return true;
    return false;
}

// The nearest of the values that none of the first i coordinates has; without values, the nearest
// in whole steps.
static bool free_value(double *x, size_t i, const double *arg, size_t args)
{
    double near = NAN;
    for (size_t k = 0; k < (args ? args : 2 * i + 1); k++) {
        double step = (double)((k + 1) / 2), value = x[i] + (k % 2 ? step : -step);
        if (args) value = arg[k];
        if (is_among(value, x, i)) continue;
        if (isnan(near) || fabs(value - x[i]) < fabs(near - x[i])) near = value;
        if (!args) break; // the steps come in the order of their length
    }
    if (!isnan(near)) x[i] = near;
    return !isnan(near);
}

static bool unique(double *x, size_t n, const double *arg, size_t args)
{
    for (size_t i = 0; i < n; i++)
        if (!free_value(x, i, arg, args)) return false;
    return true;
}

static bool bounded(double *x, size_t n, const double *arg, size_t args)
{
    (void)args;
    for (size_t i = 0; i < n; i++) x[i] = fmin(fmax(x[i], arg[0]), arg[1]);
    return arg[0] <= arg[1];
}

static bool periodic(double *x, size_t n, const double *arg, size_t args)
{
    double width = arg[1] - arg[0];
    (void)args;
    for (size_t i = 0; i < n; i++)
        if (!(x[i] >= arg[0] && x[i] < arg[1])) {
            x[i] = arg[0] + (x[i] - arg[0] - width * floor((x[i] - arg[0]) / width));
            if (!(x[i] < arg[1])) x[i] = arg[0]; // rounding
        }
    return width > 0;
}

// ---- single coordinates ----

static bool at(double *x, size_t n, const double *arg, size_t args)
{
    (void)n, (void)args;
    x[(size_t)arg[0]] = arg[1];
    return true;
}

static bool as(double *x, size_t n, const double *arg, size_t args)
{
    (void)n;
    x[(size_t)arg[0]] = x[(size_t)arg[1]] + (args > 2 ? arg[2] : 0);
    return true;
}

enum { MANY = GR_TRANSFORM_ARGS };
const gr_transform_type gr_transform_types[] = {
    {"mean", "(m)", "all coordinates shifted, so that their mean is m", 1, 1, 0, mean},
    {"sum", "(s)", "all coordinates shifted, so that their sum is s", 1, 1, 0, sum},
    {"variance", "(v)", "distances from the mean scaled to this variance", 1, 1, 0, variance},
    {"std", "(s)", "... to this standard deviation", 1, 1, 0, std},
    {"spread", "(d)", "... so that the largest is d above the least", 1, 1, 0, spread},
    {"normalized", "(s=1)", "all coordinates scaled, so that their sum is s", 0, 1, 0, normalized},
    {"sorted", "(order=1)", "from the least up; order -1: down", 0, 1, 0, sorted},
    {"monotonic", "(order=1)", "none below the one before; order -1: above", 0, 1, 0, monotonic},
    {"integers", "", "the nearest whole numbers", 0, 0, 0, integers},
    {"rounded", "(digits=0)", "so many digits behind the point", 0, 1, 0, rounded},
    {"discrete", "(v,...)", "the nearest of these values", 1, MANY, 0, discrete},
    {"unique", "(v,...)", "no two alike, of these values; without: in whole steps", 0, MANY, 0,
     unique},
    {"bounded", "(lo,hi)", "moved to the nearer end", 2, 2, 0, bounded},
    {"periodic", "(lo,hi)", "moved by whole periods", 2, 2, 0, periodic},
    {"at", "(i,v)", "coordinate i is v", 2, 2, 1, at},
    {"as", "(i,j,d=0)", "coordinate i is coordinate j plus d", 2, 3, 2, as},
    {0},
};
