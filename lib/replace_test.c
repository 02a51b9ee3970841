// SPDX-License-Identifier: BSD-3-Clause
// Whatever goes wrong, the older file stays as it was and nothing is left beside it.
#include "lib/replace.h"
#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = P_tmpdir "/gradus-replace-XXXXXX";
static char path[64];

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder)) return -1;
    snprintf(path, sizeof path, "%s/file", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static int files_here(void)
{
    int n = 0;
    DIR *d = opendir(folder);
    for (struct dirent *e; d && (e = readdir(d));) n += e->d_name[0] != '.';
    if (d) closedir(d);
    return n;
}

static gr_status write_text(const char *text, bool complete)
{
    gr_replace file;
    GR_TRY(gr_replace_begin(&file, path));
    fputs(text, file.stream);
    return gr_replace_end(&file, complete);
}

static void assert_holds(const char *text)
{
    char got[64] = "";
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    size_t n = fread(got, 1, sizeof got - 1, in);
    fclose(in);
    got[n] = '\0';
    assert_string_equal(got, text);
    assert_int_equal(files_here(), 1);
}

static void the_new_text_stands_in_place_of_the_old(void **state)
{
    (void)state;
    assert_int_equal(write_text("old", true), GR_OK);
    assert_int_equal(write_text("new", true), GR_OK);
    assert_holds("new");
    struct stat about;
    mode_t mask = umask(0);
    umask(mask);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0666 & ~mask);
}

static void until_the_end_the_old_one_is_read(void **state)
{
    (void)state;
    gr_replace file;
    assert_int_equal(write_text("old", true), GR_OK);
    assert_int_equal(gr_replace_begin(&file, path), GR_OK);
    fputs("half", file.stream);
    fflush(file.stream);
    FILE *in = fopen(path, "r");
    assert_int_equal(getc(in), 'o');
    fclose(in);
    assert_int_equal(gr_replace_end(&file, false), GR_OK);
    assert_holds("old");
}

static void two_at_once_do_not_meet(void **state)
{
    (void)state;
    gr_replace a, b;
    assert_int_equal(gr_replace_begin(&a, path), GR_OK);
    assert_int_equal(gr_replace_begin(&b, path), GR_OK);
    fputs("first", a.stream);
    fputs("second", b.stream);
    assert_int_equal(gr_replace_end(&a, true), GR_OK);
    assert_int_equal(gr_replace_end(&b, true), GR_OK);
    assert_holds("second");
}

// In a child, whose files may hold 4096 bytes and no more: 0 if that was said.
static int write_too_much(void)
{
    gr_replace file;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){4096, 4096});
    if (gr_replace_begin(&file, path)) return 1;
    for (int i = 0; i < 100000; i++) putc('x', file.stream);
    if (gr_replace_end(&file, true) != GR_ESYS) return 2;
    return strstr(gr_errmsg(), path) ? 0 : 3;
}

static void no_room_leaves_the_old_one(void **state)
{
    (void)state;
    assert_int_equal(write_text("old", true), GR_OK);
    pid_t child = fork();
    if (child == 0) _exit(write_too_much());
    int how = -1;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_int_equal(how, 0);
    assert_holds("old");
}

static void where_no_file_can_be_is_said(void **state)
{
    (void)state;
    gr_replace file;
    assert_int_equal(gr_replace_begin(&file, "/nowhere/at/all"), GR_ESYS);
    assert_non_null(strstr(gr_errmsg(), "/nowhere/at/all"));
    assert_int_equal(gr_replace_begin(&file, folder), GR_ESYS);
    assert_int_equal(gr_replace_begin(&file, ""), GR_EARG);
    assert_null(file.stream);
}

static void a_pipe_is_written_to_and_stays(void **state)
{
    (void)state;
    gr_replace file;
    char pipe[80], got[8] = "";
    struct stat about;
    snprintf(pipe, sizeof pipe, "%s/pipe", folder);
    assert_int_equal(mkfifo(pipe, 0600), 0);
    FILE *reader = fopen(pipe, "r+"); // on Linux this does not wait for a writer
    assert_int_equal(gr_replace_begin(&file, pipe), GR_OK);
    fputs("words", file.stream);
    assert_int_equal(gr_replace_end(&file, true), GR_OK);
    assert_int_equal(fread(got, 1, 5, reader), 5);
    assert_string_equal(got, "words");
    fclose(reader);
    assert_int_equal(stat(pipe, &about), 0);
    assert_true(S_ISFIFO(about.st_mode));
    unlink(pipe);
}

static void a_full_device_is_said_and_stays(void **state)
{
    (void)state;
    gr_replace file;
    struct stat about;
    if (stat("/dev/full", &about) || !S_ISCHR(about.st_mode)) skip();
    assert_int_equal(gr_replace_begin(&file, "/dev/full"), GR_OK);
    fputs("words", file.stream);
    assert_int_equal(gr_replace_end(&file, true), GR_ESYS);
    assert_int_equal(stat("/dev/full", &about), 0);
    assert_true(S_ISCHR(about.st_mode));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_new_text_stands_in_place_of_the_old),
        cmocka_unit_test(until_the_end_the_old_one_is_read),
        cmocka_unit_test(two_at_once_do_not_meet),
        cmocka_unit_test(no_room_leaves_the_old_one),
        cmocka_unit_test(where_no_file_can_be_is_said),
        cmocka_unit_test(a_pipe_is_written_to_and_stays),
        cmocka_unit_test(a_full_device_is_said_and_stays),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
