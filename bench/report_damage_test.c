// SPDX-License-Identifier: BSD-3-Clause
// Tests of the report where things are missing, damaged or full: the invented run of
// bench/testdata/run.json is harmed at random, the disk by a limit (run from the root folder).
#include "bench/report.h"
#include "bench/report_file.h"
#include "bench/report_parts.h"
#include <ftw.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
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

static void write_fixture(void) { assert_int_equal(gr_report_write(fixture, folder), GR_OK); }

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

static uint64_t random_state = 1;

static size_t below(size_t n)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (size_t)(random_state % n);
}

static json_t *odd_value(void)
{
    switch (below(8)) {
    case 0:
        return json_null();
    case 1:
        return json_real(-1.5);
    case 2:
        return json_real(1e300);
    case 3:
        return json_integer(0);
    case 4:
        return json_string("</td>`|\"<script>\n,");
    case 5:
        return json_array();
    case 6:
        return json_object();
    default:
        return json_true();
    }
}

// Takes a random way down the document and removes or replaces what it ends at.
static void damage(json_t *at)
{
    for (;;) {
        json_t *child = NULL;
        const char *key = NULL;
        size_t n = json_is_array(at) ? json_array_size(at) : json_object_size(at);
        if (!n) return;
        size_t pick = below(n);
        if (json_is_array(at)) {
            child = json_array_get(at, pick);
        } else {
            void *it = json_object_iter(at);
            while (pick--) it = json_object_iter_next(at, it);
            key = json_object_iter_key(it);
            child = json_object_iter_value(it);
        }
        bool deeper = (json_is_array(child) || json_is_object(child)) && below(6);
        if (deeper) {
            at = child;
            continue;
        }
        if (key && below(2))
            json_object_del(at, key);
        else if (key)
            json_object_set_new(at, key, odd_value());
        else
            json_array_set_new(at, below(n), odd_value());
        return;
    }
}

// The pages and the table in memory, without plots.
static void render(const json_t *document)
{
    static const gr_page_type *const types[] = {&gr_page_html, &gr_page_markdown};
    gr_report report = {.dir = folder};
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    assert_int_equal(gr_report_open(&report.run, document), GR_OK);
    for (int i = 0; i < 2; i++) {
        gr_page page = {.type = types[i], .out = out, .dir = folder};
        gr_report_page(&page, &report);
        assert_int_equal(page.status, GR_OK);
        assert_int_equal(fflush(out), 0);
        if (types[i] == &gr_page_html) assert_null(strstr(text, "<script"));
    }
    gr_report_csv(out, &report.run);
    gr_report_close(&report.run);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(count(text, "</html>"), 1);
    free(text);
}

#ifdef __SANITIZE_ADDRESS__ // ten times as slow, and as watchful
enum { ROUNDS = 100 };
#else
enum { ROUNDS = 2000 };
#endif

static void damaged_documents_are_harmless(void **state)
{
    (void)state;
    char *path = strdup(getenv("PATH") ? getenv("PATH") : "");
    setenv("PATH", "nowhere", 1); // no gnuplot: each round takes milliseconds
    for (int round = 0; round < ROUNDS; round++) {
        json_t *document = json_deep_copy(fixture);
        for (size_t n = 1 + below(12); n > 0; n--) damage(document);
        render(document);
        if (round % 20 == 0) assert_int_equal(gr_report_write(document, folder), GR_OK);
        free(printed(document, false, (int)below(140)));
        json_decref(document);
    }
    setenv("PATH", path, 1);
    free(path);
}

static void plots_survive_damage(void **state)
{
    (void)state;
    for (int round = 0; round < 6; round++) {
        json_t *document = json_deep_copy(fixture);
        for (size_t n = 1 + below(12); n > 0; n--) damage(document);
        assert_int_equal(gr_report_write(document, folder), GR_OK);
        json_decref(document);
    }
}

static void nearly_empty_documents(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{}", "{\"points\":[]}", "{\"points\":[null,1,\"x\",[],{}]}",
        "{\"points\":[{\"ladder\":\"a\",\"rung\":\"b\",\"seconds\":{\"median\":1},\"verify\":"
        "\"ok\"}]}",
        "{\"points\":[{\"ladder\":\"../a/b\",\"rung\":\"'; exit\",\"size\":3,\"seconds\":"
        "{\"median\":1,\"launches\":1,\"launch_medians\":[1],\"range\":{\"lo\":1,\"hi\":1}},"
        "\"verify\":\"ok\",\"status\":\"converged\"}]}"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        json_t *document = json_loads(texts[i], 0, NULL);
        assert_int_equal(gr_report_write(document, folder), GR_OK);
        free(printed(document, false, 80));
        json_decref(document);
    }
    assert_int_equal(gr_report_write(NULL, folder), GR_EDATA);
}

static void without_gnuplot_it_says_so(void **state)
{
    (void)state;
    char *path = strdup(getenv("PATH") ? getenv("PATH") : "");
    setenv("PATH", "nowhere", 1);
    write_fixture();
    setenv("PATH", path, 1);
    free(path);
    char *md = text_of("report.md"), *html = text_of("report.html");
    assert_non_null(strstr(md, "There are no plots: gnuplot is not installed"));
    assert_non_null(strstr(html, "gnuplot is not installed"));
    assert_null(strstr(html, "<figure"));
    free(md);
    free(html);
}

static void full_disk_is_one_clear_failure(void **state)
{
    (void)state;
    write_fixture();
    char *before = text_of("report.md");
    struct rlimit old, tight;
    getrlimit(RLIMIT_FSIZE, &old);
    tight = (struct rlimit){10000, old.rlim_max};
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &tight);
    gr_status status = gr_report_write(fixture, folder);
    setrlimit(RLIMIT_FSIZE, &old);
    signal(SIGXFSZ, handler);
    assert_int_equal(status, GR_ESYS);
    assert_non_null(strstr(gr_errmsg(), "cannot write"));
    assert_non_null(strstr(gr_errmsg(), "report.md"));
    char *after = text_of("report.md");
    assert_string_equal(before, after); // the older report is whole
    char left[256];
    snprintf(left, sizeof left, "%s/report.md.new", folder);
    assert_int_not_equal(access(left, F_OK), 0);
    free(before);
    free(after);
}

static void folder_that_cannot_be_made(void **state)
{
    (void)state;
    char path[256];
    write_fixture();
    snprintf(path, sizeof path, "%s/points.csv/run", folder);
    assert_int_equal(gr_report_write(fixture, path), GR_ESYS);
    assert_non_null(strstr(gr_errmsg(), "cannot make the folder"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nearly_empty_documents),
        cmocka_unit_test(damaged_documents_are_harmless),
        cmocka_unit_test(plots_survive_damage),
        cmocka_unit_test(without_gnuplot_it_says_so),
        cmocka_unit_test(full_disk_is_one_clear_failure),
        cmocka_unit_test(folder_that_cannot_be_made),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
