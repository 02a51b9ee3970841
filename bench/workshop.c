// SPDX-License-Identifier: BSD-3-Clause
#include "bench/workshop.h"
#include "bench/child.h"
#include "bench/plan.h"
#include "bench/ranks.h"
#include "bench/store.h"
#include "config.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char workshop[128] = "results/.workshop";

const char *gr_workshop(void) { return workshop; }

void gr_workshop_of(const char *lesson)
{
    snprintf(workshop, sizeof workshop, "results/.workshop/%.80s", lesson);
}

static void words_of(char *line, char **argv, int *argc, int most)
{
    for (char *word = strtok(line, " "); word && *argc < most; word = strtok(NULL, " "))
        argv[(*argc)++] = word;
}

gr_judgement gr_compile(const char *source, const char *name, bool sanitized, bool loud)
{
    char flags[1024], so[256], path[256], *argv[64];
    int argc = 0;
    gr_child child;
    snprintf(flags, sizeof flags, "%s %s %s", GR_CC, sanitized ? GR_SANITIZED_FLAGS : GR_FLAGS,
             GR_MPI_FLAGS);
    snprintf(so, sizeof so, "%s/%.64s.so", workshop, name);
    snprintf(path, sizeof path, "%s", source);
    if (gr_make_folder(workshop)) return GR_CANNOT;
    words_of(flags, argv, &argc, 56);
    char *rest[] = {"-I.", "-shared", "-fPIC", "-o", so, path, "-lm", NULL};
    memcpy(argv + argc, rest, sizeof rest);
    if (gr_child_run(argv, 120, &child)) return gr_child_free(&child), GR_CANNOT;
    bool built = child.exit_code == 0;
    if (!built && loud) fprintf(stderr, "%s", child.err ? child.err : "");
    gr_child_free(&child);
    return built ? GR_RIGHT : GR_BROKEN;
}

json_t *gr_last_json(const char *out)
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
    if (!out || !strstr(out, "size ")) return;
    if (steps)
        snprintf(text, size, " at size %zu, steps %zu", n, steps);
    else
        snprintf(text, size, " at size %zu", n);
}

// The first place in the exercise that a sanitizer names, "exercise4.c:61"; NULL if none.
static const char *place_in(const char *err)
{
    for (const char *at = err; (at = strstr(at, "exercise")) != NULL; at++) {
        const char *end = at + strlen("exercise");
        size_t digits = strspn(end, "0123456789");
        if (digits && !strncmp(end + digits, ".c:", 3)) return at;
    }
    return NULL;
}

// What a sanitizer found, in one line; false if it found nothing.
static bool first_finding(const char *err, char *text, size_t size)
{
    const char *found = err ? strstr(err, "ERROR: ") : NULL;
    if (err && !found) found = strstr(err, "runtime error: ");
    if (!found) return false;
    int length = (int)strcspn(found, "\n");
    static const char *const details[] = {" on address ", " (pc "}; // numbers for a debugger
    for (int i = 0; i < 2; i++) {
        const char *detail = strstr(found, details[i]);
        if (detail && detail < found + length) length = (int)(detail - found);
    }
    const char *place = place_in(err);
    snprintf(text, size, "%.*s", length, found);
    size_t used = strlen(text);
    if (place && used + 60 < size)
        snprintf(text + used, size - used, ", %.*s line %d", (int)strcspn(place, ":"), place,
                 atoi(strchr(place, ':') + 1));
    return true;
}

// What the exercise printed: a learner who looks for a mistake with printf wants to see it.
static void show_prints(const char *err)
{
    enum { MOST_LINES = 12 };
    int lines = 0;
    if (!err || !*err) return;
    printf(" your exercise printed:\n");
    for (; *err; err += strcspn(err, "\n"), err += *err == '\n', lines++)
        if (lines < MOST_LINES) printf("   | %.*s\n", (int)strcspn(err, "\n"), err);
    if (lines > MOST_LINES) printf("   | ... and %d lines more\n", lines - MOST_LINES);
}

// How the grading child ended, if it had no time to say what is wrong. `ranks`: what became of its
// ranks, or "".
static void describe_end(const gr_child *child, const char *ranks, char *why, size_t size)
{
    char where[64];
    last_size(child->out, where, sizeof where);
    if (child->timed_out || child->signal == SIGALRM)
        snprintf(why, size, "it does not end%s", where);
    else if (*ranks && !first_finding(child->err, why, size))
        snprintf(why, size, "%s%s", ranks, where);
    else if (*ranks)
        return;
    else if (child->signal)
        snprintf(why, size, "it died of %s%s", strsignal(child->signal), where);
    else if (!first_finding(child->err, why, size))
        snprintf(why, size, "it ended the program itself%s, with exit code %d", where,
                 child->exit_code);
}

// ---- ranks

// A ladder of ranks: all its rungs but the truth run on them.
static bool on_ranks(const gr_step *s)
{
    const gr_ladder *ladder;
    const gr_rung *none;
    if (gr_select(s->ladder, &ladder, &none)) return false;
    for (const gr_rung *r = ladder->rungs + 1; r->name; r++)
        if (r->launcher != GR_LAUNCH_MPI) return false;
    return ladder->rungs[1].name != NULL;
}

const char *gr_step_missing(const gr_step *s) { return on_ranks(s) ? gr_ranks_missing() : NULL; }

// The grading child, or its ranks: those that all wait for 2 s are stuck.
static gr_status run_child(const gr_step *s, char **argv, gr_child *child, char why[GR_RANKS_WHY])
{
    why[0] = '\0';
    if (!on_ranks(s)) return gr_child_run(argv, 300, child);
    int ranks = strcmp(argv[0], GR_SANITIZED) ? GR_STEP_RANKS : GR_SANITIZED_RANKS;
    return gr_ranks_run(argv[0], ranks, argv + 1, 2, 300, child, why);
}

// Runs the correctness check of a built exercise in `program`; says in `why` what is wrong.
static gr_judgement judge(const char *program, const char *name, const gr_step *s, bool loud,
                          char *why, size_t size)
{
    char so[256], ladder[64], baseline[64];
    snprintf(so, sizeof so, "%s/%.64s.so", workshop, name);
    snprintf(ladder, sizeof ladder, "--ladder=%s", s->ladder);
    snprintf(baseline, sizeof baseline, "--baseline=%s", s->baseline ? s->baseline : "");
    char *argv[8] = {(char *)program, "grade", so, ladder};
    int argc = 4;
    if (s->baseline) argv[argc++] = baseline;
    if (s->all_workers) argv[argc++] = "--all";
    gr_child child;
    char ranks[GR_RANKS_WHY];
    if (run_child(s, argv, &child, ranks)) {
        snprintf(why, size, "%s", gr_errmsg());
        return gr_child_free(&child), GR_CANNOT;
    }
    if (loud) show_prints(child.err);
    json_t *answer = gr_last_json(child.out);
    bool ok = child.exit_code == 0 && json_is_true(json_object_get(answer, "ok"));
    const char *text = json_string_value(json_object_get(answer, "text"));
    if (text && *text)
        snprintf(why, size, "%s", text);
    else
        describe_end(&child, ranks, why, size);
    bool endless = child.timed_out || child.signal == SIGALRM;
    gr_judgement result = ok ? GR_RIGHT : child.signal && !endless ? GR_CRASHED : GR_WRONG;
    json_decref(answer);
    gr_child_free(&child);
    return result;
}

// A crash says little; the sanitized build knows more about it.
static void add_cause(const char *source, const gr_step *s, char *why, size_t size)
{
    char cause[200];
    if (access(GR_SANITIZED, X_OK) ||
        gr_compile(source, "exercise-sanitized", true, false) != GR_RIGHT ||
        judge(GR_SANITIZED, "exercise-sanitized", s, false, cause, sizeof cause) != GR_WRONG)
        return;
    const char *found = strstr(cause, "Sanitizer: ");
    size_t used = strlen(why);
    if (found) snprintf(why + used, size - used, " (%s)", found + strlen("Sanitizer: "));
}

// Both halves of "is it right": the build that is measured, and the sanitized one.
gr_judgement gr_judge_source(const char *source, const gr_step *s, bool loud, char *why,
                             size_t size, const char **part)
{
    *part = "build";
    const char *missing = gr_step_missing(s);
    if (missing) return snprintf(why, size, "MPI ranks are needed: %s", missing), GR_CANNOT;
    snprintf(why, size, "it does not compile");
    gr_judgement result = gr_compile(source, "exercise", false, loud);
    if (result != GR_RIGHT) return result;
    *part = "correct";
    result = judge(gr_self(), "exercise", s, loud, why, size);
    if (result == GR_CRASHED) add_cause(source, s, why, size);
    if (result != GR_RIGHT || access(GR_SANITIZED, X_OK)) return result;
    *part = "memory";
    snprintf(why, size, "it does not compile with the sanitizers");
    result = gr_compile(source, "exercise-sanitized", true, loud);
    if (result != GR_RIGHT) return result;
    return judge(GR_SANITIZED, "exercise-sanitized", s, false, why, size);
}
