// SPDX-License-Identifier: BSD-3-Clause
// report_ladders -- the ladder tables, their plots, and how rungs scale.
#include "bench/report_parts.h"
#include "lib/scaling.h"
#include <math.h>
#include <string.h>

// ---- one ladder at one size --------------------------------------------------------------------

static const gr_column ladder_columns[] = {
    {"Rung", false, 25},         {"Time", false, 22}, {"Gain of this step", true, 19},
    {"Gain in total", true, 15}, {"Rate", true, 9},   {"Of the limit", true, 10},
};
enum { LADDER_COLUMNS = sizeof ladder_columns / sizeof *ladder_columns };

// Where times lie between the ends of a bar: from a little below the shortest to the longest.
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

static double place(scale s, double seconds) { return log(seconds / s.from) / log(s.to / s.from); }

static gr_bar time_bar(scale s, const gr_report_point *p)
{
    double lo, hi;
    gr_point_ends(p, &lo, &hi);
    return (gr_bar){place(s, p->median), place(s, lo), place(s, hi)};
}

static void put_rung(gr_page *page, const gr_report_point *p)
{
    gr_text name = gr_words("`%.50s`%.40s", p->rung, gr_point_workers(p).s);
    gr_page_cell(page, &(gr_cell){.text = name.s, .small = p->idea});
}

// Half the width of an interval of ratios: the smallest effect that would have been seen.
static double resolution(double lo, double hi) { return sqrt(hi / lo) - 1; }

static void put_step(gr_page *page, const gr_report_point *p)
{
    gr_text gain = gr_words_ratio(p->step), sure = gr_words("%s", "");
    if (p->step_lo > 0 && p->step_lo <= 1 && 1 <= p->step_hi) {
        gain = gr_words("no difference resolved");
        sure = gr_words("%s would have been seen",
                        gr_words_percent(resolution(p->step_lo, p->step_hi)).s);
    } else if (p->step_lo > 0) {
        sure = gr_words("%s", gr_words_ratios(p->step_lo, p->step_hi).s);
    }
    gr_page_cell(page, &(gr_cell){.text = gain.s, .small = sure.s});
}

static void put_total(gr_page *page, const gr_report_point *p)
{
    gr_text gain = gr_words_ratio(p->total), sure = gr_words("%s", "");
    if (p->total_lo > 0 && p->total_lo < p->total_hi)
        sure = gr_words("%s", gr_words_ratios(p->total_lo, p->total_hi).s);
    gr_page_cell(page, &(gr_cell){.text = gain.s, .small = sure.s});
}

static void put_limit(gr_page *page, const gr_report_point *p)
{
    if (!*p->limit || !isfinite(p->fraction)) {
        gr_page_text(page, "-");
        return;
    }
    gr_text fraction = gr_words_percent(p->fraction), of = gr_words("of %.40s", p->limit);
    gr_page_cell(page, &(gr_cell){.text = fraction.s, .small = of.s});
}

static void put_point(gr_page *page, const gr_report_point *p, scale s)
{
    gr_page_row(page);
    put_rung(page, p);
    if (p->shown) {
        gr_text time = gr_words_seconds(p->median), sure = gr_point_sure(p);
        bool doubt = !strcmp(p->status, "not converged");
        gr_text small = gr_words("%.60s%s", sure.s, doubt ? ", not converged" : "");
        gr_page_cell(page, &(gr_cell){time.s, small.s, time_bar(s, p)});
        put_step(page, p);
        put_total(page, p);
        gr_text rate = gr_words_rate(p->rate, "");
        gr_page_cell(page, &(gr_cell){.text = rate.s, .small = p->rate_unit});
        put_limit(page, p);
    } else {
        gr_text why = gr_point_why(p);
        gr_page_cell(page, &(gr_cell){.text = "no time", .small = why.s});
        for (int k = 2; k < LADDER_COLUMNS; k++) gr_page_text(page, "-");
    }
    gr_page_row_end(page);
}

static size_t count_kind(const gr_report_group *group, bool other)
{
    size_t n = 0;
    for (size_t i = 0; i < group->n; i++) n += group->point[i].other_algorithm == other;
    return n;
}

static void put_points(gr_page *page, const gr_report_group *group, bool other)
{
    if (!count_kind(group, other)) return;
    scale s = scale_of(group);
    gr_text caption =
        other ? gr_words("Other algorithms: they do less work, not the same work faster")
              : gr_words("Times are medians; 95%% sure: a to b. Bars on a log scale.");
    gr_page_table(page, caption.s, ladder_columns, LADDER_COLUMNS);
    for (size_t i = 0; i < group->n; i++)
        if (group->point[i].other_algorithm == other) put_point(page, &group->point[i], s);
    gr_page_table_end(page);
}

// ---- Python on this machine --------------------------------------------------------------------

static bool peer_of(const gr_report_point *peer, const gr_report_group *group)
{
    return !strcmp(peer->ladder, group->ladder) && peer->size == group->size;
}

static void put_peer(gr_page *page, const gr_report_point *peer, const gr_report_point *best)
{
    gr_page_row(page);
    gr_page_text(page, "%s", peer->rung);
    if (peer->shown) {
        gr_text time = gr_words_seconds(peer->median), sure = gr_point_sure(peer);
        gr_page_cell(page, &(gr_cell){.text = time.s, .small = sure.s});
    } else {
        gr_page_cell(page, &(gr_cell){.text = "no time", .small = gr_point_why(peer).s});
    }
    if (peer->shown && best)
        gr_page_text(page, "%s by `%s`", gr_words_ratio(peer->median / best->median).s, best->rung);
    else
        gr_page_text(page, "-");
    gr_page_row_end(page);
}

static void put_peers(gr_page *page, const gr_report_run *run, const gr_report_group *group)
{
    static const gr_column columns[] = {
        {"Python", false, 27}, {"Time", false, 33}, {"Gain of the best rung here", true, 40}};
    size_t found = 0;
    for (size_t i = 0; i < run->n_peers; i++) found += peer_of(&run->peers[i], group);
    if (!found) return;
    gr_page_table(page, "The same work in Python on this machine", columns, 3);
    for (size_t i = 0; i < run->n_peers; i++)
        if (peer_of(&run->peers[i], group)) put_peer(page, &run->peers[i], gr_group_best(group));
    gr_page_table_end(page);
}

// ---- the sections ------------------------------------------------------------------------------

void gr_part_ladders(gr_page *page, const gr_report *report)
{
    const gr_report_run *run = &report->run;
    gr_page_say(
        page, GR_PARAGRAPH,
        "Each table is one problem at one size. Every rung computes the same outputs as the "
        "first and was checked against it; a step's gain is over the rung before.");
    for (size_t i = 0; i < run->n_groups; i++) {
        const gr_report_group *group = &run->groups[i];
        const char *title = gr_json_text(group->about, "title");
        gr_page_say(page, GR_HEADING, "`%s`: %s%s%s", group->ladder, title, *title ? ", " : "",
                    gr_group_words(group).s);
        put_points(page, group, false);
        put_points(page, group, true);
        put_peers(page, run, group);
        gr_part_plots(page, report, GR_PLOT_TIME, group);
        gr_part_plots(page, report, GR_PLOT_GAIN, group);
    }
    if (!run->n_groups) gr_page_say(page, GR_PARAGRAPH, "No ladder was run.");
}

static void put_scaling(gr_page *page, const gr_scaling *s)
{
    static const gr_column columns[] = {{"Workers", false, 14},
                                        {"Time", true, 32},
                                        {"Gain", true, 18},
                                        {"Efficiency", true, 18},
                                        {"Karp-Flatt e", true, 18}};
    gr_text caption = gr_words("Gain over `%.30s` on one core, %s", s->base->rung,
                               gr_words_seconds(s->base->median).s);
    gr_page_table(page, caption.s, columns, 5);
    for (size_t k = 0; k < s->n; k++) {
        const gr_report_point *p = s->point[k];
        double gain = s->base->median / p->median;
        gr_text time = gr_words_seconds(p->median), sure = gr_point_sure(p);
        gr_page_row(page);
        gr_page_text(page, "%s", gr_words_count(p->procs).s);
        gr_page_cell(page, &(gr_cell){.text = time.s, .small = sure.s});
        gr_page_text(page, "%s", gr_words_ratio(gain).s);
        gr_page_text(page, "%s", gr_words_percent(gain / p->procs).s);
        gr_page_text(page, "%s", gr_words_percent(gr_karp_flatt(p->procs, gain)).s);
        gr_page_row_end(page);
    }
    gr_page_table_end(page);
}

static void put_scaling_plot(gr_page *page, const gr_report *report, const gr_report_group *group,
                             size_t first)
{
    for (size_t k = 0; k < report->plots.n; k++) {
        const gr_plot *plot = &report->plots.plot[k];
        if (plot->kind == GR_PLOT_SCALING && plot->group == group && plot->first == first)
            gr_page_figure(page, plot);
    }
}

static size_t put_group_scaling(gr_page *page, const gr_report *report,
                                const gr_report_group *group)
{
    size_t rungs = 0;
    for (size_t i = 0; i < group->n; i++) {
        gr_scaling s = gr_group_scaling(group, i);
        if (!s.n) continue;
        rungs++;
        gr_page_say(page, GR_HEADING, "`%s/%s`, %s: %s", group->ladder, s.point[0]->rung,
                    s.point[0]->launcher, gr_group_words(group).s);
        put_scaling(page, &s);
        put_scaling_plot(page, report, group, i);
    }
    return rungs;
}

void gr_part_scaling(gr_page *page, const gr_report *report)
{
    size_t rungs = 0;
    gr_page_say(page, GR_PARAGRAPH,
                "The base is the best rung of the same algorithm on one core, not the parallel "
                "program on one worker. Times of threads and forked workers are wall time of the "
                "calling process, start and join included; an MPI time is the longest over all "
                "ranks in each iteration. All are then summarised by medians as above.");
    for (size_t i = 0; i < report->run.n_groups; i++)
        rungs += put_group_scaling(page, report, &report->run.groups[i]);
    if (!rungs)
        gr_page_say(page, GR_PARAGRAPH,
                    "No rung was run with several numbers of workers "
                    "(`--procs 1,2,4` does).");
    else
        gr_page_say(page, GR_NOTE,
                    "Karp-Flatt e = (1/S - 1/p) / (1 - 1/p) for gain S on p workers: the same for "
                    "every p, it is the part that does not divide; rising with p, it is overhead "
                    "or imbalance.");
    gr_part_studies(page, report);
}
