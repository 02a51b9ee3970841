// SPDX-License-Identifier: BSD-3-Clause
// report_maps -- what a map costs here, from which task length on it pays, and whether that holds.
#include "bench/report_maps.h"
#include "bench/map_grid.h"
#include "bench/report_chart.h"
#include "bench/report_parts.h"
#include "lib/stats.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const json_t *part(const gr_report_run *run, const char *name)
{
    return json_object_get(json_object_get(run->document, "map"), name);
}

static bool has_times(const json_t *point)
{
    double predicted = gr_json_number(point, "predicted");
    double measured = gr_json_number(point, "measured");
    return predicted > 0 && measured > 0 && predicted < INFINITY && measured < INFINITY;
}

size_t gr_maps_points(const gr_report_run *run)
{
    const json_t *point;
    size_t i, n = 0;
    json_array_foreach(part(run, "points"), i, point) n += has_times(point);
    return n;
}

double gr_maps_error(const gr_report_run *run)
{
    return gr_map_grid_error(json_object_get(run->document, "map"));
}

// ---- the plot ----------------------------------------------------------------------------------

static const char *const launchers[] = {"threads", "fork"};
enum { LAUNCHERS = 2 };

static void put_points(const gr_report_run *run, FILE *dat, double *least, double *most)
{
    const json_t *point;
    size_t i;
    *least = INFINITY, *most = 0;
    for (int l = 0; l < LAUNCHERS; l++) {
        fprintf(dat, "%s# %s: measured, predicted [s]\n", l ? "\n\n" : "", launchers[l]);
        json_array_foreach(part(run, "points"), i, point)
        {
            if (!has_times(point) || strcmp(gr_json_text(point, "launcher"), launchers[l]) != 0)
                continue;
            double x = gr_json_number(point, "measured"), y = gr_json_number(point, "predicted");
            fprintf(dat, "%.6g %.6g\n", x, y);
            *least = fmin(*least, fmin(x, y)), *most = fmax(*most, fmax(x, y));
        }
    }
}

static void put_decades(FILE *gp, const char *axis, double from, double to)
{
    fprintf(gp, "set %stics (", axis);
    int first = (int)ceil(log10(from) - 1e-9), last = (int)floor(log10(to) + 1e-9);
    for (int d = first; d <= last && d < first + 20; d++)
        fprintf(gp, "%s\"%s\" %.6g", d > first ? ", " : "", gr_script_tick(pow(10, d), "").s,
                pow(10, d));
    fprintf(gp, ")\n");
}

void gr_maps_write(const gr_report_run *run, const char *name, FILE *dat, FILE *gp)
{
    double least, most;
    put_points(run, dat, &least, &most);
    double from = pow(10, floor(log10(least))), to = pow(10, ceil(log10(most)));
    gr_script_begin(gp, name, "Maps: predicted and measured", 560, 480);
    gr_script_label(gp, "x", "measured, log scale");
    gr_script_label(gp, "y", "predicted, log scale");
    fprintf(gp, "set logscale xy\nset xrange [%.6g:%.6g]\nset yrange [%.6g:%.6g]\n", from, to, from,
            to);
    put_decades(gp, "x", from, to);
    put_decades(gp, "y", from, to);
    fprintf(gp,
            "set key top left Left reverse textcolor rgb \"" GR_GREY "\"\n"
            "plot x with lines linecolor rgb \"" GR_GREY "\" title 'equal', \\\n"
            "  1.15*x with lines dashtype 2 linecolor rgb \"" GR_GREY "\" title '15%% off', \\\n"
            "  x/1.15 with lines dashtype 2 linecolor rgb \"" GR_GREY "\" notitle, \\\n"
            "  data index 0 using 1:2 with points linecolor rgb " GR_BLUE
            " pointtype 7 pointsize 0.5 title 'threads', \\\n"
            "  data index 1 using 1:2 with points linecolor rgb " GR_BLUE
            " pointtype 6 pointsize 0.7 title 'fork'\n");
}

void gr_maps_say(const gr_report_run *run, FILE *out)
{
    fprintf(out,
            "Predicted over measured time of %zu maps, both on a log scale. The median error is "
            "%s.",
            gr_maps_points(run), gr_words_percent(gr_maps_error(run)).s);
}

// ---- tables ------------------------------------------------------------------------------------

static gr_text pool_words(const json_t *entry)
{
    return gr_words("`%.20s` x %s", gr_json_text(entry, "launcher"),
                    gr_words_count(gr_json_number(entry, "workers")).s);
}

static void put_costs(gr_page *page, const gr_report_run *run)
{
    static const gr_column columns[] = {
        {"Pool", false, 19},         {"Start", true, 13},  {"A job", true, 13},
        {"A chunk", true, 13},       {"A task", true, 13}, {"A byte copied", true, 15},
        {"Beside others", true, 14},
    };
    const json_t *entry;
    size_t i;
    gr_page_table(page, "What a map costs here, besides its tasks", columns, 7);
    json_array_foreach(part(run, "costs"), i, entry)
    {
        static const char *const times[] = {"start", "job", "chunk", "task", "byte"};
        gr_page_row(page);
        gr_page_text(page, "%s", pool_words(entry).s);
        for (int k = 0; k < 5; k++)
            gr_page_text(page, "%s", gr_words_seconds(gr_json_number(entry, times[k])).s);
        gr_page_text(page, "%s", gr_words_ratio(gr_json_number(entry, "stretch")).s);
        gr_page_row_end(page);
    }
    gr_page_table_end(page);
    gr_page_say(page, GR_NOTE,
                "Start: from a closed pool to workers that wait. A job: waking them and hearing "
                "that all is done. A chunk: a worker fetches it. A task: it is called, and its "
                "result handed over. Beside others: a task's time while all workers compute, over "
                "its time alone.");
}

static gr_text length_words(const json_t *entry, const char *name)
{
    double length = gr_json_number(entry, name);
    if (!isfinite(length)) return gr_words("never");
    return length < 1e-9 ? gr_words("any") : gr_words_seconds(length);
}

static void put_break_even(gr_page *page, const gr_report_run *run)
{
    static const gr_column columns[] = {{"Pool", false, 25},
                                        {"Tasks", true, 25},
                                        {"The pool runs already", true, 25},
                                        {"It is started for the job", true, 25}};
    const json_t *entry;
    size_t i;
    gr_page_table(page, "From which task length on a map beats one core", columns, 4);
    json_array_foreach(part(run, "break_even"), i, entry)
    {
        gr_page_row(page);
        gr_page_text(page, "%s", pool_words(entry).s);
        gr_page_text(page, "%s", gr_words_count(gr_json_number(entry, "n")).s);
        gr_page_text(page, "%s", length_words(entry, "warm").s);
        gr_page_text(page, "%s", length_words(entry, "cold").s);
        gr_page_row_end(page);
    }
    gr_page_table_end(page);
}

// ---- how much longer than ideal ----------------------------------------------------------------

// Jobs of many tasks that last, on a pool that runs: there, what is lost is lost by dealing.
static bool shows_dealing(const json_t *point, const char *strategy, const char *skew)
{
    return has_times(point) && !gr_json_true(point, "cold") && gr_json_number(point, "n") >= 100 &&
           gr_json_number(point, "ideal") >= 1e-3 &&
           !strcmp(gr_json_text(point, "strategy"), strategy) &&
           !strcmp(gr_json_text(point, "skew"), skew);
}

static void put_excess(gr_page *page, const json_t *points, const char *strategy, const char *skew)
{
    enum { MOST = 256 };
    double ratio[MOST];
    const json_t *point;
    size_t i, n = 0;
    json_array_foreach(points, i, point) if (n < MOST && shows_dealing(point, strategy, skew))
        ratio[n++] = gr_json_number(point, "measured") / gr_json_number(point, "ideal");
    gr_text small = gr_words("median of %zu", n);
    gr_page_cell(page, &(gr_cell){.text = n ? gr_words_ratio(gr_median(ratio, n)).s : "-",
                                  .small = n ? small.s : NULL});
}

static void put_dealing(gr_page *page, const gr_report_run *run)
{
    static const gr_column columns[] = {{"Strategy", false, 24},
                                        {"Equal tasks", true, 19},
                                        {"Spread", true, 19},
                                        {"Heavy tail", true, 19},
                                        {"Mandelbrot rows", true, 19}};
    static const char *const strategies[] = {"pool", "guided", "carddealer", "equalportion"};
    static const char *const skews[] = {"equal", "spread", "heavy", "rows"};
    gr_page_table(page, "Time over the ideal: the work shared equally, or the longest task",
                  columns, 5);
    for (int s = 0; s < 4; s++) {
        gr_page_row(page);
        gr_page_text(page, "`%s`", strategies[s]);
        for (int k = 0; k < 4; k++) put_excess(page, part(run, "points"), strategies[s], skews[k]);
        gr_page_row_end(page);
    }
    gr_page_table_end(page);
    gr_page_say(page, GR_NOTE,
                "Jobs of 100 tasks and more that take at least a millisecond, on pools that run "
                "already. `pool` is dealing to whoever is free. Spread: the lengths' deviation "
                "equals their mean. Heavy tail: Pareto with exponent 1.5.");
}

// What other work on the machine did to tasks that ran alone: their time over their length.
static void say_disturbed(gr_page *page, const json_t *points)
{
    enum { MOST = 256 };
    double ratio[MOST];
    const json_t *point;
    size_t i, n = 0;
    json_array_foreach(points, i, point)
    {
        double length = gr_json_number(point, "n") * gr_json_number(point, "length");
        double time = gr_json_number(point, "serial") / length;
        if (n < MOST && time > 0 && time < INFINITY) ratio[n++] = time;
    }
    double median = n ? gr_median(ratio, n) : NAN;
    if (median > 1.1)
        gr_page_say(page, GR_NOTE,
                    "Not judged: tasks that ran alone on a core took %s their calibrated time, so "
                    "the machine had other work to do while maps were measured.",
                    gr_words_ratio(median).s);
}

void gr_part_maps(gr_page *page, const gr_report *report)
{
    const gr_report_run *run = &report->run;
    if (!json_is_object(json_object_get(run->document, "map"))) {
        gr_page_say(page, GR_PARAGRAPH,
                    "Maps were not measured in this run (`gradus bench` does, unless it is asked "
                    "for single ladders; `--maps` does always).");
        return;
    }
    put_costs(page, run);
    put_break_even(page, run);
    if (gr_maps_points(run)) {
        gr_page_say(page, GR_PARAGRAPH,
                    "Do forecasts made of these costs hold? Of %zu maps, over a grid of task "
                    "lengths, numbers, skews, strategies, chunks and pools, half were predicted "
                    "to within %s.",
                    gr_maps_points(run), gr_words_percent(gr_maps_error(run)).s);
        say_disturbed(page, part(run, "points"));
        gr_part_plots(page, report, GR_PLOT_MAPS, NULL);
        put_dealing(page, run);
    }
}
