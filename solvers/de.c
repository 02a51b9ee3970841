// SPDX-License-Identifier: BSD-3-Clause
// de -- differential evolution: each member of a population is challenged by a trial, made of
// itself and of differences of others.
//
// Generation 0 is the population: x0 if it was given, all others drawn within the bounds. A
// coordinate that leaves the bounds lands between its parent and the bound it crossed. Updating by
// generation evaluates all trials at once, so over a map; `inplace` lets each winner take part at
// once. Source: R. Storn and K. Price, J. Global Optimization 11 (1997) 341; bounds as in K. Price,
// R. Storn and J. Lampinen, Differential Evolution (2005), section 4.3.
#include "solvers/solver_type.h"
#include <math.h>
#include <string.h>

enum { STRATEGY, CROSSOVER, SIZE, CROSS, SCALE, DITHER, UPDATE };
enum { BEST1, RAND1, RANDTOBEST1, BEST2, RAND2 };
enum { BIN, EXP };
enum { GENERATION, INPLACE };
enum { OTHERS = 5, LEAST = 6 };

static const gr_solver_option options[] = {
    {"strategy", "whose differences make a trial", RAND1, 0, 0,
     (const char *const[]){"best1", "rand1", "randtobest1", "best2", "rand2", NULL}, true},
    {"crossover", "bin: each coordinate by itself; exp: a run of neighbours", BIN, 0, 0,
     (const char *const[]){"bin", "exp", NULL}, true},
    {"np", "members; 0: 10 a dimension, at least 60", 0, 0, 1e6, NULL, true},
    {"cross", "probability that a coordinate is changed", 0.5, 0, 1, NULL, false},
    {"scale", "of the differences", 0.7, 0, 2, NULL, false},
    {"dither", "each trial draws its scale between 0.5 and 1", 0, 0, 1, NULL, true},
    {"update", "when winners take part", GENERATION, 0, 0,
     (const char *const[]){"generation", "inplace", NULL}, true},
    {0},
};

typedef struct population {
    size_t m, n;
    double *x, *f;           // (m, n), (m)
    double *trial, *trial_f; // likewise
} population;

static size_t size_of(const gr_solver *s)
{
    size_t m = (size_t)s->option[SIZE];
    if (m == 0) m = 10 * s->n < 60 ? 60 : 10 * s->n;
    return m < LEAST ? LEAST : m;
}

static population population_of(const gr_solver *s)
{
    size_t n = s->n, m = size_of(s);
    return (population){.m = m,
                        .n = n,
                        .x = s->real,
                        .f = s->real + m * n,
                        .trial = s->scratch,
                        .trial_f = s->scratch + m * n};
}

static gr_status init(gr_solver *s)
{
    size_t m = size_of(s), n = s->n;
    return gr_solver_room(s, m * (n + 1), 0, m * (n + 1), m);
}

static gr_status begin(gr_solver *s)
{
    population p = population_of(s);
    for (size_t i = 0; i < p.m; i++) gr_solver_draw(s, p.x + i * p.n);
    if (s->given) memcpy(p.x, s->x0, p.n * sizeof *p.x);
    return gr_solver_eval(s, p.x, p.f, p.m);
}

// Members that differ from one another and from `self`.
static void draw_others(gr_solver *s, size_t m, size_t self, size_t other[OTHERS])
{
    for (size_t k = 0; k < OTHERS; k++) {
        bool taken;
        do {
            other[k] = gr_rng_below(&s->rng, m);
            taken = other[k] == self;
            for (size_t j = 0; j < k; j++) taken |= other[j] == other[k];
        } while (taken);
    }
}

// What a coordinate of the trial would be.
static double mutant(const gr_solver *s, const population *p, size_t self, size_t best,
                     const size_t r[OTHERS], double scale, size_t k)
{
    const double *x = p->x + k;
    size_t n = p->n;
    double a = x[r[0] * n], b = x[r[1] * n], c = x[r[2] * n], d = x[r[3] * n], e = x[r[4] * n];
    double top = x[best * n], own = x[self * n];
    switch ((int)s->option[STRATEGY]) {
    case BEST1:
        return top + scale * (a - b);
    case RANDTOBEST1:
        return own + scale * (top - own) + scale * (a - b);
    case BEST2:
        return top + scale * (a + b - c - d);
    case RAND2:
        return a + scale * (b + c - d - e);
    default:
        return a + scale * (b - c);
    }
}

static double bounced(gr_solver *s, double x, double parent, size_t k)
{
    if (x < s->lo[k]) return parent + gr_rng_unit(&s->rng) * (s->lo[k] - parent);
    if (x > s->hi[k]) return parent + gr_rng_unit(&s->rng) * (s->hi[k] - parent);
    return isfinite(x) ? x : parent;
}

// Binomial: each coordinate with probability `cross`, one for certain. Exponential: from that one
// on, as long as a coin of that probability falls so.
static void make_trial(gr_solver *s, const population *p, size_t self, size_t best, double *trial)
{
    size_t r[OTHERS], n = p->n, at = gr_rng_below(&s->rng, n);
    double scale = s->option[DITHER] > 0 ? 0.5 + 0.5 * gr_rng_unit(&s->rng) : s->option[SCALE];
    const double *own = p->x + self * n;
    bool run = true, exponential = s->option[CROSSOVER] == EXP;
    draw_others(s, p->m, self, r);
    memcpy(trial, own, n * sizeof *own);
    for (size_t i = 0; i < n; i++) {
        size_t k = (at + i) % n;
        bool changed = i == 0 || gr_rng_unit(&s->rng) < s->option[CROSS];
        run &= changed;
        if (exponential && !run) return;
        if (changed) trial[k] = bounced(s, mutant(s, p, self, best, r, scale, k), own[k], k);
    }
    gr_solver_clip(s, trial);
}

static size_t best_of(const population *p)
{
    size_t best = 0;
    for (size_t i = 1; i < p->m; i++)
        if (p->f[i] < p->f[best]) best = i;
    return best;
}

// The trial takes the place of its parent unless it is worse.
static void challenge(const population *p, size_t i)
{
    if (!(p->trial_f[i] <= p->f[i])) return;
    p->f[i] = p->trial_f[i];
    memcpy(p->x + i * p->n, p->trial + i * p->n, p->n * sizeof *p->x);
}

static gr_status step_in_place(gr_solver *s, const population *p)
{
    size_t best = best_of(p);
    for (size_t i = 0; i < p->m; i++) {
        make_trial(s, p, i, best, p->trial + i * p->n);
        GR_TRY(gr_solver_eval(s, p->trial + i * p->n, p->trial_f + i, 1));
        challenge(p, i);
        if (p->f[i] < p->f[best]) best = i;
    }
    return GR_OK;
}

static gr_status step(gr_solver *s)
{
    population p = population_of(s);
    if (s->option[UPDATE] == INPLACE) return step_in_place(s, &p);
    size_t best = best_of(&p);
    for (size_t i = 0; i < p.m; i++) make_trial(s, &p, i, best, p.trial + i * p.n);
    GR_TRY(gr_solver_eval(s, p.trial, p.trial_f, p.m));
    for (size_t i = 0; i < p.m; i++) challenge(&p, i);
    return GR_OK;
}

static void cloud(const gr_solver *s, gr_cloud *c)
{
    population p = population_of(s);
    *c = (gr_cloud){p.x, p.f, p.m};
}

const gr_solver_type gr_solver_de = {
    .name = "de",
    .about = "differential evolution: a population, challenged by differences of its members",
    .source = "Storn and Price (1997)",
    .options = options,
    .stop = "cog(1e-10,1000) or crt(1e-9,1e-9)",
    .evaluations = 100000,
    .init = init,
    .begin = begin,
    .step = step,
    .cloud = cloud,
};
