// SPDX-License-Identifier: BSD-3-Clause
// lattice -- brute force: all centres of a grid of equal bins.
//
// A generation is a batch of points, evaluated together. After the last one there is no further
// step. Infinite bounds are replaced as for random starts: by 1 around x0 or the other bound.
#include "solvers/solver_type.h"
#include <math.h>

enum { BINS, BATCH };

static const gr_solver_option options[] = {
    {"bins", "along each coordinate", 20, 1, 1e6, NULL, true},
    {"batch", "points of a generation", 100, 1, 1e6, NULL, true},
    {0},
};

static gr_status init(gr_solver *s)
{
    size_t batch = (size_t)s->option[BATCH];
    if (pow(s->option[BINS], (double)s->n) > 9e15)
        return gr_fail(GR_ENOMEM,
                       "solver lattice: %g bins in each of %zu dimensions: too many points",
                       s->option[BINS], s->n);
    return gr_solver_room(s, 1, 0, batch * (s->n + 1), batch);
}

// The grid's point of this number: the last coordinate runs fastest.
static void place(const gr_solver *s, double number, double *x)
{
    double bins = s->option[BINS];
    for (size_t k = s->n; k-- > 0;) {
        double bin = fmod(number, bins), lo = s->lo[k], hi = s->hi[k];
        number = floor(number / bins);
        if (!isfinite(lo)) lo = fmin(s->x0[k], hi) - 1;
        if (!isfinite(hi)) hi = fmax(s->x0[k], lo) + 1;
        x[k] = lo + (hi - lo) * ((bin + 0.5) / bins);
    }
    gr_solver_clip(s, x);
}

static gr_status batch(gr_solver *s)
{
    double all = pow(s->option[BINS], (double)s->n), *done = s->real;
    size_t m = (size_t)s->option[BATCH];
    double *x = s->scratch, *f = x + m * s->n;
    if (!(*done >= 0 && *done < all)) return s->cut = GR_STOP_ENDED, GR_ECANCEL;
    if ((double)m > all - *done) m = (size_t)(all - *done);
    for (size_t i = 0; i < m; i++) place(s, *done + (double)i, x + i * s->n);
    GR_TRY(gr_solver_eval(s, x, f, m));
    *done += (double)m;
    return GR_OK;
}

const gr_solver_type gr_solver_lattice = {
    .name = "lattice",
    .about = "brute force: the centres of a grid of bins",
    .source = "mystic's LatticeSolver deals such starts; here they are the search",
    .options = options,
    .stop = "evaluations(inf)",
    .init = init,
    .begin = batch,
    .step = batch,
};
