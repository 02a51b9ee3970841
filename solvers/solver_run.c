// SPDX-License-Identifier: BSD-3-Clause
// Steps, the rule, and what is remembered of each generation.
#include "lib/timer.h"
#include "solvers/monitor.h"
#include "solvers/solver_type.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- the rule ----

// A ring of `window` rows of `columns`, with the rows of the old one: `valid`, up to `newest`.
static gr_status longer_ring(gr_array *ring, size_t window, size_t columns, int64_t newest,
                             int64_t valid)
{
    gr_array wider;
    size_t old = ring->ndim ? ring->shape[0] : 0;
    if (old >= window) return GR_OK;
    GR_TRY(gr_array_new(&wider, GR_F64, 2, (size_t[]){window, columns}));
    for (int64_t back = 0; back < valid && (size_t)back < old; back++) {
        size_t g = (size_t)(newest - back);
        memcpy((double *)wider.data + g % window * columns,
               (double *)ring->data + g % old * columns, columns * sizeof(double));
    }
    gr_array_free(ring);
    *ring = wider;
    return GR_OK;
}

gr_status gr_solver_lengthen(gr_solver *s, const gr_rule *rule)
{
    enum { USUAL = 64 };
    gr_solver_state *at = &s->at;
    size_t costs = gr_rule_window(rule, GR_WINDOW_COSTS),
           best = gr_rule_window(rule, GR_WINDOW_PATH),
           points = gr_rule_window(rule, GR_WINDOW_POINTS);
    size_t had = at->trace.ndim ? at->trace.shape[0] : 0;
    size_t had_best = at->path.ndim ? at->path.shape[0] : 0;
    GR_TRY(longer_ring(&at->trace, costs > USUAL ? costs : USUAL, 1, at->generation, at->traced));
    GR_TRY(longer_ring(&at->path, best, s->n, at->generation, at->traced));
    GR_TRY(longer_ring(&at->points, points, s->n + 1, at->evaluations - 1, at->seen));
    // What was not kept cannot be looked back at.
    if (at->traced > (int64_t)had && costs > had) at->traced = (int64_t)had;
    if (at->traced > (int64_t)had_best && best > had_best) at->traced = (int64_t)had_best;
    return GR_OK;
}

// The smaller of the rule's limit and, where it has none, the solver's usual one.
static double limit_of(const gr_solver *s, const gr_rule *rule, gr_stop stop, double usual)
{
    double limit = gr_rule_limit(rule, stop);
    return isinf(limit) && usual > 0 &&
                   !strstr(s->rule_text ? s->rule_text : "", gr_stop_name(stop))
               ? usual * (double)s->n
               : limit;
}

gr_status gr_solver_set_rule(gr_solver *s, const char *text)
{
    gr_rule *rule;
    char *copy = NULL;
    GR_TRY(gr_rule_read(&rule, text ? text : s->type->stop));
    gr_status status = gr_rule_fits(rule, s);
    if (!status) status = gr_solver_lengthen(s, rule);
    if (!status && text && !(copy = strdup(text))) status = gr_fail(GR_ENOMEM, "rule: no memory");
    if (status) {
        gr_rule_free(rule);
        return status;
    }
    gr_rule_free(s->rule), free(s->rule_text);
    s->rule = rule, s->rule_text = copy;
    s->most_evaluations = limit_of(s, rule, GR_STOP_EVALUATIONS, s->type->evaluations);
    s->most_generations = limit_of(s, rule, GR_STOP_GENERATIONS, s->type->generations);
    s->most_seconds = gr_rule_limit(rule, GR_STOP_TIME);
    return GR_OK;
}

gr_status gr_solver_stop_at(gr_solver *s, const char *rule) { return gr_solver_set_rule(s, rule); }

static gr_stop because(gr_solver *s, gr_stop stop)
{
    static const char *const text[GR_STOPS] = {
        [GR_STOP_EVALUATIONS] = "evaluations: all %.0f that are allowed were made",
        [GR_STOP_GENERATIONS] = "generations: all %.0f that are allowed were made",
        [GR_STOP_TIME] = "time: %g s are over",
        [GR_STOP_ASKED] = "interrupted: somebody asked it to stop",
        [GR_STOP_ENDED] = "exhausted: the solver has no further step"};
    double limit = stop == GR_STOP_EVALUATIONS   ? s->most_evaluations
                   : stop == GR_STOP_GENERATIONS ? s->most_generations
                                                 : s->most_seconds;
    snprintf(s->why, sizeof s->why, text[stop], limit);
    return s->stop = stop;
}

gr_stop gr_solver_met(gr_solver *s)
{
    char why[GR_WHY];
    gr_stop stop = s->at.generation < 0 ? GR_STOP_NOT : gr_rule_met(s->rule, s, why);
    if (stop) memcpy(s->why, why, sizeof why), s->stop = stop;
    return stop;
}

// ---- one step ----

static void save_undo(gr_solver *s)
{
    memcpy(s->undo_real, s->real, s->at.real.shape[0] * sizeof *s->real);
    memcpy(s->undo_integer, s->integer, s->at.integer.shape[0] * sizeof *s->integer);
    s->used = 0;
    s->cut = GR_STOP_NOT;
}

static void undo(gr_solver *s, uint64_t drawn)
{
    memcpy(s->real, s->undo_real, s->at.real.shape[0] * sizeof *s->real);
    memcpy(s->integer, s->undo_integer, s->at.integer.shape[0] * sizeof *s->integer);
    s->rng.position = drawn;
}

static void remember(gr_solver *s)
{
    double *trace = s->at.trace.data, *path = s->at.path.data;
    size_t window = s->at.trace.shape[0], points = s->at.path.shape[0];
    size_t g = (size_t)++s->at.generation, n = s->n;
    const double *x = s->at.x.data, *before = path + (g + points - 1) % points * n;
    double far = 0;
    for (size_t k = 0; k < n && g; k++) far += fabs(x[k] - before[k]);
    if (far > 0) s->at.moved = far;
    trace[g % window] = s->at.f;
    memcpy(path + g % points * n, x, n * sizeof *x);
    s->at.traced++;
    s->at.drawn = (int64_t)s->rng.position;
    if (!s->type->replays) s->knows = 0;
}

static gr_status keep(gr_solver *s)
{
    if (!s->history) return GR_OK;
    if (s->kept_count == s->kept_room) {
        size_t room = 2 * s->kept_room + 16;
        gr_solver_state *more = realloc(s->kept, room * sizeof *more);
        if (!more) return gr_fail(GR_ENOMEM, "solver: no room for its history");
        s->kept = more, s->kept_room = room;
    }
    s->at.seconds = gr_solver_seconds(s);
    if (s->began > 0) s->began = gr_now();
    GR_TRY(gr_state_copy(&s->kept[s->kept_count], &s->at));
    s->kept_count++;
    return GR_OK;
}

static gr_status tell(gr_solver *s)
{
    for (size_t i = 0; i < s->monitors; i++) GR_TRY(s->monitor[i]->see(s->monitor[i], s));
    return GR_OK;
}

gr_status gr_solver_step(gr_solver *s, gr_stop *stop)
{
    uint64_t drawn = s->rng.position;
    *stop = GR_STOP_NOT;
    s->why[0] = '\0', s->stop = GR_STOP_NOT;
    if ((double)(s->at.generation + 1) > s->most_generations)
        return *stop = because(s, GR_STOP_GENERATIONS), GR_OK;
    save_undo(s);
    gr_status status = s->at.generation < 0 ? s->type->begin(s) : s->type->step(s);
    if (status) undo(s, drawn);
    if (status == GR_ECANCEL && s->cut) return *stop = because(s, s->cut), GR_OK;
    GR_TRY(status);
    remember(s);
    GR_TRY(keep(s));
    return tell(s);
}

gr_status gr_solver_watch(gr_solver *s, gr_monitor *monitor)
{
    gr_monitor **more = realloc(s->monitor, (s->monitors + 1) * sizeof *more);
    if (!more) return gr_fail(GR_ENOMEM, "solver: no room for a monitor");
    s->monitor = more;
    s->monitor[s->monitors++] = monitor;
    return GR_OK;
}

// ---- to the end ----

static gr_status steps(gr_solver *s, gr_stop *stop)
{
    do {
        *stop = gr_solver_met(s);
        if (!*stop) GR_TRY(gr_solver_step(s, stop));
    } while (!*stop);
    return GR_OK;
}

static gr_status tell_end(gr_solver *s)
{
    for (size_t i = 0; i < s->monitors; i++)
        if (s->monitor[i]->end) GR_TRY(s->monitor[i]->end(s->monitor[i], s));
    return GR_OK;
}

gr_status gr_solver_solve(gr_solver *s, gr_stop *stop)
{
    s->began = gr_now();
    gr_status status = steps(s, stop);
    s->at.seconds = gr_solver_seconds(s);
    s->began = 0;
    return status ? status : tell_end(s);
}
