// SPDX-License-Identifier: BSD-3-Clause
#include "bench/report_scaling.h"
#include "bench/report_chart.h"
#include "bench/report_parts.h"
#include <math.h>
#include <string.h>

// ---- from the document -------------------------------------------------------------------------

static const json_t *studies_of(const gr_report_run *run)
{
    return json_object_get(json_object_get(run->document, "scaling"), "studies");
}

size_t gr_studies(const gr_report_run *run) { return json_array_size(studies_of(run)); }

static void add_point(gr_crowds *c, const json_t *point)
{
    double procs = gr_json_number(point, "procs"), t = gr_json_number(point, "median");
    double work = gr_json_number(point, "work"), lo = gr_json_number(point, "lo");
    double hi = gr_json_number(point, "hi"), before = c->n ? c->procs[c->n - 1] : 0;
    bool fits = c->n ? procs > before : procs == 1;
    if (!fits || !isfinite(procs) || !(t > 0 && t < INFINITY && work > 0 && work < INFINITY))
        return;
    if (c->n == GR_CROWDS) return;
    c->procs[c->n] = procs, c->seconds[c->n] = t, c->work[c->n] = work;
    c->lo[c->n] = lo > 0 ? lo : t, c->hi[c->n] = hi > 0 && hi < INFINITY ? hi : t;
    c->size[c->n] = gr_json_number(point, "n");
    c->gain[c->n] = work / t / (c->work[0] / c->seconds[0]);
    c->n++;
}

static gr_crowds crowds_of(const json_t *points)
{
    gr_crowds c = {.n = 0};
    const json_t *point;
    size_t i;
    json_array_foreach(points, i, point) add_point(&c, point);
    return c;
}

// Times as if the work had grown just as the ranks did: sizes are whole numbers.
static void equal_shares(const gr_crowds *c, double *seconds)
{
    for (size_t i = 0; i < c->n; i++) seconds[i] = c->seconds[0] * c->procs[i] / c->gain[i];
}

gr_study gr_study_of(const gr_report_run *run, size_t which)
{
    const json_t *j = json_array_get(studies_of(run), which);
    gr_study s = {.ladder = gr_json_text(j, "ladder"),
                  .rung = gr_json_text(j, "rung"),
                  .n_name = gr_json_text(j, "n_name"),
                  .why = gr_json_text(j, "why"),
                  .strong = crowds_of(json_object_get(j, "strong")),
                  .weak = crowds_of(json_object_get(j, "weak"))};
    double seconds[GR_CROWDS];
    s.amdahl = gr_amdahl_fit(s.strong.procs, s.strong.gain, s.strong.n);
    s.gustafson = gr_gustafson_fit(s.weak.procs, s.weak.gain, s.weak.n);
    if (gr_overhead_fit(s.strong.procs, s.strong.seconds, s.strong.n, false, &s.over))
        s.over.error = NAN;
    equal_shares(&s.weak, seconds);
    if (gr_overhead_fit(s.weak.procs, seconds, s.weak.n, true, &s.weak_over))
        s.weak_over.error = NAN;
    return s;
}

bool gr_study_shows(const gr_study *study) { return study->strong.n > 1 && study->weak.n > 1; }

// ---- a plot ------------------------------------------------------------------------------------

static void put_points(FILE *dat, const gr_crowds *c)
{
    fprintf(dat, "# ranks, efficiency, and its ends by this time's interval\n");
    for (size_t i = 0; i < c->n; i++) {
        double e = c->gain[i] / c->procs[i], t = c->seconds[i];
        fprintf(dat, "%g %.6g %.6g %.6g\n", c->procs[i], e, e * t / c->hi[i], e * t / c->lo[i]);
    }
}

static void put_axes(FILE *gp, const gr_crowds *c)
{
    gr_script_label(gp, "x", "ranks, log scale");
    gr_script_label(gp, "y", "efficiency: 1 is ideal");
    fprintf(gp, "set logscale x 2\nset xrange [0.9:%g]\nset yrange [0:1.65]\nset xtics (",
            c->procs[c->n - 1] * 1.12);
    for (size_t i = 0; i < c->n; i++) fprintf(gp, "%s%g", i ? ", " : "", c->procs[i]);
    fputs(")\nset ytics 0, 0.2, 1.2\nset key top right vertical maxrows 4 samplen 2 textcolor rgb "
          "\"" GR_GREY "\"\n",
          gp);
}

// The fitted overheads, where there are any, as efficiencies.
static void put_overheads(FILE *gp, const gr_study *s)
{
    const gr_overhead *o = &s->over, *w = &s->weak_over;
    if (o->error < INFINITY)
        fprintf(gp,
                "  %.6g/(x*(%.6g + %.6g/x + %.6g*log(x)/log(2))) with lines dashtype 3 linecolor "
                "rgb " GR_BLUE " title 'strong, fitted', \\\n",
                s->strong.seconds[0], o->constant, o->divided, o->growing);
    if (w->error < INFINITY)
        fprintf(gp,
                "  %.6g/(%.6g + %.6g*log(x)/log(2)) with lines dashtype 3 linecolor rgb \"" GR_GREY
                "\" title 'weak, fitted', \\\n",
                s->weak.seconds[0], w->constant, w->growing);
}

static double or_nothing(double part) { return isfinite(part) ? part : 0; }

void gr_study_write(const gr_study *study, const char *name, FILE *dat, FILE *gp)
{
    char title[120];
    put_points(dat, &study->strong);
    fputs("\n\n", dat);
    put_points(dat, &study->weak);
    snprintf(title, sizeof title, "%.40s, %.40s: the same and a growing problem", study->ladder,
             study->rung);
    gr_script_begin(gp, name, title, 520, 380);
    put_axes(gp, &study->strong);
    fprintf(gp,
            "serial = %.6g # the part that does not divide, by Amdahl's law\n"
            "growing = %.6g # ... by Gustafson's\n"
            "plot 1 with lines dashtype 2 linecolor rgb \"" GR_GREY "\" title 'ideal', \\\n"
            "  1/(serial*x + 1 - serial) with lines linecolor rgb " GR_PALE_BLUE
            " linewidth 2 title 'Amdahl, %s', \\\n"
            "  (x - growing*(x - 1))/x with lines linecolor rgb \"" GR_GREY
            "\" linewidth 1 title 'Gustafson, %s', \\\n",
            or_nothing(study->amdahl), or_nothing(study->gustafson),
            gr_words_percent(study->amdahl).s, gr_words_percent(study->gustafson).s);
    put_overheads(gp, study);
    fputs("  data index 0 using 1:2:3:4 with yerrorbars linecolor rgb " GR_BLUE
          " linewidth 1.5 pointtype 7 pointsize 0.6 title 'strong', \\\n"
          "  data index 1 using 1:2:3:4 with yerrorbars linecolor rgb \"" GR_GREY
          "\" linewidth 1.5 pointtype 5 pointsize 0.6 title 'weak'\n",
          gp);
}

static void say_crowds(const gr_crowds *c, const char *what, FILE *out)
{
    fprintf(out, " %s:", what);
    for (size_t i = 0; i < c->n; i++)
        fprintf(out, "%s on %g %s", i ? "," : "", c->procs[i],
                gr_words_percent(c->gain[i] / c->procs[i]).s);
    fputc('.', out);
}

void gr_study_say(const gr_study *study, FILE *out)
{
    fprintf(out, "Efficiency of %s, %s, by the number of ranks.", study->ladder, study->rung);
    say_crowds(&study->strong, "The same problem", out);
    say_crowds(&study->weak, "A growing problem", out);
}

// ---- the section -------------------------------------------------------------------------------

static void put_time(gr_page *page, const gr_crowds *c, size_t i)
{
    gr_text time = gr_words_seconds(c->seconds[i]);
    gr_text sure = gr_words("95%% sure: %s", gr_words_interval(c->lo[i], c->hi[i]).s);
    gr_page_cell(page, &(gr_cell){.text = time.s, .small = sure.s});
    gr_page_text(page, "%s", gr_words_percent(c->gain[i] / c->procs[i]).s);
}

// A growing problem ends where memory does.
static void put_grown(gr_page *page, const gr_crowds *c, size_t i)
{
    if (i < c->n) {
        gr_page_text(page, "%s", gr_words_count(c->size[i]).s);
        put_time(page, c, i);
    } else {
        for (int k = 0; k < 3; k++) gr_page_text(page, "-");
    }
}

static void put_table(gr_page *page, const gr_study *s)
{
    static const gr_column columns[] = {{"Ranks", true, 8},       {"Same problem", true, 23},
                                        {"Efficiency", true, 12}, {"Karp-Flatt e", true, 12},
                                        {"Grown to", true, 12},   {"Growing problem", true, 23},
                                        {"Efficiency", true, 10}};
    gr_text caption =
        gr_words("The same problem has %s %.40s; the other's work grows with the ranks",
                 gr_words_count(s->strong.size[0]).s, s->n_name);
    gr_page_table(page, caption.s, columns, 7);
    for (size_t i = 0; i < s->strong.n; i++) {
        double p = s->strong.procs[i];
        gr_page_row(page);
        gr_page_text(page, "%s", gr_words_count(p).s);
        put_time(page, &s->strong, i);
        gr_page_text(page, "%s", gr_words_percent(gr_karp_flatt(p, s->strong.gain[i])).s);
        put_grown(page, &s->weak, i);
        gr_page_row_end(page);
    }
    gr_page_table_end(page);
}

static void put_laws(gr_page *page, const gr_study *s)
{
    const gr_overhead *o = &s->over, *w = &s->weak_over;
    gr_page_say(page, GR_ITEM,
                "does not divide: %s by Amdahl's law (same problem), %s by Gustafson's (growing)",
                gr_words_percent(s->amdahl).s, gr_words_percent(s->gustafson).s);
    if (o->error < INFINITY)
        gr_page_say(page, GR_ITEM, "same problem: t(p) = %s + %s / p + %s log2 p, off by %s",
                    gr_words_seconds(o->constant).s, gr_words_seconds(o->divided).s,
                    gr_words_seconds(o->growing).s, gr_words_percent(o->error).s);
    if (w->error < INFINITY)
        gr_page_say(page, GR_ITEM, "growing problem: t(p) = %s + %s log2 p, off by %s",
                    gr_words_seconds(w->constant).s, gr_words_seconds(w->growing).s,
                    gr_words_percent(w->error).s);
    if (!(o->error < INFINITY))
        gr_page_say(page, GR_ITEM,
                    "no overhead is fitted to %zu numbers of ranks: its three terms need four",
                    s->strong.n);
}

static void put_study(gr_page *page, const gr_report *report, size_t which)
{
    gr_study s = gr_study_of(&report->run, which);
    if (*s.why || !gr_study_shows(&s)) {
        gr_page_say(page, GR_PARAGRAPH, "`%.40s/%.40s` is left out: %.200s.", s.ladder, s.rung,
                    *s.why ? s.why : "it has no times on two numbers of ranks");
        return;
    }
    gr_page_say(page, GR_HEADING, "`%.40s/%.40s`, strong and weak", s.ladder, s.rung);
    put_table(page, &s);
    put_laws(page, &s);
    for (size_t i = 0; i < report->plots.n; i++)
        if (report->plots.plot[i].kind == GR_PLOT_STUDY && report->plots.plot[i].first == which)
            gr_page_figure(page, &report->plots.plot[i]);
}

void gr_part_studies(gr_page *page, const gr_report *report)
{
    if (!gr_studies(&report->run)) return;
    gr_page_say(
        page, GR_PARAGRAPH,
        "On MPI ranks, all in one job: the same rung with the same problem on more and more "
        "ranks (strong scaling), and with a problem whose work grows as they do (weak). A "
        "time is the longest of all ranks from a barrier on; medians; outputs were compared "
        "with those of the best rung on one core. The base is the same rung on one rank. "
        "Efficiency is the work done per time and rank, over that of one rank.");
    for (size_t i = 0; i < gr_studies(&report->run); i++) put_study(page, report, i);
    gr_page_say(page, GR_NOTE,
                "The fitted overhead is what each rank has to do, what they share, and talk in "
                "rounds, of which the best collectives need log2 p; no term is below 0.");
}
