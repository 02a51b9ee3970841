// SPDX-License-Identifier: BSD-3-Clause
// The command `gradus compare`: reads two runs, prints what bench/compare.h finds.
#include "bench/command.h"
#include "bench/compare.h"
#include "bench/json.h"
#include "bench/points.h"
#include "bench/report_words.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int count(const json_t *result, const char *verdict)
{
    return (int)gr_json_number(json_object_get(result, "counts"), verdict);
}

// ---- reading ----

// A run's folder, or a file that `gradus bench --json` wrote.
static gr_status read_run(const char *path, json_t **document)
{
    struct stat info;
    *document = NULL;
    if (stat(path, &info))
        return gr_fail(GR_EARG,
                       "compare: %.200s: %s; expected the folder of a run, or a file written by "
                       "`gradus bench --json`",
                       path, strerror(errno));
    if (S_ISDIR(info.st_mode)) {
        gr_store store;
        GR_TRY(gr_store_open(&store, path, false));
        gr_status status = gr_points_of(&store, document);
        gr_store_close(&store);
        return status;
    }
    json_error_t error;
    *document = json_load_file(path, 0, &error);
    if (!*document)
        return gr_fail(GR_EARG, "compare: %.200s: not JSON: line %d: %s", path, error.line,
                       error.text);
    return gr_compare_check(*document, path);
}

static gr_status check_operands(char **operands)
{
    struct stat a, b;
    if (!operands[0] || !operands[1] || operands[2])
        return gr_fail(GR_EARG, "compare: expected two runs, A and B, such as results/HOST-DATE-1 "
                                "results/HOST-DATE-2");
    if (!strcmp(operands[0], operands[1]) || (!stat(operands[0], &a) && !stat(operands[1], &b) &&
                                              a.st_dev == b.st_dev && a.st_ino == b.st_ino))
        return gr_fail(GR_EARG, "compare: '%.60s' and '%.60s' are the same run: expected two",
                       operands[0], operands[1]);
    return GR_OK;
}

static gr_status read_threshold(const char *word, double *threshold)
{
    *threshold = 0;
    if (!word) return GR_OK;
    char *end;
    *threshold = strtod(word, &end);
    if (end == word || *end || !(*threshold >= 1 && *threshold <= 100))
        return gr_fail(GR_EARG, "--threshold '%.60s': expected a ratio from 1 to 100, such as 1.05",
                       word);
    return GR_OK;
}

// ---- printing ----

typedef struct page {
    FILE *out;
    int columns;
    const char *bad, *good, *loud, *plain; // "" where no colour is wanted
} page;

static page page_on(FILE *out)
{
    page p = {
        .out = out, .columns = gr_columns(out), .bad = "", .good = "", .loud = "", .plain = ""};
    if (gr_colour_wanted(out))
        p.bad = "\033[31m", p.good = "\033[32m", p.loud = "\033[1m", p.plain = "\033[0m";
    return p;
}

static bool has_verdict(const json_t *p, const char *verdict)
{
    return !strcmp(gr_json_text(p, "verdict"), verdict);
}

static double ratio_of(const json_t *p)
{
    return gr_json_number(json_object_get(p, "ratio"), "median");
}

static int by_change(const void *a, const void *b) // the largest change first, up or down
{
    double x = fabs(log(ratio_of(*(json_t *const *)a)));
    double y = fabs(log(ratio_of(*(json_t *const *)b)));
    return (x < y) - (x > y);
}

static void print_row(const page *to, const json_t *p, int width, const char *word,
                      const char *colour)
{
    const json_t *ratio = json_object_get(p, "ratio"), *seconds = json_object_get(p, "seconds");
    gr_text interval = gr_words_ratios(gr_json_number(ratio, "lo"), gr_json_number(ratio, "hi"));
    fprintf(to->out, "%-*s  %8s  %8s  %6s  %-14s  %s%s%s\n", width, gr_json_text(p, "key"),
            gr_words_seconds(gr_json_number(seconds, "a")).s,
            gr_words_seconds(gr_json_number(seconds, "b")).s,
            gr_words_ratio(gr_json_number(ratio, "median")).s, interval.s, colour, word, to->plain);
}

// The points of one verdict; `rows` has room for all points.
static size_t choose_rows(const json_t *points, const char *verdict, const json_t **rows)
{
    size_t n = 0;
    for (size_t i = 0; i < json_array_size(points); i++)
        if (has_verdict(json_array_get(points, i), verdict)) rows[n++] = json_array_get(points, i);
    qsort(rows, n, sizeof *rows, by_change);
    return n;
}

static gr_status print_table(const page *to, const json_t *points)
{
    const json_t **rows = malloc((json_array_size(points) + 1) * sizeof *rows);
    int width = 5;
    if (!rows) return gr_fail(GR_ENOMEM, "compare: out of memory");
    size_t slower = choose_rows(points, "slower", rows);
    size_t n = slower + choose_rows(points, "faster", rows + slower);
    for (size_t i = 0; i < n; i++)
        if ((int)strlen(gr_json_text(rows[i], "key")) > width)
            width = (int)strlen(gr_json_text(rows[i], "key"));
    if (n > 0)
        fprintf(to->out, "%-*s  %8s  %8s  %6s  %-14s  verdict\n", width, "point", "A", "B", "B/A",
                "interval");
    for (size_t i = 0; i < n; i++)
        print_row(to, rows[i], width, i < slower ? "SLOWER" : "faster",
                  i < slower ? to->bad : to->good);
    if (n > 0) fprintf(to->out, "\n");
    free(rows);
    return GR_OK;
}

static void print_names(const page *to, const char *title, const json_t *names)
{
    size_t n = json_array_size(names);
    if (n == 0) return;
    int used = fprintf(to->out, "%s (%zu):", title, n);
    for (size_t i = 0; i < n; i++) {
        const char *name = json_string_value(json_array_get(names, i));
        if (used + 1 + (int)strlen(name) > to->columns) used = fprintf(to->out, "\n   ") - 1;
        used += fprintf(to->out, " %s", name);
    }
    fprintf(to->out, "\n");
}

// Each reason once, with the number of points that it holds for.
static void print_reasons(const page *to, const json_t *points)
{
    json_t *reasons = json_object(), *times;
    const char *why;
    for (size_t i = 0; i < json_array_size(points); i++) {
        why = gr_json_text(json_array_get(points, i), "why");
        json_int_t before = json_integer_value(json_object_get(reasons, why));
        if (*why) json_object_set_new(reasons, why, json_integer(before + 1));
    }
    for (void *i = json_object_iter(reasons); i; i = json_object_iter_next(reasons, i)) {
        why = json_object_iter_key(i), times = json_object_iter_value(i);
        fprintf(to->out, "not judged: %s (%d)\n", why, (int)json_integer_value(times));
    }
    json_decref(reasons);
}

// "TITLE cores 2 in A, 4 in B; cpu ..." on one line; nothing if nothing is different.
static void print_different(const page *to, const json_t *list, bool machine, const char *title)
{
    bool any = false;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *d = json_array_get(list, i);
        if (json_is_true(json_object_get(d, "machine")) != machine) continue;
        if (!any) fprintf(to->out, "%s%s", machine ? to->loud : "", title);
        fprintf(to->out, "%s %s ", any ? ";" : "", gr_json_text(d, "what"));
        json_dumpf(json_object_get(d, "a"), to->out, JSON_COMPACT | JSON_ENCODE_ANY);
        fprintf(to->out, " in A, ");
        json_dumpf(json_object_get(d, "b"), to->out, JSON_COMPACT | JSON_ENCODE_ANY);
        fprintf(to->out, " in B");
        any = true;
    }
    if (any) fprintf(to->out, "%s\n\n", machine ? to->plain : "");
}

static void print_summary(const page *to, const json_t *result)
{
    int slower = count(result, "slower"), rest = count(result, "no difference resolved");
    int unjudged = count(result, "not judged"), wrong = (int)gr_json_number(result, "wrong");
    fprintf(to->out, "%d faster, %d no difference resolved, %s%d SLOWER%s", count(result, "faster"),
            rest, slower ? to->bad : "", slower, slower ? to->plain : "");
    if (unjudged) fprintf(to->out, ", %d not judged", unjudged);
    if (wrong) fprintf(to->out, ", %s%d WRONG in B%s", to->bad, wrong, to->plain);
    fprintf(to->out, "\nA change counts if its whole interval lies beyond a factor of %.4g (%s).\n",
            gr_json_number(result, "threshold"), gr_json_text(result, "threshold_from"));
    if (rest)
        fprintf(to->out, "Where none is resolved, a change by a factor of %.3g would have been.\n",
                gr_json_number(result, "visible"));
}

static gr_status print_result(const json_t *result, char **operands, FILE *out)
{
    page sheet = page_on(out);
    const json_t *points = json_object_get(result, "points");
    const json_t *different = json_object_get(result, "different");
    fprintf(out, "A: %s\nB: %s\n\n", operands[0], operands[1]);
    print_different(&sheet, different, true, "DIFFERENT MACHINES:");
    print_different(&sheet, different, false, "also different:");
    GR_TRY(print_table(&sheet, points));
    print_names(&sheet, "only in A", json_object_get(result, "only_a"));
    print_names(&sheet, "only in B", json_object_get(result, "only_b"));
    print_reasons(&sheet, points);
    print_summary(&sheet, result);
    return GR_OK;
}

// ---- the command ----

static gr_status write_json(const json_t *result, const char *path)
{
    bool failed = !strcmp(path, "-")
                      ? json_dumpf(result, stdout, JSON_INDENT(1)) || putchar('\n') == EOF
                      : json_dump_file(result, path, JSON_INDENT(1));
    return failed || fflush(stdout) ? gr_fail_errno("cannot write %.200s", path) : GR_OK;
}

static int exit_code(const json_t *result)
{
    if (count(result, "slower") > 0 || gr_json_number(result, "wrong") > 0) return GR_EXIT_WRONG;
    int judged = count(result, "faster") + count(result, "no difference resolved");
    return judged ? GR_EXIT_OK : GR_EXIT_NOT_JUDGED;
}

static gr_status compare_runs(char **operands, double threshold, const char *json, int *code)
{
    json_t *a = NULL, *b = NULL, *result = NULL;
    gr_status status = read_run(operands[0], &a);
    if (!status) status = read_run(operands[1], &b);
    if (!status) status = gr_compare(a, b, threshold, &result);
    if (!status && !(json && !strcmp(json, "-"))) status = print_result(result, operands, stdout);
    if (!status && json) status = write_json(result, json);
    if (!status) *code = exit_code(result);
    json_decref(result);
    json_decref(b);
    json_decref(a);
    return status;
}

static int compare_main(int argc, char **argv)
{
    const char *json = NULL, *word = NULL;
    char **operands;
    bool helped;
    double threshold;
    int code = GR_EXIT_USAGE;
    const gr_option options[] = {
        {"json", GR_TEXT, &json, "FILE", "write the comparison there; -: print only that"},
        {"threshold", GR_TEXT, &word, "RATIO", "a change counts from there on (default 1.05)"},
        {NULL, GR_FLAG, NULL, NULL, NULL},
    };
    gr_status status =
        gr_options_read(&gr_command_compare, options, argc, argv, &operands, &helped);
    if (helped) return GR_EXIT_OK;
    if (!status) status = read_threshold(word, &threshold);
    if (!status) status = check_operands(operands);
    if (!status) status = compare_runs(operands, threshold, json, &code);
    if (status == GR_EDATA) status = GR_EARG; // damaged input is bad input: exit code 2
    return status ? gr_exit_of(status) : code;
}

const gr_command gr_command_compare = {
    .name = "compare",
    .operands = "A B",
    .summary = "two stored runs, interval by interval",
    .help =
        "A and B are folders of runs, or files that `gradus bench --json` wrote. Each point that\n"
        "both have gets the ratio of its medians, B over A, and an interval that assumes nothing\n"
        "about how times are distributed. SLOWER and faster are said only if the whole interval\n"
        "lies beyond the threshold; fewer than 6 launches are not judged.\n"
        "  gradus compare results/node1-20250301-1 results/node1-20250302-1\n"
        "Exit code 1 if a point is slower, or wrong in B only; 3 if none could be judged.",
    .run = compare_main,
};
