// SPDX-License-Identifier: BSD-3-Clause
// report_plot -- the plots of a report: numbers, gnuplot scripts, and the SVGs they draw.
//
// All plots share one hue, thin grey axes and no background, so that they stand on light and dark
// pages. An SVG is first drawn as NAME.svg.new and renamed when it is complete.
#pragma once
#include "bench/report_model.h"

typedef enum gr_plot_kind {
    GR_PLOT_TIME,
    GR_PLOT_GAIN,
    GR_PLOT_SCALING,
    GR_PLOT_STUDY,
    GR_PLOT_WORKERS,
    GR_PLOT_MAPS,
    GR_PLOT_LATENCY,
    GR_PLOT_MESSAGES,
    GR_PLOT_COLLECTIVE,
    GR_PLOT_CONTEST
} gr_plot_kind;

typedef struct gr_plot {
    gr_plot_kind kind;
    const gr_report_group *group; // NULL: of the machine
    size_t first;  // GR_PLOT_SCALING: the rung's first point in the group; COLLECTIVE, STUDY: which
    char name[96]; // plots/NAME.svg, .gp, .dat
    char *words;   // what it shows, with its numbers, for those who do not see it
    bool drawn;
    char why[192]; // where it is not drawn
} gr_plot;

typedef struct gr_plots {
    gr_plot *plot;
    size_t n;
    bool no_gnuplot;
} gr_plots;

// Writes the data and script of every plot of the run into dir/plots and draws them. A plot that
// gnuplot cannot draw keeps its reason in `why`; that is no failure. Free the plots in any case.
gr_status gr_plots_make(gr_plots *plots, const gr_report_run *run, const char *dir);
void gr_plots_free(gr_plots *plots);

// Draws dir/NAME.svg from dir/NAME.gp. GR_EUNSUP without gnuplot; GR_ESYS with its message.
gr_status gr_gnuplot_draw(const char *dir, const char *name);
