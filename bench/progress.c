// SPDX-License-Identifier: BSD-3-Clause
#include "bench/progress.h"
#include "bench/command.h"
#include "lib/timer.h"
#include <stdio.h>
#include <unistd.h>

enum { BAR = 26 };

gr_progress gr_progress_start(const char *title)
{
    return (gr_progress){.title = title,
                         .start = gr_now(),
                         .shown = 0,
                         .bar = isatty(STDERR_FILENO) && gr_columns(stderr) >= 60};
}

static void left_text(char *text, size_t size, double seconds)
{
    if (!(seconds >= 0))
        snprintf(text, size, " ");
    else if (seconds < 90)
        snprintf(text, size, "about %.0f s left", seconds);
    else
        snprintf(text, size, "about %.0f min left", seconds / 60);
}

void gr_progress_show(gr_progress *p, double part, double seconds_left, const char *doing)
{
    double now = gr_now();
    if (now - p->shown < (p->bar ? 0.1 : 10)) return;
    p->shown = now;
    char left[40];
    left_text(left, sizeof left, seconds_left);
    if (!p->bar) {
        fprintf(stderr, "%s %3.0f %%  %s  %s\n", p->title, 100 * part, left, doing);
        return;
    }
    char bar[BAR + 1];
    for (int i = 0; i < BAR; i++) bar[i] = i < (int)(part * BAR) ? '#' : '-';
    bar[BAR] = '\0';
    int room = gr_columns(stderr) - 60;
    fprintf(stderr, "\r\033[K%s [%s] %3.0f %%  %-18s %.*s", p->title, bar, 100 * part, left,
            room > 0 ? room : 0, doing);
    fflush(stderr);
}

void gr_progress_end(gr_progress *p)
{
    if (p->bar) fprintf(stderr, "\r\033[K");
    fflush(stderr);
}
