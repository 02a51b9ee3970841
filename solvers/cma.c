// SPDX-License-Identifier: BSD-3-Clause
// cma -- covariance matrix adaptation: samples a normal distribution, and learns its shape from the
// better half of them; restarts with twice the samples where it gets stuck.
//
// Coordinates are scaled by their bounds, and samples beyond a bound mirrored at it. The shape is
// kept as a covariance and sampled by its Cholesky factor. Generation 0 evaluates where it starts.
// After the last restart there is no further step. Source: N. Hansen and A. Ostermeier,
// Evolutionary Computation 9 (2001) 159; N. Hansen, The CMA Evolution Strategy: A Tutorial (2016);
// restarts: A. Auger and N. Hansen, CEC (2005) 1769; the factor: O. Krause, D. Arbones and C. Igel,
// NIPS 29 (2016).
#include "solvers/solver_type.h"
#include <math.h>
#include <string.h>

enum { SIGMA, SIZE, RESTARTS };

static const gr_solver_option options[] = {
    {"sigma", "first standard deviation, as a share of the bounds", 0.3, 1e-9, 10, NULL, false},
    {"np", "samples a generation; 0: 4 + 3 ln n", 0, 0, 1e5, NULL, true},
    {"restarts", "how often, each time with twice the samples", 7, 0, 9, NULL, true},
    {0},
};

// Numbers that are saved, then arrays that are.
typedef struct shape {
    double sigma;
    double generations; // since the last restart
    double stale;       // of them without a better cost
    double best;        // cost since the last restart
    double spread;      // of the costs of the last samples, as a share of the best
} shape;

typedef struct cma {
    size_t n, samples; // samples of this run
    shape *is;
    double *mean, *path_c, *path_s; // (n)
    double *c;                      // (n, n) covariance
    double *factor;                 // (n, n) lower triangle: c = factor factor'
    double *x, *f, *weight;         // (samples, n), (samples), (samples / 2)
    double *step, *white;           // (n)
    double *rank;                   // (samples) places in order of cost
} cma;

static size_t samples_of(const gr_solver *s, int64_t restart)
{
    size_t m = (size_t)s->option[SIZE];
    if (m == 0) m = 4 + (size_t)(3 * log((double)s->n));
    return (m < 4 ? 4 : m) << restart;
}

static cma cma_of(const gr_solver *s)
{
    size_t n = s->n, most = samples_of(s, (int64_t)s->option[RESTARTS]);
    double *r = s->real + sizeof(shape) / sizeof(double), *t = s->scratch;
    cma q = {.n = n, .samples = samples_of(s, s->integer[0]), .is = (shape *)s->real};
    q.mean = r, q.path_c = r + n, q.path_s = r + 2 * n, q.c = r + 3 * n;
    q.factor = t, q.x = t + n * n, q.f = q.x + most * n, q.weight = q.f + most;
    q.rank = q.weight + most, q.step = q.rank + most, q.white = q.step + n;
    return q;
}

static gr_status init(gr_solver *s)
{
    size_t n = s->n, most = samples_of(s, (int64_t)s->option[RESTARTS]);
    GR_TRY(gr_solver_room(s, sizeof(shape) / sizeof(double) + 3 * n + n * n, 1,
                          n * n + most * (n + 3) + 2 * n, most));
    s->index_most = (int64_t)s->option[RESTARTS];
    return GR_OK;
}

// ---- scaled coordinates ----

static double width(const gr_solver *s, size_t k)
{
    double w = s->hi[k] - s->lo[k];
    return isfinite(w) ? w : 1;
}

static void start_run(gr_solver *s, const cma *q, const double *x)
{
    size_t n = q->n;
    for (size_t k = 0; k < n; k++) q->mean[k] = x[k];
    memset(q->path_c, 0, 2 * n * sizeof *q->path_c);
    memset(q->c, 0, n * n * sizeof *q->c);
    for (size_t k = 0; k < n; k++) q->c[k * n + k] = 1;
    *q->is = (shape){.sigma = s->option[SIGMA], .best = INFINITY, .spread = INFINITY};
}

static gr_status begin(gr_solver *s)
{
    cma q = cma_of(s);
    start_run(s, &q, s->x0);
    return gr_solver_eval(s, s->x0, q.f, 1);
}

// ---- the factor ----

// False if c is no covariance any more.
static bool factorize(const cma *q)
{
    size_t n = q->n;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = q->c[i * n + j];
            for (size_t k = 0; k < j; k++) sum -= q->factor[i * n + k] * q->factor[j * n + k];
            if (i == j && !(sum > 0 && sum < 1e30)) return false;
            q->factor[i * n + j] = i == j ? sqrt(sum) : sum / q->factor[j * n + j];
        }
    return true;
}

// white = factor^-1 step
static void whiten(const cma *q)
{
    for (size_t i = 0; i < q->n; i++) {
        double sum = q->step[i];
        for (size_t k = 0; k < i; k++) sum -= q->factor[i * q->n + k] * q->white[k];
        q->white[i] = sum / q->factor[i * q->n + i];
    }
}

// ---- one generation ----

static void sample(gr_solver *s, const cma *q)
{
    size_t n = q->n;
    for (size_t i = 0; i < q->samples; i++) {
        double *x = q->x + i * n;
        for (size_t k = 0; k < n; k++) q->white[k] = gr_rng_normal(&s->rng);
        for (size_t k = 0; k < n; k++) {
            double sum = 0;
            for (size_t j = 0; j <= k; j++) sum += q->factor[k * n + j] * q->white[j];
            x[k] = gr_solver_mirror(s, q->mean[k] + q->is->sigma * sum * width(s, k), k);
        }
    }
}

// By insertion: equal costs keep their order.
static void rank(const cma *q)
{
    for (size_t i = 0; i < q->samples; i++) {
        size_t to = i;
        for (; to > 0 && q->f[(size_t)q->rank[to - 1]] > q->f[i]; to--)
            q->rank[to] = q->rank[to - 1];
        q->rank[to] = (double)i;
    }
}

// Weights of the better half; returns how many samples they are worth.
static double weigh(const cma *q)
{
    size_t half = q->samples / 2;
    double sum = 0, squares = 0;
    for (size_t i = 0; i < half; i++)
        sum += q->weight[i] = log((double)half + 0.5) - log((double)i + 1);
    for (size_t i = 0; i < half; i++) {
        q->weight[i] /= sum;
        squares += q->weight[i] * q->weight[i];
    }
    return 1 / squares;
}

static double length(const double *x, size_t n)
{
    double sum = 0;
    for (size_t k = 0; k < n; k++) sum += x[k] * x[k];
    return sqrt(sum);
}

// The weighted step of the better half, in scaled coordinates and units of sigma; moves the mean.
static void recombine(gr_solver *s, const cma *q)
{
    size_t n = q->n;
    for (size_t k = 0; k < n; k++) {
        double to = 0;
        for (size_t i = 0; i < q->samples / 2; i++)
            to += q->weight[i] * q->x[(size_t)q->rank[i] * n + k];
        q->step[k] = (to - q->mean[k]) / (q->is->sigma * width(s, k));
    }
}

// c = (1 - c1 - cmu) c + c1 path path' + cmu sum of weighted samples.
static void learn_shape(gr_solver *s, const cma *q, double c1, double cmu, double keep)
{
    size_t n = q->n;
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b <= a; b++) {
            double sum = 0;
            for (size_t i = 0; i < q->samples / 2; i++) {
                const double *x = q->x + (size_t)q->rank[i] * n;
                sum += q->weight[i] * ((x[a] - q->mean[a]) / (q->is->sigma * width(s, a))) *
                       ((x[b] - q->mean[b]) / (q->is->sigma * width(s, b)));
            }
            double *c = &q->c[a * n + b];
            *c = keep * *c + c1 * q->path_c[a] * q->path_c[b] + cmu * sum;
            q->c[b * n + a] = *c;
        }
}

static void adapt(gr_solver *s, const cma *q)
{
    double n = (double)q->n, mu = weigh(q), g = q->is->generations + 1;
    double cs = (mu + 2) / (n + mu + 5), cc = (4 + mu / n) / (n + 4 + 2 * mu / n);
    double ds = 1 + 2 * fmax(0, sqrt((mu - 1) / (n + 1)) - 1) + cs;
    double c1 = 2 / ((n + 1.3) * (n + 1.3) + mu);
    double cmu = fmin(1 - c1, 2 * (mu - 2 + 1 / mu) / ((n + 2) * (n + 2) + mu));
    double expected = sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
    recombine(s, q);
    whiten(q);
    for (size_t k = 0; k < q->n; k++)
        q->path_s[k] = (1 - cs) * q->path_s[k] + sqrt(cs * (2 - cs) * mu) * q->white[k];
    double far = length(q->path_s, q->n) / expected;
    bool steady = far / sqrt(1 - pow(1 - cs, 2 * g)) < 1.4 + 2 / (n + 1);
    for (size_t k = 0; k < q->n; k++)
        q->path_c[k] =
            (1 - cc) * q->path_c[k] + (steady ? sqrt(cc * (2 - cc) * mu) * q->step[k] : 0);
    double missing = steady ? 0 : c1 * cc * (2 - cc);
    learn_shape(s, q, c1, cmu, 1 - c1 - cmu + missing);
    for (size_t k = 0; k < q->n; k++) q->mean[k] += q->is->sigma * q->step[k] * width(s, k);
    q->is->sigma *= exp(fmin(1, cs / ds * (far - 1)));
    q->is->generations = g;
}

// ---- restarts ----

static bool is_stuck(const gr_solver *s, const cma *q)
{
    const shape *is = q->is;
    double largest = 0;
    for (size_t k = 0; k < q->n; k++) largest = fmax(largest, q->c[k * q->n + k]);
    double enough = 30 + 20 * (double)q->n + 100 / sqrt((double)q->samples);
    return !(is->sigma * sqrt(largest) > 1e-13) || !(is->sigma < 1e6 * s->option[SIGMA]) ||
           is->stale > enough || is->spread < 1e-12;
}

static void note_progress(const cma *q)
{
    double best = q->f[(size_t)q->rank[0]];
    bool better = best < q->is->best - 1e-13 * fabs(best);
    q->is->stale = better ? 0 : q->is->stale + 1;
    if (best < q->is->best) q->is->best = best;
    q->is->spread = (q->f[(size_t)q->rank[q->samples - 1]] - best) / fabs(best);
}

static gr_status step(gr_solver *s)
{
    cma q = cma_of(s);
    if (is_stuck(s, &q) || !factorize(&q)) {
        if (s->integer[0] == s->index_most) return s->cut = GR_STOP_ENDED, GR_ECANCEL;
        s->integer[0]++;
        q = cma_of(s);
        gr_solver_draw(s, q.step);
        start_run(s, &q, q.step);
        factorize(&q);
    }
    sample(s, &q);
    GR_TRY(gr_solver_eval(s, q.x, q.f, q.samples));
    rank(&q);
    note_progress(&q);
    adapt(s, &q);
    return GR_OK;
}

const gr_solver_type gr_solver_cma = {
    .name = "cma",
    .about = "covariance matrix adaptation: a normal distribution that learns its shape; restarts",
    .source = "Hansen and Ostermeier (2001); Auger and Hansen (2005)",
    .options = options,
    .stop = "evaluations(inf)",
    .init = init,
    .begin = begin,
    .step = step,
};
