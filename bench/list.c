// SPDX-License-Identifier: BSD-3-Clause
// list -- the command `gradus list`: what there is.
#include "bench/command.h"
#include "bench/points.h"
#include "bench/ranks.h"
#include "lib/ladder.h"
#include "lib/map_type.h"
#include "solvers/model.h"
#include "solvers/penalty.h"
#include "solvers/solver_type.h"
#include "solvers/transform.h"
#include <jansson.h>
#include <string.h>

static json_t *needs_json(const gr_rung *rung)
{
    json_t *list = json_array();
    if (rung->needs & GR_NEED_OPENMP) json_array_append_new(list, json_string("openmp"));
    if (rung->launcher == GR_LAUNCH_MPI) json_array_append_new(list, json_string("mpi"));
    if (rung->needs & GR_NEED_PERSISTENT)
        json_array_append_new(list, json_string("persistent collectives"));
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

static json_t *problems_json(void)
{
    json_t *problems = json_array();
    for (const gr_problem_type *const *t = gr_problem_types; *t; t++)
        json_array_append_new(
            problems, json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:b}", "name", (*t)->name,
                                "formula", (*t)->formula, "source", (*t)->source, "least",
                                (json_int_t)(*t)->least, "most", (json_int_t)(*t)->most, "usual",
                                (json_int_t)(*t)->usual, "multimodal", (*t)->multimodal));
    return problems;
}

static json_t *solvers_json(void)
{
    json_t *solvers = json_array();
    for (const gr_solver_type *const *t = gr_solver_types; *t; t++) {
        json_t *options = json_array();
        for (const gr_solver_option *o = (*t)->options; o && o->name; o++)
            json_array_append_new(options,
                                  json_pack("{s:s, s:s}", "name", o->name, "about", o->about));
        json_array_append_new(solvers,
                              json_pack("{s:s, s:s, s:s, s:s, s:o, s:s?}", "name", (*t)->name,
                                        "about", (*t)->about, "source", (*t)->source, "stop",
                                        (*t)->stop, "options", options, "missing", (*t)->missing));
    }
    return solvers;
}

static json_t *rules_json(void)
{
    json_t *rules = json_array();
    for (const gr_rule_type *t = gr_rule_types; t->name; t++)
        json_array_append_new(rules, json_pack("{s:s, s:s}", "name", t->name, "about", t->about));
    return rules;
}

static json_t *named(const char *name, const char *about)
{
    return json_pack("{s:s, s:s}", "name", name, "about", about);
}

static void add_constraints_json(json_t *all)
{
    json_t *penalties = json_array(), *transforms = json_array(), *models = json_array(),
           *metrics = json_array();
    for (const gr_penalty_type *t = gr_penalty_types; t->name; t++)
        json_array_append_new(penalties, named(t->name, t->about));
    for (const gr_transform_type *t = gr_transform_types; t->name; t++)
        json_array_append_new(transforms, named(t->name, t->about));
    for (const gr_model_type *t = gr_model_types; t->name; t++)
        json_array_append_new(models, named(t->name, t->formula));
    for (const gr_metric_type *t = gr_metric_types; t->name; t++)
        json_array_append_new(metrics, named(t->name, t->about));
    json_object_set_new(all, "penalties", penalties);
    json_object_set_new(all, "transforms", transforms);
    json_object_set_new(all, "models", models);
    json_object_set_new(all, "metrics", metrics);
}

static int print_json(void)
{
    json_t *ladders = json_array();
    for (const gr_ladder *const *l = gr_ladders; *l; l++)
        json_array_append_new(ladders, ladder_json(*l));
    json_t *all =
        json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "lessons", gr_lessons_json(), "ladders",
                  ladders, "problems", problems_json(), "solvers", solvers_json(), "rules",
                  rules_json(), "maps", maps_json(), "tasks", tasks_json());
    add_constraints_json(all);
    json_dumpf(all, stdout, JSON_INDENT(1));
    putchar('\n');
    json_decref(all);
    return GR_EXIT_OK;
}

static void print_ladder(const gr_ladder *l)
{
    printf("%s -- %s (lesson %s)\n", l->name, l->title, l->lesson);
    for (const gr_rung *r = l->rungs; r->name; r++) {
        const char *lacks = r->launcher == GR_LAUNCH_MPI ? gr_ranks_missing() : NULL;
        if (!lacks) lacks = gr_rung_lacks(r);
        printf("  %-12s %s%s%s%s%s\n", r->name, r->other_algorithm ? "[other algorithm] " : "",
               r->idea, lacks ? "  (not here: " : "", lacks ? lacks : "", lacks ? ")" : "");
    }
    putchar('\n');
}

static void print_maps(void)
{
    printf("maps -- `gradus map MAP[-STRATEGY][:WORKERS] TASK ITEMS`\n");
    for (const gr_map_type *const *t = gr_map_types; *t; t++) {
        const char *lacks = (*t)->ranks ? gr_ranks_missing() : NULL;
        printf("  %-12s %s%s%s%s\n", (*t)->name, (*t)->about, lacks ? "  (not here: " : "",
               lacks ? lacks : "", lacks ? ")" : "");
    }
    printf("  strategies: ");
    for (int s = 0; s < GR_STRATEGIES; s++) printf(" %s", gr_strategy_name((gr_strategy)s));
    printf("\n\ntasks\n");
    for (const gr_func *const *f = gr_funcs; *f; f++)
        printf("  %-12s %s\n", (*f)->name, (*f)->about);
    putchar('\n');
}

static void print_problems(void)
{
    printf("problems -- `gradus solve --problem NAME --dim N`\n");
    for (const gr_problem_type *const *t = gr_problem_types; *t; t++)
        printf("  %-12s %s\n", (*t)->name, (*t)->formula);
    putchar('\n');
}

static void print_solver(const gr_solver_type *t)
{
    printf("  %-12s %s%s%s%s\n", t->name, t->about, t->missing ? "  (not here: " : "",
           t->missing ? t->missing : "", t->missing ? ")" : "");
    for (const gr_solver_option *o = t->options; o && o->name; o++) {
        printf("    %s=", o->name);
        for (size_t w = 0; o->words && o->words[w]; w++) printf("%s%s", w ? "|" : "", o->words[w]);
        if (!o->words) printf("%g", o->usual);
        printf("  %s\n", o->about);
    }
    printf("    stops at %s\n", t->stop);
}

static void print_rule(const gr_rule_type *t)
{
    char word[100];
    size_t used = (size_t)snprintf(word, sizeof word, "%s", t->name);
    for (size_t i = 0; i < GR_RULE_ARGS && t->arg[i].name; i++)
        used += (size_t)snprintf(word + used, sizeof word - used, "%c%s=%g", i ? ',' : '(',
                                 t->arg[i].name, t->arg[i].usual);
    printf("  %s)\n               %s\n", word, t->about);
}

static void print_solvers(void)
{
    printf("solvers -- `gradus solve --solver NAME[,option=value]...`\n");
    for (const gr_solver_type *const *t = gr_solver_types; *t; t++) print_solver(*t);
    printf(
        "\nstop rules -- `gradus solve --stop 'RULE or (RULE and RULE)'`, with their defaults\n");
    for (const gr_rule_type *t = gr_rule_types; t->name; t++) print_rule(t);
}

static void print_constraints(void)
{
    printf("\npenalties -- `gradus solve --constraint 'x0 + x1 <= 3 or x0 == 1' --penalty "
           "NAME,k=K`\n");
    for (const gr_penalty_type *t = gr_penalty_types; t->name; t++)
        printf("  %-12s %s; k=%g\n", t->name, t->about, t->usual);
    printf("\ntransforms -- `gradus solve --transform 'NAME(numbers) and x0 = 3 - x1'`\n");
    for (const gr_transform_type *t = gr_transform_types; t->name; t++) {
        char word[40];
        snprintf(word, sizeof word, "%s%s", t->name, t->usage);
        printf("  %-18s %s\n", word, t->about);
    }
    printf("\nmodels -- `gradus solve --data FILE --model NAME --metric NAME`\n");
    for (const gr_model_type *t = gr_model_types; t->name; t++)
        printf("  %-12s %s\n", t->name, t->formula);
    printf("metrics\n");
    for (const gr_metric_type *t = gr_metric_types; t->name; t++)
        printf("  %-12s %s\n", t->name, t->about);
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
    print_problems();
    print_solvers();
    print_constraints();
    return GR_EXIT_OK;
}

const gr_command gr_command_list = {
    .name = "list",
    .operands = "[--json]",
    .summary = "ladders and rungs, maps, tasks, problems, solvers, rules, penalties, models",
    .run = list_main,
};
