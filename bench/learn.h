// SPDX-License-Identifier: BSD-3-Clause
// learn -- the learner's loop: where am I, predict, check, hint, time, next.
//
// The words are rows of the table in learn.c. Everything a word prints ends with what to do next.
#pragma once
#include "bench/journal.h"
#include "bench/lesson.h"

// The learner's place, and everything a word needs.
typedef struct gr_desk {
    gr_lesson lessons[GR_LESSONS];
    int n;
    const gr_lesson *lesson;
    const gr_step *step;
    const char *guess, *because; // --guess, --why
    const char *answer;          // --answer
    bool sure, colour;
    bool named; // --lesson was given
} gr_desk;

// "lessons/10_mandelbrot/exercise1.c" and its kin; `text` holds 256 bytes.
const char *gr_exercise_path(const gr_desk *desk, char *text);
const char *gr_solution_path(const gr_desk *desk, char *text);

// Prints `text` in lines no longer than the terminal, each after `indent` blanks.
void gr_print_wrapped(const char *text, int indent);

// The words. Each returns gradus' exit code.
int gr_learn_where(gr_desk *desk);    // where am I, and what is next
int gr_learn_list(gr_desk *desk);     // all lessons and steps, and how they stand
int gr_learn_next(gr_desk *desk);     // on to the next step that is not done
int gr_learn_skip(gr_desk *desk);     // leave this step
int gr_learn_report(gr_desk *desk);   // what has been reached
int gr_learn_predict(gr_desk *desk);  // guess before you measure
int gr_learn_explain(gr_desk *desk);  // the question after it
int gr_learn_hint(gr_desk *desk);     // the next of three hints
int gr_learn_solution(gr_desk *desk); // ours
int gr_learn_reset(gr_desk *desk);    // the exercise as it was shipped; the learner's is kept
int gr_learn_watch(gr_desk *desk);    // check at every save
int gr_learn_time(gr_desk *desk);     // time the rungs of this step's ladder

// Builds the learner's exercise and judges it: 0 passed, 1 wrong or not yet fast, 2 it does not
// compile, 3 correct but not judged.
int gr_learn_check(gr_desk *desk);

// For maintainers: every solution passes, every exercise as shipped fails, every mutant is
// rejected; TAP on standard output. Speed is not judged. With --lesson only that lesson's.
int gr_learn_test(gr_desk *desk);
