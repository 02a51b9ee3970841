// SPDX-License-Identifier: BSD-3-Clause
// map_plan_command -- `gradus map --plan`: the items are read, a few of them are run, none printed.
#include "bench/map_items.h"
#include "bench/map_plan.h"
#include <stdlib.h>
#include <string.h>

enum { MOST_ITEMS = 1 << 22 };

static bool is_task(const char *word)
{
    for (const gr_func *const *f = gr_funcs; *f; f++)
        if (!strcmp((*f)->name, word)) return true;
    return false;
}

static gr_status plan_items(const char *spec, const gr_func *func, gr_items *items, uint64_t seed)
{
    size_t n = 0, room = MOST_ITEMS + 1;
    if (!items->lines && items->total < room) room = (size_t)items->total + 1;
    uint64_t *in = malloc(room * sizeof *in);
    if (!in) return gr_fail(GR_ENOMEM, "%zu items: out of memory", room);
    gr_status status = gr_items_take(items, in, room, &n);
    gr_job job = {.func = func, .n = n, .in = in, .seed = seed};
    if (!status && n > MOST_ITEMS)
        status = gr_fail(GR_EARG, "plan: more than %d items: a part of them will do", MOST_ITEMS);
    if (!status) status = gr_map_plan_print(spec, &job, stdout);
    free(in);
    return status;
}

gr_status gr_map_plan(char **operands, uint64_t seed)
{
    const gr_func *func;
    gr_items items;
    gr_map_spec read;
    if (!operands[0] || !operands[1])
        return gr_fail(GR_EARG, "map --plan: expected [SPEC] TASK ITEMS, as in: "
                                "gradus map --plan fermat 50:100");
    const char *spec = operands[2] && !is_task(operands[0]) ? *operands++ : NULL;
    if (spec) GR_TRY(gr_map_spec_read(spec, &read));
    GR_TRY(gr_task_find(operands[0], &func));
    GR_TRY(gr_items_open(&items, operands + 1));
    gr_status status = plan_items(spec, func, &items, seed);
    gr_items_free(&items);
    return status;
}
