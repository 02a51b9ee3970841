// SPDX-License-Identifier: BSD-3-Clause
#include "bench/map_grid.h"
#include "bench/json.h"
#include "bench/map_costs.h"
#include "bench/map_spin.h"
#include "lib/stats.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct point {
    int launcher; // of gr_map_local
    int workers;
    gr_strategy strategy;
    gr_skew skew;
    size_t n;
    double length; // s, mean
    size_t chunk;
    bool cold;
} point;

enum { MOST_POOLS = 64, REPEATS = 5 };

typedef struct survey {
    double step, serial; // s: a step of spinning; calling a task without a map
    gr_map_costs costs[MOST_POOLS];
    int launcher[MOST_POOLS]; // of each of them
    int pools;
    point *points;
    size_t n;
} survey;

// ---- the points --------------------------------------------------------------------------------

// Jobs from a quarter of a millisecond to some thirty on one core.
static const struct {
    double length;
    size_t n;
} jobs[] = {{2e-6, 128},   {2e-6, 1024}, {2e-6, 8192},  {20e-6, 16}, {20e-6, 128},
            {20e-6, 1024}, {200e-6, 16}, {200e-6, 128}, {2e-3, 16}};
enum { JOBS = sizeof jobs / sizeof *jobs };

static const gr_strategy strategies[] = {GR_POOL, GR_GUIDED, GR_EQUALPORTION, GR_CARDDEALER};
enum { DEALINGS = sizeof strategies / sizeof *strategies };

// Point k of the whole grid; chunk and cold are drawn for each.
static point point_at(const survey *g, size_t k)
{
    gr_rng rng = gr_rng_of(7, k);
    point p = {.skew = k % GR_SKEWS};
    k /= GR_SKEWS;
    p.strategy = strategies[k % DEALINGS], k /= DEALINGS;
    p.n = jobs[k % JOBS].n, p.length = jobs[k % JOBS].length, k /= JOBS;
    p.launcher = g->launcher[k], p.workers = g->costs[k].workers;
    p.chunk = gr_rng_below(&rng, 2);
    p.cold = gr_rng_below(&rng, 4) == 0;
    return p;
}

static gr_status choose_points(survey *g, size_t wanted)
{
    size_t all = (size_t)GR_SKEWS * DEALINGS * JOBS * (size_t)g->pools;
    gr_rng rng = gr_rng_of(7, UINT64_MAX);
    size_t *order = malloc(all * sizeof *order);
    g->n = wanted < all ? wanted : all;
    g->points = malloc(g->n * sizeof *g->points);
    if (!order || !g->points) {
        free(order);
        return gr_fail(GR_ENOMEM, "grid of maps: out of memory");
    }
    for (size_t i = 0; i < all; i++) order[i] = i;
    gr_shuffle(&rng, all, order);
    for (size_t i = 0; i < g->n; i++) g->points[i] = point_at(g, order[i]);
    free(order);
    return GR_OK;
}

// ---- costs -------------------------------------------------------------------------------------

static gr_status measure_costs(survey *g, int cores)
{
    int crowds[16], n = gr_map_crowds(cores, crowds);
    gr_map_costs serial;
    g->step = gr_spin_step();
    GR_TRY(gr_map_costs_measure("serial", 1, &serial));
    g->serial = serial.task + serial.chunk;
    for (int l = 0; gr_map_local[l]; l++)
        for (int k = 0; k < n && g->pools < MOST_POOLS; k++) {
            g->launcher[g->pools] = l;
            GR_TRY(gr_map_costs_measure(gr_map_local[l], crowds[k], &g->costs[g->pools++]));
        }
    return GR_OK;
}

static const gr_map_costs *costs_of(const survey *g, const point *p)
{
    int k = 0;
    while (g->launcher[k] != p->launcher || g->costs[k].workers != p->workers) k++;
    return &g->costs[k];
}

static json_t *real(double value) { return isfinite(value) ? json_real(value) : json_null(); }

static json_t *costs_json(const survey *g)
{
    json_t *list = json_array();
    for (int k = 0; k < g->pools; k++) {
        const gr_map_costs *c = &g->costs[k];
        json_array_append_new(
            list, json_pack("{s:s, s:i, s:o, s:o, s:o, s:o, s:o, s:o}", "launcher",
                            gr_map_local[g->launcher[k]], "workers", c->workers, "start",
                            real(c->start), "job", real(c->job), "chunk", real(c->chunk), "task",
                            real(c->task), "byte", real(c->byte), "stretch", real(c->stretch)));
    }
    return list;
}

static json_t *break_even_json(const survey *g)
{
    static const size_t sizes[] = {16, 1000, 100000};
    json_t *list = json_array();
    for (int k = 0; k < g->pools; k++)
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            const gr_map_costs *c = &g->costs[k];
            json_array_append_new(
                list,
                json_pack("{s:s, s:i, s:I, s:o, s:o}", "launcher", gr_map_local[g->launcher[k]],
                          "workers", c->workers, "n", (json_int_t)sizes[i], "warm",
                          real(gr_map_break_even(c, sizes[i], g->serial, false)), "cold",
                          real(gr_map_break_even(c, sizes[i], g->serial, true))));
        }
    return list;
}

// ---- one point ---------------------------------------------------------------------------------

// A job of spinning, in memory that a map's workers see, and what it should give.
typedef struct load {
    double *length; // (n)
    int64_t *in, *out, *want;
} load;

static gr_status make_load(load *l, gr_map *map, const point *p, double step)
{
    size_t bytes = p->n * sizeof *l->in;
    l->length = malloc(p->n * sizeof *l->length);
    l->want = malloc(bytes);
    l->in = gr_map_memory(map, bytes), l->out = gr_map_memory(map, bytes);
    if (!l->length || !l->want || !l->in || !l->out)
        return gr_fail(GR_ENOMEM, "a job of %zu tasks: out of memory", p->n);
    gr_skew_lengths(p->skew, p->n, p->length, gr_rng_of(1, p->n), l->length);
    for (size_t i = 0; i < p->n; i++) {
        l->in[i] = (int64_t)(l->length[i] / step);
        l->length[i] = (double)l->in[i] * step;
    }
    return GR_OK;
}

static void free_load(load *l, gr_map *map)
{
    gr_map_release(map, l->in), gr_map_release(map, l->out);
    free(l->length), free(l->want);
}

static gr_status measure_load(gr_map *map, const point *p, load *l, double *serial,
                              double *measured)
{
    gr_job job = {.func = &gr_func_spin, .n = p->n, .in = l->in, .out = l->want};
    gr_map *alone;
    GR_TRY(gr_map_new(&alone, "serial", NULL));
    gr_status status = gr_map_time(alone, &job, 2, false, serial);
    gr_map_free(alone);
    GR_TRY(status);
    job.out = l->out, job.chunk = p->chunk;
    memset(l->out, 0xA5, p->n * sizeof *l->out);
    GR_TRY(gr_map_time(map, &job, REPEATS, p->cold, measured));
    if (memcmp(l->out, l->want, p->n * sizeof *l->out))
        return gr_fail(GR_EDATA, "a map gave other results than the serial one");
    return GR_OK;
}

// The ideal is a share of the serial time measured beside it, so that it has the same clock speed.
static json_t *point_json(const point *p, double serial, double measured,
                          const gr_map_forecast *forecast)
{
    double ideal = serial * forecast->ideal / forecast->work;
    json_t *j =
        json_pack("{s:s, s:i, s:s, s:s, s:I, s:f, s:I, s:b}", "launcher", gr_map_local[p->launcher],
                  "workers", p->workers, "strategy", gr_strategy_name(p->strategy), "skew",
                  gr_skew_name(p->skew), "n", (json_int_t)p->n, "length", p->length, "chunk",
                  (json_int_t)p->chunk, "cold", (int)p->cold);
    json_object_update_new(j, json_pack("{s:o, s:o, s:o, s:o}", "predicted",
                                        real(forecast->seconds), "measured", real(measured),
                                        "serial", real(serial), "ideal", real(ideal)));
    return j;
}

// The forecast knows how long the tasks are, but only of rows in which order they come.
static gr_status measure_point(const survey *g, const point *p, gr_map *map, json_t *list)
{
    load l = {0};
    gr_map_forecast forecast = {0};
    double serial = NAN, measured = NAN;
    gr_status status = make_load(&l, map, p, g->step);
    gr_map_load known = {
        .n = p->n, .length = l.length, .lengths = p->n, .in_order = p->skew == GR_SKEW_ROWS};
    if (!status)
        status = gr_map_predict(costs_of(g, p), &known, p->strategy, p->chunk, p->cold, &forecast);
    if (!status) status = measure_load(map, p, &l, &serial, &measured);
    if (!status) json_array_append_new(list, point_json(p, serial, measured, &forecast));
    free_load(&l, map);
    return status;
}

static gr_status measure_points(const survey *g, json_t *list)
{
    for (size_t i = 0; i < g->n; i++) {
        const point *p = &g->points[i];
        char spec[64];
        gr_map *map;
        snprintf(spec, sizeof spec, "%s-%s:%d", gr_map_local[p->launcher],
                 gr_strategy_name(p->strategy), p->workers);
        GR_TRY(gr_map_new(&map, spec, NULL));
        gr_status status = measure_point(g, p, map, list);
        gr_map_free(map);
        GR_TRY(status);
    }
    return GR_OK;
}

gr_status gr_map_grid_measure(size_t points, int cores, json_t **result)
{
    survey g = {0};
    json_t *list = json_array();
    *result = NULL;
    gr_status status = measure_costs(&g, cores);
    if (!status) status = choose_points(&g, points);
    if (!status) status = measure_points(&g, list);
    if (!status)
        *result = json_pack("{s:f, s:{s:f}, s:o, s:o, s:O}", "step_ns", 1e9 * g.step, "serial",
                            "task", g.serial, "costs", costs_json(&g), "break_even",
                            break_even_json(&g), "points", list);
    json_decref(list);
    free(g.points);
    return status || *result ? status : gr_fail(GR_ENOMEM, "grid of maps: out of memory");
}

double gr_map_grid_error(const json_t *grid)
{
    const json_t *points = json_object_get(grid, "points"), *p;
    double *error = malloc((json_array_size(points) + 1) * sizeof *error), median = NAN;
    size_t n = 0, i;
    json_array_foreach(points, i, p)
    {
        double ratio = gr_json_number(p, "predicted") / gr_json_number(p, "measured");
        if (error && isfinite(ratio)) error[n++] = fabs(ratio - 1);
    }
    if (n) median = gr_median(error, n);
    free(error);
    return median;
}
