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
} gr_desk;

// "lessons/10_mandelbrot/exercise1.c" and its kin; `text` holds 256 bytes.
const char *gr_exercise_path(const gr_desk *desk, char *text);
const char *gr_solution_path(const gr_desk *desk, char *text);

// Prints `text` in lines no longer than the terminal, each after `indent` blanks.
void gr_print_wrapped(const char *text, int indent);

// "make check": builds the learner's exercise and judges it. Prints the verdicts; returns the exit
// code of gradus: 0 passed, 1 wrong or not yet fast, 2 it does not compile, 3 correct but not
// judged.
int gr_learn_check(const gr_desk *desk);

// "gradus learn test": every solution passes, every exercise as shipped fails, every mutant is
// rejected; TAP on standard output. Speed is not judged. 0 or 1.
int gr_learn_test(gr_desk *desk);
