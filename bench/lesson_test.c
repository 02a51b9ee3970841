// SPDX-License-Identifier: BSD-3-Clause
// Lesson files: what is said is read, what is wrong is named, and no damage crashes the reader.
#include "bench/lesson.h"
#include "bench/store.h"
#include "lib/rng.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char root[] = "/tmp/gradus-lesson-XXXXXX";

static const char good[] =
    "# a comment\ntitle = A lesson\nslide = a slide\nminutes = 5\n\nstep = 1\ntitle = one\n"
    "file = exercise1.c\nladder = l\nbaseline = b\nsize = 100\ntarget = 0.7\nworkers = all\n"
    "goal = Do this,\n and that.\nwhy = Because.\nguess = How much?\nguess_why = a | b c | d\n"
    "explain = What?\nchoice = x\nchoice = y\nanswer = 2\nbecause = so\n";

static gr_status read_text(gr_lesson *l, const char *text, size_t size)
{
    char path[128];
    snprintf(path, sizeof path, "%s/lessons/01_x", root);
    assert_int_equal(gr_make_folder(path), GR_OK);
    strcat(path, "/lesson.conf");
    FILE *out = fopen(path, "wb");
    fwrite(text, 1, size, out);
    fclose(out);
    return gr_lesson_read(l, root, "01_x");
}

static void what_is_said_is_read(void **state)
{
    (void)state;
    gr_lesson l;
    assert_int_equal(read_text(&l, good, sizeof good - 1), GR_OK);
    assert_string_equal(l.title, "A lesson");
    assert_string_equal(l.name, "01_x");
    assert_int_equal(l.steps, 1);
    assert_string_equal(l.step[0].goal, "Do this,  and that.");
    assert_true(l.step[0].all_workers && l.step[0].size == 100 && l.step[0].target == 0.7);
    assert_int_equal(l.step[0].guess_whys, 3);
    assert_string_equal(l.step[0].guess_why[1], "b c");
    assert_string_equal(l.step[0].choice[l.step[0].answer - 1], "y");
    gr_lesson_free(&l);
}

static void refused(const char *text, const char *words)
{
    gr_lesson l;
    assert_int_equal(read_text(&l, text, strlen(text)), GR_EDATA);
    if (!strstr(gr_errmsg(), words)) fail_msg("expected '%s' in: %s", words, gr_errmsg());
}

static void what_is_wrong_is_named(void **state)
{
    (void)state;
    refused("title = t\nstep = 1\nsise = 3\n", "line 3: unknown key 'sise'");
    refused("title = t\nstep = 2\n", "step 2: expected 1");
    refused("title = t\nnonsense\n", "expected key = value");
    refused("title = t\nstep = 1\ntitle = a\n", "step 1 has no 'file'");
    refused("title = t\n", "no title or no steps");
    refused("title = t\nstep = 1\ntarget = 2\n", "a share up to 1");
    refused("title = t\nstep = 1\nsize = many\n", "whole number");
    refused("title = t\nstep = "
            "1\ntitle=a\nfile=f\nladder=l\ngoal=g\nwhy=w\nexplain=e\nchoice=x\nanswer=1\n",
            "choices");
}

static void damage_ends_in_words(void **state)
{
    (void)state;
    for (uint64_t round = 0; round < 3000; round++) {
        char bad[sizeof good];
        gr_rng rng = gr_rng_of(43, round);
        memcpy(bad, good, sizeof good);
        for (size_t k = gr_rng_below(&rng, 6) + 1; k > 0; k--)
            bad[gr_rng_below(&rng, sizeof good - 1)] = (char)gr_rng_below(&rng, 256);
        gr_lesson l;
        if (read_text(&l, bad, gr_rng_below(&rng, sizeof good)) == GR_OK)
            gr_lesson_free(&l);
        else
            assert_true(strlen(gr_errmsg()) > 0);
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
        cmocka_unit_test(what_is_said_is_read),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(damage_ends_in_words),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, make_root, drop_root);
}
