// SPDX-License-Identifier: BSD-3-Clause
#include "solvers/coupled.h"
#include "lib/nearest.h"
#include "solvers/expression.h"
#include "solvers/penalty.h"
#include "solvers/transform.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIGHT, CLIP, STRICT, RANGES, TURNS = 1000, SMALL = 64 };

const char *const gr_ranges[] = {[TIGHT] = "tight", [CLIP] = "clip", [STRICT] = "strict", NULL};

struct gr_coupled {
    const gr_problem *inside;
    gr_problem whole;
    gr_transform *inner;
    gr_expression *outer;
    gr_constraints *constraints;
    gr_penalty *penalty;
    int ranges;
};

// ---- the point ----

static double lo(const gr_coupled *c, size_t k)
{
    return c->inside->lo ? c->inside->lo[k] : -INFINITY;
}

static double hi(const gr_coupled *c, size_t k)
{
    return c->inside->hi ? c->inside->hi[k] : INFINITY;
}

// Into the bounds; was it outside?
static bool clip(const gr_coupled *c, double *x)
{
    bool moved = false;
    for (size_t k = 0; k < c->inside->n; k++) {
        double before = x[k];
        x[k] = fmin(fmax(x[k], lo(c, k)), hi(c, k));
        moved |= x[k] != before;
    }
    return moved;
}

static bool inside(const gr_coupled *c, const double *x)
{
    for (size_t k = 0; k < c->inside->n; k++)
        if (!(x[k] >= lo(c, k) && x[k] <= hi(c, k))) return false;
    return true;
}

// The transforms and the bounds in turns. The last to move are the transforms, so that a point that
// stays is one that both leave alone.
static gr_status take_turns(const gr_coupled *c, double *x, bool *holds)
{
    for (int turn = 0; turn < TURNS; turn++) {
        GR_TRY(gr_transform_apply(c->inner, x, holds));
        if (!*holds || inside(c, x)) return GR_OK;
        clip(c, x);
    }
    *holds = false;
    return GR_OK;
}

static gr_status move_in(const gr_coupled *c, double *x, bool *holds)
{
    *holds = true;
    if (!c->inner) return GR_OK;
    if (c->ranges == TIGHT) return take_turns(c, x, holds);
    GR_TRY(gr_transform_apply(c->inner, x, holds));
    if (c->ranges == CLIP) clip(c, x);
    *holds = *holds && inside(c, x);
    return GR_OK;
}

// ---- the cost ----

static gr_status cost_at(const gr_coupled *c, const double *x, double *f)
{
    double sign = c->whole.maximise ? -1 : 1;
    GR_TRY(c->inside->cost(x, c->inside->n, c->inside->context, f));
    if (c->outer) *f = gr_expression_value(c->outer, f);
    if (c->penalty) *f += sign * gr_penalty_value(c->penalty, x);
    return GR_OK;
}

static gr_status moved_cost(const gr_coupled *c, const double *x, double *room, double *f)
{
    bool holds;
    memcpy(room, x, c->inside->n * sizeof *x);
    GR_TRY(move_in(c, room, &holds));
    *f = c->whole.maximise ? -INFINITY : INFINITY;
    return holds ? cost_at(c, room, f) : GR_OK;
}

static gr_status cost(const double *x, size_t n, void *context, double *f)
{
    double small[SMALL], *room = n <= SMALL ? small : malloc(n * sizeof *room);
    if (!room) return gr_fail(GR_ENOMEM, "coupled: out of memory");
    gr_status status = moved_cost(context, x, room, f);
    if (room != small) free(room);
    return status;
}

// Where the cost is computed; points that have none are all the same.
static gr_status moved(const double *x, size_t n, void *context, double *y)
{
    bool holds;
    memcpy(y, x, n * sizeof *x);
    GR_TRY(move_in(context, y, &holds));
    for (size_t k = 0; k < n && !holds; k++) y[k] = NAN;
    return GR_OK;
}

// ---- make ----

static gr_status read_ranges(gr_coupled *c, const char *word)
{
    for (int i = 0; i < RANGES; i++)
        if (!strcmp(word, gr_ranges[i])) return c->ranges = i, GR_OK;
    return gr_fail(GR_EARG, "ranges '%.40s': expected tight, clip or strict%s", word,
                   gr_did_you_mean(word, gr_ranges, RANGES).s);
}

static gr_status read_all(gr_coupled *c, const gr_couplers *by)
{
    size_t n = c->inside->n;
    GR_TRY(read_ranges(c, by->ranges ? by->ranges : "tight"));
    if (by->inner) GR_TRY(gr_transform_read(&c->inner, by->inner, n));
    if (by->outer) GR_TRY(gr_expression_read(&c->outer, by->outer, 1));
    if (!by->additive) return GR_OK;
    GR_TRY(gr_constraints_read(&c->constraints, by->additive, n));
    return gr_penalty_read(&c->penalty, by->penalty ? by->penalty : "quadratic", c->constraints);
}

gr_status gr_coupled_new(gr_coupled **coupled, const gr_problem *p, const gr_couplers *couplers)
{
    gr_coupled *c = *coupled = calloc(1, sizeof *c);
    if (!c) return gr_fail(GR_ENOMEM, "coupled: out of memory");
    c->inside = p, c->whole = *p;
    c->whole.cost = cost, c->whole.context = c;
    c->whole.type = NULL, c->whole.owner = NULL; // it has another optimum, and owns nothing
    gr_status status = gr_problem_check(p);
    if (!status) status = read_all(c, couplers);
    if (status) return gr_coupled_free(c), *coupled = NULL, status;
    c->whole.moved = c->inner ? moved : NULL, c->whole.gradient = NULL;
    return GR_OK;
}

void gr_coupled_free(gr_coupled *c)
{
    if (!c) return;
    gr_transform_free(c->inner), gr_expression_free(c->outer);
    gr_penalty_free(c->penalty), gr_constraints_free(c->constraints);
    free(c);
}

const gr_problem *gr_coupled_problem(const gr_coupled *c) { return &c->whole; }

// ---- look ----

gr_status gr_coupled_look(const gr_coupled *c, double *x, gr_coupled_at *at)
{
    bool holds;
    size_t length;
    *at = (gr_coupled_at){.f = NAN};
    GR_TRY(move_in(c, x, &holds));
    if (c->constraints && gr_constraints_count(c->constraints)) {
        at->broken = gr_constraints_broken(c->constraints, x);
        size_t worst = gr_constraints_worst(c->constraints, x);
        const char *text = gr_constraints_text(c->constraints, worst, &length);
        snprintf(at->worst, sizeof at->worst, "%.*s", (int)length, text);
    }
    if (!holds) {
        at->broken = INFINITY, snprintf(at->worst, sizeof at->worst, "the transforms");
        return GR_OK; // there is no cost where they do not hold
    }
    return c->inside->cost(x, c->inside->n, c->inside->context, &at->f);
}

void gr_coupled_next(gr_coupled *c, const double *x)
{
    if (c->penalty) gr_penalty_next(c->penalty, x), c->whole.age++;
}
