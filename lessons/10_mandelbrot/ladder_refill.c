// SPDX-License-Identifier: BSD-3-Clause
// ladder_refill -- no lane idles, and nobody asks every time; rows dealt to threads; the limit.
//
// A lane of `lanes` whose point has escaped waits for the slowest of its group. Here finished
// points leave, and the living close ranks. And a pass does not ask after each iteration who has
// escaped: it iterates without any test, asks once at its end, and only for the points found
// outside does it repeat the pass with a test each time, to learn the iteration.
//
// Asking late misses nobody. |c| <= 2: once |z| >= 2, |z*z + c| >= 2|z| - |c| >= |z|. |c| > 2: the
// point escapes at once, to |c||c + 1| >= |c|, and then grows in the same way. Rounding may take a
// few units in the last place from that near c = -2; FAR leaves room for 10^14 of them. A point
// beyond FAR that has not escaped is repeated for nothing and goes on. Overflow ends in infinity or
// NaN, which is not `< FAR` either.
#include "lessons/10_mandelbrot/refill.h"
#include "lib/timer.h"
#include "parallel/team.h"

enum { FIRST = 12, LONGEST = 60 }; // iterations before the list; most in one pass (many divisors)

static const double FAR = 3.9;

// ---- iterations

// ROWS vectors of points on their way.
typedef struct tile {
    vec zx[ROWS], zy[ROWS], x[ROWS], y[ROWS];
    ints at[ROWS];    // places in counts
    mask alive[ROWS]; // not yet escaped
    mask count[ROWS]; // iterations survived; -1 where alive
} tile;

static inline mask any_row(const mask m[ROWS])
{
    mask any = m[0];
    for (int v = 1; v < ROWS; v++) any |= m[v];
    return any;
}

static inline mask every_row(const mask m[ROWS])
{
    mask every = m[0];
    for (int v = 1; v < ROWS; v++) every &= m[v];
    return every;
}

// At most `steps` iterations with a test after each; asks every other time whether to go on.
static inline void count_steps(tile *t, int steps)
{
    vec zx[ROWS], zy[ROWS];
    mask alive[ROWS], count[ROWS];
    for (int v = 0; v < ROWS; v++) {
        zx[v] = t->zx[v], zy[v] = t->zy[v];
        alive[v] = mask_all(true), count[v] = mask_all(false);
    }
    for (int k = 0; k < steps; k++) {
        for (int v = 0; v < ROWS; v++) {
            vec next = zx[v] * zx[v] - zy[v] * zy[v] + t->x[v];
            zy[v] = vec_double_add(zx[v] * zy[v], t->y[v]);
            zx[v] = next;
            alive[v] &= zx[v] * zx[v] + zy[v] * zy[v] < 4.0;
            count[v] -= alive[v];
        }
        if (!mask_any(any_row(alive))) break;
    }
    for (int v = 0; v < ROWS; v++) {
        t->zx[v] = zx[v], t->zy[v] = zy[v];
        t->alive[v] = alive[v], t->count[v] = count[v] | alive[v];
    }
}

// `steps` iterations of the GROUP points from p[at] on, without a test: rungs and limit share it. z
// goes to zx and zy (GROUP). True if all are near at the end.
__attribute__((noinline)) static bool iterate(const points *p, size_t at, int steps, double *zx_out,
                                              double *zy_out)
{
    vec zx[VECTORS], zy[VECTORS], x[VECTORS], y[VECTORS];
    for (int v = 0; v < VECTORS; v++) {
        size_t i = at + (size_t)v * LANES;
        zx[v] = vec_load(p->zx + i), zy[v] = vec_load(p->zy + i);
        x[v] = vec_load(p->x + i), y[v] = vec_load(p->y + i);
    }
    for (int k = 0; k < steps; k++)
        for (int v = 0; v < VECTORS; v++) {
            vec next = zx[v] * zx[v] - zy[v] * zy[v] + x[v], product = zx[v] * zy[v];
            zy[v] = v % 3 ? product + product + y[v] : vec_double_add(product, y[v]);
            zx[v] = next;
        }
    mask far = mask_all(false);
    for (int v = 0; v < VECTORS; v++) {
        far |= ~(zx[v] * zx[v] + zy[v] * zy[v] < FAR);
        vec_store(zx_out + v * LANES, zx[v]), vec_store(zy_out + v * LANES, zy[v]);
    }
    return !mask_any(far);
}

// ---- passes over the list

static void put(points *to, double zx, double zy, const points *from, size_t i)
{
    size_t k = to->size;
    to->zx[k] = zx, to->zy[k] = zy;
    to->x[k] = from->x[i], to->y[k] = from->y[i], to->at[k] = from->at[i];
}

// The group from[i ...] has arrived at the end of `to`, all its n points stay.
static void keep_group(points *to, const points *from, size_t i, size_t n)
{
    memcpy(to->x + to->size, from->x + i, GROUP * sizeof *to->x);
    memcpy(to->y + to->size, from->y + i, GROUP * sizeof *to->y);
    memcpy(to->at + to->size, from->at + i, GROUP * sizeof *to->at);
    to->size += n;
}

// As keep_group, but the far ones go to r->gone; those back where they were are dropped: they
// cycle. Every point is written to both places, and the sizes say which counts: no branch to
// mispredict.
static size_t part_group(refill *r, points *to, const points *from, size_t i, size_t n, size_t gone)
{
    bool drop = r->skip & SKIP_CYCLES;
    const double *zx = to->zx + to->size, *zy = to->zy + to->size;
    for (size_t k = 0; k < n; k++) {
        double a = zx[k], b = zy[k];
        bool near = a * a + b * b < FAR;
        bool back = drop & (a == from->zx[i + k]) & (b == from->zy[i + k]);
        put(to, a, b, from, i + k);
        r->gone[gone] = (int32_t)(i + k);
        to->size += near & !back;
        gone += !near;
    }
    return gone;
}

static bool some_back(const points *to, const points *from, size_t i)
{
    mask back = mask_all(false);
    for (size_t k = 0; k < GROUP; k += LANES)
        back |= (vec_load(to->zx + to->size + k) == vec_load(from->zx + i + k)) &
                (vec_load(to->zy + to->size + k) == vec_load(from->zy + i + k));
    return mask_any(back);
}

static vec pick(const double *p, const int32_t *i)
{
    return (vec){p[i[0]], p[i[1]], p[i[2]], p[i[3]]};
}

// Repeats the pass for the points that it lost, with a test each time.
static void count_gone(refill *r, points *to, const points *from, size_t gone, int done, int steps)
{
    for (size_t k = gone; k % TILE; k++) r->gone[k] = r->gone[gone - 1];
    for (size_t i = 0; i < gone; i += TILE) {
        tile t;
        for (int v = 0; v < ROWS; v++) {
            const int32_t *g = r->gone + i + v * LANES;
            t.zx[v] = pick(from->zx, g), t.zy[v] = pick(from->zy, g);
            t.x[v] = pick(from->x, g), t.y[v] = pick(from->y, g);
        }
        count_steps(&t, steps);
        for (size_t k = 0; k < TILE && i + k < gone; k++) {
            size_t v = k / LANES, lane = k % LANES, at = (size_t)r->gone[i + k];
            if (t.count[v][lane] >= 0)
                r->problem->counts[from->at[at]] = done + (int32_t)t.count[v][lane];
            else
                put(to, t.zx[v][lane], t.zy[v][lane], from, at), to->size++;
        }
    }
}

static void pass(refill *r, points *to, points *from, int done, int steps)
{
    size_t gone = 0;
    to->size = 0;
    for (size_t k = from->size; k % GROUP; k++) // 0*0 + 0 stays
        from->zx[k] = from->zy[k] = from->x[k] = from->y[k] = 0;
    for (size_t i = 0; i < from->size; i += GROUP) {
        size_t n = from->size - i < GROUP ? from->size - i : GROUP;
        bool all_near = iterate(from, i, steps, to->zx + to->size, to->zy + to->size);
        if (all_near && !((r->skip & SKIP_CYCLES) && some_back(to, from, i)))
            keep_group(to, from, i, n);
        else
            gone = part_group(r, to, from, i, n, gone);
    }
    count_gone(r, to, from, gone, done, steps);
}

// Works off the list. Its points have -1 in counts already, so those left at the end are done.
__attribute__((noinline)) static void drain(refill *r)
{
    points *from = &r->lists[0], *to = &r->lists[1];
    int limit = r->problem->steps;
    for (int done = FIRST, steps; from->size && done < limit; done += steps) {
        steps = done < LONGEST / 2 ? 2 * done : LONGEST;
        if (steps + LONGEST / 4 > limit - done) steps = limit - done; // no short last pass
        pass(r, to, from, done, steps);
        points *swap = from;
        from = to, to = swap;
    }
    r->lists[0].size = 0;
}

// ---- points come in

// The points alive go to the list. In its caller's loop, so that the tile stays in registers.
__attribute__((always_inline)) static inline void collect(refill *r, const tile *t)
{
    points *p = &r->lists[0];
    if (p->size + TILE > CAPACITY) drain(r);
    if (!mask_any(~every_row(t->alive))) {
        for (int v = 0; v < ROWS; v++, p->size += LANES) {
            vec_store(p->zx + p->size, t->zx[v]), vec_store(p->zy + p->size, t->zy[v]);
            vec_store(p->x + p->size, t->x[v]), vec_store(p->y + p->size, t->y[v]);
            memcpy(p->at + p->size, &t->at[v], sizeof t->at[v]);
        }
        return;
    }
    for (int v = 0; v < ROWS; v++)
        for (int k = 0; k < LANES; k++) {
            size_t i = p->size;
            p->zx[i] = t->zx[v][k], p->zy[i] = t->zy[v][k];
            p->x[i] = t->x[v][k], p->y[i] = t->y[v][k], p->at[i] = t->at[v][k];
            p->size += t->alive[v][k] != 0;
        }
}

// The cardioid holds the c whose orbit ends in one point, the disc around -1 those that end in two.
static inline mask in_bulbs(vec x, vec y)
{
    vec yy = y * y, a = x - 0.25, q = a * a + yy;
    return (q * (q + a) < 0.25 * yy) | ((x + 1.0) * (x + 1.0) + yy < 0.0625);
}

static inline void first_steps(refill *r, tile *t)
{
    int limit = r->problem->steps;
    for (int v = 0; v < ROWS; v++) t->zx[v] = t->x[v], t->zy[v] = t->y[v];
    count_steps(t, limit < FIRST ? limit : FIRST);
    if (!(r->skip & SKIP_BULBS)) return;
    for (int v = 0; v < ROWS; v++) {
        mask inside = in_bulbs(t->x[v], t->y[v]);
        t->count[v] |= inside, t->alive[v] &= ~inside;
    }
}

void gr_refill_start(refill *r, const mandelbrot *problem, unsigned skip)
{
    r->problem = problem;
    r->skip = skip;
    r->lists[0].size = 0;
}

void gr_refill_rows(refill *r, const size_t j[ROWS])
{
    const mandelbrot *m = r->problem;
    size_t n = m->n;
    const double *x = m->x;
    vec y[ROWS];
    int32_t *out[ROWS], at[ROWS];
    for (int v = 0; v < ROWS; v++) {
        y[v] = vec_all(m->y[j[v]]);
        out[v] = m->counts + j[v] * n;
        at[v] = (int32_t)(j[v] * n);
    }
    for (size_t i = 0; i < n; i += LANES) {
        tile t;
        for (int v = 0; v < ROWS; v++) t.x[v] = vec_load(x + i), t.y[v] = y[v];
        first_steps(r, &t);
        for (int v = 0; v < ROWS; v++) mask_store_ints(out[v] + i, t.count[v], n - i);
        if (!mask_any(any_row(t.alive))) continue;
        mask edge = (mask){0, 1, 2, 3} < (int64_t)(n - i);
        for (int v = 0; v < ROWS; v++) {
            t.alive[v] &= edge;
            t.at[v] = (ints){0, 1, 2, 3} + (at[v] + (int32_t)i);
        }
        collect(r, &t);
    }
}

void gr_refill_row_range(refill *r, size_t from, size_t to)
{
    for (size_t row = from; row < to; row += ROWS) {
        size_t j[ROWS];
        for (size_t v = 0; v < ROWS; v++) j[v] = row + v < to ? row + v : to - 1;
        gr_refill_rows(r, j);
    }
}

// The places at[0 .. size-1] as a tile: a short one repeats its last point.
static void gather(tile *t, const mandelbrot *m, const int32_t *at, size_t size)
{
    int32_t place[TILE];
    double x[TILE], y[TILE];
    for (size_t k = 0; k < TILE; k++) {
        place[k] = at[k < size ? k : size - 1];
        x[k] = m->x[(size_t)place[k] % m->n];
        y[k] = m->y[(size_t)place[k] / m->n];
    }
    for (int v = 0; v < ROWS; v++)
        t->x[v] = vec_load(x + v * LANES), t->y[v] = vec_load(y + v * LANES);
    memcpy(t->at, place, sizeof place);
}

void gr_refill_points(refill *r, const int32_t *at, size_t size)
{
    for (size_t i = 0; i < size; i += TILE) {
        tile t;
        gather(&t, r->problem, at + i, size - i);
        first_steps(r, &t);
        for (size_t k = 0; k < TILE && i + k < size; k++)
            r->problem->counts[at[i + k]] = (int32_t)t.count[k / LANES][k % LANES];
        if (mask_any(any_row(t.alive))) collect(r, &t);
    }
}

void gr_refill_finish(refill *r) { drain(r); }

// ---- rungs

static void block_of_rows(const mandelbrot *m, size_t from, size_t to)
{
    refill r;
    gr_refill_start(&r, m, 0);
    gr_refill_row_range(&r, from, to);
    gr_refill_finish(&r);
}

gr_status gr_mandelbrot_refill(void *problem, int workers)
{
    (void)workers;
    const mandelbrot *m = problem;
    block_of_rows(m, 0, m->n);
    return GR_OK;
}

static void own_block(int member, int size, void *problem)
{
    const mandelbrot *m = problem;
    size_t from = m->n * (size_t)member / (size_t)size;
    size_t to = m->n * ((size_t)member + 1) / (size_t)size;
    double start = gr_now();
    block_of_rows(m, from, to);
    gr_rung_worked(member, 1, gr_now() - start);
}

gr_status gr_mandelbrot_threads(void *problem, int workers)
{
    return gr_team_run(workers, own_block, problem);
}

gr_status gr_mandelbrot_openmp(void *problem, int workers)
{
    const mandelbrot *m = problem;
    size_t block = 4 * ROWS;
    int members = 0;
    (void)workers;
#pragma omp parallel num_threads(workers)
    {
        int member;
        size_t blocks = 0;
        double start = gr_now();
#pragma omp atomic capture
        member = members++;
#pragma omp for schedule(dynamic) nowait
        for (size_t j = 0; j < m->n; j += block) {
            block_of_rows(m, j, j + block < m->n ? j + block : m->n);
            blocks++;
        }
        gr_rung_worked(member, blocks, gr_now() - start);
    }
    return GR_OK;
}

// ---- the limit

gr_status gr_mandelbrot_no_escape(void *problem, int workers)
{
    (void)workers;
    const mandelbrot *m = problem;
    points p;
    for (size_t k = 0; k < GROUP; k++) { // near 0, where nothing escapes
        p.x[k] = p.zx[k] = -0.1 + 0.01 * (double)k;
        p.y[k] = p.zy[k] = 0.3;
    }
    for (size_t i = 0; i < m->n; i++) iterate(&p, 0, m->steps, p.zx, p.zy);
    return GR_OK;
}

double gr_mandelbrot_no_escape_work(const void *problem)
{
    const mandelbrot *m = problem;
    return (double)GROUP * (double)m->n * m->steps;
}
