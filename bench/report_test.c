// SPDX-License-Identifier: BSD-3-Clause
// Tests of the report, on an invented run: bench/testdata/run.json (run from the root folder).
#include "bench/report.h"
#include "bench/report_scaling.h"
#include "bench/report_file.h"
#include "bench/report_contest.h"
#include "bench/report_maps.h"
#include "bench/report_parts.h"
#include "bench/talk.h"
#include <ftw.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static char folder[128]; // of this test program, removed at its end
static json_t *fixture;

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    (void)status, (void)kind, (void)where;
    return remove(path);
}

static int set_up(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "%s/gradus-report-XXXXXX", P_tmpdir);
    fixture = json_load_file("bench/testdata/run.json", 0, NULL);
    return fixture && mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    json_decref(fixture);
    return nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static char *loaded; // by the last text_of

// The text of a file of the report; the caller frees it.
static char *text_of(const char *name)
{
    assert_int_equal(gr_file_read(folder, name, &loaded), GR_OK);
    return loaded;
}

static size_t count(const char *text, const char *word)
{
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, word)); at += strlen(word)) n++;
    return n;
}

// The text from `from` up to `to`, cut out of `text` in place.
static char *between(char *text, const char *from, const char *to)
{
    char *begin = strstr(text, from), *end = begin ? strstr(begin, to) : NULL;
    assert_non_null(end);
    *end = '\0';
    return begin;
}

static void write_fixture(void) { assert_int_equal(gr_report_write(fixture, folder), GR_OK); }

// ---- the files ---------------------------------------------------------------------------------

static size_t columns_of(const char *line)
{
    size_t n = 1;
    bool quoted = false;
    for (; *line && (quoted || *line != '\n'); line++) {
        quoted ^= *line == '"';
        n += *line == ',' && !quoted;
    }
    return n;
}

static void csv_has_a_line_per_point(void **state)
{
    (void)state;
    write_fixture();
    char *csv = text_of("points.csv");
    size_t columns = columns_of(csv), lines = 0;
    assert_int_equal(columns, 31);
    for (char *line = csv; *line; line = strchr(line, '\n') + 1, lines++)
        assert_int_equal(columns_of(line), columns);
    size_t points = json_array_size(json_object_get(fixture, "points"));
    assert_int_equal(lines, 1 + points + json_array_size(json_object_get(fixture, "peers")));

    const json_t *point = json_array_get(json_object_get(fixture, "points"), 0);
    double median = gr_json_number(json_object_get(point, "seconds"), "median");
    char start[128];
    snprintf(start, sizeof start, "\nrung,mandelbrot,boxed,500,100,1,none,0,ok,converged,%.9g,",
             median);
    assert_non_null(strstr(csv, start));
    assert_non_null(
        strstr(csv, "\"real and imaginary part in two doubles, <= 4 instead of cabs\""));
    assert_non_null(strstr(csv, "rung,mandelbrot,opencl,500,100,1,opencl,0,,skipped: no OpenCL "
                                "device,,,,,,,,,,,,,,,,,,,,,one work item a point\n"));
    free(csv);
}

static void markdown_has_each_point_once(void **state)
{
    (void)state;
    gr_report_run run;
    write_fixture();
    assert_int_equal(gr_report_open(&run, fixture), GR_OK);
    char *md = text_of("report.md"), *ladders = between(md, "## Ladders", "## Scaling");
    assert_int_equal(count(ladders, "\n| `"), run.n_points);
    assert_int_equal(count(ladders, "\n### "), run.n_groups);
    for (size_t i = 0; i < run.n_points; i++) {
        size_t same = 0;
        char cell[128];
        snprintf(cell, sizeof cell, "\n| `%s`%s: ", run.points[i].rung,
                 gr_point_workers(&run.points[i]).s);
        for (size_t k = 0; k < run.n_points; k++)
            same += !strcmp(gr_point_words(&run.points[k]).s, gr_point_words(&run.points[i]).s);
        assert_int_equal(count(ladders, cell), same);
    }
    free(md);
    gr_report_close(&run);
}

static void what_is_not_verified_has_no_time(void **state)
{
    (void)state;
    write_fixture();
    static const char *const files[] = {"report.md", "report.html", "points.csv"};
    for (int i = 0; i < 3; i++) {
        char *text = text_of(files[i]);
        assert_null(strstr(text, "13.1 ms")); // laplace/fork, which is wrong
        assert_null(strstr(text, "0.0131"));
        assert_non_null(strstr(text, "wrong: u"));
        free(text);
    }
    char *md = text_of("report.md");
    assert_non_null(strstr(md, "**NOT VALID: 34 of 35 points verified"));
    free(md);
}

static void talk_is_complete(void **state)
{
    (void)state;
    write_fixture();
    size_t rows = 0, groups = 0;
    for (const gr_talk_group *talk = gr_talk; talk->title; talk++, groups++)
        for (const gr_talk_row *row = talk->rows; row->kind != GR_TALK_GROUP_END; row++) rows++;
    char *md = text_of("report.md"), *talk = between(md, "## The talk", "## Ladders");
    assert_int_equal(count(talk, "\n| ") - count(talk, "\n| **") - 1, rows);
    assert_int_equal(count(talk, "\n| **"), groups);
    assert_non_null(strstr(talk, "| 74.3 s | 1.00x |"));
    assert_non_null(strstr(talk, "| 39.7 ms | 1870x |"));
    assert_non_null(strstr(talk, "| 3.89 s | 1.00x |"));
    assert_non_null(strstr(talk, "| 4.50x |"));
    assert_int_equal(count(talk, "lesson 07 is not built yet"), 9);
    assert_int_equal(count(talk, "lesson 09 is not built yet"), 0);
    free(md);
}

// A copy of a point of the run under another name.
static json_t *renamed(const char *from, const char *ladder, const char *rung)
{
    size_t i;
    json_t *point;
    json_array_foreach(json_object_get(fixture, "points"), i, point)
    {
        if (strcmp(gr_json_text(point, "rung"), from)) continue;
        json_t *copy = json_deep_copy(point);
        json_object_set_new(copy, "ladder", json_string(ladder));
        json_object_set_new(copy, "rung", json_string(rung));
        return copy;
    }
    return NULL;
}

// Where the talk prints a speedup only, ours is over the best time on one core: 3.67 / 2.10 ms.
static void a_speedup_is_over_the_best_serial_rung(void **state)
{
    (void)state;
    json_t *run = json_copy(fixture), *points = json_array();
    json_array_append_new(points, renamed("squares", "primes", "powers"));
    json_array_append_new(points, renamed("refill", "primes", "montgomery"));
    json_array_append_new(points, renamed("threads", "primes", "pool"));
    json_object_set_new(run, "points", points);
    assert_int_equal(gr_report_write(run, folder), GR_OK);
    char *md = text_of("report.md"), *talk = between(md, "Task pools", "\n\n");
    assert_non_null(strstr(talk, "| 4.50x |"));
    assert_non_null(strstr(talk, "| 1.75x |"));
    free(md);
    json_decref(run);
}

static void workers_are_shown_where_they_are_known(void **state)
{
    (void)state;
    write_fixture();
    char *md = text_of("report.md");
    char *workers = between(md, "## What each worker did", "## Map cost");
    assert_int_equal(count(workers, "\n### "), 1); // laplace/fork is wrong, so it is not shown
    assert_int_equal(count(workers, "\n| **"), 3); // each rung once, at its most workers
    assert_int_equal(count(workers, "\n| worker "), 8);
    assert_non_null(strstr(workers, "| **`fork` x 2: 1.50x the ideal time** |"));
    assert_non_null(strstr(workers, "| worker 0 | 1 | 1.40 ms | 1.60 ms | 53 % |"));
    assert_non_null(strstr(workers, "`dynamic`, fork x 4: 2.10x the"));
    assert_non_null(strstr(workers, "dynamic, fork x 4: worker 0 busy 1.10 ms, idle 930 us;"));
    assert_non_null(strstr(workers, "(plots/workers-mandelbrot-500.svg)"));
    free(md);
}

static void forecasts_stand_beside_times(void **state)
{
    (void)state;
    gr_report_run run;
    write_fixture();
    assert_int_equal(gr_report_open(&run, fixture), GR_OK);
    assert_int_equal(gr_maps_points(&run), 24);
    char said[160], *md = text_of("report.md"), *maps = between(md, "## Map cost", "## MPI");
    snprintf(said, sizeof said, "half were predicted to within %s.",
             gr_words_percent(gr_maps_error(&run)).s);
    assert_non_null(strstr(maps, said));
    assert_non_null(strstr(maps, "(plots/maps.svg)"));
    assert_non_null(strstr(maps, "| `fork` x 2 | 400 us | 11.0 us | 130 ns |"));
    assert_non_null(strstr(maps, "| `fork` x 1 | 16 | never | never |"));
    assert_int_equal(count(maps, "\n| `pool` |"), 1);
    gr_report_close(&run);

    json_t *busy = json_deep_copy(fixture), *p;
    size_t i;
    assert_null(strstr(maps, "Not judged"));
    json_array_foreach(json_object_get(json_object_get(busy, "map"), "points"), i, p)
        json_object_set_new(p, "serial", json_real(2 * gr_json_number(p, "serial")));
    assert_int_equal(gr_report_write(busy, folder), GR_OK);
    free(md);
    md = text_of("report.md");
    assert_non_null(strstr(md, "took 2.00x their calibrated time"));
    free(md);
    json_decref(busy);

    json_t *old = json_deep_copy(fixture); // from before there were maps
    json_object_del(old, "map");
    assert_int_equal(gr_report_write(old, folder), GR_OK);
    md = text_of("report.md");
    assert_non_null(strstr(md, "Maps were not measured in this run"));
    free(md);
    json_decref(old);
}

static void collectives_are_held_to_promises(void **state)
{
    (void)state;
    write_fixture();
    char *md = text_of("report.md"), *mpi = between(md, "## MPI", "## What was not");
    assert_non_null(strstr(mpi, "2 ranks by mpirun (Open MPI 4.1.4), bound to: core."));
    assert_non_null(strstr(mpi, "Of 20000 calls 1000 (5.0 %) began late on some rank and are not "
                                "counted. All ranks read one clock, as far as messages can tell: "
                                "410 ns."));
    assert_non_null(strstr(mpi, "At 1 of 12 calls and sizes more than a quarter were late"));
    assert_non_null(strstr(mpi, "took 1.01 to 1.30 ms on them (medians): 1 of 2 ranks is slow."));
    assert_non_null(strstr(mpi, "| 1 | node2 | 1.30 ms (95% sure: 1.28 to 1.34 ms) | 1.01 ms |"));
    assert_null(strstr(mpi, "node1"));
    assert_int_equal(count(mpi, "all ranks together have too little memory"), 1);
    assert_non_null(strstr(mpi, "from 16 MiB on"));
    // `doubling` at all four sizes; everywhere else the library is faster.
    assert_non_null(strstr(mpi, "Of 12 calls and sizes, a method written by hand was surely faster "
                                "than MPI's own call at 4."));
    assert_non_null(strstr(
        mpi, "| `allreduce` | `reduce` + `bcast` | 1.33 | 2 MiB | broken at 2 of 4 sizes |"));
    assert_non_null(strstr(mpi, "| `reduce` | `allreduce` | 0.714 | 8 B | kept |"));
    assert_null(strstr(mpi, "| `gather` |")); // was not timed
    assert_non_null(strstr(mpi, "| 2 MiB | 289 us | 316 us | 263 us | 1.10 |"));
    assert_non_null(strstr(mpi, "`native`: 1.00 us + n / (8.00 G byte/s), off by 0.0 %"));
    assert_non_null(strstr(mpi, "(plots/collective-bcast.svg)"));
    assert_non_null(strstr(mpi, "| 1 MiB | 135 us | 7.76 G byte/s |"));
    assert_non_null(strstr(mpi, "up to 8 KiB: 500 ns + n / (2.00 G byte/s), off by 0.0 %"));
    assert_non_null(strstr(mpi, "beyond 8 KiB: 4.00 us + n / (8.00 G byte/s), off by 0.0 %"));
    assert_non_null(strstr(mpi, "(plots/messages.svg)"));
    free(md);

    json_t *none = json_deep_copy(fixture),
           *sync = json_object_get(json_object_get(none, "mpi"), "sync");
    json_object_set_new(sync, "starts", json_integer(0));
    json_object_set_new(sync, "why", json_string("more ranks than processors"));
    assert_int_equal(gr_report_write(none, folder), GR_OK);
    md = text_of("report.md");
    assert_non_null(strstr(md, "from a barrier on, not from an agreed moment: more ranks than"));
    free(md);
    json_decref(none);
}

static void scaling_is_strong_and_weak(void **state)
{
    (void)state;
    gr_report_run run;
    write_fixture();
    assert_int_equal(gr_report_open(&run, fixture), GR_OK);
    assert_int_equal(gr_studies(&run), 2);
    gr_study s = gr_study_of(&run, 0), none = gr_study_of(&run, 1);
    assert_int_equal(s.strong.n, 5);
    assert_int_equal(s.weak.n, 5);
    assert_true(gr_study_shows(&s) && !gr_study_shows(&none));
    // The fixture's times are 0.2 ms + 8 ms / p + 0.1 ms log2 p, and 8.2 ms + 0.2 ms log2 p.
    assert_true(fabs(s.over.constant / 2e-4 - 1) < 1e-3 && fabs(s.over.divided / 8e-3 - 1) < 1e-3);
    assert_true(fabs(s.over.growing / 1e-4 - 1) < 1e-3);
    assert_true(fabs(s.weak_over.growing / 2e-4 - 1) < 1e-3 && s.weak_over.divided == 0);
    gr_report_close(&run);
    char *md = text_of("report.md"), *part = between(md, "strong and weak", "## What each");
    assert_non_null(strstr(part, "| 2 | 4.30 ms (95% sure: 4.21 to 4.43 ms) | 95 % | 4.9 % | 707 | "
                                 "8.42 ms (95% sure: 8.25 to 8.67 ms) | 98 % |"));
    assert_non_null(strstr(part, "does not divide: 5.9 % by Amdahl's law"));
    assert_non_null(strstr(part, "t(p) = 200 us + 8.00 ms / p + 100 us log2 p, off by 0.0 %"));
    assert_non_null(strstr(part, "(plots/strong-weak-jacobi-mpi.svg)"));
    assert_non_null(strstr(part, "`jacobi/shared` is left out: ranks on several nodes share no"));
    free(md);
}

// Two numbers of ranks are enough for efficiencies and laws, not for three terms.
static void two_numbers_of_ranks_have_no_fit(void **state)
{
    (void)state;
    json_t *two = json_deep_copy(fixture);
    json_t *study = json_array_get(json_object_get(json_object_get(two, "scaling"), "studies"), 0);
    json_array_remove(json_object_get(study, "weak"), 4); // memory ended there
    assert_int_equal(gr_report_write(two, folder), GR_OK);
    char *short_md = text_of("report.md");
    assert_non_null(
        strstr(short_md, "| 8 | 1.50 ms (95% sure: 1.47 to 1.55 ms) | 68 % | 6.6 % | - | - | - |"));
    free(short_md);
    for (int k = 4; k > 1; k--) {
        json_array_remove(json_object_get(study, "strong"), (size_t)k);
        json_array_remove(json_object_get(study, "weak"), (size_t)k);
    }
    assert_int_equal(gr_report_write(two, folder), GR_OK);
    char *md = text_of("report.md");
    assert_non_null(strstr(md, "no overhead is fitted to 2 numbers of ranks"));
    assert_non_null(strstr(md, "does not divide: 4.9 % by Amdahl's law"));
    assert_null(strstr(md, "log2 p, off by"));
    free(md);
    json_decref(two);
}

static void solvers_are_compared(void **state)
{
    (void)state;
    gr_report_run run;
    write_fixture();
    assert_int_equal(gr_report_open(&run, fixture), GR_OK);
    assert_int_equal(gr_contest_solvers(&run), 3);
    gr_report_close(&run);
    char *md = text_of("report.md"), *part = between(md, "## Solvers", "## What was not");
    assert_non_null(strstr(part, "in 10 dimensions, moved and turned by 2 seeds"));
    assert_non_null(strstr(part, "| quadratic | 70 | 100 |"));
    assert_non_null(strstr(part, "| swarm | 1700 (1 of 2) | - |"));
    assert_non_null(strstr(part, "| bobyqa (NLopt) | 31 | 850 |"));
    assert_non_null(strstr(part, "Left out: solver nlopt: built without NLopt"));
    assert_non_null(strstr(part, "(plots/contest.svg)"));
    assert_non_null(strstr(part, "| neldermead and LN\\_NELDERMEAD | sphere, 10 | 200 ns (190 to "
                                 "210 ns) | 500 ns (480 to 520 ns) | 2.50x (2.40x to 2.60x) |"));
    assert_non_null(strstr(part, "quadratic: 100 %. swarm: 27 %. bobyqa (NLopt): 100 %."));
    free(md);

    json_t *old = json_deep_copy(fixture); // from before there were contests
    json_object_del(old, "contest");
    assert_int_equal(gr_report_write(old, folder), GR_OK);
    md = text_of("report.md");
    assert_non_null(strstr(md, "Solvers were not compared in this run"));
    free(md);
    json_decref(old);
}

static void html_stands_alone(void **state)
{
    (void)state;
    write_fixture();
    char *html = text_of("report.html");
    assert_null(strstr(html, "http"));
    assert_null(strstr(html, "<script"));
    assert_null(strstr(html, "<link"));
    assert_null(strstr(html, "<img"));
    assert_null(strstr(html, "url("));
    assert_null(strstr(html, "xmlns"));
    assert_null(strstr(html, "<b>"));
    assert_non_null(strstr(html, "&lt;b&gt;&amp;amp; | &quot;quoted&quot; <code>tick</code>"));
    assert_non_null(strstr(html, "</html>\n"));
    assert_int_equal(count(html, "<figure"), count(html, "</figure>"));
    assert_int_equal(count(html, "<figure"), count(html, "aria-label=\"") - 1); // one is of <nav>
    assert_int_equal(count(html, "<defs>"), 1);
    assert_int_equal(count(html, "<table"), count(html, "</table>"));
    assert_int_equal(count(html, "<tr"), count(html, "</tr>"));
    assert_int_equal(count(html, "<td"), count(html, "</td>"));
    assert_int_equal(count(html, "<ul>"), count(html, "</ul>"));
    assert_int_equal(count(html, "<dl>"), count(html, "</dl>"));
    free(html);
}

static void rules_are_judged(void **state)
{
    (void)state;
    write_fixture();
    char *md = text_of("report.md"), *rules = between(md, "## Twelve rules", "## How to");
    assert_int_equal(count(rules, "| met |"), 9);
    assert_int_equal(count(rules, "| not met |"), 3);
    assert_non_null(strstr(rules, "| not met | 33 of 34 times have a 95% interval"));
    assert_non_null(strstr(rules, "| not met | 0 of 3 latencies"));
    free(md);
}

static void words_of_the_house(void **state)
{
    (void)state;
    write_fixture();
    char *md = text_of("report.md");
    assert_non_null(strstr(md, "95% sure: "));
    assert_non_null(strstr(md, "no difference resolved ("));
    assert_null(strstr(md, "significant"));
    assert_null(strstr(md, "+-"));
    assert_null(strstr(md, "\302\261")); // plus-minus
    assert_null(strstr(md, "nan "));
    free(md);
}

// ---- the terminal ------------------------------------------------------------------------------

static char *printed(const json_t *document, bool colour, int columns)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    assert_int_equal(gr_report_print(document, out, colour, columns), GR_OK);
    fclose(out);
    return text;
}

static void terminal_lines_fit(void **state)
{
    (void)state;
    for (int columns = 60; columns <= 160; columns += 20) {
        char *text = printed(fixture, false, columns);
        assert_null(strchr(text, '\033'));
        for (char *line = text; *line; line += strcspn(line, "\n") + 1)
            assert_true((int)strcspn(line, "\n") <= columns);
        assert_non_null(strstr(text, "skipped: no OpenCL"));
        free(text);
    }
    char *text = printed(fixture, true, 100);
    assert_non_null(strchr(text, '\033'));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_has_a_line_per_point),
        cmocka_unit_test(markdown_has_each_point_once),
        cmocka_unit_test(what_is_not_verified_has_no_time),
        cmocka_unit_test(talk_is_complete),
        cmocka_unit_test(a_speedup_is_over_the_best_serial_rung),
        cmocka_unit_test(workers_are_shown_where_they_are_known),
        cmocka_unit_test(forecasts_stand_beside_times),
        cmocka_unit_test(collectives_are_held_to_promises),
        cmocka_unit_test(scaling_is_strong_and_weak),
        cmocka_unit_test(two_numbers_of_ranks_have_no_fit),
        cmocka_unit_test(solvers_are_compared),
        cmocka_unit_test(html_stands_alone),
        cmocka_unit_test(rules_are_judged),
        cmocka_unit_test(words_of_the_house),
        cmocka_unit_test(terminal_lines_fit),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
