// SPDX-License-Identifier: BSD-3-Clause
#include "bench/report_page.h"
#include <stdarg.h>
#include <stdlib.h>

// The formatted text, to be freed; NULL, and the page has failed, without memory.
static char *formatted(gr_page *page, const char *format, va_list args)
{
    char *text = NULL;
    if (vasprintf(&text, format, args) >= 0) return text;
    page->status = gr_fail(GR_ENOMEM, "%s: out of memory", page->type->file);
    return NULL;
}

void gr_page_section(gr_page *page, const char *id, const char *title)
{
    page->type->block(page, GR_SECTION, id, title);
}

void gr_page_say(gr_page *page, gr_block kind, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = formatted(page, format, args);
    va_end(args);
    if (text) page->type->block(page, kind, NULL, text);
    free(text);
}

void gr_page_fact(gr_page *page, const char *what, const char *value, const char *small)
{
    page->type->fact(page, what, value, small);
}

void gr_page_table(gr_page *page, const char *caption, const gr_column *columns, size_t n)
{
    page->caption = caption;
    page->columns = columns;
    page->n_columns = n;
    page->type->table(page);
}

void gr_page_row(gr_page *page)
{
    page->at = 0;
    page->type->row(page, NULL);
}

void gr_page_row_heading(gr_page *page, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = formatted(page, format, args);
    va_end(args);
    if (text) page->type->row(page, text);
    free(text);
}

void gr_page_cell(gr_page *page, const gr_cell *cell)
{
    page->type->cell(page, cell);
    if (page->at + 1 < page->n_columns) page->at++;
}

void gr_page_text(gr_page *page, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = formatted(page, format, args);
    va_end(args);
    gr_page_cell(page, &(gr_cell){.text = text ? text : ""});
    free(text);
}

void gr_page_row_end(gr_page *page) { page->type->row_end(page); }

void gr_page_table_end(gr_page *page) { page->type->table_end(page); }

void gr_page_figure(gr_page *page, const gr_plot *plot)
{
    page->type->figure(page, plot);
    page->figures++;
}
