// SPDX-License-Identifier: BSD-3-Clause
// The rules themselves. How they are read and combined: stop_read.c.
#include "lib/timer.h"
#include "solvers/stop_part.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

const char *gr_stop_name(gr_stop stop)
{
    static const char *const names[GR_STOPS] = {
        "not yet", "converged", "evaluations", "generations", "time", "interrupted", "exhausted"};
    return names[stop];
}

bool gr_rule_say(char *why, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(why, GR_WHY, format, list);
    va_end(list);
    return true;
}

// ---- what rules look at ----

// The least cost at the end of the generation `back` before this one, 0 the last.
static double cost_at(const gr_solver *s, size_t back)
{
    size_t window = s->at.trace.shape[0];
    if ((int64_t)back >= s->at.traced) return NAN;
    return ((const double *)s->at.trace.data)[((size_t)s->at.generation - back) % window];
}

// mystic's y[-g]: the g-th from the end, so g - 1 generations ago; NAN before there are more than
// g.
static double cost_before(const gr_solver *s, double generations)
{
    if (s->at.traced <= (int64_t)generations) return NAN;
    return cost_at(s, (size_t)generations - (generations >= 1));
}

static double in_users_sign(const gr_solver *s, double f) { return s->sign * f; }

// The largest distance of a point, and of a cost, from those of the best point.
static void extent(const gr_solver *s, double *dx, double *df)
{
    gr_cloud c;
    size_t best = 0;
    s->type->cloud(s, &c);
    for (size_t i = 1; i < c.m; i++)
        if (c.f[i] < c.f[best]) best = i;
    *dx = *df = 0;
    for (size_t i = 0; i < c.m; i++) {
        double f = fabs(c.f[i] - c.f[best]);
        if (!(f <= *df)) *df = f; // a NaN stays
        for (size_t k = 0; k < s->n; k++)
            *dx = fmax(*dx, fabs(c.x[i * s->n + k] - c.x[best * s->n + k]));
    }
}

// ---- the rules ----

static bool vtr(const gr_solver *s, const double *a, char *why)
{
    double f = in_users_sign(s, s->at.f);
    return fabs(f - a[1]) <= a[0] &&
           gr_rule_say(why, "vtr: the cost %g is within %g of the target %g", f, a[0], a[1]);
}

static bool cog(const gr_solver *s, const double *a, char *why)
{
    double change = cost_before(s, a[1]) - cost_at(s, 0);
    return change <= a[0] &&
           gr_rule_say(why, "cog: in %g generations the cost fell by %g, at most %g", a[1], change,
                       a[0]);
}

static bool ncog(const gr_solver *s, const double *a, char *why)
{
    double old = cost_before(s, a[1]), now = cost_at(s, 0);
    double change = 2 * (old - now), scale = fabs(old) + fabs(now);
    return change <= a[0] * scale + 1e-20 &&
           gr_rule_say(why, "ncog: in %g generations the cost fell by %g of itself, at most %g",
                       a[1], scale > 0 ? change / scale : 0, a[0]);
}

static bool crt(const gr_solver *s, const double *a, char *why)
{
    double dx, df;
    extent(s, &dx, &df);
    return dx <= a[0] && df <= a[1] &&
           gr_rule_say(
               why,
               "crt: all points are within %g of the best (at most %g), all costs within %g (%g)",
               dx, a[0], df, a[1]);
}

static bool reduction(const gr_solver *s, const double *a, char *why)
{
    if (s->at.generation < 1) return false;
    double gain = s->type->gain(s), f = s->at.f;
    return 2 * gain <= a[0] * (fabs(f + gain) + fabs(f)) + 1e-20 &&
           gr_rule_say(why,
                       "reduction: the last step lowered the cost %g by %g, a share of at most %g",
                       f, gain, a[0]);
}

static bool improvement(const gr_solver *s, const double *a, char *why)
{
    return s->at.moved <= a[0] &&
           gr_rule_say(why, "improvement: the last better point was %g away, at most %g",
                       s->at.moved, a[0]);
}

static bool nct(const gr_solver *s, const double *a, char *why)
{
    if (isnan(a[0])) {
        double change = cost_before(s, a[2]) - cost_at(s, 0);
        return a[2] > 0 && change <= 0 &&
               gr_rule_say(why, "nct: the cost did not fall in %g generations", a[2]);
    }
    double f = in_users_sign(s, s->at.f);
    return fabs(f - a[0]) <= fabs(a[1] * a[0]) &&
           gr_rule_say(why, "nct: the cost %g is within a share %g of the target %g", f, a[1],
                       a[0]);
}

static bool vtrcog(const gr_solver *s, const double *a, char *why)
{
    const double value[] = {a[0], a[3]}, change[] = {a[1], a[2]};
    return vtr(s, value, why) || cog(s, change, why);
}

static bool spread(const gr_solver *s, const double *a, char *why)
{
    gr_cloud c;
    s->type->cloud(s, &c);
    for (size_t i = 0; i < c.m; i++)
        for (size_t k = 0; k < s->n; k++)
            if (!(fabs(c.x[i * s->n + k] - c.x[k]) <= fabs(a[0] * c.x[k]))) return false;
    return gr_rule_say(why, "spread: all points agree within a share of %g", a[0]);
}

static double norm_of(const double *g, size_t n, double p)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum = isinf(p) ? fmax(sum, fabs(g[i])) : sum + pow(fabs(g[i]), p);
    return isinf(p) ? sum : pow(sum, 1 / p);
}

static bool gradient(const gr_solver *s, const double *a, char *why)
{
    double norm = norm_of(s->type->gradient(s), s->n, a[1]);
    return norm <= a[0] && gr_rule_say(why, "gradient: its norm is %g, at most %g", norm, a[0]);
}

static bool evaluations(const gr_solver *s, const double *a, char *why)
{
    return (double)s->at.evaluations >= a[0] &&
           gr_rule_say(why, "evaluations: all %.0f that are allowed were made", a[0]);
}

static bool generations(const gr_solver *s, const double *a, char *why)
{
    return (double)s->at.generation >= a[0] &&
           gr_rule_say(why, "generations: all %.0f that are allowed were made", a[0]);
}

static bool seconds(const gr_solver *s, const double *a, char *why)
{
    return gr_solver_seconds(s) >= a[0] && gr_rule_say(why, "time: %g s are over", a[0]);
}

const gr_rule_type gr_rule_types[] = {
    {"vtr",
     "the cost is within tol of target",
     {{"tol", 5e-3}, {"target", 0}},
     GR_STOP_CONVERGED,
     0,
     GR_RULE_NEEDS_COST,
     vtr},
    {"cog",
     "change over generations: the cost fell by at most tol",
     {{"tol", 1e-6}, {"generations", 30}},
     GR_STOP_CONVERGED,
     2,
     GR_RULE_NEEDS_COST,
     cog},
    {"ncog",
     "normalized: it fell by at most a share tol of itself",
     {{"tol", 1e-4}, {"generations", 10}},
     GR_STOP_CONVERGED,
     2,
     GR_RULE_NEEDS_COST,
     ncog},
    {"crt",
     "candidates are within xtol of the best, their costs within ftol",
     {{"xtol", 1e-4}, {"ftol", 1e-4}},
     GR_STOP_CONVERGED,
     0,
     GR_RULE_NEEDS_CLOUD,
     crt},
    {"reduction",
     "the last step of the solver gained a share of at most tol",
     {{"tol", 1e-4}},
     GR_STOP_CONVERGED,
     0,
     GR_RULE_NEEDS_GAIN,
     reduction},
    {"improvement",
     "the last better point was at most tol away, sum |dx|",
     {{"tol", 1e-5}},
     GR_STOP_CONVERGED,
     0,
     GR_RULE_NEEDS_COST,
     improvement},
    {"nct",
     "within a share tol of target; without one, no gain in so many generations",
     {{"target", NAN}, {"tol", 1e-6}, {"generations", 30}},
     GR_STOP_CONVERGED,
     3,
     GR_RULE_NEEDS_COST,
     nct},
    {"vtrcog",
     "vtr(ftol,target) or cog(gtol,generations)",
     {{"ftol", 5e-3}, {"gtol", 1e-6}, {"generations", 30}, {"target", 0}},
     GR_STOP_CONVERGED,
     3,
     GR_RULE_NEEDS_COST,
     vtrcog},
    {"spread",
     "all points of the population agree within a share tol",
     {{"tol", 1e-6}},
     GR_STOP_CONVERGED,
     0,
     GR_RULE_NEEDS_CLOUD,
     spread},
    {"gradient",
     "the gradient's norm (norm=2; inf: largest) is at most tol",
     {{"tol", 1e-5}, {"norm", INFINITY}},
     GR_STOP_CONVERGED,
     0,
     GR_RULE_NEEDS_GRADIENT,
     gradient},
    {"collapseat",
     "a coordinate kept to one value (to target) within tol",
     {{"tol", 1e-4}, {"generations", 50}, {"target", NAN}},
     GR_STOP_CONVERGED,
     2,
     GR_RULE_NEEDS_PATH,
     gr_collapse_at},
    {"collapseas",
     "two coordinates were one within tol",
     {{"tol", 1e-4}, {"generations", 50}},
     GR_STOP_CONVERGED,
     2,
     GR_RULE_NEEDS_PATH,
     gr_collapse_as},
    {"collapseweight",
     "weights of a product measure stayed within tol of 0; points: of each factor",
     {{"tol", 5e-3}, {"generations", 50}, {"points", 0}},
     GR_STOP_CONVERGED,
     2,
     GR_RULE_NEEDS_MEASURE,
     gr_collapse_weight},
    {"collapseposition",
     "positions of a factor of a product measure were one within tol",
     {{"tol", 5e-3}, {"generations", 50}, {"points", 0}},
     GR_STOP_CONVERGED,
     2,
     GR_RULE_NEEDS_MEASURE,
     gr_collapse_position},
    {"collapsecost",
     "of the last points, samples beyond an end cost more than limit above the best",
     {{"limit", 1}, {"samples", 50}, {"clip", 0}, {"last", 2000}},
     GR_STOP_CONVERGED,
     4,
     GR_RULE_NEEDS_POINTS,
     gr_collapse_cost},
    {"evaluations",
     "no more than so many",
     {{"most", INFINITY}},
     GR_STOP_EVALUATIONS,
     0,
     GR_RULE_NEEDS_COST,
     evaluations},
    {"generations",
     "no more than so many",
     {{"most", INFINITY}},
     GR_STOP_GENERATIONS,
     0,
     GR_RULE_NEEDS_COST,
     generations},
    {"time",
     "no longer than so many seconds",
     {{"most", 86400}},
     GR_STOP_TIME,
     0,
     GR_RULE_NEEDS_COST,
     seconds},
    {0},
};
