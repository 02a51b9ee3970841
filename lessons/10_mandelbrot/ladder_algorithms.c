// SPDX-License-Identifier: BSD-3-Clause
// ladder_algorithms -- the same picture with fewer iterations. What each takes for granted:
//
//   bulbs        the cardioid and the disc are in the set, so their points never escape. True of
//   real
//                numbers; a rounded orbit within 1e-16 of the edge could differ. The tests compare.
//   periodicity  nothing: when both numbers of z come back bit for bit, all that follows repeats.
//   symmetry     nothing: a row is copied only if its y is exactly minus that of a computed row;
//                in floating point not every row has such a twin. Products and sums then differ in
//                sign alone.
//   border       the set has no holes, so a loop in it encloses only points of it. But the loop is
//                known at its grid points alone, and a bay narrower than a grid cell may slip
//                through. Such bays lie near the set's edge, where rectangles are small: only those
//                of at least SMALL cells a side are filled. That is a precaution, not a proof; the
//                tests compare.
#include "lessons/10_mandelbrot/refill.h"
#include <stdlib.h>

static gr_status skipping(const mandelbrot *m, unsigned skip)
{
    refill r;
    gr_refill_start(&r, m, skip);
    gr_refill_row_range(&r, 0, m->n);
    gr_refill_finish(&r);
    return GR_OK;
}

gr_status gr_mandelbrot_bulbs(void *problem, int workers)
{
    (void)workers;
    return skipping(problem, SKIP_BULBS);
}

gr_status gr_mandelbrot_periodicity(void *problem, int workers)
{
    (void)workers;
    return skipping(problem, SKIP_CYCLES);
}

// ---- symmetry

static size_t twin(const mandelbrot *m, size_t j) { return m->n - 1 - j; }

// Row j is left to its twin in the upper half.
static bool is_mirrored(const mandelbrot *m, size_t j)
{
    return j > twin(m, j) && m->y[j] == -m->y[twin(m, j)];
}

gr_status gr_mandelbrot_symmetry(void *problem, int workers)
{
    (void)workers;
    const mandelbrot *m = problem;
    refill r;
    gr_refill_start(&r, m, 0);
    size_t rows[ROWS], filled = 0;
    for (size_t j = 0; j < m->n; j++) {
        if (is_mirrored(m, j)) continue;
        rows[filled++] = j;
        if (filled == ROWS) gr_refill_rows(&r, rows), filled = 0;
    }
    for (size_t k = 0; k < filled; k++) gr_refill_row_range(&r, rows[k], rows[k] + 1);
    gr_refill_finish(&r);
    for (size_t j = 0; j < m->n; j++)
        if (is_mirrored(m, j))
            memcpy(m->counts + j * m->n, m->counts + twin(m, j) * m->n, m->n * sizeof *m->counts);
    return GR_OK;
}

// ---- border: rectangles are cut in four until their border is of the set or they are small

enum { UNKNOWN = -2, ASKED = -3 }; // in counts
enum { SMALL = 32 };               // a rectangle with a side of fewer cells is computed as it is

typedef struct rectangle { // grid points, borders included
    int32_t left, right, top, bottom;
} rectangle;

typedef struct level {
    rectangle *rectangles, *next; // of this cut and of the finer one
    size_t size, next_size;
    int32_t *at; // points to be computed
    size_t asked;
} level;

static void ask(const mandelbrot *m, level *l, int32_t i, int32_t j)
{
    size_t at = (size_t)j * m->n + (size_t)i;
    if (m->counts[at] != UNKNOWN) return;
    m->counts[at] = ASKED;
    l->at[l->asked++] = (int32_t)at;
}

static void ask_border(const mandelbrot *m, level *l, const rectangle *q)
{
    for (int32_t i = q->left; i <= q->right; i++) ask(m, l, i, q->top), ask(m, l, i, q->bottom);
    for (int32_t j = q->top; j <= q->bottom; j++) ask(m, l, q->left, j), ask(m, l, q->right, j);
}

static void ask_all(const mandelbrot *m, level *l, const rectangle *q)
{
    for (int32_t j = q->top; j <= q->bottom; j++)
        for (int32_t i = q->left; i <= q->right; i++) ask(m, l, i, j);
}

static bool border_inside(const mandelbrot *m, const rectangle *q)
{
    const int32_t *top = m->counts + (size_t)q->top * m->n,
                  *bottom = m->counts + (size_t)q->bottom * m->n;
    for (int32_t i = q->left; i <= q->right; i++)
        if (top[i] != -1 || bottom[i] != -1) return false;
    for (int32_t j = q->top; j <= q->bottom; j++) {
        const int32_t *row = m->counts + (size_t)j * m->n;
        if (row[q->left] != -1 || row[q->right] != -1) return false;
    }
    return true;
}

static void fill(const mandelbrot *m, const rectangle *q)
{
    for (int32_t j = q->top; j <= q->bottom; j++)
        for (int32_t i = q->left; i <= q->right; i++) m->counts[(size_t)j * m->n + (size_t)i] = -1;
}

static void cut(level *l, const rectangle *q)
{
    int32_t i = (q->left + q->right) / 2, j = (q->top + q->bottom) / 2;
    l->next[l->next_size++] = (rectangle){q->left, i, q->top, j};
    l->next[l->next_size++] = (rectangle){i, q->right, q->top, j};
    l->next[l->next_size++] = (rectangle){q->left, i, j, q->bottom};
    l->next[l->next_size++] = (rectangle){i, q->right, j, q->bottom};
}

static bool is_small(const rectangle *q)
{
    return q->right - q->left < SMALL || q->bottom - q->top < SMALL;
}

static void one_level(const mandelbrot *m, refill *r, level *l)
{
    for (size_t k = 0; k < l->size; k++)
        if (is_small(&l->rectangles[k]))
            ask_all(m, l, &l->rectangles[k]);
        else
            ask_border(m, l, &l->rectangles[k]);
    gr_refill_points(r, l->at, l->asked);
    gr_refill_finish(r);
    l->asked = l->next_size = 0;
    for (size_t k = 0; k < l->size; k++) {
        const rectangle *q = &l->rectangles[k];
        if (is_small(q)) continue;
        if (border_inside(m, q))
            fill(m, q);
        else
            cut(l, q);
    }
    rectangle *swap = l->rectangles;
    l->rectangles = l->next, l->next = swap;
    l->size = l->next_size;
}

gr_status gr_mandelbrot_border(void *problem, int workers)
{
    (void)workers;
    const mandelbrot *m = problem;
    size_t area = m->n * m->n;
    if (area == 0) return GR_OK;
    // A side of SMALL cells or more is cut into two of SMALL/2 or more: so many pieces at most.
    size_t pieces = area / (SMALL * SMALL / 4) + 1;
    level l = {.at = malloc(area * sizeof *l.at),
               .rectangles = malloc(pieces * sizeof *l.rectangles),
               .next = malloc(pieces * sizeof *l.next)};
    gr_status status = GR_OK;
    if (l.at && l.rectangles && l.next) {
        refill r;
        gr_refill_start(&r, m, 0);
        for (size_t p = 0; p < area; p++) m->counts[p] = UNKNOWN;
        l.rectangles[l.size++] = (rectangle){0, (int32_t)m->n - 1, 0, (int32_t)m->n - 1};
        while (l.size) one_level(m, &r, &l);
    } else
        status = gr_fail(GR_ENOMEM, "border: no memory for %zu points", area);
    free(l.at), free(l.rectangles), free(l.next);
    return status;
}
