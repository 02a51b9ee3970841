// SPDX-License-Identifier: BSD-3-Clause
// Rules that say which coordinates no longer vary: these can be fixed, tied or bounded, and a
// smaller problem gone on with (solvers/transform.h: at, as). All that has collapsed is named.
// Source: mystic's collapse module (M. McKerns et al.).
#include "solvers/stop_part.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

// ---- what they look at ----

// The best point at the end of the generation `back` before this one, 0 the last.
static const double *best_at(const gr_solver *s, size_t back)
{
    size_t window = s->at.path.shape[0];
    return (const double *)s->at.path.data + ((size_t)s->at.generation - back) % window * s->n;
}

static bool long_enough(const gr_solver *s, double generations)
{
    return s->at.traced > (int64_t)generations;
}

// The largest distance of two coordinates in so many generations.
static double apart(const gr_solver *s, size_t j, size_t k, double generations)
{
    double far = 0;
    for (size_t back = 0; back <= (size_t)generations; back++)
        far = fmax(far, fabs(best_at(s, back)[j] - best_at(s, back)[k]));
    return far;
}

static void range_of(const gr_solver *s, size_t k, double generations, double *lo, double *hi)
{
    *lo = INFINITY, *hi = -INFINITY;
    for (size_t back = 0; back <= (size_t)generations; back++) {
        *lo = fmin(*lo, best_at(s, back)[k]);
        *hi = fmax(*hi, best_at(s, back)[k]);
    }
}

// ---- a list of what has collapsed, as long as there is room ----

typedef struct list {
    char *why;
    size_t used, items;
} list;

static void add(list *l, const char *item)
{
    static const char more[] = ", ...";
    size_t room = GR_WHY - sizeof more, length = strlen(item) + 2;
    l->items++;
    if (l->used >= room) return; // the dots are there
    if (l->used + length >= room) item = "...";
    l->used += (size_t)snprintf(l->why + l->used, GR_WHY - l->used, "%s%s",
                                l->items > 1 ? ", " : "", item);
    if (!strcmp(item, "...")) l->used = room;
}

static list list_of(char *why) { return (list){why, strlen(why), 0}; }

// ---- any coordinates ----

bool gr_collapse_at(const gr_solver *s, const double *a, char *why)
{
    if (!long_enough(s, a[1])) return false;
    gr_rule_say(why, "collapseat: within %g for %g generations: ", a[0], a[1]);
    list l = list_of(why);
    for (size_t k = 0; k < s->n; k++) {
        double lo, hi;
        char item[60];
        range_of(s, k, a[1], &lo, &hi);
        if (!isnan(a[2])) lo = fmin(lo, a[2]), hi = fmax(hi, a[2]);
        if (!(hi - lo <= a[0])) continue;
        snprintf(item, sizeof item, "x%zu kept to %g", k, best_at(s, 0)[k]);
        add(&l, item);
    }
    return l.items > 0;
}

static void add_pairs(list *l, const gr_solver *s, const double *a, size_t from, size_t to)
{
    for (size_t j = from; j < to; j++)
        for (size_t k = j + 1; k < to; k++) {
            char item[60];
            if (!(apart(s, j, k, a[1]) <= a[0])) continue;
            snprintf(item, sizeof item, "x%zu and x%zu", j, k);
            add(l, item);
        }
}

bool gr_collapse_as(const gr_solver *s, const double *a, char *why)
{
    if (!long_enough(s, a[1])) return false;
    gr_rule_say(why, "collapseas: one within %g for %g generations: ", a[0], a[1]);
    list l = list_of(why);
    add_pairs(&l, s, a, 0, s->n);
    return l.items > 0;
}

// ---- coordinates that are a product measure ----

// A factor: weights are x[at] to x[at + points - 1], positions as many after them.
typedef struct factor {
    size_t index, at, points;
} factor;

// points[0], [1], ...: 0 alone: one factor; one number: of each factor.
static size_t points_of(const double *points, size_t index, size_t n)
{
    if (points[0] == 0) return n / 2;
    return (size_t)(points[1] == 0 ? points[0] : points[index]);
}

static factor first_factor(const double *points, size_t n)
{
    return (factor){0, 0, points_of(points, 0, n)};
}

static factor next_factor(factor f, const double *points, size_t n)
{
    size_t at = f.at + 2 * f.points, index = f.index + 1;
    return (factor){index, at, at < n ? points_of(points, index, n) : 0};
}

gr_status gr_collapse_shape(const char *rule, const double *points, size_t n)
{
    enum { MOST = GR_RULE_NUMBERS - GR_MEASURE_POINTS };
    size_t factors = 0, sum = 0;
    while (factors < MOST && points[factors] > 0) sum += (size_t)points[factors++];
    if (factors > 1 && n != 2 * sum)
        return gr_fail(GR_EARG,
                       "rule %s: factors with %zu points together have %zu coordinates, "
                       "and the problem has %zu",
                       rule, sum, 2 * sum, n);
    if (factors == 1 && n % (2 * sum))
        return gr_fail(GR_EARG,
                       "rule %s: each factor with %zu points has %zu coordinates (all its "
                       "weights, then all its positions), and the problem has %zu",
                       rule, sum, 2 * sum, n);
    if (n % 2)
        return gr_fail(GR_EARG,
                       "rule %s: as many positions as weights are an even number of "
                       "coordinates, and the problem has %zu",
                       rule, n);
    return GR_OK;
}

bool gr_collapse_weight(const gr_solver *s, const double *a, char *why)
{
    const double *points = a + GR_MEASURE_POINTS;
    if (!long_enough(s, a[1])) return false;
    gr_rule_say(why, "collapseweight: at most %g for %g generations: ", a[0], a[1]);
    list l = list_of(why);
    for (factor f = first_factor(points, s->n); f.points; f = next_factor(f, points, s->n))
        for (size_t k = f.at; k < f.at + f.points; k++) {
            double lo, hi;
            char item[96];
            range_of(s, k, a[1], &lo, &hi);
            if (!(fmax(fabs(lo), fabs(hi)) <= a[0])) continue;
            snprintf(item, sizeof item, "x%zu (weight %zu of factor %zu)", k, k - f.at, f.index);
            add(&l, item);
        }
    return l.items > 0;
}

bool gr_collapse_position(const gr_solver *s, const double *a, char *why)
{
    const double *points = a + GR_MEASURE_POINTS;
    if (!long_enough(s, a[1])) return false;
    gr_rule_say(why, "collapseposition: one within %g for %g generations: ", a[0], a[1]);
    list l = list_of(why);
    for (factor f = first_factor(points, s->n); f.points; f = next_factor(f, points, s->n))
        add_pairs(&l, s, a, f.at + f.points, f.at + 2 * f.points);
    return l.items > 0;
}

// ---- bounds, by costs ----

enum { LIMIT, SAMPLES, CLIP, LAST };

gr_status gr_collapse_fits(const char *rule, const double *arg)
{
    if (arg[LAST] > arg[SAMPLES] && arg[SAMPLES] >= 1) return GR_OK;
    return gr_fail(GR_EARG,
                   "rule %s: %g samples of the last %g points: expected at least 1, and "
                   "fewer than last",
                   rule, arg[SAMPLES], arg[LAST]);
}

// Of the last points and the best one, along one coordinate, in one direction: good points cost at
// most limit more than the best one.
typedef struct side {
    double good; // the outermost good point
    double near; // the costly point beyond it that is nearest
    double far;  // the outermost point
    double costly;
} side;

// Looks outwards in direction `sign`.
static side side_of(const gr_solver *s, size_t k, double limit, double sign)
{
    size_t columns = s->n + 1;
    const double *points = s->at.points.data;
    side e = {.good = sign * ((const double *)s->at.x.data)[k], .near = INFINITY};
    for (size_t i = 0; i < (size_t)s->at.seen; i++) {
        double x = sign * points[i * columns + k];
        if (points[i * columns + s->n] <= s->at.f + limit) e.good = fmax(e.good, x);
    }
    e.far = e.good;
    for (size_t i = 0; i < (size_t)s->at.seen; i++) {
        double x = sign * points[i * columns + k];
        e.far = fmax(e.far, x);
        if (!(x > e.good)) continue;
        e.costly++;
        e.near = fmin(e.near, x);
    }
    return e;
}

// Where this side can be cut, or `bound` if it cannot.
static double cut_of(const side *e, const double *a, double sign, double bound)
{
    if (e->costly >= a[SAMPLES]) return sign * e->near;
    return a[CLIP] > 0 && e->costly == 0 ? sign * e->far : bound;
}

bool gr_collapse_cost(const gr_solver *s, const double *a, char *why)
{
    if (s->at.seen <= (int64_t)a[SAMPLES]) return false;
    gr_rule_say(why, "collapsecost: %g or more points beyond cost over %g more than the best: ",
                a[SAMPLES], a[LIMIT]);
    list l = list_of(why);
    for (size_t k = 0; k < s->n; k++) {
        char item[80];
        side below = side_of(s, k, a[LIMIT], -1), above = side_of(s, k, a[LIMIT], 1);
        if (fmax(below.costly, above.costly) < a[SAMPLES]) continue;
        snprintf(item, sizeof item, "x%zu in %.6g:%.6g", k, cut_of(&below, a, -1, s->lo[k]),
                 cut_of(&above, a, 1, s->hi[k]));
        add(&l, item);
    }
    return l.items > 0;
}
