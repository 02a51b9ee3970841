// SPDX-License-Identifier: BSD-3-Clause
// `gradus solve --constraint` without another penalty: rounds of an augmented Lagrangian.
#include "bench/solve.h"
#include "lib/timer.h"
#include "solvers/constraints.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool gr_solve_is_lagrange(const gr_solve_words *w)
{
    return w->constraint && (!w->penalty || !strncmp(w->penalty, "lagrange", strlen("lagrange")));
}

static gr_status refuse_words(const gr_solve_words *w)
{
    if (w->penalty && strcmp(w->penalty, "lagrange") != 0)
        return gr_fail(GR_EARG,
                       "--penalty '%.40s': expected lagrange alone: its weights are its own",
                       w->penalty);
    if (w->stop && !w->solver)
        return gr_fail(GR_EARG, "--stop beside the augmented Lagrangian is a rule for the rounds "
                                "of --solver: expected both");
    const char *word = w->map         ? "map"
                       : w->log       ? "log"
                       : w->plot      ? "plot"
                       : w->show      ? "show"
                       : w->save      ? "save"
                       : w->verbose   ? "verbose"
                       : w->cache     ? "cache"
                       : w->transform ? "transform"
                       : w->ranges    ? "ranges"
                       : w->outer     ? "outer"
                                      : NULL;
    return word ? gr_fail(GR_EARG,
                          "--%s beside the augmented Lagrangian, which brings its own rounds: "
                          "expected another --penalty, as quadratic or linear",
                          word)
                : GR_OK;
}

static gr_status solve(const gr_solve_words *w, const gr_problem *p, gr_constrained_options *o,
                       gr_answer *a)
{
    static char why[GR_WHY];
    gr_constraints *c;
    gr_constrained r;
    GR_TRY(gr_constraints_read(&c, w->constraint, p->n));
    double began = gr_now();
    gr_status status = gr_solve_constrained(p, c, o, a->x, &r);
    if (!status) {
        size_t length;
        const char *text = gr_constraints_count(c)
                               ? gr_constraints_text(c, gr_constraints_worst(c, a->x), &length)
                               : NULL;
        if (text) snprintf(a->worst, sizeof a->worst, "%.*s", (int)length, text);
        snprintf(why, sizeof why, "%s", r.why);
        a->f = r.f, a->broken = r.broken, a->evaluations = r.evaluations, a->generations = r.rounds;
        a->stationarity = r.stationarity, a->slack = r.slack;
        a->stop = r.stop, a->converged = r.stop == GR_STOP_CONVERGED, a->why = why,
        a->seconds = gr_now() - began;
    }
    gr_constraints_free(c);
    return status;
}

gr_status gr_solve_lagrange(const gr_solve_words *w, volatile sig_atomic_t *asked, gr_solving *v,
                            gr_answer *a)
{
    static char spec[200];
    snprintf(spec, sizeof spec, "%.160s%saugmented Lagrangian", w->solver ? w->solver : "",
             w->solver ? ", " : "");
    *a = (gr_answer){.spec = spec, .held = true, .repeated = -1, .stationarity = NAN, .slack = NAN};
    GR_TRY(refuse_words(w));
    GR_TRY(gr_solve_make_problem(w, v));
    const gr_problem *p = &v->problem;
    gr_constrained_options o = {.seed = w->seed == SIZE_MAX ? 0 : w->seed,
                                .spec = w->solver,
                                .stop = w->stop,
                                .asked = asked};
    double *x0 = w->x0 ? malloc(p->n * sizeof *x0) : NULL;
    a->x = malloc(p->n * sizeof *a->x);
    a->seed = o.seed;
    gr_status status = !a->x || (w->x0 && !x0) ? gr_fail(GR_ENOMEM, "solve: out of memory") : GR_OK;
    if (!status && x0) status = gr_solve_numbers(w->x0, "--x0", x0, p->n);
    o.x0 = x0;
    if (!status) status = solve(w, p, &o, a);
    free(x0);
    return status;
}
