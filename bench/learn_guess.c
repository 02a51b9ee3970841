// SPDX-License-Identifier: BSD-3-Clause
// learn_guess -- a guess before measuring, and a question after it.
#include "bench/command.h"
#include "bench/learn.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// ---- predict and explain
// -------------------------------------------------------------------------

// What was given on the command line, else a line that is asked for; false if there is none.
static bool ask(const char *given, const char *question, char *text, size_t size)
{
    text[0] = '\0';
    if (given) snprintf(text, size, "%s", given);
    if (given || !isatty(STDIN_FILENO)) return given != NULL;
    printf(" %s > ", question);
    fflush(stdout);
    if (!fgets(text, (int)size, stdin)) return false;
    text[strcspn(text, "\n")] = '\0';
    return *text != '\0';
}

static void print_reasons(const gr_step *s)
{
    for (int i = 0; i < s->guess_whys; i++) {
        printf("  [%d] ", i + 1);
        gr_print_wrapped(s->guess_why[i], 6);
    }
}

int gr_learn_predict(gr_desk *d)
{
    const gr_step *s = d->step;
    char text[64], why[64] = "-", *end;
    if (!s->guess) return printf("This step asks for no guess. Next: make check\n"), GR_EXIT_OK;
    gr_print_wrapped(s->guess, 0);
    if (!ask(d->guess, "Your guess, times faster", text, sizeof text)) {
        print_reasons(s);
        printf("Say it with: make predict GUESS=3%s\n", s->guess_whys ? " WHY=1" : "");
        return GR_EXIT_OK;
    }
    double guess = strtod(text, &end);
    if (end == text || !(guess > 0) || isinf(guess) || (*end && strcmp(end, "x")))
        return gr_exit_of(
            gr_fail(GR_EARG, "guess '%.30s': expected a number such as 3 or 2.5", text));
    print_reasons(s);
    if (s->guess_whys && ask(d->because, "Why", why, sizeof why) &&
        (atoi(why) < 1 || atoi(why) > s->guess_whys))
        return gr_exit_of(gr_fail(GR_EARG, "why '%.30s': expected 1 to %d", why, s->guess_whys));
    snprintf(text, sizeof text, "%.6g", guess);
    if (gr_journal_add(d->lesson->name, s->number, "guess", text, *why ? why : "-"))
        return gr_exit_of(GR_ESYS);
    printf("Kept: %.3gx. A guess costs nothing. Next: edit, then make check\n", guess);
    return GR_EXIT_OK;
}

int gr_learn_explain(gr_desk *d)
{
    const gr_step *s = d->step;
    char text[32];
    if (!s->explain) return printf("This step has no question. Next: make next\n"), GR_EXIT_OK;
    gr_print_wrapped(s->explain, 0);
    for (int i = 0; i < s->choices; i++) {
        printf("  [%d] ", i + 1);
        gr_print_wrapped(s->choice[i], 6);
    }
    if (!ask(d->answer, "Which", text, sizeof text)) {
        printf("Answer with: make explain A=1\n");
        return GR_EXIT_OK;
    }
    int answer = atoi(text);
    if (answer < 1 || answer > s->choices)
        return gr_exit_of(gr_fail(GR_EARG, "answer '%.30s': expected 1 to %d", text, s->choices));
    bool right = answer == s->answer;
    printf("%s ", right ? "Right." : "No.");
    if (right || d->sure)
        gr_print_wrapped(s->because ? s->because : "", 4);
    else
        printf("Think again: make explain\n");
    gr_journal_add(d->lesson->name, s->number, right ? "explain" : "explain-wrong", text, NULL);
    if (right)
        printf("Next: make %s\n",
               gr_journal_standing(d->lesson->name, s->number).passed ? "next" : "check");
    return right ? GR_EXIT_OK : GR_EXIT_WRONG;
}
