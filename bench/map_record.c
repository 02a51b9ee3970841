// SPDX-License-Identifier: BSD-3-Clause
#include "bench/map_record.h"
#include "bench/child.h"
#include "bench/json.h"
#include "bench/map_grid.h"
#include "bench/part_record.h"
#include "lib/cpu.h"
#include <stdio.h>

enum { LONGEST = 120 }; // s

static bool recorded(const gr_store *store, size_t points)
{
    const json_t *map = json_object_get(gr_store_find(store, "map"), "map");
    return map && json_array_size(json_object_get(map, "points")) >= points;
}

gr_status gr_map_record(gr_store *store, size_t points)
{
    char number[24];
    snprintf(number, sizeof number, "%zu", points);
    char *argv[] = {gr_self(), (char[]){"measure"}, (char[]){"--maps"}, number, NULL};
    return recorded(store, points)
               ? GR_OK
               : gr_part_record(store, "map", "what a map costs", argv, LONGEST);
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
