// SPDX-License-Identifier: BSD-3-Clause
// `gradus solve --show`: in two dimensions, the way over the surface, in characters. The darker,
// the higher; a sixth of the window has each shade. S is the start, o the way, * the end.
#include "bench/solve.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WIDE = 64, HIGH = 24, CELLS = WIDE * HIGH };

// ---- the way ----

static gr_status see(gr_monitor *monitor, const gr_solver *s)
{
    gr_way *w = (gr_way *)monitor;
    if (gr_solver_generation(s) % w->stride) return GR_OK;
    if (w->points == GR_WAY_POINTS) { // every second one is enough from now on
        for (size_t i = 0; 2 * i < w->points; i++) memcpy(w->x[i], w->x[2 * i], sizeof *w->x);
        w->points /= 2, w->stride *= 2;
    }
    gr_solver_best(s, w->x[w->points++]);
    return GR_OK;
}

gr_status gr_way_watch(gr_way *w, gr_solver *s)
{
    if (gr_solver_problem(s)->n != 2)
        return gr_fail(GR_EARG, "--show: expected 2 dimensions, not %zu", gr_solver_problem(s)->n);
    w->monitor = (gr_monitor){see, NULL};
    w->points = 0, w->stride = 1;
    return gr_solver_watch(s, &w->monitor);
}

// ---- the window ----

typedef struct window {
    double lo[2], hi[2];
} window;

// What the way covers and a quarter more on each side, within the bounds.
static window window_of(const gr_way *w, const gr_problem *p)
{
    window v = {{INFINITY, INFINITY}, {-INFINITY, -INFINITY}};
    for (int k = 0; k < 2; k++) {
        for (size_t i = 0; i < w->points; i++) {
            v.lo[k] = fmin(v.lo[k], w->x[i][k]);
            v.hi[k] = fmax(v.hi[k], w->x[i][k]);
        }
        double margin = (v.hi[k] - v.lo[k]) / 4;
        if (!(margin > 0)) margin = 1;
        v.lo[k] -= margin, v.hi[k] += margin;
        if (p->lo) v.lo[k] = fmax(v.lo[k], p->lo[k]);
        if (p->hi) v.hi[k] = fmin(v.hi[k], p->hi[k]);
    }
    return v;
}

// The middle of a cell; row 0 is the top.
static void point_of(const window *v, size_t cell, double x[2])
{
    double right = ((double)(cell % WIDE) + 0.5) / WIDE;
    double down = ((double)(cell / WIDE) + 0.5) / HIGH;
    x[0] = v->lo[0] + right * (v->hi[0] - v->lo[0]);
    x[1] = v->hi[1] - down * (v->hi[1] - v->lo[1]);
}

static size_t place(double part, size_t cells)
{
    double at = floor(part * (double)cells);
    return at > 0 ? at < (double)cells ? (size_t)at : cells - 1 : 0;
}

static size_t cell_of(const window *v, const double x[2])
{
    double right = (x[0] - v->lo[0]) / (v->hi[0] - v->lo[0]);
    double down = (v->hi[1] - x[1]) / (v->hi[1] - v->lo[1]);
    return place(down, HIGH) * WIDE + place(right, WIDE);
}

// ---- the surface ----

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

// Shades by rank, so that a valley shows whatever the heights are; what has no value is the
// darkest.
static gr_status shade(const window *v, const gr_problem *p, char cell[CELLS])
{
    static const char shades[] = " .:-=#";
    double value[CELLS], sorted[CELLS], x[2];
    for (size_t i = 0; i < CELLS; i++) {
        point_of(v, i, x);
        GR_TRY(p->cost(x, 2, p->context, &value[i]));
        if (p->maximise) value[i] = -value[i];
        if (isnan(value[i])) value[i] = INFINITY;
    }
    memcpy(sorted, value, sizeof sorted);
    qsort(sorted, CELLS, sizeof *sorted, by_value);
    for (size_t i = 0; i < CELLS; i++) {
        size_t level = 0;
        while (level < 5 && value[i] > sorted[(level + 1) * CELLS / 6]) level++;
        cell[i] = shades[isinf(value[i]) ? 5 : level];
    }
    return GR_OK;
}

// From point to point in small steps.
static void draw_way(const gr_way *w, const window *v, char cell[CELLS])
{
    enum { STEPS = 100 };
    for (size_t i = 1; i < w->points; i++)
        for (int step = 0; step <= STEPS; step++) {
            double part = (double)step / STEPS, x[2];
            for (int k = 0; k < 2; k++)
                x[k] = w->x[i - 1][k] + part * (w->x[i][k] - w->x[i - 1][k]);
            cell[cell_of(v, x)] = 'o';
        }
    cell[cell_of(v, w->x[0])] = 'S';
    cell[cell_of(v, w->x[w->points - 1])] = '*';
}

gr_status gr_way_print(const gr_way *w, const gr_problem *p, FILE *out)
{
    char cell[CELLS];
    if (w->points == 0) return GR_OK;
    window v = window_of(w, p);
    GR_TRY(shade(&v, p, cell));
    draw_way(w, &v, cell);
    for (size_t row = 0; row < HIGH; row++) {
        fprintf(out, "  |%.*s|", WIDE, cell + row * WIDE);
        if (row == 0) fprintf(out, " x1 = %.4g", v.hi[1]);
        if (row == HIGH - 1) fprintf(out, " x1 = %.4g", v.lo[1]);
        fputc('\n', out);
    }
    char left[40];
    snprintf(left, sizeof left, "x0 = %.4g", v.lo[0]);
    fprintf(out, "   %-*s%10.4g\n", WIDE - 10, left, v.hi[0]);
    return GR_OK;
}
