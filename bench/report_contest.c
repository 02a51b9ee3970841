// SPDX-License-Identifier: BSD-3-Clause
// report_contest -- how many evaluations solvers need, ours and NLopt's.
#include "bench/report_contest.h"
#include "bench/contest.h"
#include "bench/report_chart.h"
#include "bench/report_parts.h"
#include <math.h>
#include <string.h>

enum { MOST = 24, FUNCTIONS = 10 }; // shown

static const json_t *contest(const gr_report_run *run)
{
    return json_object_get(run->document, "contest");
}

size_t gr_contest_solvers(const gr_report_run *run)
{
    size_t n = 0;
    while (n < MOST && gr_contest_solver(contest(run), n)) n++;
    return n;
}

static gr_text label(const gr_report_run *run, size_t i)
{
    char text[GR_CONTEST_LABEL];
    gr_contest_label(gr_contest_solver(contest(run), i), text);
    return gr_words("%s", text);
}

static double budget(const gr_report_run *run)
{
    double most = gr_json_number(contest(run), "budget");
    return most > 1 && most < 1e15 ? most : 10;
}

// ---- the plot ----------------------------------------------------------------------------------

static void put_shares(const gr_report_run *run, FILE *dat)
{
    enum { STEPS = 80 };
    for (size_t i = 0; i < gr_contest_solvers(run); i++) {
        const char *solver = gr_contest_solver(contest(run), i);
        fprintf(dat, "%s# %s: evaluations, part of the targets reached\n", i ? "\n\n" : "",
                label(run, i).s);
        for (int k = 0; k <= STEPS; k++) {
            double at = pow(budget(run), (double)k / STEPS);
            fprintf(dat, "%.6g %.6g\n", at, gr_contest_share(contest(run), solver, at));
        }
    }
}

static bool is_ours(const gr_report_run *run, size_t i)
{
    return strncmp(gr_contest_solver(contest(run), i), "nlopt", 5) != 0;
}

void gr_contest_write(const gr_report_run *run, const char *name, FILE *dat, FILE *gp)
{
    put_shares(run, dat);
    gr_script_begin(gp, name, "Targets reached by solvers", 760, 440);
    gr_script_label(gp, "x", "evaluations, log scale");
    gr_script_label(gp, "y", "part of all targets reached");
    fprintf(gp,
            "set logscale x\nset xrange [1:%.6g]\nset yrange [0:1]\nset format x '%%.0s%%c'\n"
            "set key outside right top Left reverse textcolor rgb \"" GR_GREY "\"\nplot ",
            budget(run));
    for (size_t i = 0; i < gr_contest_solvers(run); i++) {
        fprintf(gp,
                "%s data index %zu using 1:2 with linespoints linecolor rgb %s pointtype %zu "
                "pointinterval %zu pointsize 0.6 title ",
                i ? ", \\\n " : "", i, is_ours(run, i) ? GR_BLUE : "\"" GR_GREY "\"", i % 13 + 1,
                9 + i % 5);
        gr_script_string(gp, label(run, i).s, '\'');
    }
    fputc('\n', gp);
}

void gr_contest_say(const gr_report_run *run, FILE *out)
{
    fputs("Part of all targets that each solver reached within the budget.", out);
    for (size_t i = 0; i < gr_contest_solvers(run); i++)
        fprintf(out, " %s: %s.", label(run, i).s,
                gr_words_percent(
                    gr_contest_share(contest(run), gr_contest_solver(contest(run), i), budget(run)))
                    .s);
}

// ---- the table ---------------------------------------------------------------------------------

static const char *function(const gr_report_run *run, size_t k)
{
    return gr_json_text(json_array_get(json_object_get(contest(run), "functions"), k), "name");
}

static size_t functions(const gr_report_run *run)
{
    size_t n = json_array_size(json_object_get(contest(run), "functions"));
    return n < FUNCTIONS ? n : FUNCTIONS;
}

static void put_cell(gr_page *page, const json_t *run)
{
    double ert = gr_contest_ert(run);
    size_t reached = gr_contest_reached(run), all = json_array_size(json_object_get(run, "hits"));
    gr_text small = gr_words("%zu of %zu", reached, all);
    gr_page_cell(page, &(gr_cell){.text = isfinite(ert) ? gr_words_count(round(ert)).s : "-",
                                  .small = isfinite(ert) && reached < all ? small.s : NULL});
}

static void put_table(gr_page *page, const gr_report_run *run)
{
    gr_column columns[1 + FUNCTIONS] = {{"Solver", false, 20}};
    size_t n = functions(run);
    for (size_t k = 0; k < n; k++)
        columns[1 + k] = (gr_column){function(run, k), true, (int)(80 / n)};
    gr_page_table(page, "Expected evaluations until the least cost is met to 1e-8", columns, 1 + n);
    for (size_t i = 0; i < gr_contest_solvers(run); i++) {
        gr_page_row(page);
        gr_page_text(page, "%s", label(run, i).s);
        for (size_t k = 0; k < n; k++)
            put_cell(page, gr_contest_find(contest(run), gr_contest_solver(contest(run), i),
                                           function(run, k)));
        gr_page_row_end(page);
    }
    gr_page_table_end(page);
}

static void say_skipped(gr_page *page, const gr_report_run *run)
{
    const json_t *entry;
    size_t i;
    json_array_foreach(json_object_get(contest(run), "skipped"), i, entry) if (i == 0)
        gr_page_say(page, GR_NOTE, "Left out: %s.", gr_json_text(entry, "why"));
}

// ---- the time that solvers take themselves ----

static gr_text median(const json_t *pair, size_t side)
{
    const json_t *t = json_array_get(json_object_get(pair, "seconds"), side);
    return gr_words("%s (%s)", gr_words_seconds(gr_json_number(t, "median")).s,
                    gr_words_interval(gr_json_number(t, "lo"), gr_json_number(t, "hi")).s);
}

static void put_pair(gr_page *page, const json_t *pair)
{
    const json_t *ratio = json_object_get(pair, "ratio");
    gr_page_row(page);
    gr_page_text(page, "%s and %s", gr_json_text(pair, "ours"), gr_json_text(pair, "theirs"));
    gr_page_text(page, "%s, %d", gr_json_text(pair, "problem"), gr_json_integer(pair, "dim"));
    gr_page_text(page, "%s", median(pair, 0).s);
    gr_page_text(page, "%s", median(pair, 1).s);
    gr_page_text(page, "%s (%s)", gr_words_ratio(gr_json_number(ratio, "median")).s,
                 gr_words_ratios(gr_json_number(ratio, "lo"), gr_json_number(ratio, "hi")).s);
    gr_page_row_end(page);
}

static void put_overhead(gr_page *page, const json_t *overhead)
{
    static const gr_column columns[] = {{"Ours and NLopt's", false, 24},
                                        {"Problem, dimensions", false, 16},
                                        {"Ours", true, 20},
                                        {"NLopt's", true, 20},
                                        {"Gain over NLopt's", true, 20}};
    const json_t *pair, *pairs = json_object_get(overhead, "pairs");
    size_t i;
    if (json_array_size(pairs)) {
        gr_page_table(page, "Time that a solver itself takes for an evaluation", columns, 5);
        json_array_foreach(pairs, i, pair) put_pair(page, pair);
        gr_page_table_end(page);
        gr_page_say(page, GR_NOTE,
                    "Medians and 95 %% intervals of %d turns in one process; the cost's own time "
                    "is taken off.",
                    gr_json_integer(overhead, "samples"));
    }
    if (*gr_json_text(overhead, "skipped"))
        gr_page_say(page, GR_NOTE, "Left out: %s.", gr_json_text(overhead, "skipped"));
}

void gr_part_contest(gr_page *page, const gr_report *report)
{
    const gr_report_run *run = &report->run;
    if (!gr_contest_solvers(run) || !functions(run)) {
        gr_page_say(
            page, GR_PARAGRAPH,
            "Solvers were not compared in this run (`gradus bench` does, unless it is asked "
            "for single ladders; `gradus contest` does always).");
        return;
    }
    gr_page_say(
        page, GR_PARAGRAPH,
        "Each function in %s dimensions, moved and turned by %s seeds, from a start drawn in "
        "its bounds; at most %s evaluations a run. These are counts, not times: they are the "
        "same on every machine, up to rounding.",
        gr_words_count(gr_json_number(contest(run), "dim")).s,
        gr_words_count(gr_json_number(contest(run), "instances")).s, gr_words_count(budget(run)).s);
    put_table(page, run);
    gr_page_say(
        page, GR_NOTE,
        "All evaluations over the number of runs that met the target: what it costs to start "
        "again until one does. Under it, how many did, where not all; -: none.");
    say_skipped(page, run);
    gr_part_plots(page, report, GR_PLOT_CONTEST, NULL);
    put_overhead(page, json_object_get(run->document, "overhead"));
}
