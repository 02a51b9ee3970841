// SPDX-License-Identifier: BSD-3-Clause
// progress -- how far long work has come: a bar on a terminal, now and then a line elsewhere.
#pragma once
#include <stdbool.h>

typedef struct gr_progress {
    const char *title;
    double start, shown; // gr_now() at the beginning and when last shown
    bool bar;            // on stderr, a terminal that can go back to the line's start
} gr_progress;

gr_progress gr_progress_start(const char *title);

// Shows what is being done, the part done (0 to 1) and the seconds still to go (< 0: not known).
// Cheap; may be called often.
void gr_progress_show(gr_progress *p, double part, double seconds_left, const char *doing);

// Clears the bar, so that text can follow.
void gr_progress_end(gr_progress *p);
