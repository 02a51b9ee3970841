// SPDX-License-Identifier: BSD-3-Clause
// learn_check -- builds one exercise and has it judged: right, clean, fast; then says why it
// matters.
#include "bench/child.h"
#include "bench/command.h"
#include "bench/learn.h"
#include "bench/store.h"
#include "config.h"
#include "lib/timer.h"
#include <glob.h>
#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WORKSHOP "results/.workshop"

typedef enum outcome { RIGHT, WRONG, BROKEN, CANNOT } outcome; // BROKEN: it does not compile

static void words_of(char *line, char **argv, int *argc, int most)
{
    for (char *word = strtok(line, " "); word && *argc < most; word = strtok(NULL, " "))
        argv[(*argc)++] = word;
}

// Compiles `source` into WORKSHOP/name.so; the compiler's words go to stderr when `loud`.
static outcome compile(const char *source, const char *name, bool sanitized, bool loud)
{
    char flags[1024], so[256], path[256], *argv[64];
    int argc = 0;
    gr_child child;
    snprintf(flags, sizeof flags, "%s %s", GR_CC, sanitized ? GR_SANITIZED_FLAGS : GR_FLAGS);
    snprintf(so, sizeof so, WORKSHOP "/%s.so", name);
    snprintf(path, sizeof path, "%s", source);
    if (gr_make_folder(WORKSHOP)) return CANNOT;
    words_of(flags, argv, &argc, 56);
    char *rest[] = {"-I.", "-shared", "-fPIC", "-o", so, path, "-lm", NULL};
    memcpy(argv + argc, rest, sizeof rest);
    if (gr_child_run(argv, 120, &child)) return gr_child_free(&child), CANNOT;
    bool built = child.exit_code == 0;
    if (!built && loud) fprintf(stderr, "%s", child.err ? child.err : "");
    gr_child_free(&child);
    return built ? RIGHT : BROKEN;
}

static json_t *last_json(const char *out)
{
    const char *start = out ? strrchr(out, '{') : NULL;
    for (const char *line = out; line && (line = strstr(line, "\n{")) != NULL; line++)
        start = line + 1;
    if (out && out[0] == '{') start = out;
    return start ? json_loads(start, 0, NULL) : NULL;
}

// The size that was being checked when the exercise took the process with it.
static void last_size(const char *out, char *text, size_t size)
{
    size_t n = 0, steps = 0;
    text[0] = '\0';
    for (const char *line = out; line && (line = strstr(line, "size ")); line++)
        sscanf(line, "size %zu %zu", &n, &steps);
    if (out && strstr(out, "size ")) snprintf(text, size, " at size %zu, %zu steps", n, steps);
}

static void first_finding(const char *err, char *text, size_t size)
{
    const char *found = strstr(err, "ERROR: ");
    if (!found) found = strstr(err, "runtime error: ");
    if (!found) found = err;
    snprintf(text, size, "%.*s", (int)strcspn(found, "\n"), found);
    const char *line = strstr(err, "exercise");
    if (line && strlen(text) + 60 < size)
        snprintf(text + strlen(text), size - strlen(text), " (%.*s)", (int)strcspn(line, " \n"),
                 line);
}

// Runs the correctness check of a built exercise in `program`; says in `why` what is wrong.
static outcome judge(const char *program, const char *name, const gr_step *s, char *why,
                     size_t size)
{
    char so[256], ladder[64], baseline[64];
    snprintf(so, sizeof so, WORKSHOP "/%s.so", name);
    snprintf(ladder, sizeof ladder, "--ladder=%s", s->ladder);
    snprintf(baseline, sizeof baseline, "--baseline=%s", s->baseline ? s->baseline : "");
    char *argv[8] = {(char *)program, "grade", so, ladder};
    int argc = 4;
    if (s->baseline) argv[argc++] = baseline;
    if (s->all_workers) argv[argc++] = "--all";
    gr_child child;
    if (gr_child_run(argv, 300, &child)) {
        snprintf(why, size, "%s", gr_errmsg());
        return gr_child_free(&child), CANNOT;
    }
    char where[64];
    json_t *answer = last_json(child.out);
    last_size(child.out, where, sizeof where);
    bool ok = child.exit_code == 0 && json_is_true(json_object_get(answer, "ok"));
    const char *text = json_string_value(json_object_get(answer, "text"));
    if (child.timed_out)
        snprintf(why, size, "it does not end%s", where);
    else if (child.signal)
        snprintf(why, size, "it died of %s%s", strsignal(child.signal), where);
    else if (child.err && *child.err && !ok && !(text && *text))
        first_finding(child.err, why, size);
    else
        snprintf(why, size, "%s", text ? text : "the check said nothing");
    json_decref(answer);
    gr_child_free(&child);
    return ok ? RIGHT : WRONG;
}

static const char *self(void)
{
    static char path[GR_PATH];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    path[length > 0 ? length : 0] = '\0';
    return path;
}

// Both halves of "is it right": the build that is measured, and the sanitized one.
static outcome judge_source(const char *source, const gr_step *s, bool loud, char *why, size_t size,
                            const char **part)
{
    *part = "build";
    snprintf(why, size, "it does not compile");
    outcome result = compile(source, "exercise", false, loud);
    if (result != RIGHT) return result;
    *part = "correct";
    result = judge(self(), "exercise", s, why, size);
    if (result != RIGHT || access(GR_SANITIZED, X_OK)) return result;
    *part = "memory";
    snprintf(why, size, "it does not compile with the sanitizers");
    result = compile(source, "exercise-sanitized", true, loud);
    return result == RIGHT ? judge(GR_SANITIZED, "exercise-sanitized", s, why, size) : result;
}

// ---- make check
// ----------------------------------------------------------------------------------

static void say(const char *part, const char *verdict, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void say(const char *part, const char *verdict, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    printf(" %-12s %-4s ", part, verdict);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
    fflush(stdout);
}

static int wrong(const gr_desk *d, const char *part, const char *why, outcome result)
{
    gr_standing st = gr_journal_standing(d->lesson->name, d->step->number);
    say(part, "NO", "%s", why);
    if (!strcmp(part, "correct"))
        printf("              The check poisons the outputs first, and runs the exercise twice at "
               "every size.\n");
    if (st.hints < 3)
        printf("\n Next: change %s/%s, then `make check`. Stuck? `make hint` (%d left)\n",
               d->lesson->dir, d->step->file, 3 - st.hints);
    else
        printf("\n Next: change %s/%s, then `make check`. Ours: `make solution`\n", d->lesson->dir,
               d->step->file);
    return result == BROKEN || result == CANNOT ? GR_EXIT_USAGE : GR_EXIT_WRONG;
}

typedef struct speed {
    char verdict[16];
    double yours[3], ours[3], needed, rounds, seconds, baseline; // mid, lo, hi
} speed;

static double number(const json_t *j, const char *name)
{
    return json_number_value(json_object_get(j, name));
}

static void take_interval(const json_t *j, double to[3])
{
    to[0] = number(j, "mid"), to[1] = number(j, "lo"), to[2] = number(j, "hi");
}

static gr_status run_speed(const gr_desk *d, speed *v)
{
    const gr_step *s = d->step;
    char ladder[80], baseline[80], size[40], steps[40], share[40];
    snprintf(ladder, sizeof ladder, "--ladder=%s", s->ladder);
    snprintf(baseline, sizeof baseline, "--baseline=%s", s->baseline);
    snprintf(size, sizeof size, "--size=%zu", s->size);
    snprintf(steps, sizeof steps, "--steps=%zu", s->steps);
    snprintf(share, sizeof share, "--target=%g", s->target);
    char *argv[] = {(char *)self(),
                    "grade",
                    WORKSHOP "/exercise.so",
                    WORKSHOP "/solution.so",
                    ladder,
                    baseline,
                    size,
                    steps,
                    share,
                    s->all_workers ? "--all" : NULL,
                    NULL};
    gr_child child;
    GR_TRY(gr_child_run(argv, 300, &child));
    json_t *j = last_json(child.out);
    const char *verdict = json_string_value(json_object_get(j, "verdict")),
               *text = json_string_value(json_object_get(j, "text"));
    gr_status status = GR_OK;
    if (!verdict)
        status = gr_fail(GR_EDATA, "%s",
                         text && *text  ? text
                         : child.signal ? strsignal(child.signal)
                                        : "the timing ended early");
    else
        snprintf(v->verdict, sizeof v->verdict, "%s", verdict);
    take_interval(json_object_get(j, "yours"), v->yours);
    take_interval(json_object_get(j, "ours"), v->ours);
    v->needed = number(j, "needed"), v->rounds = number(j, "rounds"),
    v->seconds = number(j, "seconds");
    v->baseline = number(j, "baseline_seconds");
    json_decref(j);
    gr_child_free(&child);
    return status;
}

// |0 ....needed 2.4....|=3.0#3.2=|..ours 3.4|  on a logarithmic scale, 50 wide
static void draw_scale(const speed *v)
{
    enum { WIDTH = 56 };
    char line[WIDTH + 1];
    double top = log(fmax(fmax(v->yours[2], v->ours[0]), fmax(v->needed, 1.1)) * 1.1),
           low = log(fmin(0.9, v->yours[1]));
    memset(line, '.', WIDTH);
    line[WIDTH] = '\0';
    const struct {
        double at;
        char mark;
    } marks[] = {
        {1,           '1'},
        {v->needed,   'N'},
        {v->ours[0],  'O'},
        {v->yours[1], '['},
        {v->yours[2], ']'},
        {v->yours[0], '#'}
    };
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        double part = (log(marks[i].at) - low) / (top - low);
        if (part >= 0 && part <= 1) line[(int)(part * (WIDTH - 1))] = marks[i].mark;
    }
    printf(
        "                   |%s|\n                   1 no gain   N needed   O ours   [#] yours\n",
        line);
}

static void say_speed(const gr_desk *d, const speed *v)
{
    printf(
        "              %s -> yours, %.0f interleaved rounds: %.3gx (95%% sure: %.3gx to %.3gx)\n",
        d->step->baseline, v->rounds, v->yours[0], v->yours[1], v->yours[2]);
    printf("              ours on this machine %.3gx, needed %.3gx\n", v->ours[0], v->needed);
    draw_scale(v);
}

static void say_guess(const gr_desk *d, const speed *v)
{
    gr_standing st = gr_journal_standing(d->lesson->name, d->step->number);
    double off[64];
    if (!st.guessed || st.guess <= 0) return;
    char measured[32], guess[32];
    snprintf(measured, sizeof measured, "%.4g", v->yours[0]);
    snprintf(guess, sizeof guess, "%.4g", st.guess);
    gr_journal_add(d->lesson->name, d->step->number, "measured", measured, guess);
    size_t n = gr_journal_guesses(off, 64);
    printf("\n Your guess %.3gx, measured %.3gx.", st.guess, v->yours[0]);
    printf(" How far off your guesses were, as a factor:");
    for (size_t i = n > 5 ? n - 5 : 0; i < n; i++) printf(" %.2g", exp2(off[i]));
    printf("\n");
}

static void passed(const gr_desk *d, const char *ratio)
{
    gr_journal_add(d->lesson->name, d->step->number, "pass", ratio, NULL);
    printf("\n WHY: ");
    gr_print_wrapped(d->step->why, 6);
    if (d->step->explain) printf(" A question about it: `make explain`.");
    printf(" Done. `make next` goes on; `make solution` shows ours.\n");
}

static int check_speed(const gr_desk *d)
{
    char path[256], ratio[32];
    speed v = {0};
    if (compile(gr_solution_path(d, path), "solution", false, true) != RIGHT)
        return gr_exit_of(gr_fail(GR_EUNSUP, "our solution does not compile here: %s", path));
    if (run_speed(d, &v)) return wrong(d, "correct", gr_errmsg(), WRONG);
    snprintf(ratio, sizeof ratio, "%.4g", v.yours[1]);
    if (!strcmp(v.verdict, "pass") && v.ours[0] < 1.05)
        say("fast enough", "ok",
            "this machine does not reward this trick (ours: %.3gx); being right is enough",
            v.ours[0]);
    else if (!strcmp(v.verdict, "pass"))
        say("fast enough", "ok", "%.3gx", v.yours[0]);
    else if (!strcmp(v.verdict, "not yet"))
        say("fast enough", "NO", "not yet: %.3gx, needed %.3gx", v.yours[0], v.needed);
    else
        say("fast enough", "?", "noisy, not judged: %.3gx to %.3gx, needed %.3gx", v.yours[1],
            v.yours[2], v.needed);
    say_speed(d, &v);
    if (!strcmp(v.verdict, "pass")) {
        say_guess(d, &v);
        passed(d, ratio);
        return GR_EXIT_OK;
    }
    gr_journal_add(d->lesson->name, d->step->number, "correct", ratio, NULL);
    if (!strcmp(v.verdict, "not yet")) {
        printf(
            "\n It is right, and kept as \"correct\". Next: `make hint`, change, `make check`.\n");
        return GR_EXIT_WRONG;
    }
    printf("\n It is right, and kept as \"correct\". Other work on this machine hides the answer: "
           "`make check` again later.\n");
    return GR_EXIT_NOT_JUDGED;
}

int gr_learn_check(const gr_desk *d)
{
    char path[256], why[400];
    const char *part;
    printf("checking %s ...\n", gr_exercise_path(d, path));
    fflush(stdout);
    gr_journal_add(d->lesson->name, d->step->number, "check", NULL, NULL);
    double start = gr_now();
    outcome result = judge_source(path, d->step, true, why, sizeof why, &part);
    if (result != RIGHT) return wrong(d, part, why, result);
    say("build", "ok", "%s, warnings are errors", GR_CC);
    say("correct", "ok", "10 sizes from 0 to 100, outputs poisoned first, each run twice (%.1f s)",
        gr_now() - start);
    if (!access(GR_SANITIZED, X_OK))
        say("memory", "ok", "AddressSanitizer and UndefinedBehaviorSanitizer found nothing");
    else
        say("memory", "?", "not checked: there is no sanitized build (%s)", GR_SANITIZED);
    if (d->step->target > 0) return check_speed(d);
    passed(d, "1");
    return GR_EXIT_OK;
}

// ---- gradus learn test
// ---------------------------------------------------------------------------

typedef struct tally {
    int tests, failed;
} tally;

static void tap(tally *t, bool ok, const char *name, const char *what, const char *why)
{
    t->tests++;
    t->failed += !ok;
    printf("%s %d - %s %s%s%s\n", ok ? "ok" : "not ok", t->tests, name, what, ok ? "" : ": ",
           ok ? "" : why);
    fflush(stdout);
}

// The exercise as shipped: from the commit, if there is one, since the learner may have solved it.
static const char *pristine(const gr_desk *d, char *path)
{
    gr_child child;
    char name[300];
    gr_exercise_path(d, path);
    snprintf(name, sizeof name, "HEAD:%.256s", path);
    if (!gr_child_run((char *[]){"git", "show", name, NULL}, 20, &child) && child.exit_code == 0 &&
        !gr_make_folder(WORKSHOP)) {
        FILE *out = fopen(WORKSHOP "/pristine.c", "w");
        bool wrote = out && fwrite(child.out, 1, child.out_size, out) == child.out_size;
        if (out && !fclose(out) && wrote) strcpy(path, WORKSHOP "/pristine.c");
    }
    gr_child_free(&child);
    return path;
}

static void test_source(tally *t, const gr_desk *d, const char *source, bool should_pass)
{
    char why[400] = "";
    const char *part;
    outcome result = judge_source(source, d->step, should_pass, why, sizeof why, &part);
    if (should_pass)
        tap(t, result == RIGHT, source, "passes", why);
    else
        tap(t, result == WRONG, source, "is rejected", result == RIGHT ? "it was accepted" : why);
}

static int test_mutants(tally *t, const gr_desk *d)
{
    char pattern[300];
    glob_t found = {0};
    snprintf(pattern, sizeof pattern, "%s/mutants/%d_*.c", d->lesson->dir, d->step->number);
    int n = glob(pattern, 0, NULL, &found) ? 0 : (int)found.gl_pathc;
    for (int i = 0; i < n; i++) test_source(t, d, found.gl_pathv[i], false);
    globfree(&found);
    return n;
}

int gr_learn_test(gr_desk *d)
{
    tally t = {0};
    char path[300];
    for (int l = 0; l < d->n; l++)
        for (int s = 0; s < d->lessons[l].steps; s++) {
            d->lesson = &d->lessons[l];
            d->step = &d->lessons[l].step[s];
            test_source(&t, d, gr_solution_path(d, path), true);
            test_source(&t, d, pristine(d, path), false);
            char name[200];
            snprintf(name, sizeof name, "%s step %d", d->lesson->name, d->step->number);
            tap(&t, test_mutants(&t, d) >= 4, name, "has four mutants or more", "it has fewer");
        }
    printf("1..%d\n", t.tests);
    return t.failed ? GR_EXIT_WRONG : GR_EXIT_OK;
}
