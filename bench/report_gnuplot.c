// SPDX-License-Identifier: BSD-3-Clause
// report_gnuplot -- runs gnuplot on one script and keeps only a drawing that is complete.
#include "bench/child.h"
#include "bench/report_file.h"
#include "bench/report_plot.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// What gnuplot said on one line, as the reason of a failure.
static gr_status refused(const char *name, const gr_child *child)
{
    char said[160] = "";
    const char *text = child->err ? child->err : "";
    text += strspn(text, " \n\t^");
    snprintf(said, sizeof said, "%s", text);
    for (char *c = said; *c; c++)
        if (*c == '\n' || *c == '\t') *c = ' ';
    if (child->signal)
        return gr_fail(GR_ESYS, "gnuplot on %s.gp was ended by signal %d", name, child->signal);
    return gr_fail(GR_ESYS, "gnuplot on %s.gp failed: %s", name, said);
}

// A gnuplot string in single quotes: only a quote needs care, and is doubled.
static void put_quoted(FILE *out, const char *text)
{
    for (; *text; text++) fputs(*text == '\'' ? "''" : (char[]){*text, '\0'}, out);
}

// The commands that go before the script: where to stand, and where to draw.
static char *prelude(const char *dir, const char *name)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out) return NULL;
    fputs("cd '", out);
    put_quoted(out, dir);
    fprintf(out, "'; out = '%s.svg.new'", name);
    if (fclose(out) == 0) return text;
    free(text);
    return NULL;
}

static gr_status run_gnuplot(const char *name, char *commands)
{
    char script[128];
    snprintf(script, sizeof script, "%s.gp", name);
    char *argv[] = {(char[]){"gnuplot"}, (char[]){"-d"}, (char[]){"-e"}, commands, script, NULL};
    gr_child child;
    gr_status status = gr_child_run(argv, 0, &child);
    if (!status && child.exit_code != 0) status = refused(name, &child);
    gr_child_free(&child);
    return status;
}

// GR_ESYS unless the drawing has its end: gnuplot does not notice a full disk.
static gr_status check_complete(const char *dir, const char *drawing)
{
    char *svg;
    GR_TRY(gr_file_read(dir, drawing, &svg));
    bool complete = strstr(svg, "</svg>") != NULL;
    free(svg);
    return complete ? GR_OK : gr_fail(GR_ESYS, "gnuplot left %s incomplete (disk full?)", drawing);
}

static gr_status draw(const char *dir, const char *name, const char *drawing)
{
    char *commands = prelude(dir, name);
    if (!commands) return gr_fail(GR_ENOMEM, "%s: out of memory", name);
    gr_status status = run_gnuplot(name, commands);
    free(commands);
    return status ? status : check_complete(dir, drawing);
}

gr_status gr_gnuplot_draw(const char *dir, const char *name)
{
    char drawing[128], *from = NULL, *to = NULL;
    snprintf(drawing, sizeof drawing, "%s.svg.new", name);
    if (asprintf(&from, "%s/%s", dir, drawing) < 0) from = NULL;
    if (asprintf(&to, "%s/%s.svg", dir, name) < 0) to = NULL;
    gr_status status =
        from && to ? draw(dir, name, drawing) : gr_fail(GR_ENOMEM, "%s: out of memory", name);
    if (!status && rename(from, to)) status = gr_fail_errno("cannot rename %s", from);
    if (status && from) unlink(from);
    free(from);
    free(to);
    return status;
}
