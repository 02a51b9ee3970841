// SPDX-License-Identifier: BSD-3-Clause
// nlopt -- the algorithms of the NLopt library as a solver: `nlopt,algorithm=cobyla`.
//
// NLopt asks for costs and keeps its state to itself, but that is a function of the seed and of the
// costs that it was told. So these costs are the state: each generation runs NLopt anew, tells it
// what it was told before, and goes on until it has asked for an eighth more (`share`). Limits, ^C,
// files and histories then hold as for every solver, and NLopt's own work is done about nine times.
// Gradients are central differences. Left out are augmented Lagrangians, which without constraints
// do nothing, and what only NLopt's C++ library has. NLopt ends by its own tolerances: no further
// step.
// newuoa knows no bounds: its points are moved into them.
// Source: S. Johnson, The NLopt nonlinear-optimization package, version 2.7.
#include "config.h"
#include "solvers/solver_type.h"
#include <math.h>
#include <string.h>

enum { ALGORITHM, FTOL, XTOL, POPULATION, SHARE };

static const char *const algorithms[] = {
    "neldermead", "sbplx", "praxis", "cobyla", "bobyqa", "newuoa", "direct",
    "direct-l",   "crs2",  "mlsl",   "isres",  "esch",   "lbfgs",  "tnewton",
    "varmetric",  "mma",   "ccsaq",  "slsqp",  NULL,
};

static const gr_solver_option options[] = {
    {"algorithm", "NLopt's name of it", 0, 0, 0, algorithms, true},
    {"ftol", "NLopt ends at this relative change of the cost; 0: never", 1e-10, 0, 1, NULL, false},
    {"xtol", "or at this one of all coordinates; 0: never", 1e-10, 0, 1, NULL, false},
    {"population", "of those that have one; 0: NLopt's own", 0, 0, 1e6, NULL, true},
    {"share", "of the costs so far, until a generation ends", 0.125, 1e-3, 1e9, NULL, false},
    {0},
};

#if GR_NLOPT
#include <float.h>
#include <nlopt.h>

static const nlopt_algorithm number[] = {
    NLOPT_LN_NELDERMEAD, NLOPT_LN_SBPLX,
    NLOPT_LN_PRAXIS,     NLOPT_LN_COBYLA,
    NLOPT_LN_BOBYQA,     NLOPT_LN_NEWUOA,
    NLOPT_GN_DIRECT,     NLOPT_GN_DIRECT_L,
    NLOPT_GN_CRS2_LM,    NLOPT_GN_MLSL_LDS,
    NLOPT_GN_ISRES,      NLOPT_GN_ESCH,
    NLOPT_LD_LBFGS,      NLOPT_LD_TNEWTON_PRECOND_RESTART,
    NLOPT_LD_VAR2,       NLOPT_LD_MMA,
    NLOPT_LD_CCSAQ,      NLOPT_LD_SLSQP,
};
_Static_assert(sizeof algorithms / sizeof *algorithms == sizeof number / sizeof *number + 1,
               "each word has its number");

// What NLopt is told when a cost is infinite: its models compute with it.
static const double WORST = 1e100;

// One run of NLopt.
typedef struct talk {
    gr_solver *s;
    nlopt_opt opt;
    int64_t told, goal; // costs so far, and where the generation ends
    bool over;          // it was asked to stop
    gr_status status;   // of a cost that failed, or was cut
    double *at;         // (n) the point, in the bounds
    double *probe;      // (2 n, n)
    double *value;      // (2 n)
} talk;

static gr_status tell(talk *t, const double *x, double *f, size_t m)
{
    GR_TRY(gr_solver_eval(t->s, x, f, m));
    t->told += (int64_t)m;
    for (size_t i = 0; i < m; i++) f[i] = fmin(f[i], WORST);
    return GR_OK;
}

static gr_status differences(talk *t, double *g)
{
    const gr_solver *s = t->s;
    size_t n = s->n;
    for (size_t k = 0; k < n; k++) {
        double *above = t->probe + 2 * k * n, *below = above + n, x = t->at[k];
        double h = cbrt(DBL_EPSILON) * fmax(1, fabs(x));
        memcpy(above, t->at, n * sizeof *above);
        memcpy(below, t->at, n * sizeof *below);
        above[k] = fmin(x + h, s->hi[k]), below[k] = fmax(x - h, s->lo[k]);
        g[k] = above[k] - below[k];
    }
    GR_TRY(tell(t, t->probe, t->value, 2 * n));
    for (size_t k = 0; k < n; k++)
        g[k] = g[k] > 0 ? (t->value[2 * k] - t->value[2 * k + 1]) / g[k] : 0;
    return GR_OK;
}

static double objective(unsigned n, const double *x, double *g, void *data)
{
    talk *t = data;
    double f = WORST;
    if (t->over) return f; // it may ask once more than it should
    memcpy(t->at, x, n * sizeof *x);
    gr_solver_clip(t->s, t->at);
    t->status = tell(t, t->at, &f, 1);
    if (!t->status && g) t->status = differences(t, g);
    t->over = t->status || t->told >= t->goal;
    if (t->over) nlopt_force_stop(t->opt);
    return f;
}

static nlopt_result set_up(talk *t)
{
    const gr_solver *s = t->s;
    nlopt_result r = nlopt_set_min_objective(t->opt, objective, t);
    if (r > 0) r = nlopt_set_lower_bounds(t->opt, s->lo);
    if (r > 0) r = nlopt_set_upper_bounds(t->opt, s->hi);
    if (r > 0) r = nlopt_set_ftol_rel(t->opt, s->option[FTOL]);
    if (r > 0) r = nlopt_set_xtol_rel(t->opt, s->option[XTOL]);
    if (r > 0) r = nlopt_set_xtol_abs1(t->opt, 0); // mlsl looks at it unasked
    if (r > 0) r = nlopt_set_population(t->opt, (unsigned)s->option[POPULATION]);
    nlopt_srand((unsigned long)s->seed);
    return r;
}

static gr_status refuse(const talk *t, nlopt_result r)
{
    const char *word = algorithms[(size_t)t->s->option[ALGORITHM]], *why = nlopt_get_errmsg(t->opt);
    if (r == NLOPT_OUT_OF_MEMORY) return gr_fail(GR_ENOMEM, "solver nlopt: %s: no memory", word);
    return gr_fail(GR_EARG, "solver nlopt: algorithm %s refuses this problem%s%s", word,
                   why ? ": " : "", why ? why : "");
}

// From the start to the goal, or to where NLopt ends by itself.
static gr_status run(gr_solver *s, int64_t goal)
{
    size_t n = s->n;
    talk t = {.s = s, .goal = goal, .at = s->scratch};
    double *x = t.at + n, f;
    t.probe = x + n, t.value = t.probe + 2 * n * n;
    t.opt = nlopt_create(number[(size_t)s->option[ALGORITHM]], (unsigned)n);
    if (!t.opt) return gr_fail(GR_ENOMEM, "solver nlopt: no memory");
    memcpy(x, s->x0, n * sizeof *x);
    nlopt_result r = set_up(&t);
    if (r > 0) r = nlopt_optimize(t.opt, x, &f);
    gr_status status = t.status;
    if (!status && t.told == 0) status = refuse(&t, r);
    if (!status && t.told == s->integer[0]) s->cut = GR_STOP_ENDED, status = GR_ECANCEL;
    nlopt_destroy(t.opt);
    if (!status) s->integer[0] = t.told;
    return status;
}

#else

static gr_status run(gr_solver *s, int64_t goal)
{
    (void)s, (void)goal;
    return gr_fail(GR_EUNSUP, "solver nlopt: built without NLopt");
}

#endif

// integer[0]: costs told by the end of the last generation.
static gr_status init(gr_solver *s)
{
    enum { COSTS = 1 << 16 };
    s->index_most = INT64_MAX / 2;
    return gr_solver_room(s, 0, 1, 2 * (s->n * s->n + 2 * s->n), COSTS);
}

static gr_status begin(gr_solver *s) { return run(s, 1); }

static gr_status step(gr_solver *s)
{
    int64_t more = (int64_t)(s->option[SHARE] * (double)s->integer[0]);
    return run(s, s->integer[0] + (more > 1 ? more : 1));
}

const gr_solver_type gr_solver_nlopt = {
    .name = "nlopt",
    .about = "an algorithm of the NLopt library, told costs until it ends",
    .source = "Johnson, The NLopt nonlinear-optimization package",
#if !GR_NLOPT
    .missing = "built without NLopt (libnlopt-dev)",
#endif
    .options = options,
    .stop = "evaluations(inf)",
    .evaluations = 10000,
    .replays = true,
    .init = init,
    .begin = begin,
    .step = step,
};
