// SPDX-License-Identifier: BSD-3-Clause
// list -- the command `gradus list`: what there is.
#include "bench/command.h"
#include "bench/points.h"
#include "bench/ranks.h"
#include "lib/ladder.h"
#include "lib/map_type.h"
#include <jansson.h>
#include <string.h>

static json_t *needs_json(const gr_rung *rung)
{
    json_t *list = json_array();
    if (rung->needs & GR_NEED_OPENMP) json_array_append_new(list, json_string("openmp"));
    if (rung->launcher == GR_LAUNCH_MPI) json_array_append_new(list, json_string("mpi"));
    return list;
}

static json_t *ladder_json(const gr_ladder *l)
{
    json_t *rungs = json_array();
    for (const gr_rung *r = l->rungs; r->name; r++)
        json_array_append_new(rungs, json_pack("{s:s, s:s, s:o, s:s, s:b}", "name", r->name, "idea",
                                               r->idea, "needs", needs_json(r), "launcher",
                                               gr_launcher_name(r->launcher), "other_algorithm",
                                               r->other_algorithm));
    return json_pack("{s:s, s:s, s:s, s:o}", "name", l->name, "title", l->title, "lesson",
                     l->lesson, "rungs", rungs);
}

static json_t *maps_json(void)
{
    json_t *maps = json_array();
    for (const gr_map_type *const *t = gr_map_types; *t; t++) {
        json_t *strategies = json_array();
        for (int s = 0; s < GR_STRATEGIES; s++)
            json_array_append_new(strategies, json_string(gr_strategy_name((gr_strategy)s)));
        json_array_append_new(maps, json_pack("{s:s, s:s, s:o}", "name", (*t)->name, "about",
                                              (*t)->about, "strategies", strategies));
    }
    return maps;
}

static json_t *tasks_json(void)
{
    json_t *tasks = json_array();
    for (const gr_func *const *f = gr_funcs; *f; f++)
        json_array_append_new(tasks,
                              json_pack("{s:s, s:s}", "name", (*f)->name, "about", (*f)->about));
    return tasks;
}

static int print_json(void)
{
    json_t *ladders = json_array();
    for (const gr_ladder *const *l = gr_ladders; *l; l++)
        json_array_append_new(ladders, ladder_json(*l));
    json_t *all =
        json_pack("{s:o, s:o, s:[], s:[], s:o, s:o}", "lessons", gr_lessons_json(), "ladders",
                  ladders, "problems", "solvers", "maps", maps_json(), "tasks", tasks_json());
    json_dumpf(all, stdout, JSON_INDENT(1));
    putchar('\n');
    json_decref(all);
    return GR_EXIT_OK;
}

static void print_ladder(const gr_ladder *l)
{
    printf("%s -- %s (lesson %s)\n", l->name, l->title, l->lesson);
    for (const gr_rung *r = l->rungs; r->name; r++) {
        const char *lacks = r->needs & ~gr_needs_met() ? "built without OpenMP" : NULL;
        if (r->launcher == GR_LAUNCH_MPI) lacks = gr_ranks_missing();
        printf("  %-12s %s%s%s%s%s\n", r->name, r->other_algorithm ? "[other algorithm] " : "",
               r->idea, lacks ? "  (not here: " : "", lacks ? lacks : "", lacks ? ")" : "");
    }
    putchar('\n');
}

static void print_maps(void)
{
    printf("maps -- `gradus map MAP[-STRATEGY][:WORKERS] TASK ITEMS`\n");
    for (const gr_map_type *const *t = gr_map_types; *t; t++)
        printf("  %-12s %s\n", (*t)->name, (*t)->about);
    printf("  strategies: ");
    for (int s = 0; s < GR_STRATEGIES; s++) printf(" %s", gr_strategy_name((gr_strategy)s));
    printf("\n\ntasks\n");
    for (const gr_func *const *f = gr_funcs; *f; f++)
        printf("  %-12s %s\n", (*f)->name, (*f)->about);
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
    print_maps();
    printf("Problems and solvers: none yet.\n");
    return GR_EXIT_OK;
}

const gr_command gr_command_list = {
    .name = "list",
    .operands = "[--json]",
    .summary = "lessons, ladders and their rungs, maps and tasks",
    .run = list_main,
};
