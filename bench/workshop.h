// SPDX-License-Identifier: BSD-3-Clause
// workshop -- where an exercise is compiled and judged: right, and clean under the sanitizers?
#pragma once
#include "bench/lesson.h"
#include <jansson.h>

// The folder where exercises are compiled; a lesson's own in it after gr_workshop_of, so that two
// lessons can be tested at a time.
const char *gr_workshop(void);
void gr_workshop_of(const char *lesson);

typedef enum gr_judgement {
    GR_RIGHT,
    GR_WRONG,
    GR_CRASHED, // wrong, by a signal that ended it
    GR_BROKEN,  // it does not compile
    GR_CANNOT   // the tools fail, not the exercise
} gr_judgement;

// Compiles `source` into NAME.so in the workshop; the compiler's words go to stderr when `loud`.
gr_judgement gr_compile(const char *source, const char *name, bool sanitized, bool loud);

// Why exercises of this step cannot be judged here, in a few words; NULL if they can. On a ladder
// whose rungs, but for the truth, all run on MPI ranks, they do, too: up to GR_STEP_RANKS of them.
const char *gr_step_missing(const gr_step *s);
// The sanitized build is asked last, and looks at memory: the code of all ranks is the same.
enum { GR_STEP_RANKS = 6, GR_SANITIZED_RANKS = 3 };

// Compiles and checks `source` as the exercise of step s, plain and sanitized. What is wrong is
// said in `why`, and in which part: "build", "correct" or "memory". When `loud`, the compiler's
// words go to stderr and what the exercise prints to stdout.
gr_judgement gr_judge_source(const char *source, const gr_step *s, bool loud, char *why,
                             size_t size, const char **part);

// The JSON object that a grading child printed last; NULL if none. The caller's (json_decref).
json_t *gr_last_json(const char *out);
