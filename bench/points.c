// SPDX-License-Identifier: BSD-3-Clause
#include "bench/points.h"
#include "bench/machine.h"
#include "bench/series.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static json_t *real(double value) { return isfinite(value) ? json_real(value) : json_null(); }

// The end of a gain's interval, where there are laps enough for one.
static json_t *end(gr_interval gain, double value) { return real(gain.bounded ? value : NAN); }

static json_t *speedup(const gr_analysis *a, const gr_series *s)
{
    const gr_series *before = gr_series_before(a, s), *base = gr_series_base(a, s);
    gr_interval none = {NAN, NAN, NAN, 0, false};
    gr_interval step = before ? gr_series_gain(before, s) : none,
                total = base ? gr_series_gain(base, s) : none;
    json_t *j = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "step", real(step.mid), "step_lo",
                          end(step, step.lo), "step_hi", end(step, step.hi), "total",
                          real(total.mid), "lo", end(total, total.lo), "hi", end(total, total.hi));
    json_object_set_new(j, "over",
                        before ? json_string(gr_json_text(before->task, "rung")) : json_null());
    json_object_set_new(j, "base",
                        base ? json_string(gr_json_text(base->task, "rung")) : json_null());
    return j;
}

// ---- points
// --------------------------------------------------------------------------------------

static json_t *seconds_json(const gr_series *s)
{
    json_t *list = json_array();
    double values[GR_MOST_LAPS];
    size_t n = gr_series_launches(s, values);
    if (n == 0) return json_decref(list), json_null();
    for (size_t i = 0; i < n; i++) json_array_append_new(list, real(values[i]));
    gr_interval t = s->seconds;
    json_t *j = json_pack("{s:o, s:o, s:o, s:o, s:I, s:I, s:o}", "median", real(t.mid), "lo",
                          real(t.bounded ? t.lo : NAN), "hi", real(t.bounded ? t.hi : NAN), "min",
                          real(s->min), "samples", (json_int_t)s->samples, "launches",
                          (json_int_t)n, "launch_medians", list);
    json_object_set_new(j, "within", json_pack("{s:o, s:o}", "lo", real(s->lo), "hi", real(s->hi)));
    json_object_set_new(j, "range", json_pack("{s:o, s:o}", "lo", real(t.lo), "hi", real(t.hi)));
    return j;
}

static json_t *verify_json(const gr_analysis *a, const gr_series *s)
{
    if (!s->launches && !s->problem) return json_null();
    if (s->problem) return json_sprintf("wrong: %s", s->problem);
    const char *broken = gr_bound_broken(a, s);
    if (broken) return json_sprintf("wrong: faster than this machine's %s limit allows", broken);
    return json_string("ok");
}

static json_t *status_json(const gr_analysis *a, const gr_series *s)
{
    json_t *skipped = json_object_get(s->task, "skipped");
    int cores = gr_json_integer(a->machine, "cores");
    if (skipped) return json_sprintf("skipped: %s", json_string_value(skipped));
    if (!s->launches && s->problem) return json_string("skipped: wrong, and so not shown");
    if (!s->launches) return json_string("skipped: the budget was used up");
    if (cores > 0 && gr_json_integer(s->task, "procs") > cores)
        return json_string("not converged: oversubscribed, correctness only");
    bool narrow = s->seconds.bounded && gr_half_width(s->seconds) <= 0.05;
    return json_string(narrow ? "converged" : "not converged");
}

static json_t *limit_json(const gr_analysis *a, const gr_series *s)
{
    gr_bound b = gr_bound_of(a, s);
    double fraction = b.seconds / s->seconds.mid;
    if (!s->launches || gr_json_true(s->task, "other_algorithm") || !isfinite(fraction) ||
        fraction <= 0)
        return json_null();
    return json_pack("{s:s, s:f}", "name", b.name, "fraction", fraction);
}

// What each worker did in the launch whose run was nearest to the point's median; NULL if no launch
// says so.
static json_t *workers_json(const gr_analysis *a, const gr_series *s)
{
    json_t *nearest = NULL;
    double least = INFINITY;
    for (size_t i = 0; i < json_array_size(a->store->lines); i++) {
        const json_t *line = json_array_get(a->store->lines, i);
        json_t *workers = json_object_get(line, "workers");
        const json_t *first = json_array_get(workers, 0);
        double whole = gr_json_number(first, "busy") + gr_json_number(first, "idle");
        double away = fabs(whole - s->seconds.mid);
        if (!(away < least) || strcmp(gr_json_text(line, "key"), gr_json_text(s->task, "key")))
            continue;
        nearest = workers, least = away;
    }
    return json_incref(nearest);
}

// Of a point on ranks, each rank's own time: the median over launches of its medians. NULL if no
// launch says so.
static json_t *own_json(const gr_analysis *a, const gr_series *s)
{
    json_t *own = json_array();
    for (size_t rank = 0, found = 1; found; rank++) {
        double medians[GR_MOST_LAPS];
        found = 0;
        for (size_t i = 0; i < json_array_size(a->store->lines); i++) {
            const json_t *line = json_array_get(a->store->lines, i);
            const json_t *mine = json_array_get(json_object_get(line, "own"), rank);
            if (mine && found < GR_MOST_LAPS &&
                !strcmp(gr_json_text(line, "key"), gr_json_text(s->task, "key")))
                medians[found++] = json_number_value(mine);
        }
        if (found) json_array_append_new(own, real(gr_median(medians, found)));
    }
    if (json_array_size(own)) return own;
    json_decref(own);
    return NULL;
}

static json_t *point_json(const gr_analysis *a, const gr_series *s)
{
    json_t *t = s->task;
    json_t *rate = s->launches ? json_pack("{s:o, s:o}", "value", real(s->work / s->seconds.mid),
                                           "unit", json_sprintf("%s/s", gr_json_text(t, "unit")))
                               : json_null();
    json_t *j =
        json_pack("{s:s, s:s, s:s, s:i, s:i, s:i, s:s}", "ladder", gr_json_text(t, "ladder"),
                  "rung", gr_json_text(t, "rung"), "idea", gr_json_text(t, "idea"), "size",
                  gr_json_integer(t, "size"), "steps", gr_json_integer(t, "steps"), "procs",
                  gr_json_integer(t, "procs"), "launcher", gr_json_text(t, "launcher"));
    json_object_set(j, "other_algorithm", json_object_get(t, "other_algorithm"));
    json_object_set_new(j, "seconds", seconds_json(s));
    json_object_set_new(j, "verify", verify_json(a, s));
    json_object_set_new(j, "status", status_json(a, s));
    json_object_set_new(j, "speedup", speedup(a, s));
    json_object_set_new(j, "rate", rate);
    json_object_set_new(j, "limit", limit_json(a, s));
    json_t *workers = workers_json(a, s);
    if (workers) json_object_set_new(j, "workers", workers);
    json_t *own = own_json(a, s);
    if (own) json_object_set_new(j, "own", own);
    return j;
}

// ---- A/A
// -----------------------------------------------------------------------------------------

static int descending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

// Every point against itself: how often a difference was "found", and the 95th percentile of |ratio
// - 1|.
static json_t *twins_json(const gr_analysis *a)
{
    double *effect = malloc((a->n + 1) * sizeof *effect);
    size_t n = 0, wrong = 0;
    for (size_t i = 0; effect && i + 1 < a->n; i++) {
        if (!gr_json_integer(a->series[i + 1].task, "twin")) continue;
        gr_interval r = gr_series_gain(&a->series[i], &a->series[i + 1]);
        if (!r.bounded) continue;
        wrong += r.lo > 1 || r.hi < 1;
        effect[n++] = fabs(r.mid - 1);
    }
    json_t *j = json_null();
    if (n > 0) {
        qsort(effect, n, sizeof *effect, descending);
        j = json_pack("{s:I, s:I, s:f}", "comparisons", (json_int_t)n, "false_verdicts",
                      (json_int_t)wrong, "floor", effect[n / 20]);
    }
    free(effect);
    return j;
}

// ---- the document
// --------------------------------------------------------------------------------

static json_t *best_machine(const gr_store *store)
{
    json_t *card = gr_store_find(store, "card");
    json_t *machine = card ? json_deep_copy(json_object_get(card, "card")) : json_object();
    for (size_t i = 0; i < json_array_size(store->lines); i++) {
        json_t *limits = json_object_get(json_array_get(store->lines, i), "limits");
        if (limits) gr_machine_best(machine, limits);
    }
    return machine;
}

static json_t *skipped_json(const gr_analysis *a)
{
    json_t *list = json_array();
    for (size_t i = 0; i < a->n; i++) {
        json_t *why = json_object_get(a->series[i].task, "skipped");
        if (why)
            json_array_append_new(list,
                                  json_pack("{s:s, s:O}", "what",
                                            gr_json_text(a->series[i].task, "key"), "why", why));
    }
    return list;
}

static json_t *gathered(const gr_store *store, const char *name)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(store->lines); i++) {
        json_t *value = json_object_get(json_array_get(store->lines, i), name);
        if (value) json_array_append(list, value);
    }
    return list;
}

static double spent(const gr_store *store)
{
    double sum = 0;
    for (size_t i = 0; i < json_array_size(store->lines); i++) {
        double wall = gr_json_number(json_array_get(store->lines, i), "wall");
        if (!isnan(wall)) sum += wall;
    }
    return sum;
}

static int laps_of(const gr_store *store)
{
    int laps = 0;
    for (size_t i = 0; i < json_array_size(store->lines); i++) {
        json_t *lap = json_object_get(json_array_get(store->lines, i), "lap");
        if (lap && json_integer_value(lap) >= laps) laps = (int)json_integer_value(lap) + 1;
    }
    return laps;
}

static json_t *warnings_json(const gr_analysis *a)
{
    json_t *list = gathered(a->store, "warning");
    size_t i;
    json_t *w;
    json_array_foreach(json_object_get(a->machine, "warnings"), i, w) json_array_append(list, w);
    if (a->store->cut)
        json_array_append_new(list,
                              json_string("the last line of raw.jsonl was cut and is left out"));
    return list;
}

// How ranks meet before a sample (bench/measure.c), if there are points on ranks.
static json_t *sync_json(const json_t *points)
{
    size_t i;
    const json_t *p;
    json_array_foreach(points, i, p) if (!strcmp(gr_json_text(p, "launcher"),
                                                 "mpi")) return json_string("a barrier");
    return NULL;
}

static json_t *document_of(gr_analysis *a)
{
    const json_t *h = a->store->header;
    json_t *finished = gr_store_find(a->store, "finished"), *env = gr_store_find(a->store, "env");
    json_t *points = json_array();
    for (size_t i = 0; i < a->n; i++)
        if (gr_series_is_rung(&a->series[i]))
            json_array_append_new(points, point_json(a, &a->series[i]));
    json_t *d = json_pack(
        "{s:i, s:s, s:s, s:s, s:s, s:f, s:i}", "schema", GR_SCHEMA, "run", gr_json_text(h, "run"),
        "command", gr_json_text(h, "command"), "started", gr_json_text(h, "started"), "finished",
        gr_json_text(finished, "finished"), "seconds", spent(a->store), "laps", laps_of(a->store));
    json_object_set_new(d, "quick", json_boolean(json_is_true(json_object_get(h, "quick"))));
    json_object_set_new(d, "complete",
                        json_boolean(json_is_true(json_object_get(finished, "whole"))));
    json_object_set(d, "machine", a->machine);
    json_object_set_new(d, "env", env ? json_incref(json_object_get(env, "env")) : json_object());
    json_object_set(d, "lessons", json_object_get(h, "lessons"));
    json_object_set(d, "ladders", json_object_get(h, "ladders"));
    json_object_set_new(d, "points", points);
    json_t *sync = sync_json(points);
    if (sync) json_object_set_new(d, "mpi_sync", sync);
    static const char *const parts[] = {"map", "mpi", "scaling", "contest", "overhead"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        json_t *part = json_object_get(gr_store_find(a->store, parts[i]), parts[i]);
        if (part) json_object_set(d, parts[i], part);
    }
    json_object_set_new(d, "aa", twins_json(a));
    json_object_set_new(d, "peers", gathered(a->store, "peer"));
    json_object_set_new(d, "skipped", skipped_json(a));
    json_object_set_new(d, "warnings", warnings_json(a));
    return d;
}

gr_status gr_points_of(const gr_store *store, json_t **document)
{
    const json_t *tasks = json_object_get(store->header, "tasks");
    gr_analysis a = {.store = store, .n = json_array_size(tasks)};
    a.series = malloc((a.n + 1) * sizeof *a.series);
    if (!a.series) return gr_fail(GR_ENOMEM, "points: out of memory");
    a.machine = best_machine(store);
    for (size_t i = 0; i < a.n; i++) gr_series_gather(&a, &a.series[i], json_array_get(tasks, i));
    *document = document_of(&a);
    free(a.series);
    json_decref(a.machine);
    return *document ? GR_OK : gr_fail(GR_ENOMEM, "points: out of memory");
}

int gr_points_wrong(const json_t *document)
{
    int wrong = 0;
    size_t i;
    json_t *p;
    json_array_foreach(json_object_get(document, "points"), i, p) wrong +=
        !strncmp(gr_json_text(p, "verify"), "wrong", 5);
    return wrong;
}

int gr_points_open(const json_t *document)
{
    int open = 0;
    size_t i;
    json_t *p;
    json_array_foreach(json_object_get(document, "points"), i, p) open +=
        !strncmp(gr_json_text(p, "status"), "not", 3);
    return open;
}
