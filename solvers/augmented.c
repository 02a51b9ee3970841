// SPDX-License-Identifier: BSD-3-Clause
// The augmented Lagrangian (solvers/constraints.h).
#include "solvers/constraints.h"
#include "solvers/solver_type.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 60, IDLE = 20 };
static const double HEAVIEST = 1e10;

typedef struct augmented {
    const gr_problem *p;
    const gr_constraints *c;
    double *multiplier; // (count)
    double weight;      // m
} augmented;

static gr_status lagrangian(const double *x, size_t n, void *context, double *f)
{
    const augmented *a = context;
    GR_TRY(a->p->cost(x, n, a->p->context, f));
    if (a->p->maximise) *f = -*f;
    for (size_t i = 0; i < gr_constraints_count(a->c); i++) {
        double v = gr_constraints_value(a->c, i, x) + a->multiplier[i] / a->weight;
        if (!gr_constraints_equality(a->c, i) && v < 0) v = 0;
        *f += a->weight / 2 * v * v;
    }
    return GR_OK;
}

// The multipliers' step; returns the largest |multiplier * value| of an inequality.
static double update(augmented *a, const double *x)
{
    double slack = 0;
    for (size_t i = 0; i < gr_constraints_count(a->c); i++) {
        double v = gr_constraints_value(a->c, i, x), *l = &a->multiplier[i];
        bool equality = gr_constraints_equality(a->c, i);
        *l += a->weight * v;
        if (!equality && *l < 0) *l = 0;
        if (!equality) slack = fmax(slack, fabs(*l * v));
    }
    return slack;
}

static int64_t left_of(const gr_constrained_options *o, const gr_constrained *r)
{
    return (o->evaluations ? o->evaluations : 1000000) - r->evaluations;
}

// A solver from x until its rule is met, and to where it ends.
static gr_status run(augmented *a, const gr_constrained_options *o, const char *spec,
                     const char *rule, double *x, gr_constrained *r)
{
    gr_problem inner = *a->p;
    gr_solver *s;
    gr_stop stop;
    char text[400];
    inner.cost = lagrangian, inner.context = a, inner.maximise = false;
    inner.type = NULL, inner.moved = NULL;
    snprintf(text, sizeof text, "(%.300s) or evaluations(%lld)", rule, (long long)left_of(o, r));
    gr_solver_options options = {.spec = spec,
                                 .x0 = x,
                                 .stop = text,
                                 .seed = o->seed + (uint64_t)r->rounds,
                                 .asked = o->asked};
    GR_TRY(gr_solver_new(&s, &inner, &options));
    gr_status status = gr_solver_solve(s, &stop);
    r->evaluations += gr_solver_evaluations(s);
    gr_solver_best(s, x);
    const double *g = s->type->gradient ? s->type->gradient(s) : NULL;
    r->stationarity = g ? 0 : INFINITY;
    for (size_t k = 0; g && k < a->p->n; k++) r->stationarity = fmax(r->stationarity, fabs(g[k]));
    bool spent = left_of(o, r) <= 0;
    r->stop = stop == GR_STOP_ASKED ? stop : spent ? GR_STOP_EVALUATIONS : GR_STOP_NOT;
    gr_solver_free(s);
    return status;
}

static const char DESCENT[] = "lbfgs,differences=central";

// As tight as the conditions of a minimum need, by what the solver has.
static const char *tight_rule(const char *spec)
{
    char name[40];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(spec, ","), spec);
    const gr_solver_type *t = gr_solver_type_of(name);
    return t && t->gradient ? "gradient(1e-7)"
           : t && t->gain   ? "reduction(1e-12)"
           : t && t->cloud  ? "crt(1e-9,1e-13) or cog(1e-13,200)"
                            : "cog(1e-13,100)";
}

// One round from x, and the slope where it ends.
static gr_status one_round(augmented *a, const gr_constrained_options *o, double *x,
                           gr_constrained *r, double tolerance)
{
    char rule[60];
    snprintf(rule, sizeof rule, "gradient(%g)", tolerance);
    if (!o->spec) return run(a, o, DESCENT, rule, x, r);
    GR_TRY(run(a, o, o->spec, o->stop ? o->stop : tight_rule(o->spec), x, r));
    return r->stop ? GR_OK : run(a, o, DESCENT, "generations(0)", x, r);
}

// All that differences of costs can tell may be less than was asked for, though nothing is broken.
static const char *ended(const gr_constrained *r, double tolerance)
{
    return r->broken <= tolerance
               ? "nothing is broken, and no round comes closer to a minimum"
               : "no round mends what is broken: the constraints may be infeasible";
}

static void say(gr_constrained *r, gr_stop stop, double tolerance)
{
    static const char *const words[GR_STOPS] = {
        [GR_STOP_CONVERGED] = "converged",
        [GR_STOP_EVALUATIONS] = "all evaluations were made",
        [GR_STOP_ASKED] = "interrupted",
    };
    r->stop = stop;
    snprintf(r->why, sizeof r->why, "%s: broken by %g, gradient %g, slack %g",
             stop == GR_STOP_ENDED ? ended(r, tolerance) : words[stop], r->broken, r->stationarity,
             r->slack);
}

static gr_status rounds(augmented *a, const gr_constrained_options *o, double *x, gr_constrained *r)
{
    double before = INFINITY, flattest = INFINITY,
           tolerance = o->tolerance > 0 ? o->tolerance
                       : o->spec        ? 1e-6
                                        : 1e-8;
    int idle = 0; // rounds in which nothing was broken, nor anything gained
    for (r->rounds = 1; r->rounds <= ROUNDS && idle < IDLE; r->rounds++) {
        GR_TRY(one_round(a, o, x, r, fmax(tolerance / 10, pow(0.1, r->rounds))));
        r->broken = gr_constraints_broken(a->c, x);
        r->slack = update(a, x);
        if (r->stop) return say(r, r->stop, tolerance), GR_OK;
        bool fine = r->broken <= tolerance && r->stationarity <= 1e-6 && r->slack <= 1e-6;
        if (fine) return say(r, GR_STOP_CONVERGED, tolerance), GR_OK;
        if (!(r->broken <= before / 4) && r->broken > tolerance) a->weight *= 10;
        if (!(a->weight <= HEAVIEST)) break;
        idle = r->broken <= tolerance && !(r->stationarity < flattest / 2) ? idle + 1 : 0;
        flattest = fmin(flattest, r->stationarity);
        before = r->broken;
    }
    return say(r, GR_STOP_ENDED, tolerance), GR_OK;
}

// x0 as it was given, or drawn as a solver draws it.
static gr_status start(const gr_problem *p, const gr_constrained_options *o, double *x)
{
    gr_solver *s;
    const char *spec = o->spec ? o->spec : DESCENT;
    gr_solver_options options = {
        .x0 = o->x0, .seed = o->seed, .spec = spec, .stop = o->spec ? o->stop : NULL};
    GR_TRY(gr_solver_new(&s, p, &options));
    gr_solver_best(s, x);
    gr_solver_free(s);
    return GR_OK;
}

gr_status gr_solve_constrained(const gr_problem *p, const gr_constraints *c,
                               const gr_constrained_options *options, double *x,
                               gr_constrained *result)
{
    const gr_constrained_options none = {0}, *o = options ? options : &none;
    *result = (gr_constrained){.f = NAN};
    if (!gr_constraints_plain(c))
        return gr_fail(GR_EARG, "constraints: `or` and `not` have no multipliers: an augmented "
                                "Lagrangian needs constraints that all hold");
    GR_TRY(start(p, o, x));
    augmented a = {.p = p, .c = c, .weight = 10};
    a.multiplier = calloc(gr_constraints_count(c) + 1, sizeof *a.multiplier);
    if (!a.multiplier) return gr_fail(GR_ENOMEM, "constraints: out of memory");
    gr_status status = rounds(&a, o, x, result);
    if (!status) status = p->cost(x, p->n, p->context, &result->f);
    free(a.multiplier);
    return status;
}
