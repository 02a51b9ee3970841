// SPDX-License-Identifier: BSD-3-Clause
// journal -- what a learner has done: results/progress.tsv, one event a line, appended, never
// rewritten.
//
// Columns: time, lesson, step, event, value, more. A text file: read it, merge it, delete it. A
// line that makes no sense is passed over. How things stand is worked out from the events.
#pragma once
#include "lib/status.h"
#include <stdbool.h>
#include <stddef.h>

#define GR_JOURNAL "results/progress.tsv"

typedef struct gr_standing {
    bool passed, skipped, correct; // correct: right, but its speed was not judged or not reached
    bool solution_seen, guessed, explained;
    int hints, checks;
    double guess, measured,
        ratio; // ratio: the best gain over the baseline, lower end of its interval
} gr_standing;

// Adds an event, with the time of now. Words must have no tabs or line ends.
gr_status gr_journal_add(const char *lesson, int step, const char *event, const char *value,
                         const char *more);

// How this step stands. A missing journal is an empty one.
gr_standing gr_journal_standing(const char *lesson, int step);

// Where the learner is, by the last event "at": fills lesson (128 bytes) and step; false if
// nowhere.
bool gr_journal_place(char *lesson, int *step);

// The guesses so far: how far off each was, |log2(guess/measured)|, oldest first; at most `most`.
size_t gr_journal_guesses(double *off, size_t most);
