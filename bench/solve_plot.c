// SPDX-License-Identifier: BSD-3-Clause
// The plots of `gradus solve`, drawn by gnuplot from the log.
#include "bench/report_chart.h"
#include "bench/report_plot.h"
#include "bench/solve.h"
#include "lib/replace.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { GRID = 120, ROOM = 4000 };

gr_status gr_solve_plot_name(const char *svg, char *data, size_t room)
{
    size_t n = strlen(svg);
    if (n < 5 || n > 3000 || strcmp(svg + n - 4, ".svg") || svg[n - 5] == '/')
        return gr_fail(GR_EARG, "--plot '%.60s': expected a name that ends in .svg", svg);
    if (strpbrk(svg, "'\"\\`\n"))
        return gr_fail(GR_EARG, "--plot '%.60s': no quotes or backslashes in the name", svg);
    snprintf(data, room, "%.*s.dat", (int)n - 4, svg);
    return GR_OK;
}

// Folder and name of the plot, and the script of that name, opened.
typedef struct place {
    char dir[ROOM], name[ROOM], path[2 * ROOM];
} place;

static place place_of(const char *svg, const char *suffix)
{
    place p = {.dir = "."};
    const char *slash = strrchr(svg, '/');
    size_t length = slash ? (size_t)(slash - svg) + 1 : 0, stem = strlen(svg) - strlen(".svg");
    if (slash) snprintf(p.dir, sizeof p.dir, "%.*s", (int)length, svg);
    snprintf(p.name, sizeof p.name, "%.*s%s", (int)(stem - length), svg + length, suffix);
    snprintf(p.path, sizeof p.path, "%.*s%s", (int)stem, svg, suffix);
    return p;
}

static gr_status begin_beside(gr_replace *file, const place *p, const char *ending)
{
    char path[2 * ROOM + 8];
    snprintf(path, sizeof path, "%s%s", p->path, ending);
    return gr_replace_begin(file, path);
}

static void put_title(FILE *gp, const gr_solver *s, const place *p, int width, int height)
{
    char title[200];
    snprintf(title, sizeof title, "%s in %zu dimensions, by %.80s", gr_solver_problem(s)->name,
             gr_solver_problem(s)->n, gr_solver_spec(s));
    gr_script_begin(gp, p->name, title, width, height);
}

static gr_status finish(gr_replace *script, const place *p)
{
    GR_TRY(gr_replace_end(script, true));
    return gr_gnuplot_draw(p->dir, p->name);
}

// Above the optimum where that is known, so that the way down does not end at a rounded 0.
static double optimum_of(const gr_problem *p)
{
    double *x = malloc(p->n * sizeof *x);
    double least = x && p->type && !p->maximise ? p->type->optimum(x, p->n) : NAN;
    free(x);
    return least;
}

static gr_status draw_costs(const char *svg, const gr_solver *s)
{
    place p = place_of(svg, "");
    gr_replace script;
    GR_TRY(begin_beside(&script, &p, ".gp"));
    FILE *gp = script.stream;
    double least = optimum_of(gr_solver_problem(s));
    put_title(gp, s, &p, 640, 420);
    gr_script_label(gp, "x", "evaluations");
    if (isnan(least)) {
        gr_script_label(gp, "y", "best cost so far");
        fprintf(gp, "plot data using 2:3");
    } else {
        gr_script_label(gp, "y", "best cost so far, above the optimum");
        fprintf(gp, "least = %.17g\nset logscale y\nset format y '%%.0e'\n", least);
        fprintf(gp, "plot data using 2:($3 > least ? $3 - least : 1/0)");
    }
    fprintf(gp, " with steps linecolor rgb " GR_BLUE " linewidth 1.5\n");
    return finish(&script, &p);
}

// ---- the surface, and the way on it ----

static gr_status put_surface(FILE *dat, const gr_problem *p)
{
    for (int i = 0; i <= GRID; i++) {
        for (int j = 0; j <= GRID; j++) {
            double x[2] = {p->lo[0] + (p->hi[0] - p->lo[0]) * i / GRID,
                           p->lo[1] + (p->hi[1] - p->lo[1]) * j / GRID};
            double f = NAN;
            GR_TRY(p->cost(x, 2, p->context, &f));
            fprintf(dat, "%.9g %.9g %.9g\n", x[0], x[1], f);
        }
        fputc('\n', dat);
    }
    return GR_OK;
}

static gr_status write_surface(const place *p, const gr_problem *problem)
{
    gr_replace dat;
    GR_TRY(begin_beside(&dat, p, ".dat"));
    gr_status status = put_surface(dat.stream, problem);
    gr_status ended = gr_replace_end(&dat, !status);
    return status ? status : ended;
}

static gr_status draw_way(const char *svg, const gr_solver *s)
{
    place way = place_of(svg, ""), p = place_of(svg, "-map");
    GR_TRY(write_surface(&p, gr_solver_problem(s)));
    gr_replace script;
    GR_TRY(begin_beside(&script, &p, ".gp"));
    FILE *gp = script.stream;
    put_title(gp, s, &p, 620, 560);
    gr_script_label(gp, "x", "x0");
    gr_script_label(gp, "y", "x1");
    fprintf(gp,
            "stats data using 3 nooutput\nset palette gray\nunset colorbox\n"
            "plot data using 1:2:(log(1 + $3 - STATS_min)) with image, \\\n"
            "  '%s.dat' using 4:5 with linespoints linecolor rgb " GR_BLUE
            " linewidth 1.5 pointtype 7 pointsize 0.4\n",
            way.name);
    return finish(&script, &p);
}

gr_status gr_solve_plot(const char *svg, const gr_solver *s)
{
    const gr_problem *p = gr_solver_problem(s);
    GR_TRY(draw_costs(svg, s));
    bool finite = p->n == 2 && isfinite(p->hi[0] - p->lo[0]) && isfinite(p->hi[1] - p->lo[1]);
    return finite ? draw_way(svg, s) : GR_OK;
}
