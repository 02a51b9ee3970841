// SPDX-License-Identifier: BSD-3-Clause
#include "bench/map_record.h"
#include "bench/child.h"
#include "bench/json.h"
#include "bench/map_grid.h"
#include "bench/progress.h"
#include "lib/cpu.h"
#include "lib/timer.h"
#include <stdio.h>
#include <string.h>

enum { LONGEST = 120 }; // s

static bool recorded(const gr_store *store, size_t points)
{
    const json_t *map = json_object_get(gr_store_find(store, "map"), "map");
    return map && json_array_size(json_object_get(map, "points")) >= points;
}

static json_t *left_out(const gr_child *child)
{
    const char *text = child->err ? child->err : "";
    if (!strncmp(text, "gradus: ", 8)) text += 8;
    if (child->timed_out) return json_sprintf("maps left out: stopped after %d s", LONGEST);
    if (child->signal) return json_sprintf("maps left out: died: %s", strsignal(child->signal));
    return json_sprintf("maps left out: %.*s", (int)strcspn(text, "\n"), text);
}

static gr_status run_child(gr_store *store, size_t points)
{
    char number[24];
    snprintf(number, sizeof number, "%zu", points);
    char *argv[] = {(char[]){"/proc/self/exe"}, (char[]){"measure"}, (char[]){"--maps"}, number,
                    NULL};
    gr_child child;
    double start = gr_now();
    gr_status status = gr_child_run(argv, LONGEST, &child);
    if (!status) {
        json_t *map = child.exit_code == 0 ? json_loads(child.out, 0, NULL) : NULL;
        json_t *line = map ? json_pack("{s:o, s:f}", "map", map, "wall", gr_now() - start)
                           : json_pack("{s:o}", "warning", left_out(&child));
        status = gr_store_append(store, line);
    }
    gr_child_free(&child);
    return status;
}

gr_status gr_map_record(gr_store *store, size_t points)
{
    if (recorded(store, points)) return GR_OK;
    gr_progress progress = gr_progress_start("maps");
    gr_progress_show(&progress, 0, -1, "what a map costs");
    gr_status status = run_child(store, points);
    gr_progress_end(&progress);
    return status;
}

gr_status gr_map_record_print(size_t points)
{
    json_t *grid;
    GR_TRY(gr_map_grid_measure(points, gr_cpu_usable(), &grid));
    json_dumpf(grid, stdout, JSON_COMPACT | JSON_REAL_PRECISION(7));
    putchar('\n');
    json_decref(grid);
    return GR_OK;
}
