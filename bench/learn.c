// SPDX-License-Identifier: BSD-3-Clause
// learn -- the words of the learner's loop. `make WORD` calls `gradus learn WORD`.
#include "bench/learn.h"
#include "bench/child.h"
#include "bench/command.h"
#include "bench/store.h"
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

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
    int width = gr_columns(stdout), column = indent;
    if (width > 100) width = 100;
    for (const char *word = text; *word;) {
        int length = (int)strcspn(word, " ");
        if (column + length >= width && column > indent) {
            printf("\n%*s", indent, "");
            column = indent;
        }
        printf("%.*s", length, word);
        column += length;
        word += length;
        while (*word == ' ') word++;
        if (*word) putchar(' '), column++;
    }
    putchar('\n');
}

// ---- where am I
// ----------------------------------------------------------------------------------

static bool behind(const gr_desk *d, int lesson, int step)
{
    gr_standing s =
        gr_journal_standing(d->lessons[lesson].name, d->lessons[lesson].step[step].number);
    return s.passed || s.skipped;
}

static void bar(const gr_desk *d, char *text, int width)
{
    int all = 0, done = 0;
    for (int l = 0; l < d->n; l++)
        for (int s = 0; s < d->lessons[l].steps; s++, all++) done += behind(d, l, s);
    for (int i = 0; i < width; i++) text[i] = i < done * width / (all ? all : 1) ? '#' : '-';
    snprintf(text + width, 32, "]  %d/%d steps", done, all);
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

static int learn_where(gr_desk *d)
{
    char text[80];
    bar(d, text, 26);
    printf("Gradus   [%s\n", text);
    printf("You are at  %s  step %d of %d  \"%s\"", d->lesson->dir, d->step->number,
           d->lesson->steps, d->step->title);
    if (d->step->minutes) printf("   about %d min", d->step->minutes);
    printf("\n");
    print_next(d);
    printf("\n  other words: make list, watch, time, solution, reset, skip, explain, report;  make "
           "help\n");
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

static int learn_list(gr_desk *d)
{
    for (int l = 0; l < d->n; l++) {
        const gr_lesson *lesson = &d->lessons[l];
        printf("%-16s %s  (the talk: %s)\n", lesson->name, lesson->title,
               lesson->slide ? lesson->slide : "-");
        for (int i = 0; i < lesson->steps; i++) {
            gr_standing s = gr_journal_standing(lesson->name, lesson->step[i].number);
            bool here = lesson == d->lesson && &lesson->step[i] == d->step;
            printf("  %c %d  %-44.44s %-8s", here ? '>' : ' ', lesson->step[i].number,
                   lesson->step[i].title, mark_of(s));
            if (s.ratio > 1) printf(" %.3gx", s.ratio);
            if (s.hints) printf("  hints %d", s.hints);
            if (s.solution_seen) printf("  solution seen");
            putchar('\n');
        }
    }
    printf("\nGo to a step: make L=%.2s S=1\n", d->lessons[0].name);
    return GR_EXIT_OK;
}

static int go_to(gr_desk *d, const gr_lesson *lesson, const gr_step *step)
{
    d->lesson = lesson, d->step = step;
    if (gr_journal_add(lesson->name, step->number, "at", NULL, NULL)) return gr_exit_of(GR_ESYS);
    return learn_where(d);
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
static int learn_next(gr_desk *d)
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
        return learn_where(d);
    }
    for (int k = 1; k <= all; k++) {
        int i = (here + k) % all;
        if (!behind(d, order[0][i], order[1][i]))
            return go_to(d, &d->lessons[order[0][i]], &d->lessons[order[0][i]].step[order[1][i]]);
    }
    return congratulate(d);
}

static int learn_skip(gr_desk *d)
{
    if (gr_journal_add(d->lesson->name, d->step->number, "skip", NULL, NULL))
        return gr_exit_of(GR_ESYS);
    printf("Skipped, and kept as skipped; `make L=%.2s S=%d` comes back to it.\n\n",
           d->lesson->name, d->step->number);
    return learn_next(d);
}

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

static int learn_predict(gr_desk *d)
{
    const gr_step *s = d->step;
    char text[64], why[64] = "-", *end;
    if (!s->guess) return printf("This step asks for no guess. Next: make check\n"), GR_EXIT_OK;
    gr_print_wrapped(s->guess, 0);
    if (!ask(d->guess, "Your guess, times faster", text, sizeof text)) {
        printf("Say it with: make predict GUESS=3\n");
        return GR_EXIT_OK;
    }
    double guess = strtod(text, &end);
    if (end == text || !(guess > 0) || isinf(guess) || (*end && strcmp(end, "x")))
        return gr_exit_of(
            gr_fail(GR_EARG, "guess '%.30s': expected a number such as 3 or 2.5", text));
    for (int i = 0; i < s->guess_whys; i++) printf("  [%d] %s\n", i + 1, s->guess_why[i]);
    if (s->guess_whys && ask(d->because, "Why", why, sizeof why) &&
        (atoi(why) < 1 || atoi(why) > s->guess_whys))
        return gr_exit_of(gr_fail(GR_EARG, "why '%.30s': expected 1 to %d", why, s->guess_whys));
    snprintf(text, sizeof text, "%.6g", guess);
    if (gr_journal_add(d->lesson->name, s->number, "guess", text, *why ? why : "-"))
        return gr_exit_of(GR_ESYS);
    printf("Kept in " GR_JOURNAL ": %.3gx. A guess costs nothing. Next: edit, then make check\n",
           guess);
    return GR_EXIT_OK;
}

static int learn_explain(gr_desk *d)
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
    if (right) printf("Next: make next\n");
    return right ? GR_EXIT_OK : GR_EXIT_WRONG;
}

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

static int learn_hint(gr_desk *d)
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

static int learn_solution(gr_desk *d)
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
static int learn_reset(gr_desk *d)
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

static int learn_watch(gr_desk *d)
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

static int learn_time(gr_desk *d)
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

static int learn_report(gr_desk *d)
{
    double off[256];
    int done = 0, all = 0, hints = 0, solutions = 0;
    for (int l = 0; l < d->n; l++)
        for (int i = 0; i < d->lessons[l].steps; i++, all++) {
            gr_standing s = gr_journal_standing(d->lessons[l].name, d->lessons[l].step[i].number);
            done += s.passed, hints += s.hints, solutions += s.solution_seen;
        }
    learn_list(d);
    printf("\n%d of %d steps passed; %d hints and %d solutions looked at.\n", done, all, hints,
           solutions);
    size_t n = gr_journal_guesses(off, 256);
    if (n) printf("Guesses: ");
    for (size_t i = 0; i < n; i++) printf("%.2gx off%s", exp2(off[i]), i + 1 < n ? ", " : "\n");
    printf("Next: make\n");
    return GR_EXIT_OK;
}

static int learn_check(gr_desk *d) { return gr_learn_check(d); }
static int learn_test(gr_desk *d) { return gr_learn_test(d); }

// ---- the words
// -----------------------------------------------------------------------------------

static const struct {
    const char *name;
    int (*run)(gr_desk *);
} words[] = {
    {"where",    learn_where   }, // where am I, and what is next
    {"predict",  learn_predict }, // guess before you measure (GUESS=3 WHY=1)
    {"check",    learn_check   }, // is it right, clean and fast?
    {"hint",     learn_hint    }, // the next of three hints
    {"time",     learn_time    }, // time the rungs of this step's ladder
    {"next",     learn_next    }, // go on to the next step
    {"list",     learn_list    }, // all lessons and steps, and how they stand
    {"watch",    learn_watch   }, // check again at every save
    {"explain",  learn_explain }, // answer the step's question (A=2)
    {"solution", learn_solution}, // show ours (SURE=1 before the hints are used)
    {"reset",    learn_reset   }, // put the exercise back as it was shipped
    {"skip",     learn_skip    }, // leave this step
    {"report",   learn_report  }, // what you reached so far
    {"test",     learn_test    }, // for maintainers: solutions pass, stubs and mutants fail
};
enum { WORDS = sizeof words / sizeof *words };

static gr_status choose_lesson(gr_desk *d, const char *name)
{
    const char *names[GR_LESSONS];
    for (int l = 0; l < d->n; l++) {
        names[l] = d->lessons[l].name;
        if (!strncmp(d->lessons[l].name, name, strlen(name)) && *name) d->lesson = &d->lessons[l];
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
        {"lesson",             GR_TEXT, &lesson, "07", "go to this lesson"},
        {"step",             GR_NUMBER, &step, "3", "go to this step"},
        {"guess", GR_TEXT, &d.guess, "X", "predict: how many times faster"},
        {"why",               GR_TEXT, &d.because, "K", "predict: which reason"},
        {"answer",               GR_TEXT, &d.answer, "K", "explain: which answer"},
        {"sure",   GR_FLAG, &d.sure, NULL, "solution: although hints are left"},
        {0             },
    };
    gr_status status = gr_options_read(&gr_command_learn, options, argc, argv, &operands, &helped);
    if (status || helped) return gr_exit_of(status);
    if (operands[0] && operands[1])
        return gr_exit_of(gr_fail(GR_EARG, "learn: unexpected '%s'", operands[1]));
    status = gr_lessons_read(d.lessons, ".", &d.n);
    if (status) return gr_exit_of(status);
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
