// SPDX-License-Identifier: BSD-3-Clause
// report_md -- the report as Markdown (GitHub's tables), for terminals, mail and version control.
#include "bench/report_page.h"
#include <string.h>

// Prints text with Markdown's signs escaped outside `code`; line ends become spaces. In a table,
// '|' is escaped inside code, too.
static void put(gr_page *page, const char *text)
{
    bool code = false;
    for (; *text; text++) {
        if (*text == '`') code = !code;
        bool sign = strchr("\\*_<>[]|#", *text) != NULL;
        if (sign && (code ? *text == '|' && page->in_table : true)) fputc('\\', page->out);
        fputc(*text == '\n' || *text == '\r' ? ' ' : *text, page->out);
    }
    if (code) fputc('`', page->out);
}

static void begin(gr_page *page, const gr_title *title, const gr_link *contents, size_t n)
{
    fputs("# Gradus: ", page->out);
    put(page, title->title);
    fputs("\n\n**", page->out);
    put(page, title->verdict);
    fputs("**\n\n", page->out);
    put(page, title->details);
    fputs("\n\n", page->out);
    for (size_t i = 0; i < n; i++)
        fprintf(page->out, "%s[%s](#%s)", i ? " - " : "", contents[i].text, contents[i].id);
    fputs("\n", page->out);
}

static void block(gr_page *page, gr_block kind, const char *id, const char *text)
{
    if (kind != GR_ITEM || page->list != GR_ITEMS) fputc('\n', page->out);
    page->list = kind == GR_ITEM ? GR_ITEMS : GR_NO_LIST;
    if (kind == GR_SECTION) fprintf(page->out, "<a id=\"%s\"></a>\n\n## ", id);
    if (kind == GR_HEADING) fputs("### ", page->out);
    if (kind == GR_ITEM) fputs("- ", page->out);
    if (kind == GR_COMMAND)
        fprintf(page->out, "    %s", text);
    else
        put(page, text);
    fputc('\n', page->out);
}

static void fact(gr_page *page, const char *what, const char *value, const char *small)
{
    if (page->list != GR_FACTS) fputc('\n', page->out);
    page->list = GR_FACTS;
    fputs("- ", page->out);
    put(page, what);
    fputs(": ", page->out);
    put(page, value);
    if (small && *small) {
        fputs(" (", page->out);
        put(page, small);
        fputc(')', page->out);
    }
    fputc('\n', page->out);
}

static void table(gr_page *page)
{
    page->list = GR_NO_LIST;
    page->in_table = true;
    fputs("\n|", page->out);
    for (size_t i = 0; i < page->n_columns; i++) {
        fputc(' ', page->out);
        put(page, page->columns[i].title);
        fputs(" |", page->out);
    }
    fputs("\n|", page->out);
    for (size_t i = 0; i < page->n_columns; i++)
        fputs(page->columns[i].number ? "---:|" : "---|", page->out);
    fputc('\n', page->out);
}

static void row(gr_page *page, const char *heading)
{
    fputc('|', page->out);
    if (!heading) return;
    fputs(" **", page->out);
    put(page, heading);
    fputs("** |", page->out);
    for (size_t i = 1; i < page->n_columns; i++) fputs(" |", page->out);
    fputc('\n', page->out);
}

static void cell(gr_page *page, const gr_cell *cell)
{
    fputc(' ', page->out);
    put(page, cell->text);
    if (cell->small && *cell->small) {
        fputs(page->at == 0 ? ": " : " (", page->out);
        put(page, cell->small);
        if (page->at > 0) fputc(')', page->out);
    }
    fputs(" |", page->out);
}

static void row_end(gr_page *page) { fputc('\n', page->out); }

static void table_end(gr_page *page) { page->in_table = false; }

static void figure(gr_page *page, const gr_plot *plot)
{
    page->list = GR_NO_LIST;
    if (!plot->drawn) {
        fprintf(page->out, "\nNo plot `plots/%s.svg`: ", plot->name);
        put(page, plot->why);
        fputs(".\n", page->out);
        return;
    }
    fputs("\n![", page->out);
    put(page, plot->words);
    fprintf(page->out, "](plots/%s.svg)\n", plot->name);
}

static void end(gr_page *page) { (void)page; }

const gr_page_type gr_page_markdown = {
    "report.md", begin, block, fact, table, row, cell, row_end, table_end, figure, end,
};
