// SPDX-License-Identifier: BSD-3-Clause
// report_page -- a page of headings, paragraphs, tables and plots, whatever its format.
//
// The contents of the report are written once, against this interface; a gr_page_type turns them
// into HTML or Markdown. In every text, `words between backticks` are set as code; all else is
// plain and is escaped by the type. Text that comes from the document may be anything.
#pragma once
#include "bench/report_plot.h"
#include <stdio.h>

typedef enum gr_block {
    GR_SECTION,   // a part of the contents list; has an id
    GR_HEADING,   // inside a section
    GR_PARAGRAPH, //
    GR_NOTE,      // a paragraph in small type
    GR_ITEM,      // of a list; a list ends with the next block that is no item
    GR_COMMAND    // something to type
} gr_block;

typedef struct gr_title {
    const char *title, *verdict, *details;
    bool valid;
} gr_title;

typedef struct gr_link {
    const char *id, *text;
} gr_link;

typedef struct gr_column {
    const char *title;
    bool number; // set to the right
    int width;   // percent of the page; 0 in the first column: all as wide as they need
} gr_column;

// A bar with a whisker inside a cell, as fractions of the cell's width; length 0: none.
typedef struct gr_bar {
    double length, lo, hi;
} gr_bar;

typedef struct gr_cell {
    const char *text;
    const char *small; // what stands under it in small type, or NULL
    gr_bar bar;
} gr_cell;

// A list of items, or of facts (what, value).
typedef enum gr_list { GR_NO_LIST, GR_ITEMS, GR_FACTS } gr_list;

typedef struct gr_page gr_page;

typedef struct gr_page_type {
    const char *file;
    void (*begin)(gr_page *page, const gr_title *title, const gr_link *contents, size_t n);
    void (*block)(gr_page *page, gr_block kind, const char *id, const char *text);
    void (*fact)(gr_page *page, const char *what, const char *value, const char *small);
    void (*table)(gr_page *page);                    // page->columns are set
    void (*row)(gr_page *page, const char *heading); // heading: a row of that text alone, or NULL
    void (*cell)(gr_page *page, const gr_cell *cell);
    void (*row_end)(gr_page *page);
    void (*table_end)(gr_page *page);
    void (*figure)(gr_page *page, const gr_plot *plot);
    void (*end)(gr_page *page);
} gr_page_type;

extern const gr_page_type gr_page_html, gr_page_markdown;

struct gr_page {
    const gr_page_type *type;
    FILE *out;
    const char *dir; // the run's folder, where plots/ lies
    const char *caption;
    const gr_column *columns;
    size_t n_columns, at; // at: the next cell's column
    size_t figures;       // drawn so far
    gr_list list;         // the list that is open
    bool in_table;
    gr_status status; // the first failure; checked once, at the end
};

void gr_page_section(gr_page *page, const char *id, const char *title);
void gr_page_say(gr_page *page, gr_block kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
// A line of a list of facts; `small` may be NULL.
void gr_page_fact(gr_page *page, const char *what, const char *value, const char *small);
// Begins a table; gr_page_row_* and gr_page_cell fill it, gr_page_table_end ends it.
void gr_page_table(gr_page *page, const char *caption, const gr_column *columns, size_t n);
void gr_page_row(gr_page *page);
void gr_page_row_heading(gr_page *page, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void gr_page_cell(gr_page *page, const gr_cell *cell);
void gr_page_text(gr_page *page, const char *format, ...)
    __attribute__((format(printf, 2, 3))); // a cell of text alone
void gr_page_row_end(gr_page *page);
void gr_page_table_end(gr_page *page);
void gr_page_figure(gr_page *page, const gr_plot *plot);
