// SPDX-License-Identifier: BSD-3-Clause
// learn_place -- where the learner is, what is next, what has been reached.
#include "bench/command.h"
#include "bench/learn.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

// ---- where am I
// ----------------------------------------------------------------------------------

static bool behind(const gr_desk *d, int lesson, int step)
{
    gr_standing s =
        gr_journal_standing(d->lessons[lesson].name, d->lessons[lesson].step[step].number);
    return s.passed || s.skipped;
}

// "####......---]  3/13 steps, 1 skipped": # for those passed, . for those skipped.
static void bar(const gr_desk *d, char *text, int width)
{
    int all = 0, past = 0, skipped = 0;
    for (int l = 0; l < d->n; l++)
        for (int s = 0; s < d->lessons[l].steps; s++, all++) {
            past += behind(d, l, s);
            skipped +=
                behind(d, l, s) &&
                !gr_journal_standing(d->lessons[l].name, d->lessons[l].step[s].number).passed;
        }
    int marks = past * width / (all ? all : 1), solid = (past - skipped) * width / (all ? all : 1);
    for (int i = 0; i < width; i++) text[i] = i < solid ? '#' : i < marks ? '.' : '-';
    char more[24] = "";
    if (skipped) snprintf(more, sizeof more, ", %d skipped", skipped);
    snprintf(text + width, 54, "]  %d/%d steps%s", past - skipped, all, more);
}

static void print_next(const gr_desk *d)
{
    char path[256];
    const gr_step *s = d->step;
    gr_standing st = gr_journal_standing(d->lesson->name, s->number);
    printf("  read   %s/README.md\n", d->lesson->dir);
    printf("  edit   %s\n", gr_exercise_path(d, path));
    printf("         ");
    gr_print_wrapped(s->goal, 9);
    if (s->guess && !st.guessed && !st.passed) printf("  first  make predict\n");
    if (st.passed)
        printf("  passed already: `make next` goes on\n");
    else
        printf("  then   make check         stuck? make hint (%d left)\n", 3 - st.hints);
}

int gr_learn_where(gr_desk *d)
{
    char text[80];
    bar(d, text, 26);
    printf("Gradus   [%s\n", text);
    printf("You are at  %s  step %d of %d  \"%s\"", d->lesson->dir, d->step->number,
           d->lesson->steps, d->step->title);
    if (d->step->minutes) printf("   about %d min", d->step->minutes);
    printf("\n");
    print_next(d);
    printf("\n  other words: ");
    gr_print_wrapped("make list, watch, time, solution, reset, skip, explain, report; make help",
                     15);
    return GR_EXIT_OK;
}

static const char *mark_of(gr_standing s)
{
    return s.passed    ? "done"
           : s.correct ? "correct"
           : s.skipped ? "skipped"
           : s.checks  ? "begun"
                       : "";
}

// How a step stands, `gap` blanks behind its title; nothing at all behind an untouched one.
static void print_marks(gr_standing s, int gap)
{
    char text[96] = "";
    size_t used = (size_t)snprintf(text, sizeof text, "%-8s", mark_of(s));
    if (s.ratio > 1) used += (size_t)snprintf(text + used, sizeof text - used, " %6.3gx", s.ratio);
    if (s.hints) used += (size_t)snprintf(text + used, sizeof text - used, "  hints %d", s.hints);
    if (s.solution_seen)
        used += (size_t)snprintf(text + used, sizeof text - used, "  solution seen");
    while (used && text[used - 1] == ' ') text[--used] = '\0';
    if (used) printf("%*s%s", gap > 1 ? gap : 1, "", text);
    putchar('\n');
}

int gr_learn_list(gr_desk *d)
{
    for (int l = 0; l < d->n; l++) {
        const gr_lesson *lesson = &d->lessons[l];
        printf("%s%-16s ", l ? "\n" : "", lesson->name);
        gr_print_wrapped(lesson->title, 17);
        if (lesson->slide) printf("%17sthe talk: ", "");
        if (lesson->slide) gr_print_wrapped(lesson->slide, 17);
        for (int i = 0; i < lesson->steps; i++) {
            gr_standing s = gr_journal_standing(lesson->name, lesson->step[i].number);
            bool here = lesson == d->lesson && &lesson->step[i] == d->step;
            printf("  %c %d  %s", here ? '>' : ' ', lesson->step[i].number, lesson->step[i].title);
            print_marks(s, 42 - (int)strlen(lesson->step[i].title));
        }
    }
    printf("\nGo to a step: make L=%.2s S=1\n", d->lessons[0].name);
    return GR_EXIT_OK;
}

static int go_to(gr_desk *d, const gr_lesson *lesson, const gr_step *step)
{
    d->lesson = lesson, d->step = step;
    if (gr_journal_add(lesson->name, step->number, "at", NULL, NULL)) return gr_exit_of(GR_ESYS);
    return gr_learn_where(d);
}

static int congratulate(const gr_desk *d)
{
    char text[80];
    bar(d, text, 26);
    printf("[%s\n\nThat was the last step there is. You went through every ladder on your own "
           "machine.\n",
           text);
    printf("`make report` shows what you reached; `make bench` measures all of it properly.\n");
    return GR_EXIT_OK;
}

// The first step not behind us, from the present one on and then from the start.
int gr_learn_next(gr_desk *d)
{
    int here = 0, all = 0, order[2][512] = {{0}};
    for (int l = 0; l < d->n; l++)
        for (int s = 0; s < d->lessons[l].steps && all < 512; s++, all++) {
            order[0][all] = l, order[1][all] = s;
            if (&d->lessons[l].step[s] == d->step) here = all;
        }
    if (!behind(d, order[0][here], order[1][here])) {
        printf("Step %d is not done yet: `make check`, or `make skip` to leave it.\n\n",
               d->step->number);
        return gr_learn_where(d);
    }
    for (int k = 1; k <= all; k++) {
        int i = (here + k) % all;
        if (!behind(d, order[0][i], order[1][i]))
            return go_to(d, &d->lessons[order[0][i]], &d->lessons[order[0][i]].step[order[1][i]]);
    }
    return congratulate(d);
}

int gr_learn_skip(gr_desk *d)
{
    if (gr_journal_add(d->lesson->name, d->step->number, "skip", NULL, NULL))
        return gr_exit_of(GR_ESYS);
    printf("Skipped, and kept as skipped; `make L=%.2s S=%d` comes back to it.\n\n",
           d->lesson->name, d->step->number);
    return gr_learn_next(d);
}

int gr_learn_report(gr_desk *d)
{
    double off[256];
    int done = 0, all = 0, hints = 0, solutions = 0;
    for (int l = 0; l < d->n; l++)
        for (int i = 0; i < d->lessons[l].steps; i++, all++) {
            gr_standing s = gr_journal_standing(d->lessons[l].name, d->lessons[l].step[i].number);
            done += s.passed, hints += s.hints, solutions += s.solution_seen;
        }
    gr_learn_list(d);
    printf("\n%d of %d steps passed; %d hint%s and %d solution%s looked at.\n", done, all, hints,
           hints == 1 ? "" : "s", solutions, solutions == 1 ? "" : "s");
    size_t n = gr_journal_guesses(off, 256);
    if (n) printf("Your guesses were off by a factor of");
    for (size_t i = 0; i < n; i++) printf(" %.2g%s", exp2(off[i]), i + 1 < n ? "," : "\n");
    printf("Next: make\n");
    return GR_EXIT_OK;
}
