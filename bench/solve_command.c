// SPDX-License-Identifier: BSD-3-Clause
// solve_command -- the command `gradus solve`: a test problem, a solver, until a reason.
#include "bench/command.h"
#include "bench/progress.h"
#include "bench/solve.h"
#include "lib/replace.h"
#include "lib/timer.h"
#include "solvers/control.h"
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROOM = 4096 };

// The progress line and the saving, both seen to after each generation.
typedef struct keeper {
    gr_monitor monitor;
    gr_progress progress;
    const char *path; // NULL: nothing is saved
    size_t every;     // generations; 0: once a second
    double saved;     // gr_now() when last
} keeper;

typedef struct solving {
    gr_solve_words words;
    gr_problem problem;
    gr_map *map;
    gr_solver *solver;
    gr_control control;
    keeper keep;
    gr_verbose verbose;
    gr_log log, data; // data: of the plots
    gr_stop stop;
} solving;

// ---- while it runs ----

static gr_status save_now_and_then(keeper *k, const gr_solver *s)
{
    if (!k->path) return GR_OK;
    bool due = k->every ? (size_t)gr_solver_generation(s) % k->every == 0 : gr_now() > k->saved + 1;
    if (!due) return GR_OK;
    k->saved = gr_now();
    return gr_solver_save(s, k->path);
}

static gr_status keeper_see(gr_monitor *monitor, const gr_solver *s)
{
    keeper *k = (keeper *)monitor;
    char doing[80];
    snprintf(doing, sizeof doing, "%" PRId64 " evaluations, best %.6g", gr_solver_evaluations(s),
             gr_solver_best(s, NULL));
    gr_progress_show(&k->progress, gr_solver_part(s), -1, doing);
    return save_now_and_then(k, s);
}

static gr_status open_logs(solving *v)
{
    const gr_solve_words *w = &v->words;
    char data[ROOM];
    gr_log_options go_on = {.go_on = w->resume && w->log && !access(w->log, F_OK)};
    if (w->log) {
        GR_TRY(gr_log_open(&v->log, w->log, v->solver, &go_on));
        GR_TRY(gr_solver_watch(v->solver, &v->log.monitor));
    }
    if (!w->plot) return GR_OK;
    GR_TRY(gr_solve_plot_name(w->plot, data, sizeof data));
    go_on.go_on = w->resume && !access(data, F_OK);
    GR_TRY(gr_log_open(&v->data, data, v->solver, &go_on));
    return gr_solver_watch(v->solver, &v->data.monitor);
}

static gr_status watch(solving *v)
{
    v->keep = (keeper){.monitor = {keeper_see, NULL},
                       .progress = gr_progress_start("solve"),
                       .path = v->words.save ? v->words.save : v->words.resume,
                       .every = v->words.every,
                       .saved = gr_now()};
    v->keep.progress.shown = gr_now(); // not before there is something to wait for
    GR_TRY(open_logs(v)); // a row is written before its state is saved, so that none is missed
    GR_TRY(gr_solver_watch(v->solver, &v->keep.monitor));
    if (!v->words.verbose) return GR_OK;
    v->verbose = gr_verbose_of(stderr, (int64_t)v->words.verbose, 0);
    return gr_solver_watch(v->solver, &v->verbose.monitor);
}

// ---- what is said ----

static json_t *number(double value) { return isfinite(value) ? json_real(value) : json_null(); }

// 0 before generation 0, too: none was made.
static int64_t generations(const gr_solver *s)
{
    return gr_solver_generation(s) > 0 ? gr_solver_generation(s) : 0;
}

static json_t *document(const solving *v, const double *x)
{
    const gr_solver *s = v->solver;
    json_t *point = json_array();
    for (size_t i = 0; i < v->problem.n; i++) json_array_append_new(point, number(x[i]));
    return json_pack("{s:i, s:s, s:s, s:I, s:I, s:b, s:o, s:o, s:I, s:I, s:I, s:s, s:s, s:b, s:o}",
                     "schema", 1, "problem", v->problem.name, "solver", gr_solver_spec(s), "dim",
                     (json_int_t)v->problem.n, "seed", (json_int_t)gr_solver_seed(s), "maximise",
                     v->problem.maximise, "x", point, "f", number(gr_solver_best(s, NULL)),
                     "evaluations", (json_int_t)gr_solver_evaluations(s), "generations",
                     (json_int_t)generations(s), "not_numbers",
                     (json_int_t)gr_solver_not_numbers(s), "stop", gr_solver_why(s), "reason",
                     gr_stop_name(v->stop), "converged",
                     v->stop == GR_STOP_CONVERGED || v->stop == GR_STOP_ENDED, "seconds",
                     number(gr_solver_seconds(s)));
}

static gr_status write_json(const solving *v, const double *x)
{
    gr_replace file;
    const char *path = v->words.json;
    bool out = !strcmp(path, "-");
    json_t *doc = document(v, x);
    if (!doc) return gr_fail(GR_ENOMEM, "solve: out of memory");
    gr_status status = out ? GR_OK : gr_replace_begin(&file, path);
    if (!status) {
        FILE *stream = out ? stdout : file.stream;
        json_dumpf(doc, stream, JSON_INDENT(1) | JSON_REAL_PRECISION(17));
        fputc('\n', stream);
    }
    json_decref(doc);
    return status || out ? status : gr_replace_end(&file, true);
}

static void print_result(const solving *v, const double *x)
{
    enum { MOST = 20 };
    const gr_solver *s = v->solver;
    printf("%s in %zu dimensions, by %s\n", v->problem.name, v->problem.n, gr_solver_spec(s));
    printf("  %-12s %.17g\n  at          ", v->problem.maximise ? "most" : "least",
           gr_solver_best(s, NULL));
    for (size_t i = 0; i < v->problem.n && i < MOST; i++) printf(" %.9g", x[i]);
    printf("%s\n", v->problem.n > MOST ? " ..." : "");
    printf("  %-12s %" PRId64 "\n  %-12s %" PRId64 "\n", "evaluations", gr_solver_evaluations(s),
           "generations", generations(s));
    if (gr_solver_not_numbers(s))
        printf("  %-12s %" PRId64 "\n", "not numbers", gr_solver_not_numbers(s));
    printf("  %-12s %s\n", "stop", gr_solver_why(s));
}

static gr_status say(const solving *v)
{
    double *x = malloc(v->problem.n * sizeof *x);
    if (!x) return gr_fail(GR_ENOMEM, "solve: out of memory");
    gr_solver_best(v->solver, x);
    gr_status status = v->words.json ? write_json(v, x) : GR_OK;
    if (!v->words.json || strcmp(v->words.json, "-")) print_result(v, x);
    free(x);
    return status;
}

// ---- the whole ----

// The last state and the logs are written however it ended; the first failure is told.
static gr_status finish(solving *v, gr_status status)
{
    gr_status saved = v->keep.path ? gr_solver_save(v->solver, v->keep.path) : GR_OK;
    gr_status logged = gr_log_close(&v->log), drawn = gr_log_close(&v->data);
    return status ? status : saved ? saved : logged ? logged : drawn;
}

static gr_status solve(solving *v)
{
    bool terminal = isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
    v->control = (gr_control){.in = terminal ? stdin : NULL, .out = stderr};
    gr_control_catch(&v->control);
    gr_status status =
        gr_solve_make(&v->words, &v->control.asked, &v->problem, &v->map, &v->solver);
    if (!status) status = watch(v);
    bool begun = !status;
    if (begun) status = gr_control_solve(&v->control, v->solver, &v->stop);
    if (v->keep.progress.bar) gr_progress_end(&v->keep.progress);
    if (begun) status = finish(v, status);
    if (!status) status = say(v);
    if (!status && v->words.plot) status = gr_solve_plot(v->words.plot, v->solver);
    gr_control_release(&v->control);
    return status;
}

static int code_of(const solving *v, gr_status status)
{
    if (status) return gr_exit_of(status);
    if (v->stop != GR_STOP_ASKED) return GR_EXIT_OK;
    fprintf(stderr, "gradus: interrupted: the best so far is shown%s\n",
            v->keep.path ? ", and the state is saved" : "");
    return 128 + (v->control.asked ? v->control.asked : SIGINT);
}

static int solve_main(int argc, char **argv)
{
    solving v = {.words = {.seed = SIZE_MAX}};
    gr_solve_words *w = &v.words;
    char **operands, name[ROOM];
    bool helped;
    const gr_option options[] = {
        {"problem", GR_TEXT, &w->problem, "NAME", "what to solve; `gradus list` names them"},
        {"dim", GR_COUNT, &w->dim, "N", "dimensions (default: the problem's usual number)"},
        {"solver", GR_TEXT, &w->solver, "SPEC", "NAME[,option=value]... (default neldermead)"},
        {"x0", GR_TEXT, &w->x0, "X,...", "where to start (default: drawn within the bounds)"},
        {"bounds", GR_TEXT, &w->bounds, "LO:HI,...", "one for all, or one for each coordinate"},
        {"maximise", GR_FLAG, &w->maximise, NULL, "look for the most, not the least"},
        {"stop", GR_TEXT, &w->stop, "RULE", "when to stop (default: the solver's own rule)"},
        {"map", GR_TEXT, &w->map, "SPEC", "evaluate populations by a map, as fork:4"},
        {"seed", GR_NUMBER, &w->seed, "N", "of all random numbers (default 0)"},
        {"verbose", GR_COUNT, &w->verbose, "N", "a line on stderr every N generations"},
        {"log", GR_TEXT, &w->log, "FILE", "a row for each generation"},
        {"json", GR_TEXT, &w->json, "FILE", "the result as one document (- for stdout)"},
        {"plot", GR_TEXT, &w->plot, "FILE.svg", "the way there, drawn by gnuplot"},
        {"save", GR_TEXT, &w->save, "FILE", "the state, saved once a second and at the end"},
        {"every", GR_COUNT, &w->every, "N", "... every N generations instead"},
        {"resume", GR_TEXT, &w->resume, "FILE", "go on from a saved state, and save there"},
        {0},
    };
    gr_status status = gr_options_read(&gr_command_solve, options, argc, argv, &operands, &helped);
    if (helped) return GR_EXIT_OK;
    if (!status && operands[0]) status = gr_fail(GR_EARG, "solve: unexpected '%s'", operands[0]);
    if (!status && w->plot) status = gr_solve_plot_name(w->plot, name, sizeof name);
    if (!status) status = solve(&v);
    int code = code_of(&v, status);
    gr_solver_free(v.solver);
    gr_map_free(v.map);
    gr_problem_free(&v.problem);
    gr_log_close(&v.log), gr_log_close(&v.data);
    return code;
}

const gr_command gr_command_solve = {
    .name = "solve",
    .operands = "--problem NAME [--solver SPEC]",
    .summary = "minimise a test problem, until a reason",
    .help =
        "  gradus solve --problem rosen --dim 3 --solver powell --x0 0.8,1.2,0.7\n"
        "  gradus solve --problem rosen --stop 'cog(1e-8) or evaluations(500)'\n"
        "  gradus solve --problem sphere --dim 10 --solver neldermead,adaptive --save run.state\n"
        "  gradus solve --resume run.state --stop 'crt(1e-10,1e-10)'    goes on from there\n\n"
        "A rule is NAME(arguments), joined by and, or and brackets; `gradus list` explains all.\n"
        "^C asks what to do: best, continue or exit; away from a terminal it ends with the best "
        "so\n"
        "far. A killed run goes on from its last saved state and ends as if it had not been.",
    .run = solve_main,
};
