// SPDX-License-Identifier: BSD-3-Clause
// Records are written, cut, damaged and read again; whatever is in the file, reading ends in words.
#include "bench/points.h"
#include "bench/store.h"
#include "lib/rng.h"
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char root[] = "/tmp/gradus-store-XXXXXX", dir[64], path[96];

static json_t *header(void)
{
    return json_pack("{s:i, s:s, s:s, s:[{s:s, s:s, s:s, s:i, s:i, s:i, s:i}], s:[]}", "schema",
                     GR_SCHEMA, "run", "r", "build", "b", "tasks", "key", "l/a@5x1/1", "ladder",
                     "l", "rung", "a", "index", 0, "size", 5, "steps", 1, "procs", 1, "ladders");
}

static json_t *launch(int lap, double seconds)
{
    return json_pack("{s:i, s:s, s:[f], s:f, s:s}", "lap", lap, "key", "l/a@5x1/1", "seconds",
                     seconds, "work", 10.0, "verify", "ok");
}

static void fresh(void)
{
    static int n;
    snprintf(dir, sizeof dir, "%s/%d", root, n++);
    snprintf(path, sizeof path, "%s/raw.jsonl", dir);
    gr_store s;
    json_t *h = header();
    assert_int_equal(gr_store_new(&s, dir, h), GR_OK);
    for (int lap = 0; lap < 3; lap++)
        assert_int_equal(gr_store_append(&s, launch(lap, 1 + lap)), GR_OK);
    json_decref(h);
    gr_store_close(&s);
}

static void what_was_written_is_read(void **state)
{
    (void)state;
    gr_store s;
    fresh();
    assert_int_equal(gr_store_open(&s, dir, false), GR_OK);
    assert_int_equal(json_array_size(s.lines), 3);
    assert_false(s.cut);
    gr_store_close(&s);
    json_t *h = header();
    assert_int_equal(gr_store_new(&s, dir, h), GR_EARG); // there is one already
    json_decref(h);
}

static void a_cut_line_is_dropped_and_overwritten(void **state)
{
    (void)state;
    gr_store s;
    struct stat whole;
    fresh();
    stat(path, &whole);
    for (off_t less = 1; less < 60; less += 7) {
        assert_int_equal(truncate(path, whole.st_size - less), 0);
        assert_int_equal(gr_store_open(&s, dir, true), GR_OK);
        assert_true(s.cut);
        assert_int_equal(json_array_size(s.lines), 2);
        assert_int_equal(gr_store_append(&s, launch(2, 3)), GR_OK);
        gr_store_close(&s);
        assert_int_equal(gr_store_open(&s, dir, false), GR_OK);
        assert_int_equal(json_array_size(s.lines), 3);
        gr_store_close(&s);
        stat(path, &whole);
    }
}

static void a_full_disk_keeps_what_was_there(void **state)
{
    (void)state;
    gr_store s;
    struct stat before;
    struct rlimit old, small;
    fresh();
    stat(path, &before);
    assert_int_equal(gr_store_open(&s, dir, true), GR_OK);
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old);
    small = (struct rlimit){(rlim_t)before.st_size + 20, old.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
    gr_status status = gr_store_append(&s, launch(3, 4));
    setrlimit(RLIMIT_FSIZE, &old);
    assert_int_equal(status, GR_ESYS);
    gr_store_close(&s);
    assert_int_equal(gr_store_open(&s, dir, true), GR_OK); // the half line is cut off
    assert_int_equal(json_array_size(s.lines), 3);
    gr_store_close(&s);
}

static void an_unfinished_run_is_found(void **state)
{
    (void)state;
    gr_store s;
    char found[GR_PATH];
    json_t *h = header();
    fresh();
    assert_true(gr_store_unfinished(root, h, found));
    json_object_set_new(h, "build", json_string("another"));
    assert_false(gr_store_unfinished(root, h, found));
    json_decref(h);
    assert_false(gr_store_unfinished("/nowhere", NULL, found));
    (void)s;
}

// Bytes are changed, cut out or doubled at random; a document must come out, or words.
static void damage_ends_in_words(void **state)
{
    (void)state;
    char good[4096], bad[8192];
    fresh();
    FILE *in = fopen(path, "rb");
    size_t size = fread(good, 1, sizeof good, in);
    fclose(in);
    for (uint64_t round = 0; round < 3000; round++) {
        gr_rng rng = gr_rng_of(41, round);
        size_t n = size;
        memcpy(bad, good, size);
        for (size_t k = gr_rng_below(&rng, 4) + 1; k > 0; k--) {
            size_t at = gr_rng_below(&rng, n);
            if (gr_rng_below(&rng, 3))
                bad[at] = (char)gr_rng_below(&rng, 256);
            else
                n = at + 1;
        }
        FILE *out = fopen(path, "wb");
        fwrite(bad, 1, n, out);
        fclose(out);
        gr_store s;
        json_t *document = NULL;
        if (gr_store_open(&s, dir, false)) {
            assert_true(strlen(gr_errmsg()) > 0);
            continue;
        }
        if (gr_points_of(&s, &document) == GR_OK) json_decref(document);
        gr_store_close(&s);
    }
}

static int make_root(void **state)
{
    (void)state;
    return mkdtemp(root) ? 0 : -1;
}

static int drop_root(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", root);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(a_cut_line_is_dropped_and_overwritten),
        cmocka_unit_test(a_full_disk_keeps_what_was_there),
        cmocka_unit_test(an_unfinished_run_is_found),
        cmocka_unit_test(damage_ends_in_words),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, make_root, drop_root);
}
