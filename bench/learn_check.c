// SPDX-License-Identifier: BSD-3-Clause
// learn_check -- the verdict on one exercise: right, clean, fast; then why it matters.
#include "bench/child.h"
#include "bench/command.h"
#include "bench/json.h"
#include "bench/learn.h"
#include "bench/workshop.h"
#include "config.h"
#include "lib/timer.h"
#include <math.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

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

static int wrong(const gr_desk *d, const char *part, const char *why, gr_judgement result)
{
    gr_standing st = gr_journal_standing(d->lesson->name, d->step->number);
    printf(" %-12s %-4s ", part, "NO");
    gr_print_wrapped(why, 19);
    char next[400], path[256];
    gr_exercise_path(d, path);
    if (st.hints < 3)
        snprintf(next, sizeof next, "change %s, then `make check`. Stuck? `make hint` (%d left)",
                 path, 3 - st.hints);
    else
        snprintf(next, sizeof next, "change %s, then `make check`. Ours: `make solution`", path);
    printf("\n Next: ");
    gr_print_wrapped(next, 7);
    return result == GR_BROKEN || result == GR_CANNOT ? GR_EXIT_USAGE : GR_EXIT_WRONG;
}

typedef struct speed {
    char verdict[16];
    double yours[3], ours[3], needed, rounds, seconds, baseline; // mid, lo, hi
} speed;

static void take_interval(const json_t *j, double to[3])
{
    to[0] = gr_json_number(j, "mid"), to[1] = gr_json_number(j, "lo"),
    to[2] = gr_json_number(j, "hi");
}

static gr_status run_speed(const gr_desk *d, speed *v)
{
    const gr_step *s = d->step;
    char yours[160], ours[160], ladder[80], baseline[80], size[40], steps[40], share[40];
    snprintf(yours, sizeof yours, "%s/exercise.so", gr_workshop());
    snprintf(ours, sizeof ours, "%s/solution.so", gr_workshop());
    snprintf(ladder, sizeof ladder, "--ladder=%s", s->ladder);
    snprintf(baseline, sizeof baseline, "--baseline=%s", s->baseline);
    snprintf(size, sizeof size, "--size=%zu", s->size);
    snprintf(steps, sizeof steps, "--steps=%zu", s->steps);
    snprintf(share, sizeof share, "--target=%g", s->target);
    char *argv[] = {gr_self(), "grade", yours, ours,  ladder,
                    baseline,  size,    steps, share, s->all_workers ? "--all" : NULL,
                    NULL};
    gr_child child;
    GR_TRY(gr_child_run(argv, 300, &child));
    json_t *j = gr_last_json(child.out);
    const char *verdict = json_string_value(json_object_get(j, "verdict")),
               *text = json_string_value(json_object_get(j, "text"));
    gr_status status = GR_OK;
    if (!verdict)
        status = gr_fail(GR_EDATA, "%s",
                         text && *text     ? text
                         : child.timed_out ? "its timing does not end"
                         : child.signal    ? strsignal(child.signal)
                                           : "the timing ended early");
    else
        snprintf(v->verdict, sizeof v->verdict, "%s", verdict);
    take_interval(json_object_get(j, "yours"), v->yours);
    take_interval(json_object_get(j, "ours"), v->ours);
    v->needed = gr_json_number(j, "needed"), v->rounds = gr_json_number(j, "rounds"),
    v->seconds = gr_json_number(j, "seconds");
    v->baseline = gr_json_number(j, "baseline_seconds");
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
    } marks[] = {{1, '1'},           {v->needed, 'N'},   {v->ours[0], 'O'},
                 {v->yours[1], '['}, {v->yours[2], ']'}, {v->yours[0], '#'}};
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
    printf("                   %s -> yours: %.3gx (95%% sure: %.3gx to %.3gx), %.0f rounds\n",
           d->step->baseline, v->yours[0], v->yours[1], v->yours[2], v->rounds);
    printf("                   ours on this machine: %.3gx, so %.3gx is needed\n", v->ours[0],
           v->needed);
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
    bool asked =
        d->step->explain && !gr_journal_standing(d->lesson->name, d->step->number).explained;
    printf("\n Done. ");
    gr_print_wrapped(asked ? "A question about it: `make explain`. `make next` goes on; "
                             "`make solution` shows ours."
                           : "`make next` goes on; `make solution` shows ours.",
                     7);
}

static int check_speed(const gr_desk *d)
{
    char path[256], ratio[32];
    speed v = {0};
    if (gr_compile(gr_solution_path(d, path), "solution", false, true) != GR_RIGHT)
        return gr_exit_of(gr_fail(GR_EUNSUP, "our solution does not compile here: %s", path));
    bool failed = run_speed(d, &v) != GR_OK;
    if (gr_interrupted()) return 128 + gr_interrupted();
    if (failed) return wrong(d, "correct", gr_errmsg(), GR_WRONG);
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
        printf("\n It is right, and kept as \"correct\".\n"
               " Next: `make hint`, change it, `make check`.\n");
        return GR_EXIT_WRONG;
    }
    printf("\n It is right, and kept as \"correct\". Other work on this machine hides the answer.\n"
           " Next: `make check` again later.\n");
    return GR_EXIT_NOT_JUDGED;
}

int gr_learn_check(gr_desk *d)
{
    char path[256], why[400];
    const char *part;
    printf("checking %s ...\n", gr_exercise_path(d, path));
    fflush(stdout);
    gr_journal_add(d->lesson->name, d->step->number, "check", NULL, NULL);
    double start = gr_now();
    gr_judgement result = gr_judge_source(path, d->step, true, why, sizeof why, &part);
    if (gr_interrupted()) return 128 + gr_interrupted();
    if (result != GR_RIGHT) return wrong(d, part, why, result);
    say("build", "ok", "%s, warnings are errors", GR_CC);
    say("correct", "ok", "10 sizes from 0 to 100, each of them twice (%.1f s)", gr_now() - start);
    if (!access(GR_SANITIZED, X_OK))
        say("memory", "ok", "AddressSanitizer and UndefinedBehaviorSanitizer found nothing");
    else
        say("memory", "?", "not checked: there is no sanitized build (%s)", GR_SANITIZED);
    if (d->step->target > 0) return check_speed(d);
    passed(d, "1");
    return GR_EXIT_OK;
}
