// SPDX-License-Identifier: BSD-3-Clause
// Costs: computed once each, counted, kept until their step is complete, and the best remembered.
//
// While a step is made, its costs are appended to s->known. If it is cut, they stay, and the same
// step, made again, is given them before anything is computed.
#include "lib/timer.h"
#include "solvers/solver_type.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

// ---- through the map ----

// What a worker needs to know. A built-in problem is found by its name, in any program.
typedef struct order {
    char name[32]; // "" for a problem of the user's own
    const gr_problem *problem;
    size_t n;
} order;

static gr_status work(gr_call *call)
{
    const order *o = call->context;
    const double *x = call->in;
    double f = NAN;
    if (o->name[0]) {
        const gr_problem_type *t = gr_problem_type_of(o->name);
        if (!t) return gr_fail(GR_EARG, "this worker knows no problem '%s'", o->name);
        f = t->value(x, o->n);
    } else {
        GR_TRY(o->problem->cost(x, o->n, o->problem->context, &f));
    }
    memcpy(call->out, &f, sizeof f);
    return GR_OK;
}

static gr_status outcomes_room(gr_solver *s, size_t m)
{
    if (m > s->outcomes_room) {
        gr_outcome *more = realloc(s->outcomes, m * sizeof *more);
        if (!more) return gr_fail(GR_ENOMEM, "solver: no room for %zu outcomes", m);
        s->outcomes = more, s->outcomes_room = m;
    }
    memset(s->outcomes, 0, m * sizeof *s->outcomes);
    return GR_OK;
}

static bool asked(const gr_solver *s) { return s->asked && *s->asked; }

static bool late(const gr_solver *s)
{
    return s->most_seconds < INFINITY && gr_solver_seconds(s) >= s->most_seconds;
}

// Why no further cost may be computed now.
static gr_stop must_stop(const gr_solver *s)
{
    if (asked(s)) return GR_STOP_ASKED;
    return late(s) ? GR_STOP_TIME : GR_STOP_NOT;
}

static gr_status follow(gr_solver *s, gr_run *run)
{
    while (!gr_run_wait(run, 0.05))
        if (must_stop(s)) gr_run_cancel(run);
    return gr_run_get(run);
}

gr_status gr_solver_map(gr_solver *s, const double *x, double *f, size_t m, size_t *done)
{
    order o = {.problem = s->problem, .n = s->n};
    gr_run *run;
    GR_TRY(outcomes_room(s, m));
    if (s->problem->type) strncpy(o.name, s->problem->type->name, sizeof o.name - 1);
    s->func =
        (gr_func){.name = "cost", .call = work, .in_size = s->n * sizeof *x, .out_size = sizeof *f};
    gr_job job = {.func = &s->func,
                  .n = m,
                  .in = x,
                  .out = f,
                  .context = &o,
                  .context_size = sizeof o,
                  .outcomes = s->outcomes};
    GR_TRY(gr_map_start(s->map, &job, &run));
    gr_status status = follow(s, run);
    gr_run_free(run);
    for (*done = 0; *done < m; ++*done)
        if (s->outcomes[*done].status || !s->outcomes[*done].attempts) break;
    return status == GR_ECANCEL && must_stop(s) ? GR_OK : status;
}

// ---- here ----

static gr_status compute(gr_solver *s, const double *x, double *f, size_t m, size_t *done)
{
    const gr_problem *p = s->problem;
    *done = 0;
    if (must_stop(s)) return GR_OK; // a map that is quick is never waited for
    if (s->map && m > 1) return gr_solver_map(s, x, f, m, done);
    for (*done = 0; *done < m; ++*done) {
        if (must_stop(s)) return GR_OK;
        f[*done] = NAN;
        GR_TRY(p->cost(x + *done * s->n, s->n, p->context, &f[*done]));
    }
    return GR_OK;
}

// What the cache knows is not computed.
static gr_status find(gr_solver *s, const double *x, double *f, size_t m, size_t *done)
{
    const double *fresh;
    size_t k, computed = 0;
    *done = 0;
    if (!s->cache) return compute(s, x, f, m, done);
    if (must_stop(s)) return GR_OK;
    GR_TRY(gr_cache_split(s->cache, s->problem, x, m, &fresh, &k));
    gr_status status = k ? compute(s, fresh, gr_cache_costs(s->cache), k, &computed) : GR_OK;
    *done = gr_cache_join(s->cache, computed, f, m);
    return status;
}

// ---- counted and kept ----

static gr_status known_room(gr_solver *s, size_t m)
{
    if (s->knows + m <= s->known_room) return GR_OK;
    size_t room = 2 * (s->knows + m);
    double *more = realloc(s->known, room * sizeof *more);
    if (!more) return gr_fail(GR_ENOMEM, "solver: no room for the costs of a step");
    s->known = more, s->known_room = room;
    return GR_OK;
}

// Rules look back at points only if one of them says so.
static void see(gr_solver *s, const double *x, double f)
{
    size_t rows = s->at.points.shape[0];
    if (rows < 2) return;
    double *row = (double *)s->at.points.data + (size_t)(s->at.evaluations - 1) % rows * (s->n + 1);
    memcpy(row, x, s->n * sizeof *x);
    row[s->n] = f;
    if (s->at.seen < (int64_t)rows) s->at.seen++;
}

// A new cost: in the sign that is minimised, NaN as worse than all.
static void note(gr_solver *s, const double *x, double *f)
{
    s->at.evaluations++;
    s->at.not_numbers += isnan(*f);
    *f = isnan(*f) ? INFINITY : s->sign * *f;
    if (*f < s->at.f) {
        s->at.f = *f;
        memcpy(s->at.x.data, x, s->n * sizeof *x);
    }
    see(s, x, *f);
    s->known[s->knows++] = *f;
    s->used = s->knows;
}

// The costs that a cut step left, if there are any.
static size_t reuse(gr_solver *s, double *f, size_t m)
{
    size_t old = s->knows - s->used;
    if (old > m) old = m;
    memcpy(f, s->known + s->used, old * sizeof *f);
    s->used += old;
    return old;
}

static size_t allowed(const gr_solver *s, size_t m)
{
    double left = floor(s->most_evaluations) - (double)s->at.evaluations;
    return left >= (double)m ? m : left > 0 ? (size_t)left : 0;
}

gr_status gr_solver_eval(gr_solver *s, const double *x, double *f, size_t m)
{
    size_t old = reuse(s, f, m), fresh = m - old, may = allowed(s, fresh), done = 0;
    if (!fresh) return GR_OK;
    GR_TRY(known_room(s, may));
    gr_status status = may ? find(s, x + old * s->n, f + old, may, &done) : GR_OK;
    for (size_t i = old; i < old + done; i++) note(s, x + i * s->n, f + i);
    if (status) return status;
    if (done == fresh) return GR_OK;
    s->cut = done < may ? must_stop(s) : GR_STOP_EVALUATIONS;
    return GR_ECANCEL;
}
