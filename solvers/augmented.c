// SPDX-License-Identifier: BSD-3-Clause
// The augmented Lagrangian (solvers/constraints.h).
#include "solvers/lagrangian_part.h"
#include "solvers/solver_type.h"
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Above MOST dimensions a matrix takes longer than many steps without one.
enum { ROUNDS = 60, MOST = 200 };
static const double HEAVIEST = 1e10, FLAT = 1e-6;

typedef struct augmented {
    gr_lagrangian l;
    gr_newton newton;
    gr_problem inner;
    const gr_constrained_options *o;
    double tolerance; // how far constraints may be broken
} augmented;

// Of points whose values are the same, to their digits, the one whose slope was looked at last.
static gr_status choose(augmented *a, double best, double *x)
{
    double f;
    if (!a->l.known) return GR_OK;
    GR_TRY(gr_lagrangian_cost(a->l.at, a->l.n, &a->l, &f));
    if (f <= best + 10 * DBL_EPSILON * fabs(best)) memcpy(x, a->l.at, a->l.n * sizeof *x);
    return GR_OK;
}

// A solver from x until its rule is met, and to where it ends.
static gr_status run(augmented *a, const char *spec, const char *rule, double *x,
                     const gr_constrained *r)
{
    gr_solver *s;
    gr_stop stop;
    char text[400];
    long long left = (long long)(a->l.most - a->l.evaluations);
    snprintf(text, sizeof text, "(%.300s) or evaluations(%lld)", rule, left);
    gr_solver_options options = {.spec = spec,
                                 .x0 = x,
                                 .stop = text,
                                 .seed = a->o->seed + (uint64_t)r->rounds,
                                 .asked = a->o->asked};
    GR_TRY(gr_solver_new(&s, &a->inner, &options));
    gr_status status = gr_solver_solve(s, &stop);
    double best = gr_solver_best(s, x);
    bool sloped = s->type->gradient;
    gr_solver_free(s);
    if (!status && sloped) status = choose(a, best, x);
    if (!status &&
        (stop == GR_STOP_ASKED || (stop == GR_STOP_EVALUATIONS && a->l.evaluations >= a->l.most)))
        a->l.cut = stop, status = GR_ECANCEL;
    return status;
}

static const char DESCENT[] = "lbfgs,memory=30";

// As tight as the conditions of a minimum need, by what the solver has; NULL: its slope tells.
static const char *tight_rule(const char *spec)
{
    char name[40];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(spec, ","), spec);
    const gr_solver_type *t = gr_solver_type_of(name);
    return t && t->gradient ? NULL
           : t && t->gain   ? "reduction(1e-12)"
           : t && t->cloud  ? "crt(1e-9,1e-13) or cog(1e-13,200)"
                            : "cog(1e-13,100)";
}

// One round from x, until the slope is below tolerance or the solver's rule is met.
static gr_status one_round(augmented *a, double *x, const gr_constrained *r, double tolerance)
{
    char flat[60];
    const char *spec = a->o->spec, *rule = spec ? a->o->stop : NULL;
    if (a->newton.b) return gr_newton_descend(&a->newton, &a->l, x, tolerance);
    snprintf(flat, sizeof flat, "gradient(%g)", tolerance);
    if (spec && !rule) rule = tight_rule(spec);
    return run(a, spec ? spec : DESCENT, rule ? rule : flat, x, r);
}

// Why no round ends in a minimum. Where gradients depend on each other, multipliers may not exist:
// they, and the weight, grow without end while less and less is broken.
static const char *ended(const augmented *a, const double *x, const gr_constrained *r)
{
    double size = 0;
    for (size_t k = 0; k < a->l.n; k++) size = fmax(size, fabs(x[k]));
    if (isnan(r->broken)) return "a constraint has no value there";
    if (isnan(r->stationarity)) return "the cost has no slope there";
    if (!(size < 1e12)) return "x runs away: there may be no least cost";
    if (r->broken <= 1e-4 && gr_lagrangian_rank(&a->l, x) <= 1e-3)
        return "gradients of the constraints depend on each other here: there may be no "
               "multipliers";
    return r->broken <= a->tolerance ? "nothing is broken, and no round comes closer to a minimum"
                                     : "no round mends what is broken: the constraints may be "
                                       "infeasible, or this start bad";
}

static void say(const augmented *a, const double *x, gr_constrained *r, gr_stop stop)
{
    static const char *const words[GR_STOPS] = {
        [GR_STOP_CONVERGED] = "converged",
        [GR_STOP_EVALUATIONS] = "all evaluations were made",
        [GR_STOP_ASKED] = "interrupted",
    };
    r->stop = stop;
    snprintf(r->why, sizeof r->why, "%s: broken by %g, gradient %g, slack %g",
             stop == GR_STOP_ENDED ? ended(a, x, r) : words[stop], r->broken, r->stationarity,
             r->slack);
}

// Nothing left to do but for slopes?
static bool holds(const augmented *a, const gr_constrained *r)
{
    return r->broken <= a->tolerance && r->slack <= FLAT;
}

static bool is_kkt(const augmented *a, const gr_constrained *r)
{
    return holds(a, r) && r->stationarity <= FLAT;
}

// Slopes become sharp when the point seems to be one, or they seem to be the only thing that is
// left.
static gr_status judge(augmented *a, const double *x, gr_constrained *r, bool last)
{
    GR_TRY(gr_lagrangian_judge(&a->l, x, r));
    if (a->l.sharp || !holds(a, r) || !(last || is_kkt(a, r))) return GR_OK;
    a->l.sharp = true, a->l.known = false;
    return gr_lagrangian_judge(&a->l, x, r);
}

static gr_status rounds(augmented *a, double *x, gr_constrained *r)
{
    double before = INFINITY;
    GR_TRY(gr_lagrangian_rescale(&a->l, x));
    for (r->rounds = 1; r->rounds <= ROUNDS; r->rounds++) {
        double most = pow(0.1, r->rounds), least = FLAT / 10 * a->l.scale;
        GR_TRY(one_round(a, x, r, fmax(least, most)));
        double far = gr_lagrangian_update(&a->l, x);
        GR_TRY(judge(a, x, r, most <= least));
        if (is_kkt(a, r)) return say(a, x, r, GR_STOP_CONVERGED), GR_OK;
        bool told = !isnan(r->broken) && !isnan(r->stationarity);
        if (holds(a, r) && most <= least) // it is heavy enough, and heavier ones cost digits
            a->l.weight = fmax(1, a->l.weight / 10);
        else if (!(far <= before / 2) && !holds(a, r))
            a->l.weight *= 10;
        if (!(a->l.weight <= HEAVIEST) || !told) break;
        before = far;
    }
    return say(a, x, r, GR_STOP_ENDED), GR_OK;
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
    *result = (gr_constrained){.f = NAN, .stationarity = INFINITY, .slack = INFINITY};
    if (!gr_constraints_plain(c))
        return gr_fail(GR_EARG, "constraints: `or` and `not` have no multipliers: an augmented "
                                "Lagrangian needs constraints that all hold");
    GR_TRY(start(p, o, x));
    augmented a = {.o = o, .tolerance = o->tolerance > 0 ? o->tolerance : o->spec ? 1e-6 : 1e-8};
    gr_status status = gr_lagrangian_new(&a.l, p, c);
    if (!status && !o->spec && p->n <= MOST) status = gr_newton_new(&a.newton, &a.l);
    a.inner = gr_lagrangian_problem(&a.l);
    a.l.asked = o->asked, a.l.most = o->evaluations ? o->evaluations : 1000000;
    if (!status) status = rounds(&a, x, result);
    if (status == GR_ECANCEL && a.l.cut) {
        result->broken = gr_constraints_broken(c, x);
        say(&a, x, result, a.l.cut);
        status = GR_OK;
    }
    result->evaluations = a.l.evaluations;
    if (!status) status = p->cost(x, p->n, p->context, &result->f);
    gr_lagrangian_end(&a.l);
    gr_newton_free(&a.newton);
    return status;
}
