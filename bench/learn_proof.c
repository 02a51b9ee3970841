// SPDX-License-Identifier: BSD-3-Clause
// learn_proof -- the exercises themselves are tested: solutions pass, stubs and mutants do not.
#include "bench/child.h"
#include "bench/command.h"
#include "bench/learn.h"
#include "bench/store.h"
#include "bench/workshop.h"
#include <glob.h>
#include <string.h>

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
        !gr_make_folder(gr_workshop())) {
        char copy[300];
        snprintf(copy, sizeof copy, "%s/pristine.c", gr_workshop());
        FILE *out = fopen(copy, "w");
        bool wrote = out && fwrite(child.out, 1, child.out_size, out) == child.out_size;
        if (out && !fclose(out) && wrote) snprintf(path, 300, "%s", copy);
    }
    gr_child_free(&child);
    return path;
}

static void test_source(tally *t, const gr_desk *d, const char *source, bool should_pass)
{
    char why[400] = "";
    const char *part;
    gr_judgement result = gr_judge_source(source, d->step, should_pass, why, sizeof why, &part);
    if (should_pass)
        tap(t, result == GR_RIGHT, source, "passes", why);
    else
        tap(t, result == GR_WRONG || result == GR_CRASHED, source, "is rejected",
            result == GR_RIGHT ? "it was accepted" : why);
}

static void skip(tally *t, const gr_desk *d, const char *why)
{
    printf("ok %d - %s step %d # SKIP %s\n", ++t->tests, d->lesson->name, d->step->number, why);
    fflush(stdout);
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
    const gr_lesson *only = d->named ? d->lesson : NULL;
    for (int l = 0; l < d->n; l++)
        for (int s = 0; !(only && only != &d->lessons[l]) && s < d->lessons[l].steps; s++) {
            d->lesson = &d->lessons[l];
            gr_workshop_of(d->lesson->name);
            d->step = &d->lessons[l].step[s];
            const char *missing = gr_step_missing(d->step);
            if (missing) {
                skip(&t, d, missing);
                continue;
            }
            test_source(&t, d, gr_solution_path(d, path), true);
            test_source(&t, d, pristine(d, path), false);
            char name[200];
            snprintf(name, sizeof name, "%s step %d", d->lesson->name, d->step->number);
            tap(&t, test_mutants(&t, d) >= 4, name, "has four mutants or more", "it has fewer");
        }
    printf("1..%d\n", t.tests);
    return t.failed ? GR_EXIT_WRONG : GR_EXIT_OK;
}
