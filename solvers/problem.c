// SPDX-License-Identifier: BSD-3-Clause
#include "solvers/problem.h"
#include "lib/nearest.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

const gr_problem_type *gr_problem_type_of(const char *name)
{
    for (const gr_problem_type *const *t = gr_problem_types; *t; t++)
        if (!strcmp((*t)->name, name)) return *t;
    return NULL;
}

static gr_status unknown(const char *name)
{
    const char *names[64];
    size_t n = 0;
    for (const gr_problem_type *const *t = gr_problem_types; *t && n < 64; t++)
        names[n++] = (*t)->name;
    return gr_fail(GR_EARG, "unknown problem '%.60s': `gradus list` names them%s", name,
                   gr_did_you_mean(name, names, n).s);
}

static gr_status check_size(const gr_problem_type *t, size_t n)
{
    size_t most = t->most ? t->most : GR_PROBLEM_MOST;
    if (n >= t->least && n <= most) return GR_OK;
    if (t->least == most)
        return gr_fail(GR_EARG, "problem %s has %zu dimensions, not %zu", t->name, most, n);
    return gr_fail(GR_EARG, "problem %s has %zu to %zu dimensions, not %zu", t->name, t->least,
                   most, n);
}

static gr_status type_cost(const double *x, size_t n, void *context, double *f)
{
    const gr_problem_type *t = context;
    *f = t->value(x, n);
    return GR_OK;
}

gr_status gr_problem_new(gr_problem *p, const char *name, size_t n)
{
    const gr_problem_type *t = gr_problem_type_of(name);
    *p = (gr_problem){0};
    if (!t) return unknown(name);
    if (n == 0) n = t->usual;
    GR_TRY(check_size(t, n));
    double *bounds = malloc(2 * n * sizeof *bounds);
    if (!bounds) return gr_fail(GR_ENOMEM, "problem %s: out of memory", name);
    for (size_t i = 0; i < n; i++) {
        bounds[i] = t->los ? t->los[i] : t->lo;
        bounds[n + i] = t->his ? t->his[i] : t->hi;
    }
    *p = (gr_problem){.name = t->name,
                      .cost = type_cost,
                      .context = (void *)t,
                      .n = n,
                      .lo = bounds,
                      .hi = bounds + n,
                      .type = t,
                      .owner = bounds};
    return GR_OK;
}

void gr_problem_free(gr_problem *p)
{
    free(p->owner);
    *p = (gr_problem){0};
}

gr_status gr_problem_bound(gr_problem *p, const double *lo, const double *hi)
{
    double *bounds = p->owner;
    memmove(bounds, lo, p->n * sizeof *lo);
    memmove(bounds + p->n, hi, p->n * sizeof *hi);
    return gr_problem_check(p);
}

static gr_status check_bounds(const gr_problem *p)
{
    for (size_t i = 0; i < p->n; i++) {
        double lo = p->lo ? p->lo[i] : -INFINITY, hi = p->hi ? p->hi[i] : INFINITY;
        if (!(lo <= hi) || lo == INFINITY || hi == -INFINITY)
            return gr_fail(GR_EARG, "problem %s: bounds %g:%g of x%zu: expected lo <= hi", p->name,
                           lo, hi, i);
    }
    return GR_OK;
}

gr_status gr_problem_check(const gr_problem *p)
{
    if (!p->name || !*p->name || strlen(p->name) > 31)
        return gr_fail(GR_EARG, "problem: expected a name of 1 to 31 letters");
    if (!p->cost) return gr_fail(GR_EARG, "problem %s: no cost function", p->name);
    if (p->n < 1 || p->n > GR_PROBLEM_MOST)
        return gr_fail(GR_EARG, "problem %s: %zu dimensions: expected 1 to %d", p->name, p->n,
                       GR_PROBLEM_MOST);
    if (p->recipe && strlen(p->recipe) > GR_RECIPE_MOST)
        return gr_fail(GR_EARG, "problem %s: its parts have more than %d letters together", p->name,
                       GR_RECIPE_MOST);
    return check_bounds(p);
}

gr_status gr_problem_inside(const gr_problem *p, const double *x, const char *what)
{
    for (size_t i = 0; i < p->n; i++) {
        double lo = p->lo ? p->lo[i] : -INFINITY, hi = p->hi ? p->hi[i] : INFINITY;
        if (!isfinite(x[i]))
            return gr_fail(GR_EARG, "%s: x%zu = %g: expected a finite number", what, i, x[i]);
        if (!(x[i] >= lo && x[i] <= hi))
            return gr_fail(GR_EARG, "%s: x%zu = %.17g lies outside its bounds %g:%g", what, i, x[i],
                           lo, hi);
    }
    return GR_OK;
}
