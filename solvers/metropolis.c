// SPDX-License-Identifier: BSD-3-Clause
// metropolis -- samples points with density exp(-cost / T), by chains of random moves.
//
// A generation proposes one move for each chain, evaluated together. A move is normal, in each
// coordinate `reach` times the width of the bounds, and mirrored at them, which keeps it as likely
// as its way back. The chains are the solver's points: a log with columns of one's own sees
// them, and gr_solver_best is the most probable point met.
// Source: N. Metropolis et al., J. Chem. Phys. 21 (1953) 1087.
#include "solvers/solver_type.h"
#include <math.h>
#include <string.h>

enum { CHAINS, TEMPERATURE, REACH };

static const gr_solver_option options[] = {
    {"chains", "that walk side by side", 4, 1, 1e5, NULL, true},
    {"temperature", "T", 1, 1e-300, 1e300, NULL, false},
    {"reach", "standard deviation of a move, as a share of the bounds", 0.05, 1e-12, 10, NULL,
     false},
    {0},
};

typedef struct chains {
    size_t m, n;
    double *x, *f;     // (m, n), (m)
    double *to, *to_f; // likewise: the moves proposed
} chains;

static chains chains_of(const gr_solver *s)
{
    size_t m = (size_t)s->option[CHAINS], n = s->n;
    double *t = s->scratch;
    return (chains){m, n, s->real, s->real + m * n, t, t + m * n};
}

static gr_status init(gr_solver *s)
{
    size_t m = (size_t)s->option[CHAINS], n = s->n;
    return gr_solver_room(s, m * (n + 1), 0, m * (n + 1), m);
}

static gr_status begin(gr_solver *s)
{
    chains q = chains_of(s);
    for (size_t i = 0; i < q.m; i++) gr_solver_draw(s, q.x + i * q.n);
    if (s->given) memcpy(q.x, s->x0, q.n * sizeof *q.x);
    return gr_solver_eval(s, q.x, q.f, q.m);
}

static void propose(gr_solver *s, const chains *q, size_t i)
{
    for (size_t k = 0; k < q->n; k++) {
        double width = s->hi[k] - s->lo[k], x = q->x[i * q->n + k];
        if (!isfinite(width)) width = 1;
        x += s->option[REACH] * width * gr_rng_normal(&s->rng);
        q->to[i * q->n + k] = gr_solver_mirror(s, x, k);
    }
}

static gr_status step(gr_solver *s)
{
    chains q = chains_of(s);
    for (size_t i = 0; i < q.m; i++) propose(s, &q, i);
    GR_TRY(gr_solver_eval(s, q.to, q.to_f, q.m));
    for (size_t i = 0; i < q.m; i++) {
        double luck = gr_rng_unit(&s->rng),
               ratio = exp((q.f[i] - q.to_f[i]) / s->option[TEMPERATURE]);
        if (!(q.to_f[i] <= q.f[i] || luck < ratio)) continue;
        q.f[i] = q.to_f[i];
        memcpy(q.x + i * q.n, q.to + i * q.n, q.n * sizeof *q.x);
    }
    return GR_OK;
}

static void cloud(const gr_solver *s, gr_cloud *c)
{
    chains q = chains_of(s);
    *c = (gr_cloud){q.x, q.f, q.m};
}

const gr_solver_type gr_solver_metropolis = {
    .name = "metropolis",
    .about = "samples points with density exp(-cost / T), by chains of random moves",
    .source = "Metropolis et al. (1953)",
    .options = options,
    .stop = "generations(10000)",
    .init = init,
    .begin = begin,
    .step = step,
    .cloud = cloud,
};
