// SPDX-License-Identifier: BSD-3-Clause
#include "bench/series.h"
#include <math.h>
#include <string.h>

enum { MOST_SAMPLES = 128 };

// ---- gathering launches
// --------------------------------------------------------------------------

static void take_launch(gr_series *s, const json_t *line)
{
    double samples[MOST_SAMPLES];
    size_t n = 0, i;
    json_t *value;
    json_array_foreach(json_object_get(line, "seconds"), i, value) if (n < MOST_SAMPLES)
        samples[n++] = json_number_value(value);
    const char *verify = gr_json_text(line, "verify"), *error = gr_json_text(line, "error");
    if (*error)
        s->problem = error;
    else if (strcmp(verify, "ok"))
        s->problem = verify;
    int lap = gr_json_integer(line, "lap");
    if (n == 0 || lap < 0 || lap >= GR_MOST_LAPS) return;
    if (isnan(s->lap[lap])) s->launches++;
    s->lap[lap] = gr_median(samples, n); // sorts the samples
    if ((size_t)lap + 1 > s->laps) s->laps = (size_t)lap + 1;
    s->samples += n;
    s->lo = fmin(s->lo, gr_quantile(samples, n, 0.25));
    s->hi = fmax(s->hi, gr_quantile(samples, n, 0.75));
    s->min = fmin(s->min, samples[0]);
    s->work = gr_json_number(line, "work");
}

size_t gr_series_launches(const gr_series *s, double *values)
{
    size_t n = 0;
    for (size_t lap = 0; lap < s->laps; lap++)
        if (!isnan(s->lap[lap])) values[n++] = s->lap[lap];
    return n;
}

void gr_series_gather(gr_analysis *a, gr_series *s, json_t *task)
{
    *s = (gr_series){.task = task, .lo = INFINITY, .hi = -INFINITY, .min = INFINITY, .work = NAN};
    for (int i = 0; i < GR_MOST_LAPS; i++) s->lap[i] = NAN;
    for (size_t i = 0; i < json_array_size(a->store->lines); i++) {
        json_t *line = json_array_get(a->store->lines, i);
        if (!strcmp(gr_json_text(line, "key"), gr_json_text(task, "key"))) take_launch(s, line);
    }
    double values[GR_MOST_LAPS];
    s->seconds = gr_median_interval(values, gr_series_launches(s, values), 0.95);
}

// ---- gains
// ---------------------------------------------------------------------------------------

// How many times faster b is than a, by the laps in which both were measured.
gr_interval gr_series_gain(const gr_series *a, const gr_series *b)
{
    double x[GR_MOST_LAPS], y[GR_MOST_LAPS];
    size_t n = 0;
    for (size_t lap = 0; lap < a->laps && lap < b->laps; lap++)
        if (!isnan(a->lap[lap]) && !isnan(b->lap[lap])) x[n] = a->lap[lap], y[n++] = b->lap[lap];
    return gr_ratio_interval(x, y, n, 0.95);
}

bool gr_series_same_problem(const gr_series *a, const gr_series *b)
{
    return !strcmp(gr_json_text(a->task, "ladder"), gr_json_text(b->task, "ladder")) &&
           gr_json_integer(a->task, "size") == gr_json_integer(b->task, "size") &&
           gr_json_integer(a->task, "steps") == gr_json_integer(b->task, "steps");
}

bool gr_series_is_rung(const gr_series *s)
{
    return gr_json_integer(s->task, "index") >= 0 && !gr_json_integer(s->task, "twin");
}

static bool parallel(const gr_series *s)
{
    const char *launcher = gr_json_text(s->task, "launcher");
    return *launcher && strcmp(launcher, "none") != 0;
}

const gr_series *gr_series_before(const gr_analysis *a, const gr_series *s)
{
    const gr_series *best = NULL;
    for (size_t i = 0; i < a->n; i++) {
        const gr_series *c = &a->series[i];
        if (!gr_series_is_rung(c) || !gr_series_same_problem(c, s) || !c->launches) continue;
        int index = gr_json_integer(c->task, "index"), procs = gr_json_integer(c->task, "procs");
        if (index >= gr_json_integer(s->task, "index")) continue;
        if (procs != 1 && procs != gr_json_integer(s->task, "procs")) continue;
        if (parallel(c) && !parallel(s)) continue;
        int best_index = best ? gr_json_integer(best->task, "index") : -1;
        int best_procs = best ? gr_json_integer(best->task, "procs") : 0;
        if (index > best_index || (index == best_index && procs > best_procs)) best = c;
    }
    return best;
}

// What total gains are counted from: the first rung measured at this size.
const gr_series *gr_series_base(const gr_analysis *a, const gr_series *s)
{
    const gr_series *best = NULL;
    for (size_t i = 0; i < a->n; i++) {
        const gr_series *c = &a->series[i];
        if (!gr_series_is_rung(c) || !gr_series_same_problem(c, s) || !c->launches) continue;
        if (!best || gr_json_integer(c->task, "index") < gr_json_integer(best->task, "index"))
            best = c;
    }
    return best;
}
