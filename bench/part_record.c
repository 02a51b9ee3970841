// SPDX-License-Identifier: BSD-3-Clause
#include "bench/part_record.h"
#include "bench/child.h"
#include "bench/progress.h"
#include "lib/timer.h"
#include <stdio.h>
#include <string.h>

static json_t *left_out(const char *name, const gr_child *child, double longest)
{
    const char *text = child->err ? child->err : "";
    if (!strncmp(text, "gradus: ", 8)) text += 8;
    if (child->timed_out) return json_sprintf("%s left out: stopped after %.0f s", name, longest);
    if (child->signal) return json_sprintf("%s left out: died: %s", name, strsignal(child->signal));
    return json_sprintf("%s left out: %.*s", name, (int)strcspn(text, "\n"), text);
}

static gr_status run(gr_store *store, const char *name, char **argv, double longest)
{
    gr_child child;
    double start = gr_now();
    gr_status status = gr_child_run(argv, longest, &child);
    if (!status) {
        json_t *part = child.exit_code == 0 ? json_loads(child.out, 0, NULL) : NULL;
        json_t *line = part ? json_pack("{s:o, s:f}", name, part, "wall", gr_now() - start)
                            : json_pack("{s:o}", "warning", left_out(name, &child, longest));
        status = gr_store_append(store, line);
    }
    gr_child_free(&child);
    return status;
}

gr_status gr_part_record(gr_store *store, const char *name, const char *doing, char **argv,
                         double longest)
{
    gr_progress progress = gr_progress_start(name);
    gr_progress_show(&progress, 0, -1, doing);
    gr_status status = run(store, name, argv, longest);
    gr_progress_end(&progress);
    return status;
}
