// SPDX-License-Identifier: BSD-3-Clause
// report_html -- the report as one HTML file: no scripts, nothing fetched, plots inside.
//
// Light and dark by the reader's system, a print style, and on a narrow screen each row of a table
// becomes a card, so that the page never scrolls sideways.
#include "bench/report_file.h"
#include "bench/report_page.h"
#include "bench/report_style.h"
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void put_char(FILE *out, char c)
{
    switch (c) {
    case '&':
        fputs("&amp;", out);
        break;
    case '<':
        fputs("&lt;", out);
        break;
    case '>':
        fputs("&gt;", out);
        break;
    case '"':
        fputs("&quot;", out);
        break;
    default:
        fputc(iscntrl((unsigned char)c) && c != '\n' ? ' ' : c, out);
    }
}

static void put_plain(FILE *out, const char *text)
{
    for (; *text; text++) put_char(out, *text);
}

// Text with `code` between backticks.
static void put(FILE *out, const char *text)
{
    bool code = false;
    for (; *text; text++) {
        if (*text != '`') {
            put_char(out, *text);
            continue;
        }
        fputs(code ? "</code>" : "<code>", out);
        code = !code;
    }
    if (code) fputs("</code>", out);
}

static void put_contents(FILE *out, const gr_link *contents, size_t n)
{
    fputs("<nav aria-label=\"Contents\"><ol>\n", out);
    for (size_t i = 0; i < n; i++)
        fprintf(out, "<li><a href=\"#%s\">%s</a></li>\n", contents[i].id, contents[i].text);
    fputs("</ol></nav>\n", out);
}

static void begin(gr_page *page, const gr_title *title, const gr_link *contents, size_t n)
{
    FILE *out = page->out;
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta name=\"color-scheme\" content=\"light dark\">\n<title>Gradus: ",
          out);
    put_plain(out, title->title);
    fputs("</title>\n<style>\n", out);
    for (size_t i = 0; gr_report_style[i]; i++) fprintf(out, "%s\n", gr_report_style[i]);
    fputs("</style>\n</head>\n<body>\n<header>\n<p class=\"name\">Gradus</p>\n<h1>", out);
    put(out, title->title);
    fprintf(out, "</h1>\n<p class=\"verdict %s\">", title->valid ? "valid" : "doubtful");
    put(out, title->verdict);
    fputs("</p>\n<p class=\"details\">", out);
    put(out, title->details);
    fputs("</p>\n</header>\n", out);
    put_contents(out, contents, n);
    fputs("<main>\n", out);
}

static void end_list(gr_page *page)
{
    static const char *const ends[] = {
        [GR_NO_LIST] = "", [GR_ITEMS] = "</ul>\n", [GR_FACTS] = "</dl>\n"};
    fputs(ends[page->list], page->out);
    page->list = GR_NO_LIST;
}

static void block(gr_page *page, gr_block kind, const char *id, const char *text)
{
    static const char *const tags[] = {
        [GR_SECTION] = "h2", [GR_HEADING] = "h3", [GR_PARAGRAPH] = "p",
        [GR_NOTE] = "p",     [GR_ITEM] = "li",    [GR_COMMAND] = "pre",
    };
    FILE *out = page->out;
    if (kind != GR_ITEM || page->list != GR_ITEMS) end_list(page);
    if (kind == GR_ITEM && page->list != GR_ITEMS) {
        fputs("<ul>\n", out);
        page->list = GR_ITEMS;
    }
    fprintf(out, "<%s", tags[kind]);
    if (id) fprintf(out, " id=\"%s\"", id);
    fputs(kind == GR_NOTE ? " class=\"note\">" : ">", out);
    (kind == GR_COMMAND ? put_plain : put)(out, text);
    fprintf(out, "</%s>\n", tags[kind]);
}

static void fact(gr_page *page, const char *what, const char *value, const char *small)
{
    FILE *out = page->out;
    if (page->list != GR_FACTS) {
        end_list(page);
        fputs("<dl>\n", out);
        page->list = GR_FACTS;
    }
    fputs("<div><dt>", out);
    put(out, what);
    fputs("</dt><dd>", out);
    put(out, value);
    if (small && *small) {
        fputs("<small>", out);
        put(out, small);
        fputs("</small>", out);
    }
    fputs("</dd></div>\n", out);
}

static void table(gr_page *page)
{
    FILE *out = page->out;
    end_list(page);
    page->in_table = true;
    bool fixed = page->columns[0].width > 0;
    fprintf(out, "<table role=\"table\"%s>\n<caption>", fixed ? " class=\"fixed\"" : "");
    put(out, page->caption);
    fputs("</caption>\n", out);
    for (size_t i = 0; fixed && i < page->n_columns; i++)
        fprintf(out, "<col style=\"width: %d%%\">\n", page->columns[i].width);
    fputs("<thead role=\"rowgroup\"><tr role=\"row\">", out);
    for (size_t i = 0; i < page->n_columns; i++) {
        fprintf(out, "<th role=\"columnheader\" scope=\"col\"%s>",
                page->columns[i].number ? " class=\"number\"" : "");
        put_plain(out, page->columns[i].title);
        fputs("</th>", out);
    }
    fputs("</tr></thead>\n<tbody role=\"rowgroup\">\n", out);
}

static void row(gr_page *page, const char *heading)
{
    if (!heading) {
        fputs("<tr role=\"row\">", page->out);
        return;
    }
    fprintf(page->out,
            "<tr role=\"row\" class=\"group\"><th role=\"rowheader\" scope=\"rowgroup\" "
            "colspan=\"%zu\">",
            page->n_columns);
    put(page->out, heading);
    fputs("</th></tr>\n", page->out);
}

static double percent(double fraction) { return 100 * fmin(1, fmax(0, fraction)); }

static void put_bar(FILE *out, gr_bar bar)
{
    fprintf(out,
            "<svg class=\"bar\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" "
            "aria-hidden=\"true\"><rect y=\"1\" height=\"8\" width=\"%.2f\"/>",
            percent(bar.length));
    if (bar.lo < bar.hi)
        fprintf(out, "<path d=\"M%.2f 5H%.2fM%.2f 2V8M%.2f 2V8\"/>", percent(bar.lo),
                percent(bar.hi), percent(bar.lo), percent(bar.hi));
    fputs("</svg>", out);
}

static void cell(gr_page *page, const gr_cell *cell)
{
    FILE *out = page->out;
    const gr_column *column = &page->columns[page->at];
    if (page->at == 0)
        fputs("<th role=\"rowheader\" scope=\"row\"", out);
    else {
        fputs("<td role=\"cell\" data-label=\"", out);
        put_plain(out, column->title);
        fputc('"', out);
    }
    bool empty = (!*cell->text || !strcmp(cell->text, "-")) && !(cell->small && *cell->small);
    fprintf(out, " class=\"%s%s\"><span>", column->number ? "number" : "", empty ? " empty" : "");
    put(out, cell->text);
    if (cell->small && *cell->small) {
        fputs("<small>", out);
        put(out, cell->small);
        fputs("</small>", out);
    }
    if (cell->bar.length > 0) put_bar(out, cell->bar);
    fputs(page->at == 0 ? "</span></th>" : "</span></td>", out);
}

static void row_end(gr_page *page) { fputs("</tr>\n", page->out); }

static void table_end(gr_page *page)
{
    page->in_table = false;
    fputs("</tbody>\n</table>\n", page->out);
}

// ---- plots -------------------------------------------------------------------------------------

// What gnuplot writes, and what an SVG inside a page needs in its place. An entry with `end`
// leaves out everything up to and including that.
typedef struct change {
    const char *from, *end, *to;
} change;

static const change changes[] = {
    {" xmlns", "\"\n", "\n"},    // namespaces
    {"\n width=\"", "\n", "\n"}, // the size in points; viewBox stays
    {" id=\"", "\"", ""},        // the same in every plot
    {"<title>", "</title>", ""},
    {"<desc>", "</desc>", ""},
    {" color=\"black\"", NULL, ""}, // the page's colour instead
    {"'rgb(119, 119, 119)'", NULL, "'currentColor'"},
    {"\"rgb(119, 119, 119)\"", NULL, "\"currentColor\""},
    {"\"rgb(119,119,119)\"", NULL, "\"currentColor\""},
    {" font-family=\"sans-serif\"", NULL, ""},
};

static const char *skip_past(const char *text, const char *end)
{
    const char *at = strstr(text, end);
    return at ? at + strlen(end) : text + strlen(text);
}

// Makes the change that applies at `svg` and returns what follows it; NULL if none applies.
static const char *changed(FILE *out, const char *svg)
{
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        const change *c = &changes[i];
        size_t length = strlen(c->from);
        if (strncmp(svg, c->from, length) != 0) continue;
        fputs(c->to, out);
        return c->end ? skip_past(svg + length, c->end) : svg + length;
    }
    return NULL;
}

// Prints the SVG as a part of the page. Every plot defines the same point symbols: only the first
// keeps them.
static void put_svg(FILE *out, const char *svg, bool first)
{
    svg = strstr(svg, "<svg");
    while (svg && *svg) {
        if (!first && !strncmp(svg, "<defs>", 6)) {
            svg = skip_past(svg, "</defs>");
            continue;
        }
        const char *next = changed(out, svg);
        if (!next) fputc(*svg++, out);
        if (next) svg = next;
    }
}

static bool is_small(const gr_plot *plot)
{
    return plot->kind == GR_PLOT_SCALING || plot->kind == GR_PLOT_STUDY ||
           plot->kind == GR_PLOT_MAPS || plot->kind == GR_PLOT_MESSAGES ||
           plot->kind == GR_PLOT_COLLECTIVE;
}

static void figure(gr_page *page, const gr_plot *plot)
{
    end_list(page);
    char name[128], *svg = NULL;
    snprintf(name, sizeof name, "plots/%s.svg", plot->name);
    bool read = plot->drawn && gr_file_read(page->dir, name, &svg) == GR_OK;
    if (!read) {
        fprintf(page->out, "<p class=\"note\">No plot <code>%s</code>: ", name);
        put(page->out, plot->drawn ? gr_errmsg() : plot->why);
        fputs(".</p>\n", page->out);
        return;
    }
    fprintf(page->out, "<figure class=\"%s\" role=\"img\" tabindex=\"0\" aria-label=\"",
            is_small(plot) ? "plot small" : "plot");
    put_plain(page->out, plot->words);
    fputs("\">\n", page->out);
    put_svg(page->out, svg, page->figures == 0);
    fputs("</figure>\n", page->out);
    free(svg);
}

static void end(gr_page *page)
{
    end_list(page);
    fputs("</main>\n</body>\n</html>\n", page->out);
}

const gr_page_type gr_page_html = {
    "report.html", begin, block, fact, table, row, cell, row_end, table_end, figure, end,
};
