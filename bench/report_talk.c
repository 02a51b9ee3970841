// SPDX-License-Identifier: BSD-3-Clause
// report_talk -- the talk's timings beside this machine's.
#include "bench/report_parts.h"
#include "bench/talk.h"
#include <math.h>
#include <string.h>

static bool lesson_listed(const json_t *document, const char *lesson)
{
    const json_t *entry;
    size_t i;
    json_array_foreach(json_object_get(document, "lessons"), i, entry)
    {
        const char *name = json_string_value(entry);
        if (name && !strcmp(name, lesson)) return true;
    }
    json_array_foreach(json_object_get(document, "ladders"), i,
                       entry) if (!strcmp(gr_json_text(entry, "lesson"), lesson)) return true;
    return false;
}

static const gr_report_point *find_any(const gr_report_group *group, const char *rung)
{
    for (size_t i = 0; group && i < group->n; i++)
        if (!strcmp(group->point[i].rung, rung)) return &group->point[i];
    return NULL;
}

// The counterpart of a row in the run, at the ladder's first size: the talk's.
typedef struct here {
    const gr_report_group *group;
    const gr_report_point *point; // shown, or NULL
} here;

static here find_here(const gr_report_run *run, const gr_talk_row *row)
{
    here h = {.group = row->ladder ? gr_report_find(run, row->ladder, 0) : NULL};
    if (h.group) h.point = gr_group_find(h.group, row->rung);
    return h;
}

// Why there is no time here for a row.
static gr_text why_not(const gr_report_run *run, const gr_talk_group *talk, const gr_talk_row *row,
                       here h)
{
    if (!row->ladder) return gr_words("no counterpart");
    const gr_report_point *hidden = find_any(h.group, row->rung);
    if (hidden) return gr_words("%s: see Ladders", hidden->skipped ? "skipped" : "not verified");
    if (h.group) return gr_words("no rung `%s/%s` in this run", row->ladder, row->rung);
    if (lesson_listed(run->document, talk->lesson)) return gr_words("not in this run");
    return gr_words("lesson %.2s is not built yet", talk->lesson);
}

static void put_then(gr_page *page, const gr_talk_group *talk, const gr_talk_row *row)
{
    gr_text then = gr_words_seconds(row->kind == GR_TALK_SPEEDUP ? NAN : row->seconds);
    const char *small = row->kind == GR_TALK_AT_MOST ? "at most" : NULL;
    gr_page_cell(page, &(gr_cell){.text = then.s, .small = small});
    double first = talk->rows[0].seconds;
    bool derived = !talk->parts && row->ratio == 0 && row->seconds > 0;
    gr_page_text(page, "%s",
                 gr_words_ratio(row->ratio > 0 ? row->ratio
                                : derived      ? first / row->seconds
                                               : NAN)
                     .s);
}

static void put_here(gr_page *page, const gr_report_run *run, const gr_talk_group *talk,
                     const gr_talk_row *row, here h, double first)
{
    if (!h.point) {
        gr_text why = why_not(run, talk, row, h);
        gr_page_cell(page, &(gr_cell){.text = "", .small = why.s});
        gr_page_text(page, "-");
        return;
    }
    gr_text time = gr_words_seconds(h.point->median);
    gr_text name = gr_words("`%s/%s`", row->ladder, row->rung);
    gr_page_cell(page, &(gr_cell){.text = time.s, .small = name.s});
    gr_page_text(page, "%s", gr_words_ratio(talk->parts ? NAN : first / h.point->median).s);
}

// The best rung once per ladder; an empty cell in its further rows.
static void put_best(gr_page *page, const gr_talk_group *talk, const gr_talk_row *row, here h,
                     double first)
{
    const gr_report_point *best = h.group ? gr_group_best(h.group) : NULL;
    for (const gr_talk_row *above = talk->rows; above < row; above++)
        if (best && above->ladder && !strcmp(above->ladder, row->ladder)) {
            gr_page_text(page, "%s", "");
            return;
        }
    if (!best) {
        gr_page_text(page, "-");
        return;
    }
    gr_text time = gr_words_seconds(best->median), gain = gr_words_ratio(first / best->median);
    gr_text small = gr_words("`%.30s`%.20s%s%.20s", best->rung, gr_point_workers(best).s,
                             isfinite(first) ? ", " : "", isfinite(first) ? gain.s : "");
    gr_page_cell(page, &(gr_cell){.text = time.s, .small = small.s});
}

static void put_python(gr_page *page, const gr_report_run *run, const gr_talk_row *row, here h)
{
    const gr_report_point *peer =
        h.group && row->peer ? gr_report_peer(run, h.group, row->peer) : NULL;
    if (!peer) {
        gr_page_text(page, "-");
        return;
    }
    gr_text time = gr_words_seconds(peer->median);
    gr_page_cell(page, &(gr_cell){.text = time.s, .small = row->peer});
}

// The time that ratios here are counted from: the first row's, or, where the talk prints a speedup
// only, the best on one core.
static double base_time(const gr_report_run *run, const gr_talk_row *first)
{
    here h = find_here(run, first);
    const gr_report_point *base =
        first->kind == GR_TALK_SPEEDUP && h.group ? gr_group_best_serial(h.group) : h.point;
    return base ? base->median : NAN;
}

static void put_group(gr_page *page, const gr_report_run *run, const gr_talk_group *talk)
{
    double first = base_time(run, talk->rows);
    gr_page_row_heading(page, "%s", talk->title);
    for (const gr_talk_row *row = talk->rows; row->kind != GR_TALK_GROUP_END; row++) {
        here h = find_here(run, row);
        gr_page_row(page);
        gr_page_text(page, "%s", row->what);
        put_then(page, talk, row);
        put_here(page, run, talk, row, h, first);
        put_best(page, talk, row, h, first);
        put_python(page, run, row, h);
        gr_page_row_end(page);
    }
}

void gr_part_talk(gr_page *page, const gr_report *report)
{
    static const gr_column columns[] = {
        {"The talk", false, 27},   {"Then", true, 12},      {"Ratio then", true, 8},
        {"Here now", true, 18},    {"Ratio here", true, 8}, {"Best here", true, 17},
        {"Python here", true, 10},
    };
    gr_page_say(
        page, GR_PARAGRAPH,
        "Every timing that the talk prints (Python, 2012, on its author's machine), and the "
        "same work in C on this one. Only ratios compare across machines; each is over the "
        "first line of its part. The best rung is named once per ladder.");
    gr_page_table(page, "Times then and now", columns, sizeof columns / sizeof *columns);
    for (const gr_talk_group *talk = gr_talk; talk->title; talk++)
        put_group(page, &report->run, talk);
    gr_page_table_end(page);
    for (const gr_talk_group *talk = gr_talk; talk->title; talk++)
        if (talk->note) gr_page_say(page, GR_NOTE, "%s: %s", talk->title, talk->note);
    if (!report->run.n_peers)
        gr_page_say(page, GR_NOTE, "Python was not run here; `gradus bench --peers` does.");
}
