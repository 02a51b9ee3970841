// SPDX-License-Identifier: BSD-3-Clause
// scem -- shuffled complex evolution Metropolis: samples points with density exp(-cost / T), by
// sequences that learn the shape of that density from a population they share.
//
// The population is dealt, best first, into as many complexes as there are sequences. A generation
// proposes one move for each sequence, evaluated together: normal, with the covariance of its
// complex, from where the sequence is, or from the complex's mean if its last draws are far less
// likely than the complex is. An accepted point takes the place of the best of its complex; else,
// where the complex is far from even, the sequence's point that of the worst. After some moves the
// complexes are mixed. The sequences are the solver's points. Moves are mirrored at bounds.
// Source: J. Vrugt, H. Gupta, W. Bouten and S. Sorooshian, Water Resources Research 39 (2003) 1201.
#include "solvers/solver_type.h"
#include <math.h>
#include <string.h>

enum { SEQUENCES, POINTS, MOVES, TEMPERATURE, REACH, FAR };

static const gr_solver_option options[] = {
    {"sequences", "that walk side by side, each with a complex", 10, 1, 1e4, NULL, true},
    {"points", "of a complex; 0: 25, or 3 for each dimension", 0, 0, 1e5, NULL, true},
    {"moves", "between two shuffles; 0: a fifth of the points", 0, 0, 1e6, NULL, true},
    {"temperature", "T", 1, 1e-300, 1e300, NULL, false},
    {"reach", "standard deviation of a move: this / sqrt(n) of the complex's", 2.4, 1e-6, 1e6, NULL,
     false},
    {"far", "so many times less likely is far", 1e6, 1, 1e300, NULL, false},
    {0},
};

enum { MOVED, NEXT, FILLED }; // since the last shuffle; in `last`: where, and how many are there

typedef struct complexes {
    size_t n, q, m;
    double *x, *f;         // (q, m, n), (q, m) the population
    double *at, *at_f;     // (q, n), (q) the sequences
    double *last;          // (q, m) costs of their last draws, a ring
    double *to, *to_f;     // (q, n), (q) moves proposed
    double *mean, *factor; // (n); (n, n) lower triangle
    double *order;         // (q m) ranks
    double *mixed;         // (q m, n + 1)
    double *white;         // (n)
} complexes;

static size_t points_of(const gr_solver *s)
{
    size_t m = (size_t)s->option[POINTS], least = 3 * s->n > 25 ? 3 * s->n : 25;
    return m ? m : least;
}

static complexes complexes_of(const gr_solver *s)
{
    size_t n = s->n, q = (size_t)s->option[SEQUENCES], m = points_of(s);
    complexes c = {.n = n, .q = q, .m = m, .x = s->real, .to = s->scratch};
    c.f = c.x + q * m * n, c.at = c.f + q * m, c.at_f = c.at + q * n, c.last = c.at_f + q;
    c.to_f = c.to + q * n, c.mean = c.to_f + q, c.factor = c.mean + n, c.order = c.factor + n * n;
    c.mixed = c.order + q * m, c.white = c.mixed + q * m * (n + 1);
    return c;
}

static gr_status init(gr_solver *s)
{
    size_t n = s->n, q = (size_t)s->option[SEQUENCES], m = points_of(s);
    s->index_most = (int64_t)(m + (size_t)s->option[MOVES]);
    return gr_solver_room(s, q * m * (n + 1) + q * (n + 1) + q * m, 3,
                          q * (n + 1) + n * (n + 2) + q * m * (n + 2), q * m);
}

// ---- the population ----

// By insertion: the complexes are nearly sorted already, but for the first time.
static void rank(const complexes *c)
{
    for (size_t i = 0; i < c->q * c->m; i++) {
        size_t to = i;
        for (; to > 0 && c->f[(size_t)c->order[to - 1]] > c->f[i]; to--)
            c->order[to] = c->order[to - 1];
        c->order[to] = (double)i;
    }
}

// The complexes mixed: rank r goes to complex r mod q.
static void shuffle(const complexes *c)
{
    size_t n = c->n, all = c->q * c->m;
    double *x = c->mixed, *f = x + all * n;
    rank(c);
    for (size_t r = 0; r < all; r++) {
        size_t from = (size_t)c->order[r], to = r % c->q * c->m + r / c->q;
        memcpy(x + to * n, c->x + from * n, n * sizeof *x);
        f[to] = c->f[from];
    }
    memcpy(c->x, x, all * n * sizeof *x);
    memcpy(c->f, f, all * sizeof *f);
}

static gr_status begin(gr_solver *s)
{
    complexes c = complexes_of(s);
    for (size_t i = 0; i < c.q * c.m; i++) gr_solver_draw(s, c.x + i * c.n);
    if (s->given) memcpy(c.x, s->x0, c.n * sizeof *c.x);
    GR_TRY(gr_solver_eval(s, c.x, c.f, c.q * c.m));
    shuffle(&c);
    for (size_t k = 0; k < c.q; k++) {
        memcpy(c.at + k * c.n, c.x + k * c.m * c.n, c.n * sizeof *c.at);
        c.at_f[k] = c.f[k * c.m];
    }
    return GR_OK;
}

static size_t extreme(const double *f, size_t m, double sign)
{
    size_t found = 0;
    for (size_t i = 1; i < m; i++)
        if (sign * f[i] < sign * f[found]) found = i;
    return found;
}

// ---- the shape of a complex ----

static void average(const complexes *c, size_t k)
{
    const double *x = c->x + k * c->m * c->n;
    memset(c->mean, 0, c->n * sizeof *c->mean);
    for (size_t i = 0; i < c->m; i++)
        for (size_t d = 0; d < c->n; d++) c->mean[d] += x[i * c->n + d];
    for (size_t d = 0; d < c->n; d++) c->mean[d] /= (double)c->m;
}

static double covariance(const complexes *c, const double *x, size_t a, size_t b)
{
    double sum = 0;
    for (size_t i = 0; i < c->m; i++, x += c->n) sum += (x[a] - c->mean[a]) * (x[b] - c->mean[b]);
    return sum / (double)(c->m > 1 ? c->m - 1 : 1);
}

// Cholesky; a direction in which the complex does not extend has no column.
static void factorize(const complexes *c, size_t k)
{
    size_t n = c->n;
    const double *x = c->x + k * c->m * n;
    for (size_t j = 0; j < n; j++)
        for (size_t i = j; i < n; i++) {
            double sum = covariance(c, x, i, j), whole = sum, *l = c->factor;
            for (size_t d = 0; d < j; d++) sum -= l[i * n + d] * l[j * n + d];
            if (i == j)
                l[j * n + j] = sum > 1e-14 * whole ? sqrt(sum) : 0;
            else
                l[i * n + j] = l[j * n + j] > 0 ? sum / l[j * n + j] : 0;
        }
}

// How much less likely the last draws of sequence k are than its complex, on average.
static double lag(const gr_solver *s, const complexes *c, size_t k)
{
    const double *f = c->f + k * c->m, *last = c->last + k * c->m;
    size_t filled = (size_t)s->integer[FILLED] < c->m ? (size_t)s->integer[FILLED] : c->m;
    double t = s->option[TEMPERATURE], least = f[extreme(f, c->m, 1)], here = 0, there = 0;
    for (size_t i = 0; i < filled; i++) least = fmin(least, last[i]);
    for (size_t i = 0; i < c->m; i++) here += exp((least - f[i]) / t);
    for (size_t i = 0; i < filled; i++) there += exp((least - last[i]) / t);
    return filled ? here / (double)c->m / (there / (double)filled) : 1;
}

// ---- a move ----

static void propose(gr_solver *s, const complexes *c, size_t k)
{
    size_t n = c->n;
    double reach = s->option[REACH] / sqrt((double)n), *to = c->to + k * n;
    average(c, k);
    factorize(c, k);
    const double *from = lag(s, c, k) > s->option[FAR] ? c->mean : c->at + k * n;
    for (size_t d = 0; d < n; d++) c->white[d] = gr_rng_normal(&s->rng);
    for (size_t d = 0; d < n; d++) {
        double sum = 0;
        for (size_t e = 0; e <= d; e++) sum += c->factor[d * n + e] * c->white[e];
        to[d] = gr_solver_mirror(s, from[d] + reach * sum, d);
    }
}

static void put(const complexes *c, size_t k, size_t place)
{
    memcpy(c->x + (k * c->m + place) * c->n, c->at + k * c->n, c->n * sizeof *c->x);
    c->f[k * c->m + place] = c->at_f[k];
}

static void judge(gr_solver *s, const complexes *c, size_t k)
{
    double t = s->option[TEMPERATURE], luck = gr_rng_unit(&s->rng), *f = c->f + k * c->m;
    size_t best = extreme(f, c->m, 1), worst = extreme(f, c->m, -1);
    if (c->to_f[k] <= c->at_f[k] || luck < exp((c->at_f[k] - c->to_f[k]) / t)) {
        memcpy(c->at + k * c->n, c->to + k * c->n, c->n * sizeof *c->at);
        c->at_f[k] = c->to_f[k];
        put(c, k, best);
    } else if (exp((f[worst] - f[best]) / t) > s->option[FAR] && c->at_f[k] < f[worst]) {
        put(c, k, worst);
    }
    c->last[k * c->m + (size_t)s->integer[NEXT] % c->m] = c->at_f[k];
}

static gr_status step(gr_solver *s)
{
    complexes c = complexes_of(s);
    int64_t m = (int64_t)c.m, moves = (int64_t)s->option[MOVES];
    for (size_t k = 0; k < c.q; k++) propose(s, &c, k);
    GR_TRY(gr_solver_eval(s, c.to, c.to_f, c.q));
    for (size_t k = 0; k < c.q; k++) judge(s, &c, k);
    s->integer[NEXT] = (s->integer[NEXT] + 1) % m;
    if (s->integer[FILLED] < m) s->integer[FILLED]++;
    if (++s->integer[MOVED] < (moves ? moves : m / 5)) return GR_OK;
    s->integer[MOVED] = 0;
    shuffle(&c);
    return GR_OK;
}

static void cloud(const gr_solver *s, gr_cloud *points)
{
    complexes c = complexes_of(s);
    *points = (gr_cloud){c.at, c.at_f, c.q};
}

const gr_solver_type gr_solver_scem = {
    .name = "scem",
    .about = "samples points with density exp(-cost / T), by sequences that learn its shape",
    .source = "Vrugt, Gupta, Bouten and Sorooshian (2003)",
    .options = options,
    .stop = "generations(10000)",
    .init = init,
    .begin = begin,
    .step = step,
    .cloud = cloud,
};
