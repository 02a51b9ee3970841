// SPDX-License-Identifier: BSD-3-Clause
// anneal -- simulated annealing, one coordinate at a time, with moves that adapt to each of them.
//
// A generation is a number of cycles at one temperature. A worse point is accepted with probability
// exp(-rise / T). Then each coordinate's longest move is changed so that about half of its moves
// are accepted, and T falls; the next generation begins at the best point. Moves that leave the
// bounds are drawn anew. The first temperature is the spread of costs at random points. Source: S.
// Kirkpatrick, C. Gelatt and M. Vecchi, Science 220 (1983) 671; A. Corana et al., ACM TOMS 13
// (1987) 262.
#include "solvers/solver_type.h"
#include <math.h>
#include <string.h>

enum { CYCLES, COOLING };
enum { PROBES = 20 };

static const gr_solver_option options[] = {
    {"cycles", "moves of each coordinate at one temperature", 60, 1, 1e5, NULL, true},
    {"cooling", "how much of the temperature is left after each generation", 0.85, 0.01, 0.999999,
     NULL, false},
    {0},
};

typedef struct walk {
    size_t n;
    double *x, *reach;       // (n): where it is, and the longest move of each coordinate
    double *f, *temperature; // the cost there
    double *to, *taken;      // (n) scratch: the next point; moves accepted
    double *probe, *value;   // (PROBES, n), (PROBES)
} walk;

static walk walk_of(const gr_solver *s)
{
    size_t n = s->n;
    double *r = s->real, *t = s->scratch;
    return (walk){n, r, r + n, r + 2 * n, r + 2 * n + 1, t, t + n, t + 2 * n, t + (2 + PROBES) * n};
}

static gr_status init(gr_solver *s)
{
    size_t n = s->n, cycles = (size_t)s->option[CYCLES];
    GR_TRY(gr_solver_room(s, 2 * n + 2, 0, (2 + PROBES) * n + PROBES, cycles * n + PROBES + 1));
    walk q = walk_of(s);
    memcpy(q.x, s->x0, n * sizeof *q.x);
    for (size_t k = 0; k < n; k++)
        q.reach[k] = isfinite(s->hi[k] - s->lo[k]) ? s->hi[k] - s->lo[k] : 1;
    return GR_OK;
}

static gr_status begin(gr_solver *s)
{
    walk q = walk_of(s);
    double lo = INFINITY, hi = -INFINITY;
    memcpy(q.probe, q.x, q.n * sizeof *q.x);
    for (size_t i = 1; i < PROBES; i++) gr_solver_draw(s, q.probe + i * q.n);
    GR_TRY(gr_solver_eval(s, q.probe, q.value, PROBES));
    *q.f = q.value[0];
    for (size_t i = 0; i < PROBES; i++)
        if (isfinite(q.value[i])) lo = fmin(lo, q.value[i]), hi = fmax(hi, q.value[i]);
    *q.temperature = hi > lo ? hi - lo : 1;
    return GR_OK;
}

// Coordinate k moved by up to its reach.
static gr_status try_move(gr_solver *s, const walk *q, size_t k)
{
    enum { DRAWS = 50 };
    double f, x = q->x[k];
    for (int i = 0; i < DRAWS; i++) {
        x = q->x[k] + (2 * gr_rng_unit(&s->rng) - 1) * q->reach[k];
        if (x >= s->lo[k] && x <= s->hi[k]) break;
        x = q->x[k];
    }
    memcpy(q->to, q->x, q->n * sizeof *q->x);
    q->to[k] = x;
    double luck = gr_rng_unit(&s->rng);
    GR_TRY(gr_solver_eval(s, q->to, &f, 1));
    if (!(f <= *q->f || luck < exp((*q->f - f) / *q->temperature))) return GR_OK;
    q->x[k] = x, *q->f = f, q->taken[k]++;
    return GR_OK;
}

// Corana's rule: towards half of the moves accepted.
static void adapt(const gr_solver *s, const walk *q)
{
    for (size_t k = 0; k < q->n; k++) {
        double share = q->taken[k] / s->option[CYCLES], widest = s->hi[k] - s->lo[k];
        if (share > 0.6) q->reach[k] *= 1 + 2 * (share - 0.6) / 0.4;
        if (share < 0.4) q->reach[k] /= 1 + 2 * (0.4 - share) / 0.4;
        if (q->reach[k] > widest) q->reach[k] = widest;
    }
}

static gr_status step(gr_solver *s)
{
    walk q = walk_of(s);
    memset(q.taken, 0, q.n * sizeof *q.taken);
    for (size_t i = 0; i < (size_t)s->option[CYCLES]; i++)
        for (size_t k = 0; k < q.n; k++) GR_TRY(try_move(s, &q, k));
    adapt(s, &q);
    *q.temperature *= s->option[COOLING];
    if (s->at.f < *q.f) {
        memcpy(q.x, s->at.x.data, q.n * sizeof *q.x);
        *q.f = s->at.f;
    }
    return GR_OK;
}

const gr_solver_type gr_solver_anneal = {
    .name = "anneal",
    .about = "simulated annealing: worse points are accepted, ever less often",
    .source = "Kirkpatrick et al. (1983); Corana et al. (1987)",
    .options = options,
    .stop = "cog(1e-10,40)",
    .evaluations = 100000,
    .init = init,
    .begin = begin,
    .step = step,
};
