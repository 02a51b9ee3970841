// SPDX-License-Identifier: BSD-3-Clause
#include "bench/report_model.h"
#include "lib/scaling.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

// Two ends are both there and in order, or both NaN.
static void read_ends(const json_t *object, const char *lo_key, const char *hi_key, double *lo,
                      double *hi)
{
    *lo = gr_json_number(object, lo_key);
    *hi = gr_json_number(object, hi_key);
    if (!(*lo > 0 && *lo <= *hi)) *lo = *hi = NAN;
}

static void read_seconds(gr_report_point *p, const json_t *seconds)
{
    p->median = gr_json_number(seconds, "median");
    read_ends(seconds, "lo", "hi", &p->lo, &p->hi);
    if (!(p->lo <= p->median && p->median <= p->hi)) p->lo = p->hi = NAN;
    read_ends(json_object_get(seconds, "range"), "lo", "hi", &p->range_lo, &p->range_hi);
    read_ends(json_object_get(seconds, "within"), "lo", "hi", &p->within_lo, &p->within_hi);
    p->least = gr_json_number(seconds, "min");
    p->samples = gr_json_number(seconds, "samples");
    p->launches = gr_json_number(seconds, "launches");
    const json_t *medians = json_object_get(seconds, "launch_medians");
    p->launch_medians = json_is_array(medians) ? medians : NULL;
}

static void read_gains(gr_report_point *p, const json_t *speedup)
{
    p->step = gr_json_number(speedup, "step");
    read_ends(speedup, "step_lo", "step_hi", &p->step_lo, &p->step_hi);
    if (p->step == 1 && isnan(p->step_lo)) p->step = NAN; // the first rung has no step
    p->total = gr_json_number(speedup, "total");
    read_ends(speedup, "lo", "hi", &p->total_lo, &p->total_hi);
}

static gr_report_point read_point(const json_t *json)
{
    const json_t *rate = json_object_get(json, "rate"), *limit = json_object_get(json, "limit");
    gr_report_point p = {
        .ladder = gr_json_text(json, "ladder"),
        .rung = gr_json_text(json, "rung"),
        .idea = gr_json_text(json, "idea"),
        .launcher = gr_json_text(json, "launcher"),
        .verify = gr_json_text(json, "verify"),
        .status = gr_json_text(json, "status"),
        .size = gr_json_number(json, "size"),
        .steps = gr_json_number(json, "steps"),
        .procs = gr_json_number(json, "procs"),
        .other_algorithm = gr_json_true(json, "other_algorithm"),
        .rate = gr_json_number(rate, "value"),
        .rate_unit = gr_json_text(rate, "unit"),
        .limit = gr_json_text(limit, "name"),
        .fraction = gr_json_number(limit, "fraction"),
        .workers = json_object_get(json, "workers"),
    };
    if (!*p.rung) p.rung = gr_json_text(json, "peer");
    read_seconds(&p, json_object_get(json, "seconds"));
    read_gains(&p, json_object_get(json, "speedup"));
    p.skipped = !strncmp(p.status, "skipped", 7);
    p.shown = !strcmp(p.verify, "ok") && !p.skipped && p.median > 0 && isfinite(p.median);
    return p;
}

static gr_status read_points(const json_t *array, gr_report_point **points, size_t *n)
{
    *n = json_array_size(array);
    *points = malloc((*n + 1) * sizeof **points);
    if (!*points) return gr_fail(GR_ENOMEM, "report: out of memory for %zu points", *n);
    for (size_t i = 0; i < *n; i++) (*points)[i] = read_point(json_array_get(array, i));
    return GR_OK;
}

// In documents, sizes are whole numbers; a missing one is NaN and equal to another missing one.
static bool same_number(double a, double b) { return a == b || (isnan(a) && isnan(b)); }

static bool same_group(const gr_report_point *a, const gr_report_point *b)
{
    return !strcmp(a->ladder, b->ladder) && same_number(a->size, b->size) &&
           same_number(a->steps, b->steps);
}

// Moves points so that those of a group stand together: groups in the order of their first points,
// the points of each in their own order.
static void gather(gr_report_point *points, size_t n)
{
    for (size_t done = 0; done < n;) {
        gr_report_point first = points[done++];
        for (size_t i = done; i < n; i++) {
            if (!same_group(&points[i], &first)) continue;
            gr_report_point found = points[i];
            memmove(&points[done + 1], &points[done], (i - done) * sizeof *points);
            points[done++] = found;
        }
    }
}

static const json_t *about(const json_t *document, const char *ladder)
{
    const json_t *ladders = json_object_get(document, "ladders"), *entry;
    size_t i;
    json_array_foreach(ladders, i,
                       entry) if (!strcmp(gr_json_text(entry, "name"), ladder)) return entry;
    return NULL;
}

static gr_status read_groups(gr_report_run *run)
{
    run->groups = malloc((run->n_points + 1) * sizeof *run->groups);
    if (!run->groups) return gr_fail(GR_ENOMEM, "report: out of memory");
    for (size_t i = 0; i < run->n_points; i++) {
        const gr_report_point *p = &run->points[i];
        if (i == 0 || !same_group(p, p - 1))
            run->groups[run->n_groups++] =
                (gr_report_group){.about = about(run->document, p->ladder),
                                  .point = p,
                                  .ladder = p->ladder,
                                  .size = p->size,
                                  .steps = p->steps};
        run->groups[run->n_groups - 1].n++;
    }
    return GR_OK;
}

gr_status gr_report_open(gr_report_run *run, const json_t *document)
{
    *run = (gr_report_run){.document = document};
    if (!json_is_object(document)) return gr_fail(GR_EDATA, "report: the run is no JSON object");
    run->machine = json_object_get(document, "machine");
    GR_TRY(read_points(json_object_get(document, "points"), &run->points, &run->n_points));
    GR_TRY(read_points(json_object_get(document, "peers"), &run->peers, &run->n_peers));
    gather(run->points, run->n_points);
    return read_groups(run);
}

void gr_report_close(gr_report_run *run)
{
    free(run->points);
    free(run->peers);
    free(run->groups);
    *run = (gr_report_run){0};
}

bool gr_point_parallel(const gr_report_point *point)
{
    return *point->launcher && strcmp(point->launcher, "none") != 0;
}

bool gr_point_has_interval(const gr_report_point *point) { return point->lo > 0; }

void gr_point_ends(const gr_report_point *point, double *lo, double *hi)
{
    bool interval = gr_point_has_interval(point), range = point->range_lo > 0;
    *lo = interval ? point->lo : range ? point->range_lo : point->median;
    *hi = interval ? point->hi : range ? point->range_hi : point->median;
}

const gr_report_point *gr_group_base(const gr_report_group *group)
{
    return group->n && group->point[0].shown ? &group->point[0] : NULL;
}

static const gr_report_point *fastest(const gr_report_group *group, const char *rung, bool serial,
                                      bool same_algorithm)
{
    const gr_report_point *best = NULL;
    for (const gr_report_point *p = group->point; p < group->point + group->n; p++) {
        if (!p->shown || (same_algorithm && p->other_algorithm)) continue;
        if ((serial && gr_point_parallel(p)) || (rung && strcmp(p->rung, rung) != 0)) continue;
        if (!best || p->median < best->median) best = p;
    }
    return best;
}

const gr_report_point *gr_group_best(const gr_report_group *group)
{
    return fastest(group, NULL, false, true);
}

const gr_report_point *gr_group_best_serial(const gr_report_group *group)
{
    return fastest(group, NULL, true, true);
}

const gr_report_point *gr_group_find(const gr_report_group *group, const char *rung)
{
    return fastest(group, rung, false, false);
}

const gr_report_group *gr_report_find(const gr_report_run *run, const char *ladder, double size)
{
    for (size_t i = 0; i < run->n_groups; i++) {
        const gr_report_group *group = &run->groups[i];
        if (!strcmp(group->ladder, ladder) && (size == 0 || group->size == size)) return group;
    }
    return NULL;
}

const gr_report_point *gr_report_peer(const gr_report_run *run, const gr_report_group *group,
                                      const char *peer)
{
    for (const gr_report_point *p = run->peers; p < run->peers + run->n_peers; p++)
        if (p->shown && same_group(p, group->point) && !strcmp(p->rung, peer)) return p;
    return NULL;
}

static double serial_fraction(const gr_scaling *scaling)
{
    double procs[32], gain[32];
    for (size_t k = 0; k < scaling->n; k++) {
        procs[k] = scaling->point[k]->procs;
        gain[k] = scaling->base->median / scaling->point[k]->median;
    }
    return gr_amdahl_fit(procs, gain, scaling->n);
}

static void insert_by_procs(gr_scaling *scaling, const gr_report_point *p)
{
    size_t k = scaling->n++;
    for (; k > 0 && scaling->point[k - 1]->procs > p->procs; k--)
        scaling->point[k] = scaling->point[k - 1];
    scaling->point[k] = p;
}

gr_scaling gr_group_scaling(const gr_report_group *group, size_t i)
{
    const gr_scaling none = {.serial = NAN};
    const gr_report_point *first = &group->point[i];
    gr_scaling scaling = {.base = gr_group_best_serial(group), .serial = NAN};
    if (!gr_point_parallel(first) || first->other_algorithm || !scaling.base) return none;
    for (const gr_report_point *p = group->point; p < group->point + group->n; p++) {
        if (strcmp(p->rung, first->rung) != 0 || strcmp(p->launcher, first->launcher) != 0)
            continue;
        if (p < first) return none;
        if (p->shown && p->procs >= 1 && scaling.n < 32) insert_by_procs(&scaling, p);
    }
    if (scaling.n < 2 || scaling.point[0]->procs == scaling.point[scaling.n - 1]->procs)
        return none;
    scaling.serial = serial_fraction(&scaling);
    return scaling;
}

gr_text gr_group_words(const gr_report_group *group)
{
    const char *n_name = gr_json_text(group->about, "n_name");
    const char *steps_name = gr_json_text(group->about, "steps_name");
    gr_text size = gr_words("%s %.30s", gr_words_count(group->size).s, *n_name ? n_name : "points");
    if (!(group->steps > 0)) return size;
    return gr_words("%.40s, %s %.30s", size.s, gr_words_count(group->steps).s,
                    *steps_name ? steps_name : "steps");
}

gr_text gr_point_workers(const gr_report_point *point)
{
    if (!gr_point_parallel(point)) return gr_words("%s", "");
    if (!strcmp(point->launcher, "opencl")) return gr_words("%s", "");
    gr_text times = gr_words(" x %s", gr_words_count(point->procs).s);
    if (!strcmp(point->launcher, point->rung)) return times;
    return gr_words(", %.10s%.20s", point->launcher, times.s);
}

gr_text gr_point_words(const gr_report_point *point)
{
    return gr_words("%.50s%.40s", point->rung, gr_point_workers(point).s);
}

gr_text gr_point_sure(const gr_report_point *point)
{
    if (gr_point_has_interval(point))
        return gr_words("95%% sure: %s", gr_words_interval(point->lo, point->hi).s);
    if (point->launches == 1) return gr_words("one launch");
    if (point->range_lo > 0)
        return gr_words("range of %s launches: %s", gr_words_count(point->launches).s,
                        gr_words_interval(point->range_lo, point->range_hi).s);
    return gr_words("%s", "");
}
