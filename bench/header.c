// SPDX-License-Identifier: BSD-3-Clause
#include "bench/points.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

// FNV-1a of the program itself: launches of two different builds are never put into one run.
static json_t *build_id(void)
{
    uint64_t hash = 0xcbf29ce484222325u;
    FILE *self = fopen("/proc/self/exe", "rb");
    unsigned char block[65536];
    size_t got;
    while (self && (got = fread(block, 1, sizeof block, self)) > 0)
        for (size_t i = 0; i < got; i++) hash = (hash ^ block[i]) * 0x100000001b3u;
    if (self) fclose(self);
    return json_sprintf("%016llx", (unsigned long long)hash);
}

static json_t *time_now(void)
{
    char text[32];
    time_t now = time(NULL);
    struct tm utc;
    gmtime_r(&now, &utc);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return json_string(text);
}

static json_t *task_json(const gr_task *t)
{
    char key[GR_TASK_KEY];
    const gr_ladder *l = t->ladder;
    double footprint = l->footprint ? l->footprint(t->size) : 0;
    double reuse = t->rung->reuse > 0 ? t->rung->reuse : 1;
    json_t *j = json_pack("{s:s, s:s, s:s, s:s, s:i, s:I, s:I, s:i, s:s, s:b, s:i, s:b}", "key",
                          gr_task_key(t, key), "ladder", l->name, "rung", t->rung->name, "idea",
                          t->rung->idea, "index", t->index, "size", (json_int_t)t->size.n, "steps",
                          (json_int_t)t->size.steps, "procs", t->procs, "launcher",
                          gr_launcher_name(t->rung->launcher), "other_algorithm",
                          t->rung->other_algorithm, "twin", t->twin, "truth", t->truth);
    json_object_update_new(j, json_pack("{s:s, s:f, s:f, s:f}", "unit", l->unit, "flops", l->flops,
                                        "bytes", l->bytes / reuse, "footprint", footprint));
    if (t->why) json_object_set_new(j, "skipped", json_string(t->why));
    return j;
}

static json_t *ladder_json(const gr_ladder *l)
{
    json_t *j = json_pack("{s:s, s:s, s:s, s:s, s:s}", "name", l->name, "title", l->title, "lesson",
                          l->lesson, "n_name", l->n_name, "unit", l->unit);
    json_object_set_new(j, "steps_name", l->steps_name ? json_string(l->steps_name) : json_null());
    return j;
}

// Lessons are the folders that ladders name; a lesson without a ladder does not exist.
json_t *gr_lessons_json(void)
{
    json_t *list = json_array();
    for (const gr_ladder *const *l = gr_ladders; *l; l++) {
        bool known = false;
        size_t i;
        json_t *name;
        json_array_foreach(list, i, name) known =
            known || !strcmp(json_string_value(name), (*l)->lesson);
        if (!known) json_array_append_new(list, json_string((*l)->lesson));
    }
    return list;
}

json_t *gr_header_of(const gr_plan *plan, const char *run, const char *command, bool quick)
{
    json_t *tasks = json_array(), *ladders = json_array();
    const gr_ladder *last = NULL;
    for (size_t i = 0; i < plan->n; i++) {
        json_array_append_new(tasks, task_json(&plan->tasks[i]));
        if (plan->tasks[i].ladder != last)
            json_array_append_new(ladders, ladder_json(plan->tasks[i].ladder));
        last = plan->tasks[i].ladder;
    }
    return json_pack("{s:i, s:s, s:s, s:o, s:o, s:b, s:o, s:o, s:o}", "schema", GR_SCHEMA, "run",
                     run, "command", command, "build", build_id(), "started", time_now(), "quick",
                     quick, "lessons", gr_lessons_json(), "ladders", ladders, "tasks", tasks);
}
