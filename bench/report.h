// SPDX-License-Identifier: BSD-3-Clause
// report -- what a run of `gradus bench` found, for people: pages, tables, plots.
//
// The input is the document that `gradus bench --json` prints (docs/method.md names its members).
// Any member may be missing or null: what is not known is shown as "-", and what was not verified
// is not shown as a time. Nothing is measured or judged here that the document does not say.
//
// Files of a report, each written under another name and renamed when complete:
//   report.html  one page that needs nothing else: style and plots are inside
//   report.md    the same contents, with links to plots/
//   points.csv   one line per point and per Python peer
//   plots/       NAME.svg, the script NAME.gp that draws it and its numbers NAME.dat;
//                `cd plots && gnuplot NAME.gp` draws it again
#pragma once
#include "lib/status.h"
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

// Writes the report on `document` into the folder `dir`, which is made if it is not there. Without
// gnuplot the report has no plots and says so. GR_EDATA if the document is no JSON object, GR_ESYS
// if a file cannot be written (disk full, no permission); complete files of an older report stay.
gr_status gr_report_write(const json_t *document, const char *dir);

// Prints the ladder tables on a terminal of `columns` columns: ASCII bars on a log scale, '|' at
// the ends of each interval. `colour` allows ANSI colours.
gr_status gr_report_print(const json_t *document, FILE *out, bool colour, int columns);
