// SPDX-License-Identifier: BSD-3-Clause
// learn_help -- hints, solutions, a fresh start; checking at every save; timing the ladder.
#include "bench/child.h"
#include "bench/command.h"
#include "bench/learn.h"
#include "bench/store.h"
#include "bench/workshop.h"
#include "lib/ladder.h"
#include "lib/replace.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// ---- hints and solutions
// -------------------------------------------------------------------------

static void print_paragraph(char *text)
{
    if (!*text) return;
    printf("  ");
    gr_print_wrapped(text, 2);
    *text = '\0';
}

// Part `part` of a file parted by lines ---. Lines that begin with a blank are code and stay as
// they are; what stands between them is wrapped.
static gr_status print_hint(const char *path, int part)
{
    FILE *in = fopen(path, "r");
    char line[512], text[2048] = "";
    int at = 1;
    if (!in) return gr_fail_errno("cannot read %s", path);
    while (fgets(line, sizeof line, in)) {
        bool parts = !strncmp(line, "---", 3);
        size_t used = strlen(text);
        line[strcspn(line, "\n")] = '\0';
        at += parts;
        if (at != part || parts) continue;
        if (*line != ' ') {
            snprintf(text + used, sizeof text - used, "%s%s", used ? " " : "", line);
            continue;
        }
        print_paragraph(text);
        printf("  %s\n", line);
    }
    print_paragraph(text);
    fclose(in);
    return GR_OK;
}

static gr_status print_source(const char *path)
{
    FILE *in = fopen(path, "r");
    char line[512];
    if (!in) return gr_fail_errno("cannot read %s", path);
    while (fgets(line, sizeof line, in)) printf("  %s", line);
    fclose(in);
    return GR_OK;
}

int gr_learn_hint(gr_desk *d)
{
    gr_standing st = gr_journal_standing(d->lesson->name, d->step->number);
    char path[256], number[16];
    int hint = st.hints < 3 ? st.hints + 1 : 3;
    snprintf(path, sizeof path, "%s/hints%d.txt", d->lesson->dir, d->step->number);
    snprintf(number, sizeof number, "%d", hint);
    printf("Hint %d of 3\n", hint);
    gr_status status = print_hint(path, hint);
    if (status) return gr_exit_of(status);
    if (st.hints < 3) gr_journal_add(d->lesson->name, d->step->number, "hint", number, NULL);
    if (hint < 3)
        printf("Next: make check. Another hint: make hint (%d left)\n", 3 - hint);
    else
        printf("Next: make check. That was the last hint; ours: make solution\n");
    return GR_EXIT_OK;
}

int gr_learn_solution(gr_desk *d)
{
    gr_standing st = gr_journal_standing(d->lesson->name, d->step->number);
    char path[256];
    if (!st.passed && !d->sure && st.hints < 3) {
        printf("%d hint%s left. Show the solution anyway? make solution SURE=1\n", 3 - st.hints,
               st.hints == 2 ? "" : "s");
        return GR_EXIT_OK;
    }
    gr_status status = print_source(gr_solution_path(d, path));
    if (status) return gr_exit_of(status);
    if (!st.passed) gr_journal_add(d->lesson->name, d->step->number, "solution", NULL, NULL);
    printf("\nThat is %s. Next: make %s\n", path, st.passed ? "next" : "check");
    return GR_EXIT_OK;
}

static gr_status write_whole(const char *path, const char *text, size_t size)
{
    gr_replace file;
    GR_TRY(gr_replace_begin(&file, path));
    if (size) fwrite(text, 1, size, file.stream); // a failure stays in the stream
    return gr_replace_end(&file, true);
}

// Puts the exercise back as it was shipped; the learner's file is kept beside the journal.
int gr_learn_reset(gr_desk *d)
{
    char path[256], name[300], kept[300], now[32];
    gr_child child;
    time_t t = time(NULL);
    struct tm utc;
    gmtime_r(&t, &utc);
    strftime(now, sizeof now, "%Y%m%d-%H%M%S", &utc);
    gr_exercise_path(d, path);
    snprintf(name, sizeof name, "HEAD:%s", path);
    snprintf(kept, sizeof kept, "results/kept/%s-%s-%.60s", d->lesson->name, now, d->step->file);
    gr_status status = gr_child_run((char *[]){"git", "show", name, NULL}, 20, &child);
    if (!status && child.exit_code)
        status =
            gr_fail(GR_EUNSUP,
                    "reset: the shipped %s is not in a git checkout here; unpack it again", path);
    if (!status) status = gr_make_folder("results/kept");
    if (!status && rename(path, kept) && errno != ENOENT)
        status = gr_fail_errno("cannot move %s", path);
    if (!status) status = write_whole(path, child.out, child.out_size);
    gr_child_free(&child);
    if (status) return gr_exit_of(status);
    gr_journal_add(d->lesson->name, d->step->number, "reset", NULL, NULL);
    printf("%s is as shipped again. Yours is kept: %s\nNext: edit, then make check\n", path, kept);
    return GR_EXIT_OK;
}

// ---- watch, time, report
// -------------------------------------------------------------------------

// Size and time alone can miss a save on coarse file systems; the content cannot.
static unsigned long long content_hash(const char *path)
{
    unsigned long long hash = 0xcbf29ce484222325u;
    FILE *in = fopen(path, "r");
    for (int c; in && (c = getc(in)) != EOF;) hash = (hash ^ (unsigned)c) * 0x100000001b3u;
    if (in) fclose(in);
    return hash;
}

static void print_time(void)
{
    char text[16];
    time_t now = time(NULL);
    struct tm local;
    localtime_r(&now, &local);
    strftime(text, sizeof text, "%H:%M:%S", &local);
    printf("\n---- %s ----\n", text);
}

int gr_learn_watch(gr_desk *d)
{
    char path[256];
    gr_exercise_path(d, path);
    unsigned long long seen = 0;
    gr_catch_interrupts();
    printf("watching %s; save it and it is checked; ^C ends\n", path);
    while (!gr_interrupted()) {
        unsigned long long now = content_hash(path);
        if (now != seen && seen) print_time();
        if (now != seen && gr_learn_check(d) == GR_EXIT_OK) return GR_EXIT_OK;
        seen = now;
        usleep(300000);
    }
    return 128 + gr_interrupted();
}

// The ladders that can be timed: the step's own, or, if that one cannot, all of its lesson's.
static int timed_ladders(const gr_desk *d, char *names[GR_LESSONS])
{
    int n = 0;
    for (const gr_ladder *const *l = gr_ladders; *l; l++)
        if ((*l)->sizes[0].n && !strcmp((*l)->name, d->step->ladder))
            names[n++] = (char *)(*l)->name;
    if (n) return n;
    for (const gr_ladder *const *l = gr_ladders; *l && n < GR_LESSONS; l++)
        if ((*l)->sizes[0].n && !strcmp((*l)->lesson, d->lesson->name))
            names[n++] = (char *)(*l)->name;
    if (n) printf("`%s` is not timed; here are this lesson's ladders that are.\n", d->step->ladder);
    fflush(stdout);
    return n;
}

int gr_learn_time(gr_desk *d)
{
    char out[GR_PATH],
        *argv[GR_LESSONS + 8] = {gr_self(), "bench", "--quick", "--budget", "60s", "--out", out};
    if (!timed_ladders(d, argv + 7))
        return printf("No ladder of this lesson is timed. Next: make check\n"), GR_EXIT_OK;
    snprintf(out, sizeof out, "results/time-%s-%lld", d->lesson->name, (long long)time(NULL));
    execv(argv[0], argv);
    return gr_exit_of(gr_fail_errno("cannot start %s", argv[0]));
}
