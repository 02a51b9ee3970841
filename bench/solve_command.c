// SPDX-License-Identifier: BSD-3-Clause
// solve_command -- the command `gradus solve`: a test problem, a solver, until a reason.
#include "bench/command.h"
#include "bench/progress.h"
#include "bench/ranks.h"
#include "bench/solve_ranks.h"
#include "lib/ranks.h"
#include "lib/replace.h"
#include "lib/timer.h"
#include "solvers/control.h"
#include <inttypes.h>
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
    gr_solving made;
    gr_control control;
    keeper keep;
    gr_verbose verbose;
    gr_log log, data; // data: of the plots
    gr_stop stop;
    gr_answer answer;
    gr_way way;
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
        GR_TRY(gr_log_open(&v->log, w->log, v->made.solver, &go_on));
        GR_TRY(gr_solver_watch(v->made.solver, &v->log.monitor));
    }
    if (!w->plot) return GR_OK;
    GR_TRY(gr_solve_plot_name(w->plot, data, sizeof data));
    go_on.go_on = w->resume && !access(data, F_OK);
    GR_TRY(gr_log_open(&v->data, data, v->made.solver, &go_on));
    return gr_solver_watch(v->made.solver, &v->data.monitor);
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
    GR_TRY(gr_solver_watch(v->made.solver, &v->keep.monitor));
    if (v->words.show) GR_TRY(gr_way_watch(&v->way, v->made.solver));
    if (!v->words.verbose) return GR_OK;
    v->verbose = gr_verbose_of(stderr, (int64_t)v->words.verbose, 0);
    return gr_solver_watch(v->made.solver, &v->verbose.monitor);
}

// ---- the whole ----

// The last state and the logs are written however it ended; the first failure is told.
static gr_status finish(solving *v, gr_status status)
{
    gr_status saved = v->keep.path ? gr_solver_save(v->made.solver, v->keep.path) : GR_OK;
    gr_status logged = gr_log_close(&v->log), drawn = gr_log_close(&v->data);
    return status ? status : saved ? saved : logged ? logged : drawn;
}

static gr_status solve(solving *v)
{
    bool terminal = isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
    v->control = (gr_control){.in = terminal ? stdin : NULL, .out = stderr};
    gr_control_catch(&v->control);
    gr_status status = gr_solve_make(&v->words, &v->control.asked, &v->made);
    if (!status) status = watch(v);
    bool begun = !status;
    if (begun) status = gr_control_solve(&v->control, v->made.solver, &v->stop);
    if (v->keep.progress.bar) gr_progress_end(&v->keep.progress);
    if (begun) status = finish(v, status);
    if (!status) status = gr_answer_of(&v->made, v->stop, &v->answer);
    if (!status) status = gr_answer_say(&v->words, &v->made.problem, &v->answer);
    bool shown = v->words.show && !(v->words.json && !strcmp(v->words.json, "-"));
    if (!status && shown) status = gr_way_print(&v->way, gr_solve_problem(&v->made), stdout);
    if (!status && v->words.plot) status = gr_solve_plot(v->words.plot, v->made.solver);
    gr_control_release(&v->control);
    return status;
}

// No state, no generations: only the answer.
static gr_status solve_by_lagrange(solving *v)
{
    v->control = (gr_control){.out = stderr};
    gr_control_catch(&v->control);
    gr_status status = gr_solve_lagrange(&v->words, &v->control.asked, &v->made, &v->answer);
    gr_control_release(&v->control);
    v->stop = v->answer.stop;
    return status ? status : gr_answer_say(&v->words, &v->made.problem, &v->answer);
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
    static solving v;
    v.words.seed = SIZE_MAX;
    gr_solve_words *w = &v.words;
    char **operands, name[ROOM];
    bool helped;
    const gr_option options[] = {
        {"problem", GR_TEXT, &w->problem, "NAME", "what to solve; `gradus list` names them"},
        {"dim", GR_COUNT, &w->dim, "N", "dimensions (default: as many as --x0 has, or usual)"},
        {"solver", GR_TEXT, &w->solver, "SPEC", "NAME[,option=value]... (default neldermead)"},
        {"x0", GR_TEXT, &w->x0, "X,...", "where to start (default: drawn within the bounds)"},
        {"bounds", GR_TEXT, &w->bounds, "LO:HI,...", "one for all, or one for each coordinate"},
        {"data", GR_TEXT, &w->data, "FILE", "fit a model to it, instead of a problem"},
        {"model", GR_TEXT, &w->model, "NAME", "... another one than the file says"},
        {"metric", GR_TEXT, &w->metric, "NAME", "... by squares, absolute, largest or band"},
        {"constraint", GR_TEXT, &w->constraint, "TEXT", "as 'x0 + 2*x1 <= 5; x2 == mean(x)'"},
        {"penalty", GR_TEXT, &w->penalty, "NAME,k=K",
         "how it is kept (default lagrange: in rounds)"},
        {"transform", GR_TEXT, &w->transform, "TEXT",
         "as 'integers[0,2] and x0 >= 1': moves points"},
        {"ranges", GR_TEXT, &w->ranges, "WORD", "then bounds are tight (default), clip, strict"},
        {"outer", GR_TEXT, &w->outer, "TEXT", "of the cost x0, as 'log(1 + x0)'"},
        {"maximise", GR_FLAG, &w->maximise, NULL, "look for the most, not the least"},
        {"stop", GR_TEXT, &w->stop, "RULE", "when to stop (default: the solver's own rule)"},
        {"map", GR_TEXT, &w->map, "SPEC", "evaluate populations by a map, as fork:4"},
        {"cache", GR_COUNT, &w->cache, "N", "remember N costs, in states too: none is paid twice"},
        {"seed", GR_NUMBER, &w->seed, "N", "of all random numbers (default 0)"},
        {"verbose", GR_COUNT, &w->verbose, "N", "a line on stderr every N generations"},
        {"log", GR_TEXT, &w->log, "FILE", "a row for each generation"},
        {"json", GR_TEXT, &w->json, "FILE", "the result as one document (- for stdout)"},
        {"plot", GR_TEXT, &w->plot, "FILE.svg", "the way there, drawn by gnuplot"},
        {"show", GR_FLAG, &w->show, NULL, "the way there in characters, in two dimensions"},
        {"save", GR_TEXT, &w->save, "FILE", "the state, saved once a second and at the end"},
        {"every", GR_COUNT, &w->every, "N", "... every N generations instead"},
        {"resume", GR_TEXT, &w->resume, "FILE", "go on from a saved state, and save there"},
        {0},
    };
    gr_status status = gr_options_read(&gr_command_solve, options, argc, argv, &operands, &helped);
    if (helped) return GR_EXIT_OK;
    if (!status && operands[0]) status = gr_fail(GR_EARG, "solve: unexpected '%s'", operands[0]);
    if (!status && w->plot) status = gr_solve_plot_name(w->plot, name, sizeof name);
    bool lagrange = gr_solve_is_lagrange(w) && !w->resume, ranks = false;
    gr_map_spec spec = {.workers = 1};
    if (!status && !lagrange) status = gr_solve_on_ranks(w, &ranks, &spec);
    if (!status && ranks) status = gr_solve_share(w, &v.made);
    if (status) return gr_exit_of(status);
    if (ranks && !gr_ranks_possible()) return gr_ranks_main(gr_ranks_shape_of(&spec), argv);
    if (ranks && gr_rank() > 0) return GR_EXIT_OK;
    status = lagrange ? solve_by_lagrange(&v) : solve(&v);
    int code = code_of(&v, status);
    gr_answer_free(&v.answer);
    gr_solve_free(&v.made);
    gr_log_close(&v.log), gr_log_close(&v.data);
    return code;
}

const gr_command gr_command_solve = {
    .name = "solve",
    .operands = "--problem NAME | --data FILE [--solver SPEC]",
    .summary = "minimise a test problem, until a reason",
    .help =
        "  gradus solve --problem rosen --dim 3 --solver powell --x0 0.8,1.2,0.7\n"
        "  gradus solve --problem rosen --stop 'cog(1e-8) or evaluations(500)'\n"
        "  gradus solve --problem sphere --dim 10 --solver neldermead,adaptive --save run.state\n"
        "  gradus solve --resume run.state --stop 'crt(1e-10,1e-10)'    goes on from there\n"
        "  gradus solve --problem rosen --dim 2 --constraint 'x0^2 + x1^2 <= 1'\n"
        "  gradus solve --problem rosen --solver de --transform 'integers; x0 <= x1'\n"
        "  gradus solve --data data/decay.txt --solver cma\n\n"
        "A rule is NAME(arguments), joined by and, or and brackets; `gradus list` explains all.\n"
        "What a rule collapse... names is gone on with by --transform 'at(1, 0.5) and as(3, 2)', "
        "or\n"
        "by --bounds, from the best point.\n"
        "^C asks what to do: best, continue or exit; away from a terminal it ends with the best "
        "so\n"
        "far. A killed run goes on from its last saved state and ends as if it had not been.",
    .run = solve_main,
};
