// SPDX-License-Identifier: BSD-3-Clause
// report_print -- the ladder tables on a terminal.
#include "bench/report.h"
#include "bench/report_parts.h"
#include <math.h>
#include <string.h>

typedef struct terminal {
    FILE *out;
    bool colour;
    int columns;
    int rung, bar;               // widths of the first column and of the bars; bar 0: none
    bool interval, total, limit; // columns that fit
} terminal;

static const char *paint(const terminal *t, const char *code) { return t->colour ? code : ""; }

enum { TIME = 10, SURE = 20, STEP = 9, TOTAL = 9, LIMIT = 18, BAR = 12 };

// Columns are left out from the least needed on until the rest fits.
static terminal terminal_of(const gr_report_run *run, FILE *out, bool colour, int columns)
{
    terminal t = {.out = out, .colour = colour, .columns = columns, .rung = 8};
    for (size_t i = 0; i < run->n_points; i++) {
        int length = (int)strlen(gr_point_words(&run->points[i]).s);
        if (length > t.rung) t.rung = length;
    }
    int most = columns / 3 < 12 ? 12 : columns / 3;
    if (t.rung > most) t.rung = most;
    int left = columns - t.rung - TIME - STEP;
    t.total = left >= TOTAL;
    left -= t.total ? TOTAL : 0;
    t.interval = left >= SURE;
    left -= t.interval ? SURE : 0;
    t.limit = left >= LIMIT;
    left -= t.limit ? LIMIT : 0;
    t.bar = left >= BAR ? left - 2 : 0;
    if (t.bar > 40) t.bar = 40;
    return t;
}

static void put_heading(const terminal *t)
{
    fprintf(t->out, "%s%-*s%*s", paint(t, "\033[2m"), t->rung, "rung", TIME, "median");
    if (t->interval) fprintf(t->out, "%*s", SURE, "95% sure");
    fprintf(t->out, "%*s", STEP, "step");
    if (t->total) fprintf(t->out, "%*s", TOTAL, "total");
    if (t->limit) fprintf(t->out, "%*s", LIMIT, "of the limit");
    if (t->bar) fprintf(t->out, "  %.*s", t->bar, "time, log scale");
    fprintf(t->out, "%s\n", paint(t, "\033[0m"));
}

// Where the bars of a group begin and end.
typedef struct scale {
    double from, to;
} scale;

static scale scale_of(const gr_report_group *group)
{
    scale s = {INFINITY, 0};
    for (size_t i = 0; i < group->n; i++) {
        double lo, hi;
        if (!group->point[i].shown) continue;
        gr_point_ends(&group->point[i], &lo, &hi);
        s.from = fmin(s.from, lo), s.to = fmax(s.to, hi);
    }
    s.from /= pow(fmax(s.to / s.from, 2), 0.15);
    return s;
}

static int place(scale s, double seconds, int width)
{
    double at = log(seconds / s.from) / log(s.to / s.from) * (width - 1);
    return at >= 0 && at < width ? (int)lround(at) : 0;
}

// "#########|=|": the bar, with the ends of its interval.
static void put_bar(const terminal *t, const gr_report_point *p, scale s)
{
    double lo, hi;
    gr_point_ends(p, &lo, &hi);
    int first = place(s, lo, t->bar), middle = place(s, p->median, t->bar);
    int last = place(s, hi, t->bar);
    fprintf(t->out, "  %s", paint(t, "\033[34m"));
    for (int i = 0; i <= last; i++)
        fputc(i == first || i == last ? '|' : i <= middle ? '#' : '-', t->out);
    fputs(paint(t, "\033[0m"), t->out);
}

static gr_text step_words(const gr_report_point *p)
{
    bool tie = p->step_lo > 0 && p->step_lo <= 1 && 1 <= p->step_hi;
    return tie ? gr_words("same") : gr_words_ratio(p->step);
}

static gr_text limit_words(const gr_report_point *p)
{
    if (!*p->limit || !isfinite(p->fraction)) return gr_words("-");
    return gr_words("%s %.10s", gr_words_percent(p->fraction).s, p->limit);
}

static void put_point(const terminal *t, const gr_report_point *p, scale s)
{
    gr_text name = gr_point_words(p);
    fprintf(t->out, "%-*.*s", t->rung, t->rung, name.s);
    if (!p->shown) {
        int room = t->columns - t->rung - 2;
        fprintf(t->out, "  %s%.*s%s\n", paint(t, p->skipped ? "\033[2m" : "\033[31m"),
                room > 0 ? room : 0, gr_point_why(p).s, paint(t, "\033[0m"));
        return;
    }
    bool interval = gr_point_has_interval(p);
    fprintf(t->out, "%*s", TIME, gr_words_seconds(p->median).s);
    if (t->interval)
        fprintf(t->out, "%*s", SURE, interval ? gr_words_interval(p->lo, p->hi).s : "-");
    fprintf(t->out, "%*s", STEP, step_words(p).s);
    if (t->total) fprintf(t->out, "%*s", TOTAL, gr_words_ratio(p->total).s);
    if (t->limit) fprintf(t->out, "%*s", LIMIT, limit_words(p).s);
    if (t->bar) put_bar(t, p, s);
    fputc('\n', t->out);
}

static void put_group(const terminal *t, const gr_report_group *group)
{
    scale s = scale_of(group);
    bool marked = false;
    fprintf(t->out, "\n%s%s%s  %s\n", paint(t, "\033[1m"), group->ladder, paint(t, "\033[0m"),
            gr_group_words(group).s);
    put_heading(t);
    for (size_t i = 0; i < group->n; i++)
        if (!group->point[i].other_algorithm) put_point(t, &group->point[i], s);
    for (size_t i = 0; i < group->n; i++) {
        if (!group->point[i].other_algorithm) continue;
        if (!marked) fprintf(t->out, "other algorithms: less work, not the same work faster\n");
        marked = true;
        put_point(t, &group->point[i], s);
    }
}

gr_status gr_report_print(const json_t *document, FILE *out, bool colour, int columns)
{
    gr_report_run run;
    gr_status status = gr_report_open(&run, document);
    if (!status) {
        terminal t = terminal_of(&run, out, colour, columns);
        for (size_t i = 0; i < run.n_groups; i++) put_group(&t, &run.groups[i]);
    }
    gr_report_close(&run);
    return status;
}
