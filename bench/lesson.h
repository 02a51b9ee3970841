// SPDX-License-Identifier: BSD-3-Clause
// lesson -- what lessons/NN_name/lesson.conf says: the steps of a lesson and how each is judged.
//
// `key = value` lines; a line that begins with a blank continues the value; # begins a comment
// line. Top keys, then a block for each step that begins with `step = K`.
#pragma once
#include "lib/status.h"
#include <stdbool.h>
#include <stddef.h>

enum { GR_CHOICES = 6, GR_LESSONS = 64 };

typedef struct gr_step {
    int number;
    const char *title, *file;      // file: the exercise, in the lesson's folder
    const char *ladder, *baseline; // rung 0 of the ladder judges; the baseline is timed beside
    size_t size, steps;            // of the speed check; steps 0: the ladder's own
    double target;                 // share of our solution's gain, as logarithms; 0: not timed
    bool all_workers;
    int minutes;
    const char *goal, *why;
    const char *guess,
        *guess_why[GR_CHOICES]; // `make predict`: the question, and reasons to choose from
    int guess_whys;
    const char *explain, *choice[GR_CHOICES], *because; // the question after success
    int choices, answer;                                // answer: 1-based
} gr_step;

typedef struct gr_lesson {
    char dir[128];    // "lessons/10_mandelbrot"
    const char *name; // "10_mandelbrot", in dir
    const char *title, *slide;
    int minutes;
    gr_step *step;
    int steps;
    char *text; // the file, which all strings point into
} gr_lesson;

// Reads lessons/NAME/lesson.conf. GR_EDATA names the file and line of what is wrong.
gr_status gr_lesson_read(gr_lesson *lesson, const char *root, const char *name);
void gr_lesson_free(gr_lesson *lesson);

// All lessons below root/lessons in order; *n of them. GR_EARG if there are none.
gr_status gr_lessons_read(gr_lesson lessons[GR_LESSONS], const char *root, int *n);
void gr_lessons_free(gr_lesson *lessons, int n);
