// SPDX-License-Identifier: BSD-3-Clause
// talk -- every timing that the talk prints, and where the same work is done here.
//
// Source: M. McKerns, Efficient Programming for Parallel Python, 9 June 2012. A row names its
// counterpart by ladder and rung; the ladder need not exist yet.
#pragma once
#include <stdbool.h>

typedef enum gr_talk_kind {
    GR_TALK_TIME,     // `seconds` is a time
    GR_TALK_AT_MOST,  // `seconds` is an upper bound: a printed 0.001 or 0.000
    GR_TALK_SPEEDUP,  // no time: `ratio` is all that the talk prints
    GR_TALK_GROUP_END // after the last row
} gr_talk_kind;

typedef struct gr_talk_row {
    const char *what; // the line of the talk
    double seconds;
    double ratio; // as printed by the talk; 0: not printed, follows from the group's first row
    gr_talk_kind kind;
    const char *ladder, *rung; // its counterpart; NULL: none
    const char *peer;          // which Python of `--peers` does it; NULL: none
} gr_talk_row;

typedef struct gr_talk_group {
    const char *title;  // the slide
    const char *lesson; // "09_laplace": the folder that takes it up
    const char *note;   // what to know when comparing; NULL: nothing
    bool parts;         // the rows are parts of a whole: no ratios
    const gr_talk_row *rows;
} gr_talk_group;

extern const gr_talk_group gr_talk[]; // title NULL ends
