// SPDX-License-Identifier: BSD-3-Clause
#include "bench/compare.h"
#include "bench/json.h"
#include "bench/store.h"
#include "lib/stats.h"
#include <math.h>
#include <string.h>

static const char *text(const json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));
    return value ? value : "";
}

static json_t *real(double value) { return isfinite(value) ? json_real(value) : json_null(); }

// What makes a point the same point in two documents.
static const char *const identity[] = {"ladder", "rung", "size", "steps", "procs"};
enum { IDENTITY = sizeof identity / sizeof *identity };

gr_status gr_compare_check(const json_t *document, const char *name)
{
    const json_t *schema = json_object_get(document, "schema");
    const json_t *points = json_object_get(document, "points");
    if (!json_is_integer(schema) || !json_is_array(points))
        return gr_fail(GR_EARG, "%s: not a document of `gradus bench --json`", name);
    if (json_integer_value(schema) != GR_SCHEMA)
        return gr_fail(GR_EARG, "%s has schema %lld; this gradus reads schema %d: measure again",
                       name, (long long)json_integer_value(schema), GR_SCHEMA);
    for (size_t i = 0; i < json_array_size(points); i++)
        for (int k = 0; k < IDENTITY; k++)
            if (!json_object_get(json_array_get(points, i), identity[k]))
                return gr_fail(GR_EARG, "%s: points[%zu] has no \"%s\"", name, i, identity[k]);
    return GR_OK;
}

// ---- one point ----

static bool is_skipped(const json_t *point)
{
    return !strncmp(text(point, "status"), "skipped", 7);
}
static bool is_wrong(const json_t *point) { return !strncmp(text(point, "verify"), "wrong", 5); }

// The interval of a point's time; NaN where the document has none.
static gr_interval seconds_of(const json_t *point)
{
    const json_t *s = json_object_get(point, "seconds");
    gr_interval t = {.mid = gr_json_number(s, "median"),
                     .lo = gr_json_number(s, "lo"),
                     .hi = gr_json_number(s, "hi")};
    double launches = gr_json_number(s, "launches");
    t.n = launches >= 0 ? (size_t)launches : 0;
    t.bounded = t.lo > 0 && t.mid >= t.lo && t.hi >= t.mid && isfinite(t.hi);
    return t;
}

// Can a point be judged? If not, *why says the reason (NULL: out of memory). `run` is 'A' or 'B'.
static bool can_judge(const json_t *point, char run, json_t **why)
{
    gr_interval t = seconds_of(point);
    if (is_wrong(point))
        *why = json_sprintf("%s in %c", text(point, "verify"), run);
    else if (is_skipped(point))
        *why = json_sprintf("%s in %c", text(point, "status"), run);
    else if (strcmp(text(point, "verify"), "ok"))
        *why = json_sprintf("not verified in %c", run);
    else if (strstr(text(point, "status"), "oversubscribed"))
        *why = json_sprintf("oversubscribed in %c", run);
    else if (t.n < GR_COMPARE_LAUNCHES)
        *why = json_sprintf("%zu launches in %c, %d needed", t.n, run, GR_COMPARE_LAUNCHES);
    else if (!t.bounded)
        *why = json_sprintf("no interval in %c", run);
    else
        return true;
    return false;
}

static const char *verdict_of(gr_interval ratio, double threshold)
{
    if (ratio.lo > threshold) return "slower";
    if (ratio.hi < 1 / threshold) return "faster";
    return "no difference resolved";
}

static json_t *ratio_json(gr_interval r)
{
    return json_pack("{s:o, s:o, s:o}", "median", real(r.mid), "lo", real(r.lo), "hi", real(r.hi));
}

static json_t *key_of(const json_t *p)
{
    return json_sprintf("%s/%s@%.0fx%.0f/%.0f", text(p, "ladder"), text(p, "rung"),
                        gr_json_number(p, "size"), gr_json_number(p, "steps"),
                        gr_json_number(p, "procs"));
}

static json_t *compare_point(const json_t *a, const json_t *b, double threshold)
{
    gr_interval ta = seconds_of(a), tb = seconds_of(b), ratio = gr_ratio_of(tb, ta);
    json_t *why = NULL, *j = json_object();
    // of two reasons, a wrong result in the new run is said
    bool judged =
        is_wrong(b) ? can_judge(b, 'B', &why) : can_judge(a, 'A', &why) && can_judge(b, 'B', &why);
    int failed = json_object_set_new(j, "key", key_of(a));
    for (int k = 0; k < IDENTITY; k++)
        failed |= json_object_set(j, identity[k], json_object_get(a, identity[k]));
    failed |= json_object_set_new(j, "seconds",
                                  json_pack("{s:o, s:o}", "a", real(ta.mid), "b", real(tb.mid)));
    failed |= json_object_set_new(j, "ratio", judged ? ratio_json(ratio) : json_null());
    failed |= json_object_set_new(
        j, "verdict", json_string(judged ? verdict_of(ratio, threshold) : "not judged"));
    if (!judged) failed |= json_object_set_new(j, "why", why);
    return failed ? json_decref(j), NULL : j;
}

// ---- all points ----

static bool same_point(const json_t *a, const json_t *b)
{
    for (int k = 0; k < IDENTITY; k++)
        if (!json_equal(json_object_get(a, identity[k]), json_object_get(b, identity[k])))
            return false;
    return true;
}

static const json_t *find(const json_t *points, const json_t *point)
{
    for (size_t i = 0; i < json_array_size(points); i++)
        if (same_point(json_array_get(points, i), point)) return json_array_get(points, i);
    return NULL;
}

// The keys of the points that are measured here and do not occur there; NULL: out of memory.
static json_t *only_in(const json_t *here, const json_t *there)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(here); i++) {
        const json_t *p = json_array_get(here, i);
        if (is_skipped(p) || find(there, p)) continue;
        if (json_array_append_new(list, key_of(p))) return json_decref(list), NULL;
    }
    return list;
}

// The points of both; NULL: out of memory.
static json_t *common(const json_t *a, const json_t *b, double threshold)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(b); i++) {
        const json_t *pb = json_array_get(b, i), *pa = find(a, pb);
        if (!pa || (is_skipped(pa) && is_skipped(pb))) continue;
        if (json_array_append_new(list, compare_point(pa, pb, threshold)))
            return json_decref(list), NULL;
    }
    return list;
}

static int newly_wrong(const json_t *a, const json_t *b)
{
    int wrong = 0;
    for (size_t i = 0; i < json_array_size(b); i++) {
        const json_t *pb = json_array_get(b, i), *pa = find(a, pb);
        wrong += pa && is_wrong(pb) && !is_wrong(pa);
    }
    return wrong;
}

static json_t *counts_of(const json_t *points)
{
    static const char *const verdicts[] = {"slower", "faster", "no difference resolved",
                                           "not judged"};
    json_t *counts = json_object();
    for (int v = 0; v < 4; v++) {
        int n = 0;
        for (size_t i = 0; i < json_array_size(points); i++)
            n += !strcmp(text(json_array_get(points, i), "verdict"), verdicts[v]);
        if (json_object_set_new(counts, verdicts[v], json_integer(n)))
            return json_decref(counts), NULL;
    }
    return counts;
}

// The change that would have been a verdict at every point that has shown none.
static json_t *visible(const json_t *points, double threshold)
{
    double most = NAN;
    for (size_t i = 0; i < json_array_size(points); i++) {
        const json_t *p = json_array_get(points, i), *ratio = json_object_get(p, "ratio");
        if (!strcmp(text(p, "verdict"), "no difference resolved"))
            most = fmax(most,
                        threshold * gr_json_number(ratio, "median") / gr_json_number(ratio, "lo"));
    }
    return real(most);
}

// ---- threshold ----

static double floor_of(const json_t *document)
{
    double floor = gr_json_number(json_object_get(document, "aa"), "floor");
    return floor > 0 ? floor : 0;
}

static double choose_threshold(const json_t *a, const json_t *b, double given, const char **from)
{
    double fa = 1 + 2 * floor_of(a), fb = 1 + 2 * floor_of(b);
    *from = "given";
    if (given > 0) return given;
    *from = "the usual 5 %";
    if (fmax(fa, fb) <= GR_COMPARE_THRESHOLD) return GR_COMPARE_THRESHOLD;
    *from = fa >= fb ? "twice the A/A floor of A" : "twice the A/A floor of B";
    return fmax(fa, fb);
}

// ---- where they were measured ----

// The first member of that name, at any depth.
static const json_t *search(const json_t *object, const char *name)
{
    const json_t *found = json_object_get(object, name);
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        if (found) break;
        if (json_is_object(value)) found = search(value, name);
    }
    return found;
}

static const struct {
    const char *group, *name;
    bool machine; // the hardware: times of different hardware say nothing about the program
} origins[] = {
    {"machine", "cpu", true},   {"machine", "cores", true}, {"machine", "cores_in_machine", true},
    {"machine", "simd", true},  {"env", "compiler", false}, {"env", "flags", false},
    {"env", "libc", false},     {"env", "openblas", false}, {"env", "kernel", false},
    {"env", "governor", false},
};

// NULL: out of memory.
static json_t *differences(const json_t *a, const json_t *b)
{
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof origins / sizeof *origins; i++) {
        const json_t *va = search(json_object_get(a, origins[i].group), origins[i].name);
        const json_t *vb = search(json_object_get(b, origins[i].group), origins[i].name);
        if (!va || !vb || json_equal(va, vb)) continue;
        if (json_array_append_new(list, json_pack("{s:s, s:O, s:O, s:b}", "what", origins[i].name,
                                                  "a", va, "b", vb, "machine", origins[i].machine)))
            return json_decref(list), NULL;
    }
    return list;
}

gr_status gr_compare(const json_t *a, const json_t *b, double threshold, json_t **result)
{
    const json_t *pa = json_object_get(a, "points"), *pb = json_object_get(b, "points");
    const char *from;
    threshold = choose_threshold(a, b, threshold, &from);
    json_t *points = common(pa, pb, threshold);
    json_t *j = json_pack("{s:i, s:s, s:s, s:f, s:s, s:i}", "schema", GR_SCHEMA, "a",
                          text(a, "run"), "b", text(b, "run"), "threshold", threshold,
                          "threshold_from", from, "wrong", newly_wrong(pa, pb));
    int failed = json_object_set_new(j, "counts", counts_of(points));
    failed |= json_object_set_new(j, "visible", visible(points, threshold));
    failed |= json_object_set_new(j, "points", points);
    failed |= json_object_set_new(j, "only_a", only_in(pa, pb));
    failed |= json_object_set_new(j, "only_b", only_in(pb, pa));
    failed |= json_object_set_new(j, "different", differences(a, b));
    if (failed) json_decref(j);
    *result = failed ? NULL : j;
    return failed ? gr_fail(GR_ENOMEM, "compare: out of memory") : GR_OK;
}
