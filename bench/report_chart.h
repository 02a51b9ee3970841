// SPDX-License-Identifier: BSD-3-Clause
// report_chart -- gnuplot scripts for horizontal bars on a log scale, and what all scripts share.
#pragma once
#include "bench/report_plot.h"
#include <stdio.h>

#define GR_GREY      "#777777" // read on white and on black; a page puts its own text colour in place
#define GR_BLUE      "0x4a86c5"
#define GR_PALE_BLUE "0x9dbbe0" // another algorithm

// Prints text from a document between quotes, made harmless: gnuplot sees no quote, backslash,
// backtick or line end in it.
void gr_script_string(FILE *out, const char *text, char quote);

// The lines that every script begins with: where it draws, its data, title and colours. The size
// is in points of the screen.
void gr_script_begin(FILE *gp, const char *name, const char *title, int width, int height);
void gr_script_label(FILE *gp, const char *axis, const char *text);
// The label of a tick: "20x", or for seconds (unit "") "20 us".
gr_text gr_script_tick(double value, const char *unit);

// One bar, with its whisker from lo to hi.
typedef struct gr_chart_bar {
    double value, lo, hi;
    gr_text label;
} gr_chart_bar;

// A bar chart is a function from points to bars, and words around it.
typedef struct gr_chart {
    gr_chart_bar (*bar)(const gr_report_point *);
    const char *what, *axis, *unit; // unit: of a tick; "" for seconds
    double from;                    // where bars begin; 0: left of the shortest
} gr_chart;

extern const gr_chart gr_chart_time, gr_chart_gain;

// Has this point a bar in the chart?
bool gr_chart_shows(const gr_chart *chart, const gr_report_point *point);

// Prints data and script of the chart of plot->group, which has at least one bar.
void gr_chart_write(const gr_chart *chart, const gr_plot *plot, FILE *dat, FILE *gp);
