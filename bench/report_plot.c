// SPDX-License-Identifier: BSD-3-Clause
#include "bench/report_plot.h"
#include "bench/report_chart.h"
#include "bench/report_contest.h"
#include "bench/report_file.h"
#include "bench/report_maps.h"
#include "bench/report_ranks.h"
#include "bench/report_scaling.h"
#include "bench/report_workers.h"
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// ---- one function per kind of plot: prints data and script -------------------------------------

typedef void write_plot(const gr_plot *plot, const gr_report_run *run, FILE *dat, FILE *gp);

static void write_time(const gr_plot *plot, const gr_report_run *run, FILE *dat, FILE *gp)
{
    (void)run;
    gr_chart_write(&gr_chart_time, plot, dat, gp);
}

static void write_gain(const gr_plot *plot, const gr_report_run *run, FILE *dat, FILE *gp)
{
    (void)run;
    gr_chart_write(&gr_chart_gain, plot, dat, gp);
}

static void put_workers(FILE *gp, const gr_scaling *scaling)
{
    fprintf(gp, "set xtics (");
    for (size_t k = 0; k < scaling->n; k++)
        fprintf(gp, "%s%g", k ? ", " : "", scaling->point[k]->procs);
    fprintf(gp, ")\n");
}

static void write_scaling(const gr_plot *plot, const gr_report_run *run, FILE *dat, FILE *gp)
{
    (void)run;
    gr_scaling s = gr_group_scaling(plot->group, plot->first);
    double most = 1;
    fprintf(dat, "# workers, gain over the best rung on one core, and its ends by this time's "
                 "interval\n");
    for (size_t k = 0; k < s.n; k++) {
        double lo, hi;
        gr_point_ends(s.point[k], &lo, &hi);
        fprintf(dat, "%g %.6g %.6g %.6g\n", s.point[k]->procs, s.base->median / s.point[k]->median,
                s.base->median / hi, s.base->median / lo);
        most = fmax(most, s.point[k]->procs);
    }
    char title[200];
    snprintf(title, sizeof title, "%.60s, %.60s", plot->group->ladder, s.point[0]->rung);
    gr_script_begin(gp, plot->name, title, 520, 380);
    gr_script_label(gp, "x", "workers");
    gr_script_label(gp, "y", "gain over the best rung on one core");
    fprintf(gp, "set logscale xy 2\nset xrange [0.9:%g]\nset yrange [*:%g]\n", most * 1.12,
            most * 1.25);
    put_workers(gp, &s);
    fprintf(gp,
            "set key top left Left reverse textcolor rgb \"" GR_GREY "\"\n"
            "serial = %.6g # the part that does not divide, fitted by Amdahl's law\n"
            "plot x with lines dashtype 2 linecolor rgb \"" GR_GREY "\" title 'ideal', \\\n"
            "  1/(serial + (1 - serial)/x) with lines linecolor rgb " GR_PALE_BLUE
            " linewidth 2 title 'Amdahl, serial part %s', \\\n"
            "  data using 1:2:3:4 with yerrorlines linecolor rgb " GR_BLUE
            " linewidth 1.5 pointtype 7 pointsize 0.6 title 'measured'\n",
            s.serial, gr_words_percent(s.serial).s);
}

static void write_study(const gr_plot *plot, const gr_report_run *run, FILE *dat, FILE *gp)
{
    gr_study study = gr_study_of(run, plot->first);
    gr_study_write(&study, plot->name, dat, gp);
}

static void write_workers(const gr_plot *plot, const gr_report_run *run, FILE *dat, FILE *gp)
{
    (void)run;
    gr_workers_write(plot->group, plot->name, dat, gp);
}

static void write_maps(const gr_plot *plot, const gr_report_run *run, FILE *dat, FILE *gp)
{
    gr_maps_write(run, plot->name, dat, gp);
}

static void write_messages(const gr_plot *plot, const gr_report_run *run, FILE *dat, FILE *gp)
{
    gr_messages_write(run, plot->name, dat, gp);
}

static void write_collective(const gr_plot *plot, const gr_report_run *run, FILE *dat, FILE *gp)
{
    gr_collective_write(run, plot->first, plot->name, dat, gp);
}

static void write_contest(const gr_plot *plot, const gr_report_run *run, FILE *dat, FILE *gp)
{
    gr_contest_write(run, plot->name, dat, gp);
}

// The caches as vertical lines with their names at the top.
static void put_caches(FILE *gp, const json_t *machine)
{
    const json_t *cache;
    size_t i;
    json_array_foreach(json_object_get(machine, "caches"), i, cache)
    {
        double bytes = gr_json_number(cache, "bytes"), level = gr_json_number(cache, "level");
        if (!(bytes > 0 && level > 0)) continue;
        fprintf(gp,
                "set arrow from first %.6g, graph 0 to first %.6g, graph 0.93 nohead dashtype 2 "
                "linecolor rgb \"" GR_GREY "\"\n"
                "set label 'L%.0f %s' at first %.6g, graph 0.97 center textcolor rgb \"" GR_GREY
                "\"\n",
                bytes, bytes, level, gr_words_bytes(bytes).s, bytes);
    }
}

static void write_latency(const gr_plot *plot, const gr_report_run *run, FILE *dat, FILE *gp)
{
    const json_t *step;
    size_t i;
    double most = 0;
    fprintf(dat, "# bytes walked through, nanoseconds for one load\n");
    json_array_foreach(json_object_get(run->machine, "latency_ns"), i, step)
    {
        double bytes = gr_json_number(step, "bytes"), ns = gr_json_number(step, "ns");
        if (!(bytes > 0 && ns > 0)) continue;
        fprintf(dat, "%.0f %.6g\n", bytes, ns);
        most = fmax(most, ns);
    }
    gr_script_begin(gp, plot->name, "How long one load takes", 720, 380);
    gr_script_label(gp, "x", "memory walked through in random order, log scale");
    gr_script_label(gp, "y", "time of one load [ns], log scale");
    fprintf(gp, "set logscale x 2\nset logscale y\nset yrange [*:%.6g]\nset xtics (", most * 2);
    for (int power = 12; power < 40; power += 4)
        fprintf(gp, "%s\"%s\" %.0f", power > 12 ? ", " : "", gr_words_bytes(ldexp(1, power)).s,
                ldexp(1, power));
    fprintf(gp, ")\n");
    fprintf(gp, "set ytics (1, 2, 5, 10, 20, 50, 100, 200, 500)\n");
    put_caches(gp, run->machine);
    fprintf(gp, "plot data using 1:2 with linespoints linecolor rgb " GR_BLUE
                " linewidth 1.5 pointtype 7 pointsize 0.5\n");
}

static write_plot *const writers[] = {
    [GR_PLOT_TIME] = write_time,         [GR_PLOT_GAIN] = write_gain,
    [GR_PLOT_SCALING] = write_scaling,   [GR_PLOT_WORKERS] = write_workers,
    [GR_PLOT_MAPS] = write_maps,         [GR_PLOT_LATENCY] = write_latency,
    [GR_PLOT_MESSAGES] = write_messages, [GR_PLOT_COLLECTIVE] = write_collective,
    [GR_PLOT_CONTEST] = write_contest,   [GR_PLOT_STUDY] = write_study,
};
static const char *const stems[] = {
    [GR_PLOT_TIME] = "time",         [GR_PLOT_GAIN] = "gain",
    [GR_PLOT_SCALING] = "scaling",   [GR_PLOT_WORKERS] = "workers",
    [GR_PLOT_MAPS] = "maps",         [GR_PLOT_LATENCY] = "latency",
    [GR_PLOT_MESSAGES] = "messages", [GR_PLOT_COLLECTIVE] = "collective",
    [GR_PLOT_CONTEST] = "contest",   [GR_PLOT_STUDY] = "strong-weak",
};

// ---- the same in words -------------------------------------------------------------------------

static void say_chart(const gr_plot *plot, const gr_chart *chart, FILE *out)
{
    fprintf(out, "Bars on a log scale, %s of %s, %s.", chart->what, plot->group->ladder,
            gr_group_words(plot->group).s);
    const char *between = " ";
    for (size_t i = 0; i < plot->group->n; i++) {
        const gr_report_point *p = &plot->group->point[i];
        if (!gr_chart_shows(chart, p)) continue;
        fprintf(out, "%s%s: %s", between, gr_point_words(p).s, chart->bar(p).label.s);
        between = "; ";
    }
    fputc('.', out);
}

static void say_scaling(const gr_plot *plot, FILE *out)
{
    gr_scaling s = gr_group_scaling(plot->group, plot->first);
    fprintf(out, "Gain of %s, %s, over the best rung on one core.", plot->group->ladder,
            s.point[0]->rung);
    for (size_t k = 0; k < s.n; k++)
        fprintf(out, " %g workers: %s.", s.point[k]->procs,
                gr_words_ratio(s.base->median / s.point[k]->median).s);
    fprintf(out, " Serial part by Amdahl's law: %s.", gr_words_percent(s.serial).s);
}

static void say_latency(const gr_report_run *run, FILE *out)
{
    const json_t *step;
    size_t i;
    fputs("Time of one load by the memory walked through.", out);
    json_array_foreach(json_object_get(run->machine, "latency_ns"), i, step)
        fprintf(out, " %s: %s ns.", gr_words_bytes(gr_json_number(step, "bytes")).s,
                gr_words_number(gr_json_number(step, "ns")).s);
}

static void say_study(const gr_plot *plot, const gr_report_run *run, FILE *out)
{
    gr_study study = gr_study_of(run, plot->first);
    gr_study_say(&study, out);
}

static gr_status put_in_words(gr_plot *plot, const gr_report_run *run)
{
    size_t size = 0;
    FILE *out = open_memstream(&plot->words, &size);
    if (!out) return gr_fail(GR_ENOMEM, "report: out of memory");
    if (plot->kind == GR_PLOT_TIME) say_chart(plot, &gr_chart_time, out);
    if (plot->kind == GR_PLOT_GAIN) say_chart(plot, &gr_chart_gain, out);
    if (plot->kind == GR_PLOT_SCALING) say_scaling(plot, out);
    if (plot->kind == GR_PLOT_STUDY) say_study(plot, run, out);
    if (plot->kind == GR_PLOT_WORKERS) gr_workers_say(plot->group, out);
    if (plot->kind == GR_PLOT_MAPS) gr_maps_say(run, out);
    if (plot->kind == GR_PLOT_CONTEST) gr_contest_say(run, out);
    if (plot->kind == GR_PLOT_LATENCY) say_latency(run, out);
    if (plot->kind == GR_PLOT_MESSAGES) gr_messages_say(run, out);
    if (plot->kind == GR_PLOT_COLLECTIVE) gr_collective_say(run, plot->first, out);
    return fclose(out) ? gr_fail(GR_ENOMEM, "report: out of memory") : GR_OK;
}

// ---- which plots there are ---------------------------------------------------------------------

static bool name_taken(const gr_plots *plots, const char *name)
{
    for (size_t i = 0; i < plots->n; i++)
        if (!strcmp(plots->plot[i].name, name)) return true;
    return false;
}

// A file name of letters, digits, '-' and '_', that no other plot has.
static void name_plot(const gr_plots *plots, const gr_report_run *run, gr_plot *plot)
{
    char stem[64];
    const gr_report_group *group = plot->group;
    const char *rung = group && plot->kind == GR_PLOT_SCALING ? group->point[plot->first].rung : "";
    if (group)
        snprintf(stem, sizeof stem, "%s-%.24s%s%.14s-%.8s", stems[plot->kind], group->ladder,
                 *rung ? "-" : "", rung, gr_words_count(group->size).s);
    else if (plot->kind == GR_PLOT_COLLECTIVE)
        snprintf(stem, sizeof stem, "%s-%.24s", stems[plot->kind],
                 gr_collective_name(run, plot->first));
    else if (plot->kind == GR_PLOT_STUDY)
        snprintf(stem, sizeof stem, "%s-%.24s-%.14s", stems[plot->kind],
                 gr_study_of(run, plot->first).ladder, gr_study_of(run, plot->first).rung);
    else
        snprintf(stem, sizeof stem, "%s", stems[plot->kind]);
    for (char *c = stem; *c; c++)
        if (!isalnum((unsigned char)*c) && *c != '-') *c = '_';
    snprintf(plot->name, sizeof plot->name, "%s", stem);
    for (int k = 2; name_taken(plots, plot->name); k++)
        snprintf(plot->name, sizeof plot->name, "%s-%d", stem, k);
}

static gr_status add(gr_plots *plots, const gr_report_run *run, gr_plot plot)
{
    gr_plot *longer = realloc(plots->plot, (plots->n + 1) * sizeof *longer);
    if (!longer) return gr_fail(GR_ENOMEM, "report: out of memory");
    plots->plot = longer;
    name_plot(plots, run, &plot);
    plots->plot[plots->n] = plot;
    return put_in_words(&plots->plot[plots->n++], run);
}

static int bars_of(const gr_report_group *group, const gr_chart *chart)
{
    int bars = 0;
    for (size_t i = 0; i < group->n; i++) bars += gr_chart_shows(chart, &group->point[i]);
    return bars;
}

static gr_status add_group(gr_plots *plots, const gr_report_run *run, const gr_report_group *group)
{
    if (bars_of(group, &gr_chart_time) > 0)
        GR_TRY(add(plots, run, (gr_plot){.kind = GR_PLOT_TIME, .group = group}));
    if (bars_of(group, &gr_chart_gain) > 1)
        GR_TRY(add(plots, run, (gr_plot){.kind = GR_PLOT_GAIN, .group = group}));
    for (size_t i = 0; i < group->n; i++)
        if (gr_group_scaling(group, i).n)
            GR_TRY(add(plots, run, (gr_plot){.kind = GR_PLOT_SCALING, .group = group, .first = i}));
    if (gr_group_crews(group))
        GR_TRY(add(plots, run, (gr_plot){.kind = GR_PLOT_WORKERS, .group = group}));
    return GR_OK;
}

static gr_status add_studies(gr_plots *plots, const gr_report_run *run)
{
    for (size_t i = 0; i < gr_studies(run); i++) {
        gr_study study = gr_study_of(run, i);
        if (gr_study_shows(&study))
            GR_TRY(add(plots, run, (gr_plot){.kind = GR_PLOT_STUDY, .first = i}));
    }
    return GR_OK;
}

static gr_status list(gr_plots *plots, const gr_report_run *run)
{
    int steps = 0;
    const json_t *step;
    size_t k;
    json_array_foreach(json_object_get(run->machine, "latency_ns"), k, step) steps +=
        gr_json_number(step, "bytes") > 0 && gr_json_number(step, "ns") > 0;
    if (steps > 1) GR_TRY(add(plots, run, (gr_plot){.kind = GR_PLOT_LATENCY}));
    if (gr_maps_points(run) > 1) GR_TRY(add(plots, run, (gr_plot){.kind = GR_PLOT_MAPS}));
    if (gr_messages(run) > 1) GR_TRY(add(plots, run, (gr_plot){.kind = GR_PLOT_MESSAGES}));
    for (size_t i = 0; i < gr_collectives(run); i++)
        GR_TRY(add(plots, run, (gr_plot){.kind = GR_PLOT_COLLECTIVE, .first = i}));
    GR_TRY(add_studies(plots, run));
    if (gr_contest_solvers(run)) GR_TRY(add(plots, run, (gr_plot){.kind = GR_PLOT_CONTEST}));
    for (size_t i = 0; i < run->n_groups; i++) GR_TRY(add_group(plots, run, &run->groups[i]));
    return GR_OK;
}

// ---- making them -------------------------------------------------------------------------------

static gr_status write_files(const gr_plot *plot, const gr_report_run *run, const char *folder)
{
    char name[128];
    gr_file dat, gp;
    snprintf(name, sizeof name, "%s.dat", plot->name);
    GR_TRY(gr_file_open(&dat, folder, name));
    snprintf(name, sizeof name, "%s.gp", plot->name);
    gr_status status = gr_file_open(&gp, folder, name);
    if (status) {
        gr_file_close(&dat, status);
        return status;
    }
    writers[plot->kind](plot, run, dat.stream, gp.stream);
    return gr_file_close(&gp, gr_file_close(&dat, GR_OK));
}

static gr_status make(gr_plots *plots, gr_plot *plot, const gr_report_run *run, const char *folder)
{
    GR_TRY(write_files(plot, run, folder));
    gr_status status = plots->no_gnuplot ? GR_EUNSUP : gr_gnuplot_draw(folder, plot->name);
    plot->drawn = status == GR_OK;
    plots->no_gnuplot = status == GR_EUNSUP;
    snprintf(plot->why, sizeof plot->why, "%s",
             plots->no_gnuplot ? "gnuplot is not installed" : gr_errmsg());
    return status == GR_ENOMEM ? status : GR_OK;
}

gr_status gr_plots_make(gr_plots *plots, const gr_report_run *run, const char *dir)
{
    *plots = (gr_plots){0};
    GR_TRY(gr_folder_make(dir, "plots"));
    GR_TRY(list(plots, run));
    char *folder = NULL;
    if (asprintf(&folder, "%s/plots", dir) < 0) return gr_fail(GR_ENOMEM, "report: out of memory");
    gr_status status = GR_OK;
    for (size_t i = 0; !status && i < plots->n; i++)
        status = make(plots, &plots->plot[i], run, folder);
    free(folder);
    return status;
}

void gr_plots_free(gr_plots *plots)
{
    for (size_t i = 0; i < plots->n; i++) free(plots->plot[i].words);
    free(plots->plot);
    *plots = (gr_plots){0};
}
