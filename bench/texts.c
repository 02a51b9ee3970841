// SPDX-License-Identifier: BSD-3-Clause
// texts -- the command `gradus texts`: fills the numbers and tables in the lessons from a stored
// run.
//
// No number that was measured is typed. A text holds, in comments that a reader does not see,
//   <!--= mandelbrot/simd@500 total -->34x<!--/-->     one value; what stands between is replaced
//   <!-- table mandelbrot@500 --> ... <!-- end -->     a ladder's table; the lines between are
// with the fields seconds, step, total, fraction, rate, excess (wall time over the workers' busy
// time shared equally); LADDER/RUNG@SIZE/PROCS picks a number of
// workers (else the most that was measured); `machine triad|fma|cores|cpu` speak of the machine.
#include "bench/command.h"
#include "bench/json.h"
#include "bench/report_words.h"
#include "lib/replace.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct text {
    char *at;
    size_t size, room;
} text;

static gr_status put(text *t, const char *s, size_t n)
{
    if (t->size + n + 1 > t->room) {
        size_t room = 2 * (t->size + n + 1);
        char *longer = realloc(t->at, room);
        if (!longer) return gr_fail(GR_ENOMEM, "texts: out of memory");
        t->at = longer, t->room = room;
    }
    memcpy(t->at + t->size, s, n);
    t->size += n;
    t->at[t->size] = '\0';
    return GR_OK;
}

// ---- looking a point up
// --------------------------------------------------------------------------

typedef struct place {
    char ladder[48], rung[48];
    int size, procs; // procs 0: the most there is
} place;

static bool read_place(const char *s, place *p)
{
    *p = (place){0};
    if (sscanf(s, "%47[^/@ ]/%47[^@ ]@%d/%d", p->ladder, p->rung, &p->size, &p->procs) >= 3)
        return true;
    return sscanf(s, "%47[^/@ ]@%d", p->ladder, &p->size) == 2;
}

static bool matches(const json_t *point, const place *p)
{
    return !strcmp(json_string_value(json_object_get(point, "ladder")), p->ladder) &&
           (!p->rung[0] || !strcmp(json_string_value(json_object_get(point, "rung")), p->rung)) &&
           json_integer_value(json_object_get(point, "size")) == p->size &&
           (!p->procs || json_integer_value(json_object_get(point, "procs")) == p->procs);
}

static const json_t *find_point(const json_t *document, const place *p)
{
    const json_t *best = NULL;
    size_t i;
    json_t *point;
    json_array_foreach(json_object_get(document, "points"), i, point)
    {
        if (!matches(point, p)) continue;
        if (!best || gr_json_number(point, "procs") > gr_json_number(best, "procs")) best = point;
    }
    return best;
}

// Wall time of a run over the busy time of its workers shared equally; NAN if the run does not say.
static double excess(const json_t *point)
{
    double busy = 0, wall = 0;
    const json_t *workers = json_object_get(point, "workers"), *w;
    size_t i;
    json_array_foreach(workers, i, w)
    {
        busy += gr_json_number(w, "busy");
        wall = fmax(wall, gr_json_number(w, "busy") + gr_json_number(w, "idle"));
    }
    return wall * (double)json_array_size(workers) / busy;
}

static gr_status value_text(const json_t *document, const char *expression, char *s, size_t size)
{
    place p;
    char field[32], key[64];
    const json_t *machine = json_object_get(document, "machine");
    if (sscanf(expression, " machine %31s", field) == 1) {
        if (!strcmp(field, "cpu"))
            snprintf(s, size, "%s", json_string_value(json_object_get(machine, "cpu")));
        else if (!strcmp(field, "cores"))
            snprintf(s, size, "%.0f", gr_json_number(machine, "cores"));
        else if (!strcmp(field, "triad"))
            snprintf(s, size, "%.3g GB/s",
                     gr_json_number(json_object_get(machine, "triad_GBs"), "1"));
        else if (!strcmp(field, "fma"))
            snprintf(s, size, "%.3g Gflop/s",
                     gr_json_number(json_object_get(machine, "flops_GFs"), "fma_1"));
        else
            return gr_fail(GR_EDATA, "machine '%s': expected cpu, cores, triad or fma", field);
        return GR_OK;
    }
    if (sscanf(expression, " %63s %31s", key, field) != 2 || !read_place(key, &p))
        return gr_fail(GR_EDATA, "'%.60s': expected LADDER/RUNG@SIZE FIELD", expression);
    const json_t *point = find_point(document, &p), *gains = json_object_get(point, "speedup");
    if (!point) return gr_fail(GR_EDATA, "no point '%s' in the stored run", key);
    if (!strcmp(field, "seconds"))
        snprintf(s, size, "%s",
                 gr_words_seconds(gr_json_number(json_object_get(point, "seconds"), "median")).s);
    else if (!strcmp(field, "step") || !strcmp(field, "total"))
        snprintf(s, size, "%s", gr_words_ratio(gr_json_number(gains, field)).s);
    else if (!strcmp(field, "fraction"))
        snprintf(s, size, "%.0f %%",
                 100 * gr_json_number(json_object_get(point, "limit"), "fraction"));
    else if (!strcmp(field, "rate"))
        snprintf(s, size, "%.3g", gr_json_number(json_object_get(point, "rate"), "value"));
    else if (!strcmp(field, "excess"))
        snprintf(s, size, "%s", gr_words_ratio(excess(point)).s);
    else
        return gr_fail(
            GR_EDATA, "field '%s': expected seconds, step, total, fraction, rate or excess", field);
    return GR_OK;
}

// ---- a table
// -------------------------------------------------------------------------------------

static gr_status put_row(text *t, const json_t *point)
{
    const json_t *s = json_object_get(point, "seconds"), *g = json_object_get(point, "speedup");
    const json_t *l = json_object_get(point, "limit"), *range = json_object_get(s, "range");
    if (!json_is_object(s)) return GR_OK;
    const json_t *ends = json_is_number(json_object_get(s, "lo")) ? s : range;
    int procs = (int)gr_json_number(point, "procs");
    char row[512];
    int n = snprintf(row, sizeof row, "| %s%s%s | %s | %s%s | %s | %s | %s |\n",
                     gr_json_text(point, "rung"), procs > 1 ? gr_words(", %d cores", procs).s : "",
                     gr_json_true(point, "other_algorithm") ? " (other algorithm)" : "",
                     gr_words_seconds(gr_json_number(s, "median")).s,
                     gr_words_interval(gr_json_number(ends, "lo"), gr_json_number(ends, "hi")).s,
                     ends == range ? " (range)" : "", gr_words_ratio(gr_json_number(g, "step")).s,
                     gr_words_ratio(gr_json_number(g, "total")).s,
                     json_is_object(l)
                         ? gr_words("%s of %s", gr_words_percent(gr_json_number(l, "fraction")).s,
                                    gr_json_text(l, "name"))
                               .s
                         : "-");
    return put(t, row, (size_t)n);
}

static gr_status put_table(text *t, const json_t *document, const char *expression)
{
    static const char head[] = "\n| rung | time | 95% sure | this step | total | of the limit "
                               "|\n|---|--:|:-:|--:|--:|---|\n";
    place p;
    size_t i;
    json_t *point;
    bool any = false;
    if (!read_place(expression, &p))
        return gr_fail(GR_EDATA, "table '%.60s': expected LADDER@SIZE", expression);
    GR_TRY(put(t, head, sizeof head - 1));
    json_array_foreach(json_object_get(document, "points"), i, point)
    {
        if (!matches(point, &p)) continue;
        any = true;
        GR_TRY(put_row(t, point));
    }
    return any ? put(t, "\n", 1)
               : gr_fail(GR_EDATA, "table '%.60s': no such points in the stored run", expression);
}

// ---- a text
// --------------------------------------------------------------------------------------

static const char value_mark[] = "<!--= ", value_end[] = "<!--/-->", table_mark[] = "<!-- table ",
                  table_end[] = "<!-- end -->";

// Copies the marker at `from`, writes what belongs behind it, and returns the closing marker.
static gr_status fill(text *t, const json_t *document, const char *from, const char **next)
{
    bool table = !strncmp(from, table_mark, sizeof table_mark - 1);
    const char *expression = from + (table ? sizeof table_mark : sizeof value_mark) - 1;
    const char *close = strstr(expression, "-->"),
               *end = strstr(expression, table ? table_end : value_end);
    char words[128], value[128];
    if (!close || !end || end < close || (size_t)(close - expression) >= sizeof words)
        return gr_fail(GR_EDATA, "marker '%.40s' is not closed", from);
    snprintf(words, sizeof words, "%.*s", (int)(close - expression), expression);
    GR_TRY(put(t, from, (size_t)(close + 3 - from)));
    *next = end;
    if (table) return put_table(t, document, words);
    GR_TRY(value_text(document, words, value, sizeof value));
    return put(t, value, strlen(value));
}

static gr_status fill_all(text *t, const json_t *document, const char *from)
{
    for (;;) {
        const char *value = strstr(from, value_mark), *table = strstr(from, table_mark);
        const char *marker = !value || (table && table < value) ? table : value;
        if (!marker) return put(t, from, strlen(from));
        GR_TRY(put(t, from, (size_t)(marker - from)));
        GR_TRY(fill(t, document, marker, &from));
    }
}

static gr_status write_back(const text *t, const char *path)
{
    gr_replace file;
    GR_TRY(gr_replace_begin(&file, path));
    fwrite(t->at, 1, t->size, file.stream); // a failure stays in the stream
    return gr_replace_end(&file, true);
}

static gr_status fill_file(const json_t *document, const char *path)
{
    FILE *in = fopen(path, "r");
    text old = {0}, new = {0};
    char block[4096], why[300];
    size_t got;
    if (!in) return gr_fail_errno("cannot read %s", path);
    gr_status status = put(&old, "", 0);
    while (!status && (got = fread(block, 1, sizeof block, in)) > 0) status = put(&old, block, got);
    fclose(in);
    if (!status) status = put(&new, "", 0);
    if (!status) status = fill_all(&new, document, old.at);
    if (!status && (new.size != old.size || memcmp(new.at, old.at, old.size)))
        status = write_back(&new, path);
    else if (status) {
        snprintf(why, sizeof why, "%s", gr_errmsg());
        status = gr_fail(status, "%s: %s", path, why);
    }
    free(old.at);
    free(new.at);
    return status;
}

static int texts_main(int argc, char **argv)
{
    static const gr_option options[] = {{0}};
    char **operands;
    bool helped;
    json_error_t error;
    gr_status status = gr_options_read(&gr_command_texts, options, argc, argv, &operands, &helped);
    if (status || helped) return gr_exit_of(status);
    if (!operands[0] || !operands[1])
        return gr_exit_of(gr_fail(GR_EARG, "texts: expected POINTS.json FILE..."));
    json_t *document = json_load_file(operands[0], 0, &error);
    if (!document) return gr_exit_of(gr_fail(GR_EARG, "%s: %s", operands[0], error.text));
    for (char **path = operands + 1; *path && !status; path++) status = fill_file(document, *path);
    json_decref(document);
    return gr_exit_of(status);
}

const gr_command gr_command_texts = {
    .name = "texts",
    .operands = "POINTS.json FILE...",
    .summary = "fill the numbers in the lessons' texts from a run",
    .run = texts_main,
};
