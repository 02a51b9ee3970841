// SPDX-License-Identifier: BSD-3-Clause
#include "bench/journal.h"
#include "bench/store.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct event {
    char lesson[128], word[24], value[64], more[64];
    int step;
} event;

gr_status gr_journal_add(const char *lesson, int step, const char *word, const char *value,
                         const char *more)
{
    char now[32];
    time_t t = time(NULL);
    struct tm utc;
    gmtime_r(&t, &utc);
    strftime(now, sizeof now, "%Y-%m-%dT%H:%M:%SZ", &utc);
    GR_TRY(gr_make_folder("results"));
    FILE *out = fopen(GR_JOURNAL, "a");
    if (!out) return gr_fail_errno("cannot write " GR_JOURNAL);
    fprintf(out, "%s\t%s\t%d\t%s\t%s\t%s\n", now, lesson, step, word, value ? value : "-",
            more ? more : "-");
    if (fclose(out)) return gr_fail_errno("cannot write " GR_JOURNAL);
    return GR_OK;
}

// The next event that makes sense.
static bool read_event(FILE *in, event *e)
{
    char line[512];
    while (in && fgets(line, sizeof line, in)) {
        *e = (event){0};
        if (sscanf(line, "%*31[^\t]\t%127[^\t]\t%d\t%23[^\t]\t%63[^\t]\t%63[^\t\n]", e->lesson,
                   &e->step, e->word, e->value, e->more) == 5)
            return true;
    }
    return false;
}

static void take_event(gr_standing *s, const event *e)
{
    double value = atof(e->value);
    if (!strcmp(e->word, "pass")) {
        s->passed = true;
        s->ratio = fmax(s->ratio, value);
    } else if (!strcmp(e->word, "correct"))
        s->correct = true;
    else if (!strcmp(e->word, "skip"))
        s->skipped = true;
    else if (!strcmp(e->word, "check"))
        s->checks++;
    else if (!strcmp(e->word, "hint"))
        s->hints = (int)fmax(s->hints, value);
    else if (!strcmp(e->word, "solution"))
        s->solution_seen = true;
    else if (!strcmp(e->word, "explain"))
        s->explained = true;
    else if (!strcmp(e->word, "measured"))
        s->measured = value;
    else if (!strcmp(e->word, "guess"))
        s->guessed = true, s->guess = value;
    else if (!strcmp(e->word, "reset"))
        *s = (gr_standing){.hints = s->hints, .solution_seen = s->solution_seen};
}

gr_standing gr_journal_standing(const char *lesson, int step)
{
    gr_standing s = {0};
    event e;
    FILE *in = fopen(GR_JOURNAL, "r");
    while (read_event(in, &e))
        if (e.step == step && !strcmp(e.lesson, lesson)) take_event(&s, &e);
    if (in) fclose(in);
    return s;
}

bool gr_journal_place(char *lesson, int *step)
{
    bool found = false;
    event e;
    FILE *in = fopen(GR_JOURNAL, "r");
    while (read_event(in, &e))
        if (!strcmp(e.word, "at")) {
            found = true;
            memcpy(lesson, e.lesson, sizeof e.lesson);
            *step = e.step;
        }
    if (in) fclose(in);
    return found;
}

size_t gr_journal_guesses(double *off, size_t most)
{
    size_t n = 0;
    event e;
    FILE *in = fopen(GR_JOURNAL, "r");
    while (n < most && read_event(in, &e))
        if (!strcmp(e.word, "measured") && atof(e.value) > 0 && atof(e.more) > 0)
            off[n++] = fabs(log2(atof(e.more) / atof(e.value))); // value: measured, more: guessed
    if (in) fclose(in);
    return n;
}
