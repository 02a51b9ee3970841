// SPDX-License-Identifier: BSD-3-Clause
// Solvers are made, looked at and freed. How they run: solver_run.c; costs: solver_eval.c; files:
// solver_file.c.
#include "lib/nearest.h"
#include "lib/timer.h"
#include "solvers/solver_type.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const gr_solver_type *gr_solver_type_of(const char *name)
{
    for (const gr_solver_type *const *t = gr_solver_types; *t; t++)
        if (!strcmp((*t)->name, name)) return *t;
    return NULL;
}

// ---- state ----

static gr_array *arrays_of(gr_solver_state *state, size_t i)
{
    gr_array *all[] = {&state->x,      &state->trace, &state->path,
                       &state->points, &state->real,  &state->integer};
    return i < sizeof all / sizeof *all ? all[i] : NULL;
}

void gr_state_free(gr_solver_state *state)
{
    gr_array *a;
    for (size_t i = 0; (a = arrays_of(state, i)); i++) gr_array_free(a);
    gr_array_free(&state->known);
}

gr_status gr_state_copy(gr_solver_state *to, const gr_solver_state *from)
{
    gr_solver_state copy = *from;
    gr_array *a;
    gr_status status = GR_OK;
    copy.known = (gr_array){0};
    for (size_t i = 0; (a = arrays_of(&copy, i)); i++) {
        gr_array view = *a;
        *a = (gr_array){0};
        if (!status) status = gr_array_clone(a, &view);
    }
    if (status) gr_state_free(&copy);
    *to = copy;
    return status;
}

// ---- make ----

// The bounds as two arrays, and where to start: given, or drawn.
static gr_status set_bounds(gr_solver *s, const gr_solver_options *o)
{
    const gr_problem *p = s->problem;
    s->lo = malloc(3 * s->n * sizeof *s->lo);
    if (!s->lo) return gr_fail(GR_ENOMEM, "solver: out of memory");
    s->hi = s->lo + s->n, s->x0 = s->hi + s->n;
    for (size_t i = 0; i < s->n; i++) {
        s->lo[i] = p->lo ? p->lo[i] : -INFINITY;
        s->hi[i] = p->hi ? p->hi[i] : INFINITY;
        s->x0[i] = 0;
    }
    s->given = o->x0 != NULL;
    if (s->given) GR_TRY(gr_problem_inside(p, o->x0, "x0"));
    if (s->given)
        memcpy(s->x0, o->x0, s->n * sizeof *s->x0);
    else
        gr_solver_draw(s, s->x0);
    return GR_OK;
}

gr_status gr_solver_room(gr_solver *s, size_t reals, size_t integers, size_t scratch, size_t costs)
{
    if (reals > SIZE_MAX / 64 || scratch > SIZE_MAX / 64 || reals + scratch > (size_t)1 << 31)
        return gr_fail(GR_ENOMEM, "solver %s: its state for %zu dimensions does not fit",
                       s->type->name, s->n);
    GR_TRY(gr_array_new(&s->at.real, GR_F64, 1, &reals));
    GR_TRY(gr_array_new(&s->at.integer, GR_I64, 1, &integers));
    s->real = s->at.real.data, s->integer = s->at.integer.data;
    s->known_room = costs;
    s->undo_real = malloc((reals + 1) * sizeof(double));
    s->undo_integer = malloc((integers + 1) * sizeof(int64_t));
    s->scratch = calloc(scratch + 1, sizeof(double));
    s->known = malloc((costs + 1) * sizeof(double));
    return s->undo_real && s->undo_integer && s->scratch && s->known
               ? GR_OK
               : gr_fail(GR_ENOMEM, "solver %s: out of memory", s->type->name);
}

static gr_status build(gr_solver *s, const gr_problem *p, const gr_solver_options *o)
{
    GR_TRY(gr_problem_check(p));
    if (o->cache > GR_CACHE_MOST)
        return gr_fail(GR_EARG, "cache of %zu costs: expected at most %d", o->cache, GR_CACHE_MOST);
    GR_TRY(gr_solver_read_spec(s, o->spec ? o->spec : "neldermead"));
    if (s->type->missing)
        return gr_fail(GR_EUNSUP, "solver %s: %s", s->type->name, s->type->missing);
    s->sign = p->maximise ? -1 : 1;
    GR_TRY(gr_array_new(&s->at.x, GR_F64, 1, &s->n));
    GR_TRY(set_bounds(s, o));
    memcpy(s->at.x.data, s->x0, s->n * sizeof *s->x0);
    GR_TRY(s->type->init(s));
    if (o->cache) GR_TRY(gr_cache_new(&s->cache, s->n, o->cache, s->known_room));
    return gr_solver_set_rule(s, o->stop);
}

gr_status gr_solver_new(gr_solver **solver, const gr_problem *p, const gr_solver_options *options)
{
    const gr_solver_options none = {0}, *o = options ? options : &none;
    gr_solver *s = *solver = calloc(1, sizeof *s);
    if (!s) return gr_fail(GR_ENOMEM, "solver: out of memory");
    s->problem = p, s->n = p->n, s->map = o->map, s->seed = o->seed, s->asked = o->asked;
    s->rng = gr_rng_of(o->seed, 0);
    s->history = o->history, s->cache_size = o->cache;
    s->at = (gr_solver_state){.generation = -1, .f = INFINITY, .moved = INFINITY};
    gr_status status = build(s, p, o);
    if (status) gr_solver_free(s), *solver = NULL;
    return status;
}

void gr_solver_free(gr_solver *s)
{
    if (!s) return;
    for (size_t i = 0; i < s->kept_count; i++) gr_state_free(&s->kept[i]);
    gr_state_free(&s->at);
    gr_rule_free(s->rule);
    gr_cache_free(s->cache);
    free(s->rule_text), free(s->lo), free(s->scratch);
    free(s->undo_real), free(s->undo_integer), free(s->known);
    free(s->outcomes), free(s->monitor), free(s->kept);
    free(s);
}

// ---- points ----

void gr_solver_draw(gr_solver *s, double *x)
{
    for (size_t i = 0; i < s->n; i++) {
        double lo = s->lo[i], hi = s->hi[i], at = s->x0[i];
        if (isinf(lo)) lo = s->given ? fmin(at - 1, hi) : fmin(-1, hi - 2);
        if (isinf(hi)) hi = s->given ? fmax(at + 1, lo) : fmax(1, lo + 2);
        x[i] = fmin(lo + gr_rng_unit(&s->rng) * (hi - lo), hi);
        if (!isfinite(x[i])) x[i] = at; // bounds so wide that their difference is no number
    }
}

void gr_solver_clip(const gr_solver *s, double *x)
{
    for (size_t i = 0; i < s->n; i++) {
        if (x[i] < s->lo[i]) x[i] = s->lo[i];
        if (x[i] > s->hi[i]) x[i] = s->hi[i];
    }
}

double gr_solver_mirror(const gr_solver *s, double x, size_t k)
{
    double lo = s->lo[k], hi = s->hi[k];
    if (x >= lo && x <= hi) return x;
    if (isfinite(hi - lo) && hi > lo) {
        double turn = fmod(fabs(x - lo), 2 * (hi - lo));
        x = lo + (turn > hi - lo ? 2 * (hi - lo) - turn : turn);
    } else if (isfinite(lo) && x < lo) {
        x = 2 * lo - x;
    } else if (isfinite(hi) && x > hi) {
        x = 2 * hi - x;
    }
    return x >= lo && x <= hi ? x : isfinite(lo) ? lo : isfinite(hi) ? hi : 0;
}

// ---- look ----

double gr_solver_best(const gr_solver *s, double *x)
{
    if (x) memcpy(x, s->at.x.data, s->n * sizeof *x);
    return s->at.evaluations ? s->sign * s->at.f : NAN;
}

int64_t gr_solver_evaluations(const gr_solver *s) { return s->at.evaluations; }
int64_t gr_solver_generation(const gr_solver *s) { return s->at.generation; }
int64_t gr_solver_repeated(const gr_solver *s)
{
    return s->cache ? gr_cache_repeated(s->cache) : -1;
}

int64_t gr_solver_not_numbers(const gr_solver *s) { return s->at.not_numbers; }
const char *gr_solver_why(const gr_solver *s) { return s->why; }
const char *gr_solver_spec(const gr_solver *s) { return s->spec; }
const gr_problem *gr_solver_problem(const gr_solver *s) { return s->problem; }

uint64_t gr_solver_seed(const gr_solver *s) { return s->seed; }

double gr_solver_part(const gr_solver *s)
{
    double part = fmax((double)s->at.evaluations / s->most_evaluations,
                       (double)s->at.generation / s->most_generations);
    if (s->most_seconds < INFINITY) part = fmax(part, gr_solver_seconds(s) / s->most_seconds);
    return part > 0 ? fmin(part, 1) : 0;
}

double gr_solver_seconds(const gr_solver *s)
{
    return s->at.seconds + (s->began > 0 ? gr_now() - s->began : 0);
}
