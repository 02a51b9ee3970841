// SPDX-License-Identifier: BSD-3-Clause
// report_workers -- what each worker of the parallel rungs did: busy, or waiting for the others.
#include "bench/report_workers.h"
#include "bench/report_chart.h"
#include "bench/report_parts.h"
#include <math.h>
#include <string.h>

// ---- the numbers -------------------------------------------------------------------------------

size_t gr_point_crew(const gr_report_point *point)
{
    return point->shown ? json_array_size(point->workers) : 0;
}

static double not_below_0(double value) { return value > 0 && isfinite(value) ? value : 0; }

gr_worked gr_point_worked(const gr_report_point *point, size_t k)
{
    const json_t *worker = json_array_get(point->workers, k);
    return (gr_worked){not_below_0(gr_json_number(worker, "tasks")),
                       not_below_0(gr_json_number(worker, "busy")),
                       not_below_0(gr_json_number(worker, "idle"))};
}

double gr_point_excess(const gr_report_point *point)
{
    double busy = 0, wall = 0, n = (double)gr_point_crew(point);
    for (size_t k = 0; k < gr_point_crew(point); k++) {
        gr_worked w = gr_point_worked(point, k);
        busy += w.busy;
        wall = fmax(wall, w.busy + w.idle);
    }
    return busy > 0 ? wall * n / busy : NAN;
}

const gr_report_point *gr_group_crew(const gr_report_group *group, size_t i)
{
    const gr_report_point *first = &group->point[i], *most = NULL;
    for (const gr_report_point *p = group->point; p < group->point + group->n; p++) {
        if (strcmp(p->rung, first->rung) != 0 || strcmp(p->launcher, first->launcher) != 0)
            continue;
        if (p < first) return NULL;
        if (gr_point_crew(p) > 1 && isfinite(gr_point_excess(p)) &&
            (!most || p->procs > most->procs))
            most = p;
    }
    return most;
}

// ---- which workers are shown: all, or where there are very many every second, third ... --------

enum { ROOM = 48 };

static size_t stride_of(const gr_report_group *group)
{
    size_t workers = 0;
    for (size_t i = 0; i < group->n; i++) {
        const gr_report_point *p = gr_group_crew(group, i);
        workers += p ? gr_point_crew(p) : 0;
    }
    return workers > ROOM ? (workers + ROOM - 1) / ROOM : 1;
}

size_t gr_group_crews(const gr_report_group *group)
{
    size_t crews = 0;
    for (size_t i = 0; i < group->n; i++) crews += gr_group_crew(group, i) != NULL;
    return crews;
}

// ---- the plot ----------------------------------------------------------------------------------

static double longest(const gr_report_group *group)
{
    double wall = 0;
    for (size_t i = 0; i < group->n; i++) {
        const gr_report_point *p = gr_group_crew(group, i);
        for (size_t k = 0; p && k < gr_point_crew(p); k++)
            wall = fmax(wall, gr_point_worked(p, k).busy + gr_point_worked(p, k).idle);
    }
    return wall;
}

static double idle_share(gr_worked w) { return w.idle / (w.busy + w.idle); }

// Rows from the top down, a gap between rungs. Returns the place of the last row.
static double put_rows(const gr_report_group *group, double unit, FILE *dat)
{
    double row = 0;
    size_t stride = stride_of(group);
    fprintf(dat, "# row, busy, busy + idle, name, idle share\n");
    for (size_t i = 0; i < group->n; i++) {
        const gr_report_point *p = gr_group_crew(group, i);
        if (!p) continue;
        for (size_t k = 0; k < gr_point_crew(p); k += stride, row++) {
            gr_worked w = gr_point_worked(p, k);
            fprintf(dat, "%.6g %.6g %.6g ", row, w.busy / unit, (w.busy + w.idle) / unit);
            gr_script_string(dat, gr_words("%.40s %zu", p->rung, k).s, '"');
            fprintf(dat, " \"%s idle\"\n", gr_words_percent(idle_share(w)).s);
        }
        row += 0.6;
    }
    return row - 1.6;
}

void gr_workers_write(const gr_report_group *group, const char *name, FILE *dat, FILE *gp)
{
    double most = longest(group), unit = most < 1e-3 ? 1e-6 : most < 1 ? 1e-3 : 1;
    double last = put_rows(group, unit, dat);
    char title[200], axis[64];
    snprintf(title, sizeof title, "%.60s, %s: what each worker did", group->ladder,
             gr_group_words(group).s);
    snprintf(axis, sizeof axis, "time in one run [%s] (full: busy, pale: idle)",
             unit < 1e-5  ? "us"
             : unit < 0.1 ? "ms"
                          : "s");
    gr_script_begin(gp, name, title, 720, 110 + (int)(25 * (last + 1)));
    gr_script_label(gp, "x", axis);
    fprintf(gp, "set xrange [0:%.6g]\nset yrange [%.6g:-0.7]\n", 1.2 * most / unit, last + 0.6);
    fprintf(gp, "set border 1\nset grid noytics\nset ytics scale 0\n"
                "set style fill solid 0.85 noborder\n");
    fprintf(gp, "plot data using (0):1:(0):2:($1-0.32):($1+0.32):ytic(4) with boxxyerror "
                "linecolor rgb " GR_BLUE ", \\\n"
                "  data using 2:1:2:3:($1-0.32):($1+0.32) with boxxyerror fill solid 0.5 noborder "
                "linecolor rgb " GR_PALE_BLUE ", \\\n"
                "  data using 3:1:5 with labels left offset 1,0 textcolor rgb \"" GR_GREY "\"\n");
}

void gr_workers_say(const gr_report_group *group, FILE *out)
{
    fprintf(out, "Bars, time of each worker in one run of %s, %s.", group->ladder,
            gr_group_words(group).s);
    for (size_t i = 0; i < group->n; i++) {
        const gr_report_point *p = gr_group_crew(group, i);
        if (!p) continue;
        fprintf(out, " %s:", gr_point_words(p).s);
        for (size_t k = 0; k < gr_point_crew(p); k += stride_of(group)) {
            gr_worked w = gr_point_worked(p, k);
            fprintf(out, "%s worker %zu busy %s, idle %s", k ? ";" : "", k,
                    gr_words_seconds(w.busy).s, gr_words_seconds(w.idle).s);
        }
        fputc('.', out);
    }
}

// ---- the section -------------------------------------------------------------------------------

static void put_worker(gr_page *page, size_t k, gr_worked w)
{
    gr_page_row(page);
    gr_page_text(page, "worker %zu", k);
    gr_page_text(page, "%s", gr_words_count(w.tasks).s);
    gr_page_text(page, "%s", gr_words_seconds(w.busy).s);
    gr_page_text(page, "%s", gr_words_seconds(w.idle).s);
    gr_page_text(page, "%s", gr_words_percent(idle_share(w)).s);
    gr_page_row_end(page);
}

static void put_group(gr_page *page, const gr_report *report, const gr_report_group *group)
{
    static const gr_column columns[] = {{"Worker", false, 20},
                                        {"Tasks", true, 20},
                                        {"Busy", true, 20},
                                        {"Idle", true, 20},
                                        {"Idle share", true, 20}};
    gr_page_say(page, GR_HEADING, "`%s`, %s", group->ladder, gr_group_words(group).s);
    gr_part_plots(page, report, GR_PLOT_WORKERS, group);
    gr_page_table(page, "One run of each parallel rung, on the most workers that it was run on",
                  columns, 5);
    for (size_t i = 0; i < group->n; i++) {
        const gr_report_point *p = gr_group_crew(group, i);
        if (!p) continue;
        gr_page_row_heading(page, "`%.50s`%s: %s the ideal time", p->rung, gr_point_workers(p).s,
                            gr_words_ratio(gr_point_excess(p)).s);
        for (size_t k = 0; k < gr_point_crew(p); k += stride_of(group))
            put_worker(page, k, gr_point_worked(p, k));
    }
    gr_page_table_end(page);
}

void gr_part_workers(gr_page *page, const gr_report *report)
{
    size_t crews = 0;
    gr_page_say(page, GR_PARAGRAPH,
                "The run nearest to the point's median, whole call: a worker is idle while it is "
                "started, while it waits for work or for the others, and until the call returns. "
                "The ideal is the busy time of all workers, shared equally.");
    for (size_t i = 0; i < report->run.n_groups; i++) {
        const gr_report_group *group = &report->run.groups[i];
        if (gr_group_crews(group)) put_group(page, report, group);
        crews += gr_group_crews(group);
    }
    if (!crews) gr_page_say(page, GR_PARAGRAPH, "No rung of this run says what its workers did.");
}
