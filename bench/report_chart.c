// SPDX-License-Identifier: BSD-3-Clause
#include "bench/report_chart.h"
#include <ctype.h>
#include <math.h>
#include <string.h>

// Text from a document, made harmless for gnuplot: no quotes, backslashes, backticks, line ends.
static void put_plain(FILE *out, const char *text)
{
    for (; *text; text++)
        fputc(iscntrl((unsigned char)*text) || strchr("'\"\\`", *text) ? ' ' : *text, out);
}

void gr_script_string(FILE *out, const char *text, char quote)
{
    fputc(quote, out);
    put_plain(out, text);
    fputc(quote, out);
}

void gr_script_begin(FILE *gp, const char *name, const char *title, int width, int height)
{
    fprintf(gp, "# Made by gradus. To draw it again: gnuplot %s.gp\n", name);
    fprintf(gp, "if (!exists(\"out\")) out = \"%s.svg\"\n", name);
    fprintf(gp, "data = \"%s.dat\"\n", name);
    fprintf(gp, "set terminal svg size %d,%d noenhanced font \"sans-serif,13\"\n", width, height);
    fprintf(gp, "set output out\nset title ");
    gr_script_string(gp, title, '\'');
    fprintf(gp, " textcolor rgb \"" GR_GREY "\"\n"
                "set border 3 linecolor rgb \"" GR_GREY "\"\n"
                "set tics out nomirror textcolor rgb \"" GR_GREY "\"\n"
                "set grid linecolor rgb \"" GR_GREY "\" linewidth 0.3 dashtype 3\n"
                "unset key\n");
}

void gr_script_label(FILE *gp, const char *axis, const char *text)
{
    fprintf(gp, "set %slabel '%s' textcolor rgb \"" GR_GREY "\"\n", axis, text);
}

static gr_chart_bar time_bar(const gr_report_point *p)
{
    gr_chart_bar b = {.value = p->median, .label = gr_words_seconds(p->median)};
    gr_point_ends(p, &b.lo, &b.hi);
    return b;
}

static gr_chart_bar gain_bar(const gr_report_point *p)
{
    gr_chart_bar b = {p->total, p->total_lo, p->total_hi, gr_words_ratio(p->total)};
    if (!(b.lo <= b.value && b.value <= b.hi)) b.lo = b.hi = b.value;
    return b;
}

const gr_chart gr_chart_time = {time_bar, "time of one run",
                                "time of one run, log scale (bar: median; whisker: 95% sure; "
                                "dots: launches)",
                                "", 0};
const gr_chart gr_chart_gain = {gain_bar, "gain over the first rung",
                                "gain over the first rung, log scale (whisker: 95% sure)", "x", 1};

bool gr_chart_shows(const gr_chart *chart, const gr_report_point *p)
{
    return p->shown && chart->bar(p).value > 0 && isfinite(chart->bar(p).value);
}

// The ends of the chart's bars, all whiskers included. Returns how many bars there are.
static int chart_range(const gr_chart *chart, const gr_report_group *group, double *least,
                       double *most)
{
    int bars = 0;
    *least = INFINITY, *most = 0;
    for (const gr_report_point *p = group->point; p < group->point + group->n; p++) {
        if (!gr_chart_shows(chart, p)) continue;
        gr_chart_bar b = chart->bar(p);
        *least = fmin(*least, b.lo), *most = fmax(*most, b.hi);
        bars++;
    }
    if (chart->from > 0) *least = fmin(*least, chart->from), *most = fmax(*most, chart->from);
    return bars;
}

static void put_dots(FILE *dat, const gr_report_point *p, int row)
{
    const json_t *value;
    size_t i;
    json_array_foreach(p->launch_medians, i, value) if (json_number_value(value) > 0)
        fprintf(dat, "%.6g %d\n", json_number_value(value), row);
}

static void put_bars(FILE *dat, const gr_chart *chart, const gr_report_group *group, bool dots)
{
    int row = 0;
    fprintf(dat, "# row value lo hi label text colour\n");
    for (const gr_report_point *p = group->point; p < group->point + group->n; p++) {
        if (!gr_chart_shows(chart, p)) continue;
        gr_chart_bar b = chart->bar(p);
        fprintf(dat, "%d %.6g %.6g %.6g ", row++, b.value, b.lo, b.hi);
        gr_script_string(dat, gr_point_words(p).s, '"');
        fprintf(dat, " \"%s\" %s\n", b.label.s, p->other_algorithm ? GR_PALE_BLUE : GR_BLUE);
    }
    if (!dots) return;
    fprintf(dat, "\n\n# the median of each launch, row\n");
    row = 0;
    for (const gr_report_point *p = group->point; p < group->point + group->n; p++)
        if (gr_chart_shows(chart, p)) put_dots(dat, p, row++);
}

gr_text gr_script_tick(double value, const char *unit)
{
    if (*unit) return gr_words("%g%s", value, unit);
    static const char *const names[] = {"s", "ms", "us", "ns"};
    int k = 0;
    while (k < 3 && value < 0.9999) value *= 1000, k++;
    return gr_words("%g %s", value, names[k]);
}

// Ticks at 1, 2 and 5 of each decade of a short range, else at 1; at most about ten.
static void put_ticks(FILE *gp, double from, double to, const char *unit)
{
    static const double digits[] = {1, 2, 5};
    double decades = log10(to / from);
    int each = decades > 2.5 ? 1 : 3, stride = decades > 9 ? 3 : 1, n = 0;
    fprintf(gp, "set xtics (");
    for (int d = (int)floor(log10(from)); d <= (int)ceil(log10(to)); d++)
        for (int k = 0; k < each && d % stride == 0; k++) {
            double at = digits[k] * pow(10, d);
            if (at < from || at > to) continue;
            fprintf(gp, "%s\"%s\" %.6g", n++ ? ", " : "", gr_script_tick(at, unit).s, at);
        }
    fprintf(gp, ")\n");
}

void gr_chart_write(const gr_chart *chart, const gr_plot *plot, FILE *dat, FILE *gp)
{
    const gr_report_group *group = plot->group;
    double least, most;
    int bars = chart_range(chart, group, &least, &most);
    double span = fmax(most / least, 4);
    double from = chart->from > 0 && least >= chart->from ? chart->from : least / pow(span, 0.15);
    double base = chart->from > 0 ? chart->from : from, to = most * pow(span, 0.22);
    bool dots = chart->from == 0;
    gr_text size = gr_group_words(group);
    char title[256];
    snprintf(title, sizeof title, "%.60s, %s: %s", group->ladder, size.s, chart->what);

    put_bars(dat, chart, group, dots);
    gr_script_begin(gp, plot->name, title, 720, 110 + 25 * bars);
    gr_script_label(gp, "x", chart->axis);
    fprintf(gp, "set logscale x\nset xrange [%.6g:%.6g]\nset yrange [%d.6:-0.7]\n", from, to,
            bars - 1);
    put_ticks(gp, from, to, chart->unit);
    fprintf(gp, "set border 1\nset grid noytics\nset ytics scale 0\n"
                "set style fill solid 0.85 noborder\n");
    fprintf(gp,
            "plot data index 0 using 2:1:(%.6g):2:($1-0.32):($1+0.32):7:ytic(5) with boxxyerror "
            "linecolor rgb variable, \\\n",
            base);
    fprintf(gp, "  data index 0 using 2:1:3:4 with xerrorbars linecolor rgb \"" GR_GREY
                "\" linewidth 1.5 pointtype -1, \\\n");
    if (dots)
        fprintf(gp, "  data index 1 using 1:2 with points pointtype 7 pointsize 0.25 linecolor rgb "
                    "\"" GR_GREY "\", \\\n");
    fprintf(gp,
            "  data index 0 using ($4>%.6g?$4:%.6g):1:6 with labels left offset 1,0 "
            "textcolor rgb \"" GR_GREY "\"\n",
            base, base);
}
