// SPDX-License-Identifier: BSD-3-Clause
// report_parts -- the sections of a report, each a function that prints itself on a page.
#pragma once
#include "bench/report_model.h"
#include "bench/report_page.h"
#include "bench/report_plot.h"

typedef struct gr_report {
    gr_report_run run;
    gr_plots plots;
    const char *dir;
} gr_report;

// The whole page: title, contents, sections.
void gr_report_page(gr_page *page, const gr_report *report);

void gr_part_machine(gr_page *page, const gr_report *report);
void gr_part_talk(gr_page *page, const gr_report *report);
void gr_part_ladders(gr_page *page, const gr_report *report);
void gr_part_scaling(gr_page *page, const gr_report *report);
// ... and of that section, strong and weak scaling on ranks.
void gr_part_studies(gr_page *page, const gr_report *report);
void gr_part_workers(gr_page *page, const gr_report *report);
void gr_part_maps(gr_page *page, const gr_report *report);
void gr_part_ranks(gr_page *page, const gr_report *report);
// ... and of that page, how ranks began together.
void gr_part_sync(gr_page *page, const gr_report_run *run);
void gr_part_contest(gr_page *page, const gr_report *report);
void gr_part_rules(gr_page *page, const gr_report *report);

// The plots of one kind and group (NULL: of the machine).
void gr_part_plots(gr_page *page, const gr_report *report, gr_plot_kind kind,
                   const gr_report_group *group);

// Why a point is not shown: "skipped: no device", "wrong: field[3] = nan", "not verified".
gr_text gr_point_why(const gr_report_point *point);

// Counts of points: all that were not skipped, those of them that are verified and shown, ...
typedef struct gr_tally {
    size_t points, measured, shown, converged, skipped, bounded, limited;
} gr_tally;
gr_tally gr_report_tally(const gr_report_run *run);

// points.csv, and its columns.
void gr_report_csv(FILE *out, const gr_report_run *run);
