// SPDX-License-Identifier: BSD-3-Clause
// learn -- the words of the learner's loop. `make WORD` calls `gradus learn WORD`.
#include "bench/learn.h"
#include "bench/command.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>

const char *gr_exercise_path(const gr_desk *d, char *text)
{
    snprintf(text, 256, "%s/%.100s", d->lesson->dir, d->step->file);
    return text;
}

const char *gr_solution_path(const gr_desk *d, char *text)
{
    snprintf(text, 256, "%s/solution%d.c", d->lesson->dir, d->step->number);
    return text;
}

void gr_print_wrapped(const char *text, int indent)
{
    int width = gr_columns(stdout) < 100 ? gr_columns(stdout) : 100, column = indent;
    for (const char *word = text; *word;) {
        int length = (int)strcspn(word, " ");
        bool first = column == indent;
        if (!first && column + 1 + length >= width) {
            printf("\n%*s", indent, "");
            column = indent;
            first = true;
        }
        printf("%s%.*s", first ? "" : " ", length, word);
        column += length + !first;
        word += length + (int)strspn(word + length, " ");
    }
    putchar('\n');
}

// ---- the words
// -----------------------------------------------------------------------------------

static const struct {
    const char *name;
    int (*run)(gr_desk *);
} words[] = {
    {"where", gr_learn_where},       // where am I, and what is next
    {"predict", gr_learn_predict},   // guess before you measure (GUESS=3 WHY=1)
    {"check", gr_learn_check},       // is it right, clean and fast?
    {"hint", gr_learn_hint},         // the next of three hints
    {"time", gr_learn_time},         // time the rungs of this step's ladder
    {"next", gr_learn_next},         // go on to the next step
    {"list", gr_learn_list},         // all lessons and steps, and how they stand
    {"watch", gr_learn_watch},       // check again at every save
    {"explain", gr_learn_explain},   // answer the step's question (A=2)
    {"solution", gr_learn_solution}, // show ours (SURE=1 before the hints are used)
    {"reset", gr_learn_reset},       // put the exercise back as it was shipped
    {"skip", gr_learn_skip},         // leave this step
    {"report", gr_learn_report},     // what you reached so far
    {"test", gr_learn_test},         // for maintainers: solutions pass, stubs and mutants fail
};
enum { WORDS = sizeof words / sizeof *words };

static gr_status choose_lesson(gr_desk *d, const char *name)
{
    const char *names[GR_LESSONS];
    for (int l = 0; l < d->n; l++) {
        names[l] = d->lessons[l].name;
        const char *word = strchr(names[l], '_'); // "10_mandelbrot" is 10 and mandelbrot, too
        if (!strncmp(names[l], name, strlen(name)) || (word && !strcmp(word + 1, name)))
            d->lesson = &d->lessons[l];
    }
    size_t padded = strlen(name) == 1 && isdigit((unsigned char)*name); // L=9 means 09
    for (int l = 0; l < d->n && padded; l++)
        if (d->lessons[l].name[0] == '0' && d->lessons[l].name[1] == *name)
            d->lesson = &d->lessons[l];
    return d->lesson ? GR_OK : gr_unknown_word("lesson", name, names, (size_t)d->n);
}

static gr_status choose(gr_desk *d, const char *lesson, size_t step)
{
    char name[128] = "";
    int at = 1;
    if (lesson) GR_TRY(choose_lesson(d, lesson));
    if (!lesson && gr_journal_place(name, &at))
        choose_lesson(d, name); // a lesson that is gone: begin again
    if (!d->lesson) d->lesson = &d->lessons[0], at = 1;
    if (lesson || step) at = step ? (int)step : 1;
    if (at < 1 || at > d->lesson->steps) {
        if (step)
            return gr_fail(GR_EARG, "step %zu: %s has steps 1 to %d", step, d->lesson->name,
                           d->lesson->steps);
        at = 1;
    }
    d->step = &d->lesson->step[at - 1];
    if (lesson || step) GR_TRY(gr_journal_add(d->lesson->name, at, "at", NULL, NULL));
    return GR_OK;
}

static int run_word(gr_desk *d, const char *word)
{
    const char *names[WORDS];
    for (int i = 0; i < WORDS; i++) {
        names[i] = words[i].name;
        if (!strcmp(word, words[i].name)) return words[i].run(d);
    }
    return gr_exit_of(gr_unknown_word("word", word, names, WORDS));
}

static int learn_main(int argc, char **argv)
{
    gr_desk d = {.colour = gr_colour_wanted(stdout)};
    const char *lesson = NULL;
    size_t step = 0;
    bool helped;
    char **operands;
    const gr_option options[] = {
        {"lesson", GR_TEXT, &lesson, "07", "go to this lesson"},
        {"step", GR_COUNT, &step, "3", "go to this step"},
        {"guess", GR_TEXT, &d.guess, "X", "predict: how many times faster"},
        {"why", GR_TEXT, &d.because, "K", "predict: which reason"},
        {"answer", GR_TEXT, &d.answer, "K", "explain: which answer"},
        {"sure", GR_FLAG, &d.sure, NULL, "solution: although hints are left"},
        {0},
    };
    gr_status status = gr_options_read(&gr_command_learn, options, argc, argv, &operands, &helped);
    if (status || helped) return gr_exit_of(status);
    if (operands[0] && operands[1])
        return gr_exit_of(gr_fail(GR_EARG, "learn: unexpected '%s'", operands[1]));
    status = gr_lessons_read(d.lessons, ".", &d.n);
    if (status) return gr_exit_of(status);
    d.named = lesson != NULL;
    status = choose(&d, lesson, step);
    int code = status ? gr_exit_of(status) : run_word(&d, operands[0] ? operands[0] : "where");
    gr_lessons_free(d.lessons, d.n);
    return code;
}

const gr_command gr_command_learn = {
    .name = "learn",
    .operands = "WORD",
    .summary = "the learner's loop: where, predict, check, hint, time, next ...",
    .help = "Words: where predict check hint time next list watch explain solution reset skip "
            "report test.\n"
            "Most people type `make`, `make check`, `make hint`, `make next`.",
    .run = learn_main,
};
