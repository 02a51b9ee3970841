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
    double step;       // s of spinning
    int64_t *in, *out; // (EMPTY) in the map's memory
    char *far;         // (2 BYTES) on the heap
} tools;

// At most EMPTY workers.
enum { EMPTY = 4096, BYTES = 1 << 20, RECORD = 4096 };

static gr_status time_empty(const tools *t, size_t n, size_t chunk, int repeats, bool cold,
                            double *seconds)
{
    gr_job job = {.func = &gr_func_nothing, .n = n, .in = t->in, .out = t->out, .chunk = chunk};
    return gr_map_time(t->map, &job, repeats, cold, seconds);
}

// Many empty tasks, dealt one by one and in few large chunks.
static gr_status measure_chunk(const tools *t, gr_map_costs *c)
{
    double least, single, blocks, share = (double)EMPTY / t->workers;
    GR_TRY(time_empty(t, (size_t)t->workers, 1, 99, false, &least));
    GR_TRY(time_empty(t, EMPTY, 1, 15, false, &single));
    GR_TRY(time_empty(t, EMPTY, EMPTY / (size_t)t->workers, 15, false, &blocks));
    c->chunk = fmax(0, (single - blocks) / share);
    c->task = fmax(0, (blocks - least) / share);
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

static gr_status time_spin(const tools *t, size_t n, double length, int repeats, bool cold,
                           double *seconds)
{
    for (size_t k = 0; k < n; k++) t->in[k] = (int64_t)(length / t->step);
    gr_job job = {.func = &gr_func_spin, .n = n, .in = t->in, .out = t->out, .chunk = 1};
    return gr_map_time(t->map, &job, repeats, cold, seconds);
}

// Tasks long enough that every worker must wake for one: a job of them is `job` plus their length,
// stretched. Two lengths tell one from the other. Start: the same job on a pool that is closed.
static gr_status measure_job(const tools *t, gr_map_costs *c)
{
    static const double brief = 200e-6, lengthy = 1e-3;
    double alone[2], all[2], cold;
    size_t workers = (size_t)t->workers;
    GR_TRY(time_spin(t, 1, brief, 15, false, &alone[0]));
    GR_TRY(time_spin(t, 1, lengthy, 9, false, &alone[1]));
    GR_TRY(time_spin(t, workers, brief, 25, false, &all[0]));
    GR_TRY(time_spin(t, workers, lengthy, 15, false, &all[1]));
    GR_TRY(time_spin(t, workers, lengthy, 9, true, &cold));
    double slope = (all[1] - all[0]) / (alone[1] - alone[0]);
    c->stretch = workers > 1 && slope > 1 ? slope : 1;
    double length = (alone[1] - alone[0]) * brief / (lengthy - brief);
    c->job = fmax(0, all[0] - c->stretch * length);
    c->start = fmax(0, cold - all[1]);
    return GR_OK;
}

static gr_status measure(tools *t, gr_map_costs *c)
{
    t->in = gr_map_memory(t->map, EMPTY * sizeof *t->in);
    t->out = gr_map_memory(t->map, EMPTY * sizeof *t->out);
    t->far = calloc(2, BYTES);
    if (!t->in || !t->out || !t->far) return gr_fail(GR_ENOMEM, "costs of a map: out of memory");
    t->step = gr_spin_step();
    GR_TRY(measure_job(t, c));
    GR_TRY(measure_chunk(t, c));
    return measure_byte(t, c);
}

gr_status gr_map_costs_measure(const char *launcher, int workers, gr_map_costs *costs)
{
    char spec[64];
    tools t = {.workers = workers};
    if (workers > EMPTY) return gr_fail(GR_EARG, "%d workers: at most %d", workers, EMPTY);
    *costs = (gr_map_costs){.workers = workers};
    snprintf(spec, sizeof spec, "%.40s:%d", launcher, workers);
    GR_TRY(gr_map_new(&t.map, spec, NULL));
    gr_status status = measure(&t, costs);
    gr_map_release(t.map, t.in), gr_map_release(t.map, t.out);
    gr_map_free(t.map);
    free(t.far);
    return status;
}
