// SPDX-License-Identifier: BSD-3-Clause
#include "bench/report_ranks.h"
#include "bench/ranks_pingpong.h"
#include "bench/report_chart.h"
#include "bench/report_parts.h"
#include "lib/line.h"
#include <math.h>
#include <string.h>

enum { BYTES = sizeof(double), MOST_SIZES = 32 }; // of one number

static const json_t *sweeps_of(const gr_report_run *run)
{
    return json_object_get(json_object_get(run->document, "mpi"), "sweeps");
}

static const json_t *sizes_of(const json_t *sweep) { return json_object_get(sweep, "sizes"); }

// The methods, as the first size has them: an object whose keys are their names.
static json_t *methods_of(const json_t *sweep)
{
    return json_object_get(json_array_get(sizes_of(sweep), 0), "seconds");
}

// The times of a method at a size: median, lo, hi; NaN where there is none.
static double time_of(const json_t *size, const char *method, const char *which)
{
    double t = gr_json_number(json_object_get(json_object_get(size, "seconds"), method), which);
    return t > 0 ? t : NAN;
}

// The shortest time of the methods that are not MPI's own call, and whose it is.
static double best_other(const json_t *size, const char *which, const char **method)
{
    double best = NAN;
    const char *name;
    json_t *times;
    json_object_foreach(json_object_get(size, "seconds"), name, times)
    {
        double t = time_of(size, name, which);
        if (!strcmp(name, "native") || !(t < best || isnan(best))) continue;
        best = t, *method = name;
    }
    return best;
}

size_t gr_collectives(const gr_report_run *run)
{
    const json_t *sweep;
    size_t i, n = 0;
    json_array_foreach(sweeps_of(run), i, sweep)
    {
        if (json_object_size(methods_of(sweep)) == 0) break;
        n++;
    }
    return n;
}

const char *gr_collective_name(const gr_report_run *run, size_t which)
{
    return gr_json_text(json_array_get(sweeps_of(run), which), "ladder");
}

// ---- a plot ------------------------------------------------------------------------------------

static void put_axes(FILE *gp)
{
    gr_script_label(gp, "x", "bytes, log scale");
    fputs("set logscale xy\nset key top left Left reverse textcolor rgb \"" GR_GREY
          "\"\nset xtics (",
          gp);
    for (int power = 0; power <= 30; power += 5)
        fprintf(gp, "%s\"%s\" %.0f", power ? ", " : "", gr_words_bytes(ldexp(1, power)).s,
                ldexp(1, power));
    fputs(")\nset ytics (", gp);
    for (int d = -9; d <= 1; d++)
        fprintf(gp, "%s\"%s\" 1e%d", d > -9 ? ", " : "", gr_script_tick(pow(10, d), "").s, d);
    fputs(")\n", gp);
}

static void put_times(const json_t *sweep, const char *method, FILE *dat)
{
    const json_t *size;
    size_t i;
    json_array_foreach(sizes_of(sweep), i, size)
    {
        double bytes = BYTES * gr_json_number(size, "n"), t = time_of(size, method, "median");
        if (bytes > 0 && bytes < INFINITY && t < INFINITY) fprintf(dat, "%.0f %.6g\n", bytes, t);
    }
}

static void put_line(FILE *gp, int index, const char *method)
{
    bool native = !strcmp(method, "native");
    fprintf(gp,
            "%s data index %d using 1:2 with linespoints linecolor rgb %s linewidth %s "
            "dashtype %d pointtype %d pointsize 0.5 title ",
            index ? ", \\\n " : "plot", index, native ? GR_BLUE : "\"" GR_GREY "\"",
            native ? "2" : "1", native ? 1 : 1 + index % 4, native ? 7 : 4 + index);
    gr_script_string(gp, method, '\'');
}

void gr_collective_write(const gr_report_run *run, size_t which, const char *name, FILE *dat,
                         FILE *gp)
{
    const json_t *sweep = json_array_get(sweeps_of(run), which);
    const char *method;
    json_t *times;
    int index = 0;
    gr_script_begin(gp, name, gr_collective_name(run, which), 520, 380);
    gr_script_label(gp, "y", "time of the slowest rank, log scale");
    put_axes(gp);
    json_object_foreach(methods_of(sweep), method, times)
    {
        if (index) fputs("\n\n", dat);
        fputs("# bytes, seconds\n", dat);
        put_times(sweep, method, dat);
        put_line(gp, index++, method);
    }
    fputc('\n', gp);
}

void gr_collective_say(const gr_report_run *run, size_t which, FILE *out)
{
    const json_t *sweep = json_array_get(sweeps_of(run), which), *size;
    size_t i;
    fprintf(out, "Times of %s by size, on log scales.", gr_json_text(sweep, "ladder"));
    json_array_foreach(sizes_of(sweep), i, size)
    {
        const char *method = "";
        double best = best_other(size, "median", &method);
        fprintf(out, " %s: MPI %s, by hand %s (%s).",
                gr_words_bytes(BYTES * gr_json_number(size, "n")).s,
                gr_words_seconds(time_of(size, "native", "median")).s, gr_words_seconds(best).s,
                method);
    }
}

// ---- messages ----------------------------------------------------------------------------------

static gr_pingpong messages_of(const gr_report_run *run)
{
    return gr_pingpong_of(json_object_get(json_object_get(run->document, "mpi"), "pingpong"));
}

size_t gr_messages(const gr_report_run *run) { return messages_of(run).n; }

void gr_messages_write(const gr_report_run *run, const char *name, FILE *dat, FILE *gp)
{
    gr_pingpong p = messages_of(run);
    gr_line line[2];
    double last;
    fputs("# bytes, seconds\n", dat);
    for (size_t i = 0; i < p.n; i++) fprintf(dat, "%.0f %.6g\n", p.bytes[i], p.seconds[i]);
    gr_script_begin(gp, name, "A message between two ranks", 520, 380);
    gr_script_label(gp, "y", "time, log scale");
    put_axes(gp);
    fputs("plot ", gp);
    for (int k = 0; !gr_pingpong_fit(&p, line, &last) && k < 2; k++)
        fprintf(gp,
                "%.6g + x*%.6g with lines linewidth 1 dashtype %d linecolor rgb \"" GR_GREY
                "\" title '%s', \\\n  ",
                line[k].at0, line[k].slope, k + 1, k ? "line of the large" : "line of the small");
    fputs("data using 1:2 with points linecolor rgb " GR_BLUE
          " pointtype 7 pointsize 0.6 title 'measured'\n",
          gp);
}

void gr_messages_say(const gr_report_run *run, FILE *out)
{
    gr_pingpong p = messages_of(run);
    fputs("Time of a message between two ranks by its size.", out);
    for (size_t i = 0; i < p.n; i += 4)
        fprintf(out, " %s: %s.", gr_words_bytes(p.bytes[i]).s, gr_words_seconds(p.seconds[i]).s);
}

static void put_messages(gr_page *page, const gr_report *report)
{
    static const gr_column columns[] = {
        {"Bytes", true, 20}, {"Time", true, 20}, {"Bandwidth", true, 30}};
    gr_pingpong p = messages_of(&report->run);
    gr_line line[2];
    double last;
    if (!p.n) return;
    gr_page_say(page, GR_HEADING, "A message from rank 0 to rank 1");
    gr_page_table(page, "Half of an exchange, median of 12 loops", columns, 3);
    for (size_t i = 0; i < p.n; i += 2) {
        gr_page_row(page);
        gr_page_text(page, "%s", gr_words_bytes(p.bytes[i]).s);
        gr_page_text(page, "%s", gr_words_seconds(p.seconds[i]).s);
        gr_page_text(page, "%s", gr_words_rate(p.bytes[i] / p.seconds[i], "byte/s").s);
        gr_page_row_end(page);
    }
    gr_page_table_end(page);
    for (int k = 0; !gr_pingpong_fit(&p, line, &last) && k < 2; k++)
        gr_page_say(page, GR_ITEM, "%s %s: %s", k ? "beyond" : "up to", gr_words_bytes(last).s,
                    gr_pingpong_words(&line[k]).s);
    gr_part_plots(page, report, GR_PLOT_MESSAGES, NULL);
}

// ---- a table -----------------------------------------------------------------------------------

static void put_size(gr_page *page, const json_t *sweep, const json_t *size)
{
    const char *method;
    json_t *times;
    const char *best = "";
    gr_page_row(page);
    gr_page_text(page, "%s", gr_words_bytes(BYTES * gr_json_number(size, "n")).s);
    json_object_foreach(methods_of(sweep), method, times)
        gr_page_text(page, "%s", gr_words_seconds(time_of(size, method, "median")).s);
    double ratio = best_other(size, "median", &best) / time_of(size, "native", "median");
    gr_page_text(page, "%s", gr_words_number(ratio).s);
    gr_page_row_end(page);
}

// t = latency + bytes / bandwidth, fitted to a method's times.
static void say_fit(gr_page *page, const json_t *sweep, const char *method)
{
    double bytes[MOST_SIZES], seconds[MOST_SIZES];
    gr_line line;
    const json_t *size;
    size_t i, n = 0;
    json_array_foreach(sizes_of(sweep), i, size)
    {
        double t = time_of(size, method, "median");
        if (n < MOST_SIZES && t < INFINITY)
            bytes[n] = BYTES * gr_json_number(size, "n"), seconds[n++] = t;
    }
    if (gr_line_fit(bytes, seconds, n, &line) || !(line.slope > 0)) return;
    gr_page_say(page, GR_ITEM, "`%.40s`: %s", method, gr_pingpong_words(&line).s);
}

enum { MOST_METHODS = 8 };

static void put_collective(gr_page *page, const gr_report *report, size_t which)
{
    const json_t *sweep = json_array_get(sweeps_of(&report->run), which), *size;
    gr_column columns[MOST_METHODS + 2] = {{"Bytes", true, 14}};
    const char *method;
    json_t *times;
    size_t i, n = 1;
    if (json_object_size(methods_of(sweep)) > MOST_METHODS) return;
    int width = (int)(86 / (json_object_size(methods_of(sweep)) + 1));
    json_object_foreach(methods_of(sweep), method, times) columns[n++] =
        (gr_column){method, true, width};
    columns[n++] = (gr_column){"by hand / native", true, width};
    gr_page_say(page, GR_HEADING, "%.60s", gr_json_text(sweep, "ladder"));
    gr_page_table(page, gr_json_text(sweep, "title"), columns, n);
    json_array_foreach(sizes_of(sweep), i, size) put_size(page, sweep, size);
    gr_page_table_end(page);
    if (gr_json_number(sweep, "cut") > 0)
        gr_page_say(page, GR_ITEM, "from %s on, all ranks together have too little memory",
                    gr_words_bytes(BYTES * gr_json_number(sweep, "cut")).s);
    json_object_foreach(methods_of(sweep), method, times) say_fit(page, sweep, method);
    for (i = 0; i < report->plots.n; i++)
        if (report->plots.plot[i].kind == GR_PLOT_COLLECTIVE &&
            report->plots.plot[i].first == which)
            gr_page_figure(page, &report->plots.plot[i]);
}

// ---- promises ----------------------------------------------------------------------------------

// What one collective does can be done by others as well; a library whose own call takes longer
// than that has chosen its method badly. (J. L. Traeff, W. D. Gropp and R. Thakur,
// "Self-consistent MPI performance guidelines", IEEE Trans. Parallel Distrib. Syst. 21(5), 2010.)
static const struct {
    const char *call, *by[2];
} guidelines[] = {
    {"allreduce", {"reduce", "bcast"}}, {"reduce", {"allreduce"}}, {"bcast", {"allreduce"}},
    {"allgather", {"alltoall"}},        {"gather", {"allgather"}}, {"scatter", {"alltoall"}},
};
enum { GUIDELINES = sizeof guidelines / sizeof *guidelines };

static const json_t *size_at(const gr_report_run *run, const char *ladder, double n)
{
    const json_t *sweep, *size;
    size_t i, k;
    json_array_foreach(sweeps_of(run), i, sweep)
    {
        if (strcmp(gr_json_text(sweep, "ladder"), ladder)) continue;
        json_array_foreach(sizes_of(sweep), k,
                           size) if (gr_json_number(size, "n") == n) return size;
    }
    return NULL;
}

// What the calls take together that would do instead; NaN if one was not timed.
static double instead(const gr_report_run *run, const char *const by[2], double n,
                      const char *which)
{
    double sum = 0;
    for (int k = 0; k < 2 && by[k]; k++) sum += time_of(size_at(run, by[k], n), "native", which);
    return sum;
}

typedef struct worst {
    double ratio, n; // NaN: nothing to compare
    size_t sizes, broken;
} worst;

// Broken where the whole interval of the call lies above those of the others.
static worst judge(const gr_report_run *run, const char *call, const char *const by[2])
{
    worst w = {.ratio = NAN, .n = NAN};
    const json_t *sweep, *size;
    size_t i, k;
    json_array_foreach(sweeps_of(run), i, sweep)
    {
        if (strcmp(gr_json_text(sweep, "ladder"), call)) continue;
        json_array_foreach(sizes_of(sweep), k, size)
        {
            double n = gr_json_number(size, "n");
            double ratio = time_of(size, "native", "median") / instead(run, by, n, "median");
            if (isnan(ratio)) continue;
            w.sizes++;
            w.broken += time_of(size, "native", "lo") > instead(run, by, n, "hi");
            if (!(ratio <= w.ratio)) w.ratio = ratio, w.n = n;
        }
    }
    return w;
}

static void put_guidelines(gr_page *page, const gr_report_run *run)
{
    static const gr_column columns[] = {{"Should take no longer", false, 25},
                                        {"than", false, 25},
                                        {"Worst ratio", true, 16},
                                        {"at", true, 14},
                                        {"Found", false, 20}};
    gr_page_say(page, GR_HEADING, "Does this MPI keep its own promises?");
    gr_page_table(page, "MPI's own calls against others that would do instead", columns, 5);
    for (int g = 0; g < GUIDELINES; g++) {
        worst w = judge(run, guidelines[g].call, guidelines[g].by);
        const char *second = guidelines[g].by[1];
        if (!w.sizes) continue;
        gr_page_row(page);
        gr_page_text(page, "`%s`", guidelines[g].call);
        gr_page_text(page, "`%s`%s%s%s", guidelines[g].by[0], second ? " + `" : "",
                     second ? second : "", second ? "`" : "");
        gr_page_text(page, "%s", gr_words_number(w.ratio).s);
        gr_page_text(page, "%s", gr_words_bytes(BYTES * w.n).s);
        gr_page_text(page, "%s",
                     w.broken ? gr_words("broken at %zu of %zu sizes", w.broken, w.sizes).s
                              : "kept");
        gr_page_row_end(page);
    }
    gr_page_table_end(page);
    gr_page_say(page, GR_NOTE,
                "A promise is called broken at a size where the whole interval of the call lies "
                "above those of the others together.");
}

static void say_faster_by_hand(gr_page *page, const gr_report_run *run)
{
    const json_t *sweep, *size;
    size_t i, k, sizes = 0, faster = 0;
    json_array_foreach(sweeps_of(run), i, sweep) json_array_foreach(sizes_of(sweep), k, size)
    {
        const char *method;
        sizes++;
        faster += best_other(size, "hi", &method) < time_of(size, "native", "lo");
    }
    gr_page_say(page, GR_PARAGRAPH,
                "Of %zu calls and sizes, a method written by hand was surely faster than MPI's own "
                "call at %zu.",
                sizes, faster);
}

void gr_part_ranks(gr_page *page, const gr_report *report)
{
    const gr_report_run *run = &report->run;
    const json_t *mpi = json_object_get(run->document, "mpi");
    size_t n = gr_collectives(run);
    if (!n) {
        gr_page_say(page, GR_PARAGRAPH,
                    "Collectives were not timed in this run (`gradus bench` does where Open MPI "
                    "and two cores are found, unless it is asked for single ladders).");
        return;
    }
    gr_page_say(page, GR_PARAGRAPH,
                "%s ranks by %.40s (%.60s), bound to: %.20s. Times are medians; every result was "
                "verified.",
                gr_words_count(gr_json_number(mpi, "ranks")).s, gr_json_text(mpi, "launcher"),
                gr_json_text(mpi, "version"), gr_json_text(mpi, "binding"));
    gr_part_sync(page, run);
    put_messages(page, report);
    say_faster_by_hand(page, run);
    put_guidelines(page, run);
    for (size_t i = 0; i < n; i++) put_collective(page, report, i);
}
