// SPDX-License-Identifier: BSD-3-Clause
// contest_command -- the command `gradus contest`: how many evaluations solvers need.
#include "bench/child.h"
#include "bench/command.h"
#include "bench/contest.h"
#include "bench/json.h"
#include "bench/overhead.h"
#include "bench/progress.h"
#include "bench/ranks.h"
#include "lib/map_type.h"
#include "lib/ranks.h"
#include "lib/replace.h"
#include <inttypes.h>
#include <math.h>
#include <string.h>

static void show(size_t done, size_t n, void *user)
{
    char doing[60];
    snprintf(doing, sizeof doing, "run %zu of %zu", done, n);
    gr_progress_show(user, (double)done / (double)n, -1, doing);
}

// ---- the table ----

static void print_cell(FILE *out, const json_t *run)
{
    double ert = gr_contest_ert(run);
    size_t reached = gr_contest_reached(run), all = json_array_size(json_object_get(run, "hits"));
    char text[40] = "-";
    if (isfinite(ert))
        snprintf(text, sizeof text, reached < all ? "%.0f (%zu)" : "%.0f", ert, reached);
    fprintf(out, " %12s", text);
}

static void print_table(FILE *out, const json_t *document)
{
    const char *solver;
    const json_t *entry;
    size_t i;
    fprintf(
        out,
        "Expected evaluations to 1e-8, in %d dimensions; %d moved and turned instances, at most %d "
        "each.\n(k): only k of them were solved; -: none.\n\n%-22s",
        gr_json_integer(document, "dim"), gr_json_integer(document, "instances"),
        gr_json_integer(document, "budget"), "solver");
    json_array_foreach(json_object_get(document, "functions"), i, entry)
        fprintf(out, " %12s", gr_json_text(entry, "name"));
    fputc('\n', out);
    for (size_t k = 0; (solver = gr_contest_solver(document, k)); k++) {
        char label[GR_CONTEST_LABEL];
        gr_contest_label(solver, label);
        fprintf(out, "%-22s", label);
        json_array_foreach(json_object_get(document, "functions"), i, entry)
            print_cell(out, gr_contest_find(document, solver, gr_json_text(entry, "name")));
        fputc('\n', out);
    }
    json_array_foreach(json_object_get(document, "skipped"), i, entry)
        fprintf(out, "%s\n", gr_json_text(entry, "why"));
}

// ---- the whole ----

static gr_status run(gr_contest_options *o, json_t **document)
{
    gr_progress progress = gr_progress_start("contest");
    o->listener = (gr_listener){.progress = show, .user = &progress};
    gr_status status = gr_contest_run(o, document);
    gr_progress_end(&progress);
    return status;
}

// What is written and printed: a contest, or, without options, the solvers' own time.
static gr_status make(gr_contest_options *o, json_t **document)
{
    return o ? run(o, document) : gr_overhead_document(document);
}

static void print(const gr_contest_options *o, const json_t *document)
{
    if (o)
        print_table(stdout, document);
    else
        gr_overhead_print(document, stdout);
}

// The file is begun first: that it cannot be written is better known before the work.
static gr_status contest(gr_contest_options *o, const char *json)
{
    json_t *document = NULL;
    gr_replace file = {.stream = stdout};
    bool to_file = json && strcmp(json, "-") != 0;
    if (to_file) GR_TRY(gr_replace_begin(&file, json));
    gr_status status = make(o, &document);
    if (!status && (to_file || !json)) print(o, document);
    if (!status && json) json_dumpf(document, file.stream, JSON_COMPACT | JSON_REAL_PRECISION(7));
    if (!status && json) fputc('\n', file.stream);
    json_decref(document);
    gr_status ended = to_file ? gr_replace_end(&file, !status) : GR_OK;
    return status ? status : ended;
}

static int code_of(gr_status status)
{
    int code = gr_exit_of(status);
    return status && gr_interrupted() ? 128 + gr_interrupted() : code;
}

static int contest_main(int argc, char **argv)
{
    gr_contest_options o = {.dim = 10, .instances = 15, .budget = 100000};
    const char *map = "fork", *json = NULL;
    gr_map_spec spec;
    bool helped, overhead = false;
    const gr_option options[] = {
        {"dim", GR_COUNT, &o.dim, "N", "dimensions (default 10)"},
        {"instances", GR_COUNT, &o.instances, "N", "of each function (default 15)"},
        {"budget", GR_COUNT, &o.budget, "N", "evaluations of a run at most (default 100000)"},
        {"seed", GR_NUMBER, &o.seed, "N", "of the first instance (default 0)"},
        {"function", GR_TEXT, &o.function, "NAME", "this one alone"},
        {"stop", GR_TEXT, &o.stop, "RULE", "for all solvers (default: their own, or none)"},
        {"overhead", GR_FLAG, &overhead, NULL,
         "instead: the time that solvers take themselves, beside NLopt's"},
        {"map", GR_TEXT, &map, "SPEC", "what does the runs (default fork: all cores)"},
        {"json", GR_TEXT, &json, "FILE", "all counts as one document (- for stdout)"},
        {0},
    };
    gr_status status = gr_options_read(&gr_command_contest, options, argc, argv, &o.specs, &helped);
    if (helped) return GR_EXIT_OK;
    if (!status && o.instances > 1000)
        status = gr_fail(GR_EARG, "contest: %zu instances: at most 1000", o.instances);
    if (!status && overhead && o.specs[0])
        status = gr_fail(GR_EARG, "contest: '%s' beside --overhead, which has its own solvers",
                         o.specs[0]);
    gr_catch_interrupts();
    if (!status && overhead) return code_of(contest(NULL, json));
    if (!status) status = gr_map_spec_read(map, &spec);
    if (!status && gr_map_type_of(spec.launcher)->ranks && !gr_ranks_possible())
        return gr_ranks_main(gr_ranks_shape_of(&spec), argv);
    if (!status && gr_rank() > 0) return gr_exit_of(gr_map_serve(map, NULL));
    if (!status) status = gr_map_new(&o.map, map, NULL); // first: other ranks wait for it
    if (!status) status = contest(&o, json);
    gr_map_free(o.map);
    return code_of(status);
}

const gr_command gr_command_contest = {
    .name = "contest",
    .operands = "[SOLVER ...]",
    .summary = "how many evaluations solvers need",
    .help =
        "  gradus contest                                 ours and NLopt's, a minute\n"
        "  gradus contest cma quadratic --dim 5           these two\n"
        "  gradus contest de,cross=0.9 --budget 1000000\n"
        "  gradus contest --overhead                      nanoseconds, seconds to measure\n\n"
        "Each function is moved and turned by a seed, so that no axis and no centre helps. Counts\n"
        "depend on the seed, never on the machine or the map.",
    .run = contest_main,
};
