// SPDX-License-Identifier: BSD-3-Clause
// The models and the metrics (solvers/model.h).
#include "solvers/model.h"
#include <math.h>

static void polynomial(const double *x, size_t n, const double *in, double *out)
{
    *out = 0;
    for (size_t i = 0; i < n; i++) *out = *out * *in + x[i];
}

static void lorentzian(const double *x, size_t n, const double *in, double *out)
{
    double e = *in, half = x[5] / 2, off = e - x[4];
    (void)n;
    *out = x[0] + x[1] * e + x[2] * e * e + x[3] * (half / M_PI) / (off * off + half * half);
}

static void decay(const double *x, size_t n, const double *in, double *out)
{
    (void)n;
    *out = x[0] + x[1] * exp(-*in / x[3]) + x[2] * exp(-*in / x[4]);
}

// Poisson's ratio 1/4: (1 - 1/4) V / pi. Lengths in km, V in 10^6 m^3: the result in mm.
static void mogi(const double *x, size_t n, const double *in, double *out)
{
    double east = in[0] - x[0], north = in[1] - x[1], deep = x[2];
    double r = sqrt(east * east + north * north + deep * deep);
    double scale = 1000 * 0.75 * x[3] / M_PI / (r * r * r);
    (void)n;
    out[0] = scale * east, out[1] = scale * north, out[2] = scale * deep;
}

const gr_model_type gr_model_types[] = {
    {.name = "polynomial",
     .formula = "x0 t^(n-1) + ... + x(n-2) t + x(n-1)",
     .source = "of Chebyshev's: R. Storn and K. Price, J. Global Optimization 11 (1997) 341",
     .least = 1,
     .most = GR_MODEL_PARAMETERS,
     .usual = 9,
     .inputs = 1,
     .outputs = 1,
     .lo = -500,
     .hi = 500,
     .value = polynomial},
    {.name = "lorentzian",
     .formula = "x0 + x1 E + x2 E^2 + x3 (x5 / 2 pi) / ((E - x4)^2 + (x5 / 2)^2)",
     .source = "H. Lorentz (1905): a peak of area x3, centre x4, full width x5 on a background",
     .least = 6,
     .most = 6,
     .usual = 6,
     .inputs = 1,
     .outputs = 1,
     .los = (const double[]){-100, -100, -100, 0, 0, 0.01},
     .his = (const double[]){100, 100, 100, 100, 3, 1},
     .value = lorentzian},
    {.name = "decay",
     .formula = "x0 + x1 exp(-t / x3) + x2 exp(-t / x4)",
     .source = "P. Bevington and D. Robinson, Data Reduction (1992), chapter 8",
     .least = 5,
     .most = 5,
     .usual = 5,
     .inputs = 1,
     .outputs = 1,
     .los = (const double[]){0, 0, 0, 1, 100},
     .his = (const double[]){100, 2000, 2000, 100, 1000},
     .value = decay},
    {.name = "mogi",
     .formula = "(e, n, d) 3 x3 / (4 pi r^3), e = east - x0, n = north - x1, d = x2, r = |(e, n, "
                "d)|",
     .source = "K. Mogi, Bull. Earthquake Res. Inst. 36 (1958) 99: a swelling sphere below ground",
     .least = 4,
     .most = 4,
     .usual = 4,
     .inputs = 2,
     .outputs = 3,
     .los = (const double[]){-20, -20, 0.5, -100},
     .his = (const double[]){20, 20, 20, 100},
     .value = mogi},
    {0},
};

static double squares(double cost, double off) { return cost + off * off; }
static double absolute(double cost, double off) { return cost + fabs(off); }
static double largest(double cost, double off) { return fabs(off) <= cost ? cost : fabs(off); }

const gr_metric_type gr_metric_types[] = {
    {"squares", "the sum of the squares of (model - measured) / error", squares, false},
    {"absolute", "the sum of |model - measured| / error: outliers count less", absolute, false},
    {"largest", "the largest |model - measured| / error", largest, false},
    {"band", "the sum of the squares of how far the model is outside of [low, high]", squares,
     true},
    {0},
};
