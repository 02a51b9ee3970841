// SPDX-License-Identifier: BSD-3-Clause
#include "bench/map_costs.h"
#include "bench/map_spin.h"
#include "lib/stats.h"
#include "lib/timer.h"
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

const char *const gr_map_local[] = {"threads", "fork", NULL};

int gr_map_crowds(int cores, int workers[16])
{
    int n = 0;
    for (int p = 2; p < cores && n < 15; p *= 2) workers[n++] = p;
    workers[n++] = cores < 1 ? 1 : cores;
    return n;
}

gr_status gr_map_time(gr_map *map, const gr_job *job, int repeats, bool cold, double *seconds)
{
    enum { MOST = 99 };
    double t[MOST];
    assert(repeats >= 1 && repeats <= MOST);
    for (int k = -1; k < repeats; k++) {
        if (cold) gr_map_close(map);
        double start = gr_now();
        GR_TRY(gr_map_run(map, job));
        if (k >= 0) t[k] = gr_now() - start;
    }
    *seconds = gr_median(t, (size_t)repeats);
    return GR_OK;
}

// What the jobs work on: records and results, in the map's memory and out of it.
typedef struct tools {
    gr_map *map;
    int workers;
    int64_t *in, *out; // (EMPTY) in the map's memory
    char *far;         // (2 BYTES) on the heap
} tools;

enum { EMPTY = 4096, BYTES = 1 << 20, RECORD = 4096 };

static gr_status time_empty(const tools *t, size_t n, size_t chunk, int repeats, bool cold,
                            double *seconds)
{
    gr_job job = {.func = &gr_func_nothing, .n = n, .in = t->in, .out = t->out, .chunk = chunk};
    return gr_map_time(t->map, &job, repeats, cold, seconds);
}

// Start: the first job of a pool over the next one's. Job: as many empty tasks as workers.
static gr_status measure_job(const tools *t, gr_map_costs *c)
{
    double cold, warm;
    GR_TRY(time_empty(t, (size_t)t->workers, 1, 9, true, &cold));
    GR_TRY(time_empty(t, (size_t)t->workers, 1, 99, false, &warm));
    c->start = fmax(0, cold - warm);
    c->job = warm;
    return GR_OK;
}

// Many empty tasks, dealt one by one and in few large chunks.
static gr_status measure_chunk(const tools *t, gr_map_costs *c)
{
    double single, blocks, share = (double)EMPTY / t->workers;
    GR_TRY(time_empty(t, EMPTY, 1, 15, false, &single));
    GR_TRY(time_empty(t, EMPTY, EMPTY / (size_t)t->workers, 15, false, &blocks));
    c->chunk = fmax(0, (single - blocks) / share);
    c->task = fmax(0, (blocks - c->job) / share);
    c->job = fmax(0, c->job - c->chunk - c->task);
    return GR_OK;
}

static gr_status first_byte(gr_call *call)
{
    *(char *)call->out = *(const char *)call->in;
    return GR_OK;
}

// The same large records where the workers see them, and where they must be copied.
static gr_status measure_byte(const tools *t, gr_map_costs *c)
{
    static const gr_func func = {
        .name = "first-byte", .call = first_byte, .in_size = RECORD, .out_size = RECORD};
    char *near = gr_map_memory(t->map, 2 * BYTES);
    if (!near) return gr_fail(GR_ENOMEM, "%s", gr_errmsg());
    gr_job job = {.func = &func, .n = BYTES / RECORD, .in = near, .out = near + BYTES};
    double seen = 0, copied = 0;
    gr_status status = gr_map_time(t->map, &job, 9, false, &seen);
    job.in = t->far, job.out = t->far + BYTES;
    if (!status) status = gr_map_time(t->map, &job, 9, false, &copied);
    c->byte = fmax(0, (copied - seen) / (2.0 * BYTES));
    gr_map_release(t->map, near);
    return status;
}

// A task beside others that compute, over the same task alone.
static gr_status measure_stretch(const tools *t, gr_map_costs *c)
{
    double alone, together, step = gr_spin_step();
    c->stretch = 1;
    if (t->workers == 1) return GR_OK;
    for (int k = 0; k < t->workers; k++) t->in[k] = (int64_t)(1e-3 / step);
    gr_job job = {.func = &gr_func_spin, .n = 1, .in = t->in, .out = t->out, .chunk = 1};
    GR_TRY(gr_map_time(t->map, &job, 9, false, &alone));
    job.n = (size_t)t->workers;
    GR_TRY(gr_map_time(t->map, &job, 9, false, &together));
    c->stretch = fmax(1, together / alone);
    return GR_OK;
}

static gr_status measure(tools *t, gr_map_costs *c)
{
    t->in = gr_map_memory(t->map, EMPTY * sizeof *t->in);
    t->out = gr_map_memory(t->map, EMPTY * sizeof *t->out);
    t->far = calloc(2, BYTES);
    if (!t->in || !t->out || !t->far) return gr_fail(GR_ENOMEM, "costs of a map: out of memory");
    GR_TRY(measure_job(t, c));
    GR_TRY(measure_chunk(t, c));
    GR_TRY(measure_byte(t, c));
    return measure_stretch(t, c);
}

gr_status gr_map_costs_measure(const char *launcher, int workers, gr_map_costs *costs)
{
    char spec[64];
    tools t = {.workers = workers};
    *costs = (gr_map_costs){.workers = workers};
    snprintf(spec, sizeof spec, "%.40s:%d", launcher, workers);
    GR_TRY(gr_map_new(&t.map, spec, NULL));
    gr_status status = measure(&t, costs);
    gr_map_release(t.map, t.in), gr_map_release(t.map, t.out);
    gr_map_free(t.map);
    free(t.far);
    return status;
}
