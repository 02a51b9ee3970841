// SPDX-License-Identifier: BSD-3-Clause
// learn_help -- hints, solutions, a fresh start; checking at every save; timing the ladder.
#include "bench/child.h"
#include "bench/command.h"
#include "bench/learn.h"
#include "bench/store.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// ---- hints and solutions
// -------------------------------------------------------------------------

static gr_status print_part(const char *path, int part)
{
    FILE *in = fopen(path, "r");
    char line[512];
    int at = 1;
    if (!in) return gr_fail_errno("cannot read %s", path);
    while (fgets(line, sizeof line, in)) {
        if (!strncmp(line, "---", 3))
            at++;
        else if (at == part || part == 0)
            printf("  %s", line);
    }
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
    gr_status status = print_part(path, hint);
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
    gr_status status = print_part(gr_solution_path(d, path), 0);
    if (status) return gr_exit_of(status);
    if (!st.passed) gr_journal_add(d->lesson->name, d->step->number, "solution", NULL, NULL);
    printf("\nThat is %s. Next: make check\n", path);
    return GR_EXIT_OK;
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
    FILE *out = status ? NULL : fopen(path, "w");
    if (!status && (!out || fwrite(child.out, 1, child.out_size, out) != child.out_size))
        status = gr_fail_errno("cannot write %s", path);
    if (out && fclose(out) && !status) status = gr_fail_errno("cannot write %s", path);
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

int gr_learn_watch(gr_desk *d)
{
    char path[256];
    gr_exercise_path(d, path);
    unsigned long long seen = 0;
    gr_catch_interrupts();
    printf("watching %s; save it and it is checked; ^C ends\n", path);
    while (!gr_interrupted()) {
        unsigned long long now = content_hash(path);
        if (now != seen && gr_learn_check(d) == GR_EXIT_OK) return GR_EXIT_OK;
        seen = now;
        usleep(300000);
    }
    return 128 + gr_interrupted();
}

int gr_learn_time(gr_desk *d)
{
    char ladder[64], out[GR_PATH], self[GR_PATH];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length < 0) return gr_exit_of(gr_fail_errno("/proc/self/exe"));
    self[length] = '\0';
    snprintf(ladder, sizeof ladder, "%s", d->step->ladder);
    snprintf(out, sizeof out, "results/time-%s-%lld", d->lesson->name, (long long)time(NULL));
    execl(self, self, "bench", ladder, "--quick", "--budget", "60s", "--out", out, (char *)NULL);
    return gr_exit_of(gr_fail_errno("cannot start %s", self));
}
