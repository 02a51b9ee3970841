// SPDX-License-Identifier: BSD-3-Clause
// Method: docs/method.md (launches, pairs, bounds). A launch counts by the median of its samples; a
// point by the median of its launches; a gain by the pairs of launches that one lap made.
#include "bench/points.h"
#include "bench/machine.h"
#include "lib/stats.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_LAPS = 64, MOST_SAMPLES = 128 };

typedef struct series {
    json_t *task;
    double lap[MOST_LAPS]; // median of the launch in each lap; NAN where there is none
    size_t laps;           // highest lap with a launch, plus 1
    size_t launches, samples;
    double lo, hi, min; // smallest and largest quartile of a launch; the least sample
    double work;
    const char *problem; // what went wrong in a launch; NULL
    bool failed;         // some launch gave no samples at all
    gr_interval seconds; // over launches
} series;

typedef struct analysis {
    const gr_store *store;
    json_t *machine;
    series *series;
    size_t n;
} analysis;

static double number(const json_t *object, const char *name)
{
    json_t *value = json_object_get(object, name);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static int integer(const json_t *object, const char *name)
{
    return (int)json_integer_value(json_object_get(object, name));
}

static bool flag(const json_t *object, const char *name)
{
    return json_is_true(json_object_get(object, name));
}

static const char *text(const json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));
    return value ? value : "";
}

static json_t *real(double value) { return isfinite(value) ? json_real(value) : json_null(); }

// ---- gathering launches
// --------------------------------------------------------------------------

static void take_launch(series *s, const json_t *line)
{
    double samples[MOST_SAMPLES];
    size_t n = 0, i;
    json_t *value;
    json_array_foreach(json_object_get(line, "seconds"), i, value) if (n < MOST_SAMPLES)
        samples[n++] = json_number_value(value);
    const char *verify = text(line, "verify"), *error = text(line, "error");
    if (*error)
        s->problem = error, s->failed = true;
    else if (strcmp(verify, "ok"))
        s->problem = verify;
    int lap = integer(line, "lap");
    if (n == 0 || lap < 0 || lap >= MOST_LAPS) return;
    if (isnan(s->lap[lap])) s->launches++;
    s->lap[lap] = gr_median(samples, n); // sorts the samples
    if ((size_t)lap + 1 > s->laps) s->laps = (size_t)lap + 1;
    s->samples += n;
    s->lo = fmin(s->lo, gr_quantile(samples, n, 0.25));
    s->hi = fmax(s->hi, gr_quantile(samples, n, 0.75));
    s->min = fmin(s->min, samples[0]);
    s->work = number(line, "work");
}

static size_t launches_of(const series *s, double *values)
{
    size_t n = 0;
    for (size_t lap = 0; lap < s->laps; lap++)
        if (!isnan(s->lap[lap])) values[n++] = s->lap[lap];
    return n;
}

static void gather(analysis *a, series *s, json_t *task)
{
    *s = (series){.task = task, .lo = INFINITY, .hi = -INFINITY, .min = INFINITY, .work = NAN};
    for (int i = 0; i < MOST_LAPS; i++) s->lap[i] = NAN;
    for (size_t i = 0; i < json_array_size(a->store->lines); i++) {
        json_t *line = json_array_get(a->store->lines, i);
        if (!strcmp(text(line, "key"), text(task, "key"))) take_launch(s, line);
    }
    double values[MOST_LAPS];
    s->seconds = gr_median_interval(values, launches_of(s, values), 0.95);
}

// ---- gains
// ---------------------------------------------------------------------------------------

// How many times faster b is than a, by the laps in which both were measured.
static gr_interval gain(const series *a, const series *b)
{
    double x[MOST_LAPS], y[MOST_LAPS];
    size_t n = 0;
    for (size_t lap = 0; lap < a->laps && lap < b->laps; lap++)
        if (!isnan(a->lap[lap]) && !isnan(b->lap[lap])) x[n] = a->lap[lap], y[n++] = b->lap[lap];
    return gr_ratio_interval(x, y, n, 0.95);
}

static bool same_problem(const series *a, const series *b)
{
    return !strcmp(text(a->task, "ladder"), text(b->task, "ladder")) &&
           integer(a->task, "size") == integer(b->task, "size") &&
           integer(a->task, "steps") == integer(b->task, "steps");
}

static bool is_rung(const series *s)
{
    return integer(s->task, "index") >= 0 && !integer(s->task, "twin");
}

// The rung before: the nearest lower index that was measured at this size, on as many workers if it
// can, else on one.
static const series *rung_before(const analysis *a, const series *s)
{
    const series *best = NULL;
    for (size_t i = 0; i < a->n; i++) {
        const series *c = &a->series[i];
        if (!is_rung(c) || !same_problem(c, s) || !c->launches) continue;
        int index = integer(c->task, "index"), procs = integer(c->task, "procs");
        if (index >= integer(s->task, "index")) continue;
        if (procs != 1 && procs != integer(s->task, "procs")) continue;
        int best_index = best ? integer(best->task, "index") : -1;
        int best_procs = best ? integer(best->task, "procs") : 0;
        if (index > best_index || (index == best_index && procs > best_procs)) best = c;
    }
    return best;
}

// What total gains are counted from: the first rung measured at this size.
static const series *base_of(const analysis *a, const series *s)
{
    const series *best = NULL;
    for (size_t i = 0; i < a->n; i++) {
        const series *c = &a->series[i];
        if (!is_rung(c) || !same_problem(c, s) || !c->launches) continue;
        if (!best || integer(c->task, "index") < integer(best->task, "index")) best = c;
    }
    return best;
}

static json_t *speedup(const analysis *a, const series *s)
{
    const series *before = rung_before(a, s), *base = base_of(a, s);
    gr_interval none = {NAN, NAN, NAN, 0, false};
    gr_interval step = before ? gain(before, s) : none, total = base ? gain(base, s) : none;
    json_t *j = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "step", real(step.mid), "step_lo",
                          real(step.lo), "step_hi", real(step.hi), "total", real(total.mid), "lo",
                          real(total.lo), "hi", real(total.hi));
    json_object_set_new(j, "over", before ? json_string(text(before->task, "rung")) : json_null());
    json_object_set_new(j, "base", base ? json_string(text(base->task, "rung")) : json_null());
    return j;
}

// ---- limits
// --------------------------------------------------------------------------------------

typedef struct bound {
    const char *name;
    double seconds;  // the least time in which this machine can do the work
    bool of_machine; // a rate above it is impossible, not merely surprising
} bound;

static double machine_rate(const analysis *a, const char *group, const char *name)
{
    return 1e9 * number(json_object_get(a->machine, group), name);
}

static double cache_bytes(const analysis *a, int level)
{
    size_t i;
    json_t *cache;
    json_array_foreach(json_object_get(a->machine, "caches"), i,
                       cache) if (integer(cache, "level") == level) return number(cache, "bytes");
    return 0;
}

// The memory that the problem lives in, and its bandwidth for p workers. Cache rates are measured
// on one core and taken p times.
static bound bytes_bound(const analysis *a, const series *s)
{
    double footprint = number(s->task, "footprint"), p = integer(s->task, "procs");
    static const char *const names[] = {"", "L1", "L2", "L3"};
    double bytes = s->work * number(s->task, "bytes");
    for (int level = 1; level <= 3; level++)
        if (footprint <= cache_bytes(a, level) * (level < 3 ? p : 1))
            return (bound){names[level], bytes / (p * machine_rate(a, "cache_GBs", names[level])),
                           false};
    char procs[16];
    snprintf(procs, sizeof procs, "%d", (int)p);
    bool far_outside = footprint > 4 * cache_bytes(a, 3);
    return (bound){"triad", bytes / machine_rate(a, "triad_counted_GBs", procs), far_outside};
}

static bound flops_bound(const analysis *a, const series *s)
{
    char name[16];
    snprintf(name, sizeof name, "fma_%d", integer(s->task, "procs"));
    double rate = machine_rate(a, "flops_GFs", name);
    return (bound){"fma", s->work * number(s->task, "flops") / rate, true};
}

// The ladder's own limit, if it was measured: the same arithmetic with nothing else in the way.
static bound own_bound(const analysis *a, const series *s)
{
    for (size_t i = 0; i < a->n; i++) {
        const series *c = &a->series[i];
        if (integer(c->task, "index") >= 0 || !same_problem(c, s) || !c->launches) continue;
        double rate = c->work / c->seconds.mid * integer(s->task, "procs");
        return (bound){text(c->task, "rung"), s->work / rate, false};
    }
    return (bound){NULL, NAN, false};
}

// What binds: the arithmetic (the ladder's own limit where it was measured) or the memory.
static bound limit_of(const analysis *a, const series *s)
{
    bound own = own_bound(a, s), bytes = bytes_bound(a, s);
    bound arithmetic = own.name ? own : flops_bound(a, s);
    return bytes.seconds > arithmetic.seconds || isnan(arithmetic.seconds) ? bytes : arithmetic;
}

// Which bound of the machine a point breaks by more than 5 %; NULL if none.
static const char *impossible(const analysis *a, const series *s)
{
    bound flops = flops_bound(a, s), bytes = bytes_bound(a, s);
    if (flag(s->task, "other_algorithm")) return NULL;
    if (flops.seconds > 1.05 * s->seconds.mid) return flops.name;
    if (bytes.of_machine && bytes.seconds > 1.05 * s->seconds.mid) return bytes.name;
    return NULL;
}

// ---- points
// --------------------------------------------------------------------------------------

static json_t *seconds_json(const series *s)
{
    json_t *list = json_array();
    double values[MOST_LAPS];
    size_t n = launches_of(s, values);
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

static json_t *verify_json(const analysis *a, const series *s)
{
    if (!s->launches && !s->problem) return json_null();
    if (s->problem) return json_sprintf("wrong: %s", s->problem);
    const char *broken = impossible(a, s);
    if (broken) return json_sprintf("wrong: faster than this machine's %s limit allows", broken);
    return json_string("ok");
}

static json_t *status_json(const analysis *a, const series *s)
{
    json_t *skipped = json_object_get(s->task, "skipped");
    int cores = integer(a->machine, "cores");
    if (skipped) return json_sprintf("skipped: %s", json_string_value(skipped));
    if (!s->launches)
        return json_string(s->failed ? "skipped: it failed" : "skipped: the budget was used up");
    if (cores > 0 && integer(s->task, "procs") > cores)
        return json_string("not converged: oversubscribed, correctness only");
    bool narrow = s->seconds.bounded && gr_half_width(s->seconds) <= 0.05;
    return json_string(narrow ? "converged" : "not converged");
}

static json_t *limit_json(const analysis *a, const series *s)
{
    bound b = limit_of(a, s);
    double fraction = b.seconds / s->seconds.mid;
    if (!s->launches || flag(s->task, "other_algorithm") || !isfinite(fraction) || fraction <= 0)
        return json_null();
    return json_pack("{s:s, s:f}", "name", b.name, "fraction", fraction);
}

static json_t *point_json(const analysis *a, const series *s)
{
    json_t *t = s->task;
    json_t *rate = s->launches ? json_pack("{s:o, s:o}", "value", real(s->work / s->seconds.mid),
                                           "unit", json_sprintf("%s/s", text(t, "unit")))
                               : json_null();
    json_t *j = json_pack("{s:s, s:s, s:s, s:i, s:i, s:i, s:s}", "ladder", text(t, "ladder"),
                          "rung", text(t, "rung"), "idea", text(t, "idea"), "size",
                          integer(t, "size"), "steps", integer(t, "steps"), "procs",
                          integer(t, "procs"), "launcher", text(t, "launcher"));
    json_object_set(j, "other_algorithm", json_object_get(t, "other_algorithm"));
    json_object_set_new(j, "seconds", seconds_json(s));
    json_object_set_new(j, "verify", verify_json(a, s));
    json_object_set_new(j, "status", status_json(a, s));
    json_object_set_new(j, "speedup", speedup(a, s));
    json_object_set_new(j, "rate", rate);
    json_object_set_new(j, "limit", limit_json(a, s));
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
static json_t *twins_json(const analysis *a)
{
    double *effect = malloc((a->n + 1) * sizeof *effect);
    size_t n = 0, wrong = 0;
    for (size_t i = 0; effect && i + 1 < a->n; i++) {
        if (!integer(a->series[i + 1].task, "twin")) continue;
        gr_interval r = gain(&a->series[i], &a->series[i + 1]);
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

static json_t *skipped_json(const analysis *a)
{
    json_t *list = json_array();
    for (size_t i = 0; i < a->n; i++) {
        json_t *why = json_object_get(a->series[i].task, "skipped");
        if (why)
            json_array_append_new(
                list, json_pack("{s:s, s:O}", "what", text(a->series[i].task, "key"), "why", why));
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
        double wall = number(json_array_get(store->lines, i), "wall");
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

static json_t *warnings_json(const analysis *a)
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

static json_t *document_of(analysis *a)
{
    const json_t *h = a->store->header;
    json_t *finished = gr_store_find(a->store, "finished"), *env = gr_store_find(a->store, "env");
    json_t *points = json_array();
    for (size_t i = 0; i < a->n; i++)
        if (is_rung(&a->series[i])) json_array_append_new(points, point_json(a, &a->series[i]));
    json_t *d = json_pack("{s:i, s:s, s:s, s:s, s:s, s:f, s:i}", "schema", GR_SCHEMA, "run",
                          text(h, "run"), "command", text(h, "command"), "started",
                          text(h, "started"), "finished", text(finished, "finished"), "seconds",
                          spent(a->store), "laps", laps_of(a->store));
    json_object_set_new(d, "quick", json_boolean(json_is_true(json_object_get(h, "quick"))));
    json_object_set_new(d, "complete",
                        json_boolean(json_is_true(json_object_get(finished, "whole"))));
    json_object_set(d, "machine", a->machine);
    json_object_set_new(d, "env", env ? json_incref(json_object_get(env, "env")) : json_object());
    json_object_set(d, "ladders", json_object_get(h, "ladders"));
    json_object_set_new(d, "points", points);
    json_object_set_new(d, "aa", twins_json(a));
    json_object_set_new(d, "peers", gathered(a->store, "peer"));
    json_object_set_new(d, "skipped", skipped_json(a));
    json_object_set_new(d, "warnings", warnings_json(a));
    return d;
}

gr_status gr_points_of(const gr_store *store, json_t **document)
{
    const json_t *tasks = json_object_get(store->header, "tasks");
    analysis a = {.store = store, .n = json_array_size(tasks)};
    a.series = malloc((a.n + 1) * sizeof *a.series);
    if (!a.series) return gr_fail(GR_ENOMEM, "points: out of memory");
    a.machine = best_machine(store);
    for (size_t i = 0; i < a.n; i++) gather(&a, &a.series[i], json_array_get(tasks, i));
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
        !strncmp(text(p, "verify"), "wrong", 5);
    return wrong;
}

int gr_points_open(const json_t *document)
{
    int open = 0;
    size_t i;
    json_t *p;
    json_array_foreach(json_object_get(document, "points"), i, p) open +=
        !strncmp(text(p, "status"), "not", 3);
    return open;
}
