// SPDX-License-Identifier: BSD-3-Clause
// report_rules -- twelve rules for reporting measured performance, each ticked by what the run
// holds, never by hand.
//
// Source: T. Hoefler, R. Belli, Scientific Benchmarking of Parallel Computing Systems, SC15 (the
// rules are given here in our words).
#include "bench/report_parts.h"
#include <math.h>
#include <string.h>

typedef struct judged {
    enum { MET, NOT_MET, NOTHING } how; // NOTHING: the run has nothing that the rule is about
    gr_text why;
} judged;

static judged met(bool is_met, gr_text why) { return (judged){is_met ? MET : NOT_MET, why}; }

// Met if all of n things are; NOTHING if there are none.
static judged all(size_t good, size_t n, const char *things)
{
    if (!n) return (judged){NOTHING, gr_words("no %s in this run", things)};
    return met(good == n, gr_words("%zu of %zu %s", good, n, things));
}

static judged base_case(const gr_report *report)
{
    size_t good = 0, n = 0;
    for (size_t i = 0; i < report->run.n_groups; i++) {
        const gr_report_group *group = &report->run.groups[i];
        n++;
        good += gr_group_base(group) && gr_group_best_serial(group);
    }
    return all(good, n, "tables show the time of their base and of the best rung on one core");
}

static judged subsets(const gr_report *report)
{
    const gr_report_run *run = &report->run;
    const json_t *entry;
    size_t i, n = 0, reasons = 0;
    json_array_foreach(json_object_get(run->document, "skipped"), i, entry)
    {
        n++;
        reasons += *gr_json_text(entry, "why") != '\0';
    }
    double used = 0, cores = gr_json_number(run->machine, "cores");
    for (i = 0; i < run->n_points; i++) {
        const gr_report_point *p = &run->points[i];
        n += p->skipped;
        reasons += p->skipped && strlen(p->status) > strlen("skipped: ");
        if (p->shown) used = fmax(used, p->procs);
    }
    if (!(used >= cores))
        return met(false, gr_words("at most %s of %s cores were used", gr_words_count(used).s,
                                   gr_words_count(cores).s));
    return met(reasons == n, gr_words("all %s cores used; %zu of %zu omissions have a reason",
                                      gr_words_count(cores).s, reasons, n));
}

// In one group every rung does the same work, so that rate x time must be the same number.
static judged costs(const gr_report *report)
{
    size_t good = 0, n = 0;
    for (size_t i = 0; i < report->run.n_groups; i++) {
        const gr_report_group *group = &report->run.groups[i];
        double work = NAN;
        for (size_t k = 0; k < group->n; k++) {
            const gr_report_point *p = &group->point[k];
            if (!p->shown || p->other_algorithm || !(p->rate > 0)) continue;
            if (isnan(work)) work = p->rate * p->median;
            n++;
            good += fabs(p->rate * p->median / work - 1) < 0.01;
        }
    }
    return all(good, n, "rates are the work over the time shown");
}

static judged ratios(const gr_report *report)
{
    size_t good = 0, n = 0;
    for (size_t i = 0; i < report->run.n_groups; i++) {
        const gr_report_group *group = &report->run.groups[i];
        const gr_report_point *base = gr_group_base(group);
        for (size_t k = 0; base && k < group->n; k++) {
            const gr_report_point *p = &group->point[k];
            if (!p->shown || !(p->total > 0)) continue;
            n++;
            good += fabs(base->median / p->median / p->total - 1) < 0.1;
        }
    }
    return all(good, n, "gains are one quotient of times that are shown; no ratio is averaged");
}

static judged intervals(const gr_report *report)
{
    gr_tally t = gr_report_tally(&report->run);
    return all(t.bounded, t.shown, "times have a 95% interval; no time is deterministic");
}

// Is the value one of the launch medians (to the digits that JSON keeps)?
static bool among(const json_t *medians, double value)
{
    const json_t *entry;
    size_t i;
    json_array_foreach(medians, i,
                       entry) if (fabs(json_number_value(entry) / value - 1) < 1e-6) return true;
    return false;
}

static judged no_normality(const gr_report *report)
{
    size_t good = 0, n = 0;
    for (size_t i = 0; i < report->run.n_points; i++) {
        const gr_report_point *p = &report->run.points[i];
        if (!p->shown || !gr_point_has_interval(p)) continue;
        n++;
        good += among(p->launch_medians, p->lo) && among(p->launch_medians, p->hi);
    }
    return all(good, n, "intervals end at measured launches (order statistics, no normal curve)");
}

static judged comparisons(const gr_report *report)
{
    size_t good = 0, n = 0;
    for (size_t i = 0; i < report->run.n_points; i++) {
        const gr_report_point *p = &report->run.points[i];
        if (!p->shown || !(p->step > 0)) continue;
        n++;
        good += p->step_lo > 0;
    }
    return all(good, n, "steps are compared by an interval");
}

static judged tails(const gr_report *report)
{
    static const char *const keys[][2] = {
        {"fork_us", "fork_p99_us"}, {"pipe_us", "pipe_p99_us"}, {"thread_us", "thread_p99_us"}};
    size_t good = 0, n = 0;
    for (size_t i = 0; i < 3; i++) {
        if (!isfinite(gr_json_number(report->run.machine, keys[i][0]))) continue;
        n++;
        good += isfinite(gr_json_number(report->run.machine, keys[i][1]));
    }
    return all(good, n, "latencies (fork, pipe, thread) come with their slow tail");
}

static judged setup(const gr_report *report)
{
    static const char *const needed[] = {"commit", "compiler", "flags", "libc", "kernel"};
    json_t *env = json_object_get(report->run.document, "env"), *value;
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        const char *text = gr_json_text(env, needed[i]);
        if (!*text || !strcmp(text, "unknown"))
            return met(false, gr_words("the %s is unknown", needed[i]));
    }
    const char *key;
    size_t unknown = 0;
    json_object_foreach(env, key, value)
    {
        const char *text = json_string_value(value);
        unknown += !text || !strcmp(text, "unknown");
    }
    return met(true, gr_words("%zu facts of the set-up are listed, %zu of them unknown",
                              json_object_size(env), unknown));
}

static judged parallel(const gr_report *report)
{
    size_t n = 0, mpi = 0;
    for (size_t i = 0; i < report->run.n_points; i++) {
        const gr_report_point *p = &report->run.points[i];
        n += p->shown && gr_point_parallel(p);
        mpi += p->shown && !strcmp(p->launcher, "mpi");
    }
    const char *sync = gr_json_text(report->run.document, "mpi_sync");
    if (!n) return (judged){NOTHING, gr_words("no parallel times in this run")};
    if (mpi && !*sync)
        return met(false, gr_words("how the MPI ranks were synchronised is missing"));
    return met(true, gr_words("%zu parallel times; Scaling says what is timed%s%.40s", n,
                              mpi ? "; MPI ranks meet by " : "", mpi ? sync : ""));
}

static judged bounds(const gr_report *report)
{
    gr_tally t = gr_report_tally(&report->run);
    return all(t.limited, t.shown, "times stand beside a measured limit of the machine");
}

static judged plotted(const gr_report *report)
{
    size_t good = 0, n = 0;
    for (size_t i = 0; i < report->plots.n; i++) good += report->plots.plot[i].drawn;
    if (good < report->plots.n || !good)
        return met(false, gr_words("%zu of %zu plots are drawn", good, report->plots.n));
    good = 0;
    for (size_t i = 0; i < report->run.n_points; i++) {
        const gr_report_point *p = &report->run.points[i];
        if (!p->shown) continue;
        n++;
        good += (double)json_array_size(p->launch_medians) == p->launches;
    }
    return all(good, n, "times have every launch as a dot; lines run along workers or bytes only");
}

static const struct {
    const char *rule;
    judged (*judge)(const gr_report *report);
} rules[] = {
    {"A gain names its base case and shows its time.", base_case},
    {"All that was left out has a reason; all cores are used.", subsets},
    {"Times are summarised, not rates; a rate is work over time.", costs},
    {"Ratios are not averaged.", ratios},
    {"It is said what is deterministic; all else has an interval.", intervals},
    {"No normal distribution is assumed.", no_normality},
    {"Times are compared by intervals, not by eye.", comparisons},
    {"Where the worst case matters, more than a median is shown.", tails},
    {"The whole set-up is written down.", setup},
    {"Parallel times say how they were synchronised and summarised.", parallel},
    {"Measured bounds of the machine are shown.", bounds},
    {"Plots show the spread; lines join only what lies on a scale.", plotted},
};

void gr_part_rules(gr_page *page, const gr_report *report)
{
    static const gr_column columns[] = {
        {"Rule", false, 42},
        {"Here", false, 14},
        {"What the run has", false, 44},
    };
    static const char *const words[] = {
        [MET] = "met", [NOT_MET] = "not met", [NOTHING] = "nothing to judge"};
    gr_page_say(page, GR_PARAGRAPH,
                "After Hoefler and Belli, Scientific Benchmarking of Parallel Computing Systems "
                "(SC15). Each is judged by code from the numbers of this run.");
    gr_page_table(page, "Rules met and not met", columns, 3);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        judged j = rules[i].judge(report);
        gr_page_row(page);
        gr_page_text(page, "%zu. %s", i + 1, rules[i].rule);
        gr_page_text(page, "%s", words[j.how]);
        gr_page_text(page, "%s", j.why.s);
        gr_page_row_end(page);
    }
    gr_page_table_end(page);
}
