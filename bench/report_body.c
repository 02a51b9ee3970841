// SPDX-License-Identifier: BSD-3-Clause
// report_body -- the report from its title to its last section.
#include "bench/report_parts.h"
#include <math.h>
#include <string.h>

gr_text gr_point_why(const gr_report_point *point)
{
    if (point->skipped || !*point->verify) {
        const char *said = point->skipped ? point->status : "not verified";
        return gr_words("%.90s", said);
    }
    return gr_words("%.90s", !strcmp(point->verify, "ok") ? "no time in the run" : point->verify);
}

gr_tally gr_report_tally(const gr_report_run *run)
{
    gr_tally t = {.points = run->n_points};
    for (size_t i = 0; i < run->n_points; i++) {
        const gr_report_point *p = &run->points[i];
        t.skipped += p->skipped;
        t.measured += !p->skipped;
        t.shown += p->shown;
        t.converged += p->shown && !strcmp(p->status, "converged");
        t.bounded += p->shown && gr_point_has_interval(p);
        t.limited += p->shown && *p->limit && isfinite(p->fraction);
    }
    return t;
}

void gr_part_plots(gr_page *page, const gr_report *report, gr_plot_kind kind,
                   const gr_report_group *group)
{
    for (size_t i = 0; i < report->plots.n; i++) {
        const gr_plot *plot = &report->plots.plot[i];
        if (plot->kind == kind && plot->group == group) gr_page_figure(page, plot);
    }
}

static const json_t *noise_of(const gr_report_run *run)
{
    return json_object_get(run->machine, "noise");
}

// ---- in one breath -----------------------------------------------------------------------------

static void say_gains(gr_page *page, const gr_report_run *run)
{
    for (size_t i = 0; i < run->n_groups; i++) {
        const gr_report_group *group = &run->groups[i];
        const gr_report_point *base = gr_group_base(group), *best = gr_group_best(group);
        if (gr_report_find(run, group->ladder, 0) != group || !base || !best || best == base)
            continue;
        gr_text sure = gr_words("%s", "");
        if (best->total_lo > 0)
            sure = gr_words(" (95%% sure: %s)", gr_words_ratios(best->total_lo, best->total_hi).s);
        gr_page_say(page, GR_ITEM, "`%s`, %s: `%s`%s takes %s where `%s` takes %s, a gain of %s%s.",
                    group->ladder, gr_group_words(group).s, best->rung, gr_point_workers(best).s,
                    gr_words_seconds(best->median).s, base->rung, gr_words_seconds(base->median).s,
                    gr_words_ratio(base->median / best->median).s, sure.s);
    }
}

static void say_steps(gr_page *page, const gr_report_run *run)
{
    const gr_report_point *largest = NULL;
    size_t steps = 0, ties = 0;
    for (size_t i = 0; i < run->n_points; i++) {
        const gr_report_point *p = &run->points[i];
        if (!p->shown || !(p->step > 0)) continue;
        steps++;
        ties += p->step_lo <= 1 && 1 <= p->step_hi;
        if (!p->other_algorithm && (!largest || p->step > largest->step)) largest = p;
    }
    if (largest && largest->step > 1)
        gr_page_say(page, GR_ITEM, "The largest single step is `%s/%s`, %s: %s.", largest->ladder,
                    largest->rung, gr_words_ratio(largest->step).s,
                    *largest->idea ? largest->idea : "no idea given");
    if (ties)
        gr_page_say(page, GR_ITEM, "%zu of %zu steps made no difference that this run resolved.",
                    ties, steps);
}

static void say_limits(gr_page *page, const gr_report_run *run)
{
    const gr_report_point *nearest = NULL;
    for (size_t i = 0; i < run->n_points; i++) {
        const gr_report_point *p = &run->points[i];
        if (p->shown && *p->limit && p->fraction > 0 &&
            (!nearest || p->fraction > nearest->fraction))
            nearest = p;
    }
    if (nearest)
        gr_page_say(page, GR_ITEM, "Nearest to a limit of the machine: `%s/%s`, %s of %s.",
                    nearest->ladder, nearest->rung, gr_words_percent(nearest->fraction).s,
                    nearest->limit);
}

static void say_workers(gr_page *page, const gr_report_run *run)
{
    const gr_report_point *best = NULL;
    double most = 0;
    for (size_t i = 0; i < run->n_groups; i++) {
        const gr_report_group *group = &run->groups[i];
        const gr_report_point *serial = gr_group_best_serial(group);
        for (size_t k = 0; serial && k < group->n; k++) {
            const gr_report_point *p = &group->point[k];
            if (!p->shown || p->other_algorithm || !gr_point_parallel(p) || !(p->procs > 1))
                continue;
            if (serial->median / p->median > most) best = p, most = serial->median / p->median;
        }
    }
    if (best)
        gr_page_say(
            page, GR_ITEM,
            "Best use of several workers: `%s/%s` on %s, %s over the best rung on one core.",
            best->ladder, best->rung, gr_words_count(best->procs).s, gr_words_ratio(most).s);
}

static void say_python(gr_page *page, const gr_report_run *run)
{
    for (size_t i = 0; i < run->n_groups; i++) {
        const gr_report_group *group = &run->groups[i];
        const gr_report_point *best = gr_group_best(group);
        const gr_report_point *python = gr_report_peer(run, group, "python3");
        if (best && python && gr_report_find(run, group->ladder, 0) == group)
            gr_page_say(page, GR_ITEM, "Pure Python takes %s for `%s` here; `%s` is %s faster.",
                        gr_words_seconds(python->median).s, group->ladder, best->rung,
                        gr_words_ratio(python->median / best->median).s);
    }
}

static void breath(gr_page *page, const gr_report *report)
{
    const gr_report_run *run = &report->run;
    if (!run->n_points) gr_page_say(page, GR_PARAGRAPH, "Nothing was measured.");
    say_gains(page, run);
    say_steps(page, run);
    say_workers(page, run);
    say_limits(page, run);
    say_python(page, run);
    const json_t *noise = noise_of(run);
    if (*gr_json_text(noise, "word"))
        gr_page_say(page, GR_ITEM, "The machine was %s: its noise was %s.",
                    gr_json_text(noise, "word"),
                    gr_words_percent(gr_json_number(noise, "index")).s);
}

// ---- what was not run, caveats, how to do it again ---------------------------------------------

static void skipped(gr_page *page, const gr_report *report)
{
    const gr_report_run *run = &report->run;
    const json_t *entry;
    size_t i, n = 0;
    json_array_foreach(json_object_get(run->document, "skipped"), i, entry)
    {
        const char *what = gr_json_text(entry, "what"), *why = gr_json_text(entry, "why");
        gr_page_say(page, GR_ITEM, "%s: %s", *what ? what : "(no name)",
                    *why ? why : "no reason given");
        n++;
    }
    for (i = 0; i < run->n_points; i++) {
        const gr_report_point *p = &run->points[i];
        if (!p->skipped) continue;
        const char *why = strchr(p->status, ':');
        gr_page_say(page, GR_ITEM, "`%s/%s` at size %s: %s", p->ladder, p->rung,
                    gr_words_count(p->size).s, why ? why + 1 + (why[1] == ' ') : "no reason given");
        n++;
    }
    if (!n) gr_page_say(page, GR_PARAGRAPH, "Nothing was left out.");
}

static void say_doubtful_points(gr_page *page, const gr_report_run *run)
{
    gr_tally t = gr_report_tally(run);
    for (size_t i = 0; i < run->n_points; i++) {
        const gr_report_point *p = &run->points[i];
        if (!p->shown && !p->skipped)
            gr_page_say(page, GR_ITEM, "`%s/%s` at size %s has no time: %s.", p->ladder, p->rung,
                        gr_words_count(p->size).s, gr_point_why(p).s);
        else if (p->shown && gr_point_has_interval(p) && strcmp(p->status, "converged") != 0)
            gr_page_say(page, GR_ITEM,
                        "`%s/%s` at size %s did not converge: its interval stayed wide.", p->ladder,
                        p->rung, gr_words_count(p->size).s);
    }
    if (t.bounded < t.shown)
        gr_page_say(
            page, GR_ITEM,
            "%zu of %zu times have no interval, only a range: an interval takes 6 launches.",
            t.shown - t.bounded, t.shown);
}

static void say_aa(gr_page *page, const gr_report_run *run)
{
    const json_t *aa = json_object_get(run->document, "aa");
    if (!json_is_object(aa)) {
        gr_page_say(
            page, GR_ITEM,
            "No A/A run (`gradus bench --aa`): how small a difference this machine can show "
            "was not tested.");
        return;
    }
    gr_page_say(page, GR_ITEM,
                "A/A run: of %s comparisons of a point with itself %s came out different; "
                "differences under %s say nothing on this machine.",
                gr_words_count(gr_json_number(aa, "comparisons")).s,
                gr_words_count(gr_json_number(aa, "false_verdicts")).s,
                gr_words_percent(gr_json_number(aa, "floor")).s);
}

static void caveats(gr_page *page, const gr_report *report)
{
    const gr_report_run *run = &report->run;
    const json_t *warning;
    size_t i;
    if (json_is_false(json_object_get(run->document, "complete")))
        gr_page_say(page, GR_ITEM,
                    "The run was stopped before its end; what is here is valid, with "
                    "fewer launches. The same command goes on from there.");
    if (gr_json_true(run->document, "quick"))
        gr_page_say(page, GR_ITEM, "This was a quick run: fewer points and launches than usual.");
    const char *noise = gr_json_text(noise_of(run), "word");
    if (*noise && strcmp(noise, "quiet") != 0)
        gr_page_say(page, GR_ITEM, "The machine was not quiet (%s): small differences are its own.",
                    noise);
    say_doubtful_points(page, run);
    say_aa(page, run);
    json_array_foreach(json_object_get(run->document, "warnings"), i,
                       warning) if (json_is_string(warning))
        gr_page_say(page, GR_ITEM, "%s", json_string_value(warning));
    if (report->plots.no_gnuplot)
        gr_page_say(page, GR_ITEM,
                    "There are no plots: gnuplot is not installed. Their scripts and "
                    "numbers are in plots/.");
    gr_page_say(page, GR_ITEM,
                "\"95%% sure\" belongs to the procedure: of many such intervals, 95 in "
                "100 hold the true median. docs/method.md says how they are made.");
}

static void reproduce(gr_page *page, const gr_report *report)
{
    static const gr_column columns[] = {{"What", false, 25}, {"Value", false, 75}};
    const json_t *document = report->run.document;
    json_t *env = json_object_get(document, "env");
    const char *command = gr_json_text(document, "command"), *key;
    gr_page_say(page, GR_COMMAND, "%s", *command ? command : "gradus bench");
    gr_page_say(page, GR_PARAGRAPH,
                "At commit `%s`. The plots again: `cd plots && gnuplot "
                "NAME.gp`. The report again: `gradus report DIR`.",
                *gr_json_text(env, "commit") ? gr_json_text(env, "commit") : "unknown");
    if (!json_object_size(env)) return;
    gr_page_table(page, "The environment of the run", columns, 2);
    json_t *value;
    json_object_foreach(env, key, value)
    {
        const char *text = json_string_value(value);
        gr_page_row(page);
        gr_page_text(page, "%s", key);
        gr_page_text(page, "%s", text ? text : "unknown");
        gr_page_row_end(page);
    }
    gr_page_table_end(page);
}

// ---- the page ----------------------------------------------------------------------------------

static const struct {
    gr_link link;
    void (*print)(gr_page *page, const gr_report *report);
} sections[] = {
    {{"breath", "In one breath"}, breath},
    {{"machine", "The machine"}, gr_part_machine},
    {{"talk", "The talk, then and now"}, gr_part_talk},
    {{"ladders", "Ladders"}, gr_part_ladders},
    {{"scaling", "Scaling"}, gr_part_scaling},
    {{"workers", "What each worker did"}, gr_part_workers},
    {{"maps", "Map cost"}, gr_part_maps},
    {{"mpi", "MPI"}, gr_part_ranks},
    {{"contest", "Solvers"}, gr_part_contest},
    {{"skipped", "What was not run"}, skipped},
    {{"caveats", "Caveats"}, caveats},
    {{"rules", "Twelve rules"}, gr_part_rules},
    {{"reproduce", "How to do this again"}, reproduce},
};
enum { SECTIONS = sizeof sections / sizeof *sections };

static const char *verdict_word(const gr_report_run *run, gr_tally t)
{
    if (!t.measured) return "NOTHING MEASURED";
    if (t.shown < t.measured) return "NOT VALID";
    return json_is_false(json_object_get(run->document, "complete")) ? "VALID SO FAR" : "VALID";
}

void gr_report_page(gr_page *page, const gr_report *report)
{
    const gr_report_run *run = &report->run;
    const json_t *document = run->document, *noise = noise_of(run);
    const char *name = gr_json_text(document, "run"), *cpu = gr_json_text(run->machine, "cpu");
    gr_tally t = gr_report_tally(run);
    char verdict[512], details[512];
    snprintf(verdict, sizeof verdict,
             "%s: %zu of %zu points verified, %zu converged, %zu skipped; noise %s (%.40s)",
             verdict_word(run, t), t.shown, t.measured, t.converged, t.skipped,
             gr_words_percent(gr_json_number(noise, "index")).s,
             *gr_json_text(noise, "word") ? gr_json_text(noise, "word") : "unknown");
    snprintf(details, sizeof details, "%.80s. %.40s to %.40s, %s, %s laps",
             *cpu ? cpu : "Unknown processor", gr_json_text(document, "started"),
             gr_json_text(document, "finished"),
             gr_words_seconds(gr_json_number(document, "seconds")).s,
             gr_words_count(gr_json_number(document, "laps")).s);
    gr_link contents[SECTIONS];
    for (int i = 0; i < SECTIONS; i++) contents[i] = sections[i].link;
    gr_title title = {*name ? name : "a run without a name", verdict, details,
                      t.measured && t.shown == t.measured};
    page->type->begin(page, &title, contents, SECTIONS);
    for (int i = 0; i < SECTIONS; i++) {
        gr_page_section(page, sections[i].link.id, sections[i].link.text);
        sections[i].print(page, report);
    }
    page->type->end(page);
}
