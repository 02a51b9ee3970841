// SPDX-License-Identifier: BSD-3-Clause
// swarm -- particle swarm: each particle is drawn to the best place it has been at, and to the best
// of its neighbours.
//
// topology=global: everybody is everybody's neighbour; ring: those beside it, which finds slower
// and more surely. At a bound a particle stops and turns back. All are moved, then evaluated
// together. Source: J. Kennedy and R. Eberhart, IEEE Conf. on Neural Networks (1995) 1942;
// coefficients of M. Clerc and J. Kennedy, IEEE Trans. Evol. Comp. 6 (2002) 58; ring: Kennedy and
// Mendes, CEC (2002).
#include "solvers/solver_type.h"
#include <math.h>
#include <string.h>

enum { SIZE, TOPOLOGY, INERTIA, OWN, OTHERS };
enum { GLOBAL, RING };

static const gr_solver_option options[] = {
    {"np", "particles", 40, 3, 1e6, NULL, true},
    {"topology", "who is whose neighbour", RING, 0, 0,
     (const char *const[]){"global", "ring", NULL}, true},
    {"inertia", "how much of its velocity a particle keeps", 0.72984, 0, 1, NULL, false},
    {"own", "pull of its own best place", 1.496172, 0, 4, NULL, false},
    {"others", "pull of the neighbours' best place", 1.496172, 0, 4, NULL, false},
    {0},
};

typedef struct swarm {
    size_t m, n;
    double *x, *v, *best; // (m, n) places, velocities, best places so far
    double *f;            // (m) costs there
    double *now;          // (m) costs at x
} swarm;

static swarm swarm_of(const gr_solver *s)
{
    size_t m = (size_t)s->option[SIZE], n = s->n;
    double *r = s->real;
    return (swarm){m, n, r, r + m * n, r + 2 * m * n, r + 3 * m * n, s->scratch};
}

static gr_status init(gr_solver *s)
{
    size_t m = (size_t)s->option[SIZE];
    return gr_solver_room(s, 3 * m * s->n + m, 0, m, m);
}

static gr_status begin(gr_solver *s)
{
    swarm q = swarm_of(s);
    for (size_t i = 0; i < q.m; i++) {
        gr_solver_draw(s, q.x + i * q.n);
        gr_solver_draw(s, q.v + i * q.n);
    }
    if (s->given) memcpy(q.x, s->x0, q.n * sizeof *q.x);
    for (size_t k = 0; k < q.m * q.n; k++) q.v[k] = (q.v[k] - q.x[k]) / 2;
    memcpy(q.best, q.x, q.m * q.n * sizeof *q.x);
    return gr_solver_eval(s, q.x, q.f, q.m);
}

// The neighbour with the best place: for a ring, of the three around i.
static size_t leader(const gr_solver *s, const swarm *q, size_t i)
{
    size_t best = i, m = q->m;
    bool ring = s->option[TOPOLOGY] == RING;
    for (size_t k = 0; k < (ring ? 3 : m); k++) {
        size_t j = ring ? (i + m - 1 + k) % m : k;
        if (q->f[j] < q->f[best]) best = j;
    }
    return best;
}

static void move(gr_solver *s, const swarm *q, size_t i)
{
    const double *lead = q->best + leader(s, q, i) * q->n, *own = q->best + i * q->n;
    double *x = q->x + i * q->n, *v = q->v + i * q->n;
    for (size_t k = 0; k < q->n; k++) {
        double a = s->option[OWN] * gr_rng_unit(&s->rng);
        double b = s->option[OTHERS] * gr_rng_unit(&s->rng);
        v[k] = s->option[INERTIA] * v[k] + a * (own[k] - x[k]) + b * (lead[k] - x[k]);
        double to = x[k] + v[k];
        bool inside = to >= s->lo[k] && to <= s->hi[k];
        x[k] = inside ? to : to < s->lo[k] ? s->lo[k] : to > s->hi[k] ? s->hi[k] : x[k];
        if (!inside) v[k] *= -0.5;
    }
}

static gr_status step(gr_solver *s)
{
    swarm q = swarm_of(s);
    for (size_t i = 0; i < q.m; i++) move(s, &q, i);
    GR_TRY(gr_solver_eval(s, q.x, q.now, q.m));
    for (size_t i = 0; i < q.m; i++) {
        if (!(q.now[i] <= q.f[i])) continue;
        q.f[i] = q.now[i];
        memcpy(q.best + i * q.n, q.x + i * q.n, q.n * sizeof *q.x);
    }
    return GR_OK;
}

static void cloud(const gr_solver *s, gr_cloud *c)
{
    swarm q = swarm_of(s);
    *c = (gr_cloud){q.best, q.f, q.m};
}

const gr_solver_type gr_solver_swarm = {
    .name = "swarm",
    .about = "particles that are drawn to their own and their neighbours' best places",
    .source = "Kennedy and Eberhart (1995); Clerc and Kennedy (2002)",
    .options = options,
    .stop = "cog(1e-10,200) or crt(1e-9,1e-9)",
    .evaluations = 100000,
    .init = init,
    .begin = begin,
    .step = step,
    .cloud = cloud,
};
