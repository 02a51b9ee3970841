// SPDX-License-Identifier: BSD-3-Clause
// list -- the command `gradus list`: what there is.
#include "bench/command.h"
#include "bench/points.h"
#include "lib/ladder.h"
#include <jansson.h>
#include <string.h>

static json_t *needs_json(unsigned needs)
{
    json_t *list = json_array();
    if (needs & GR_NEED_OPENMP) json_array_append_new(list, json_string("openmp"));
    return list;
}

static json_t *ladder_json(const gr_ladder *l)
{
    json_t *rungs = json_array();
    for (const gr_rung *r = l->rungs; r->name; r++)
        json_array_append_new(rungs, json_pack("{s:s, s:s, s:o, s:s, s:b}", "name", r->name, "idea",
                                               r->idea, "needs", needs_json(r->needs), "launcher",
                                               gr_launcher_name(r->launcher), "other_algorithm",
                                               r->other_algorithm));
    return json_pack("{s:s, s:s, s:s, s:o}", "name", l->name, "title", l->title, "lesson",
                     l->lesson, "rungs", rungs);
}

static int print_json(void)
{
    json_t *ladders = json_array();
    for (const gr_ladder *const *l = gr_ladders; *l; l++)
        json_array_append_new(ladders, ladder_json(*l));
    json_t *all = json_pack("{s:o, s:o, s:[], s:[], s:[], s:[]}", "lessons", gr_lessons_json(),
                            "ladders", ladders, "problems", "solvers", "maps", "tasks");
    json_dumpf(all, stdout, JSON_INDENT(1));
    putchar('\n');
    json_decref(all);
    return GR_EXIT_OK;
}

static void print_ladder(const gr_ladder *l)
{
    printf("%s -- %s (lesson %s)\n", l->name, l->title, l->lesson);
    for (const gr_rung *r = l->rungs; r->name; r++) {
        bool met = !(r->needs & ~gr_needs_met());
        printf("  %-12s %s%s%s\n", r->name, r->other_algorithm ? "[other algorithm] " : "", r->idea,
               met ? "" : "  (not in this build: OpenMP)");
    }
    putchar('\n');
}

static int list_main(int argc, char **argv)
{
    bool json = false, helped;
    char **operands;
    const gr_option options[] = {{"json", GR_FLAG, &json, NULL, "as one JSON document"}, {0}};
    gr_status status = gr_options_read(&gr_command_list, options, argc, argv, &operands, &helped);
    if (!status && !helped && operands[0])
        status = gr_fail(GR_EARG, "list: unexpected '%s'", operands[0]);
    if (status || helped) return gr_exit_of(status);
    if (json) return print_json();
    for (const gr_ladder *const *l = gr_ladders; *l; l++) print_ladder(*l);
    printf("Problems, solvers, maps and tasks: none yet.\n");
    return GR_EXIT_OK;
}

const gr_command gr_command_list = {
    .name = "list",
    .operands = "[--json]",
    .summary = "lessons, ladders and their rungs",
    .run = list_main,
};
