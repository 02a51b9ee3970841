// SPDX-License-Identifier: BSD-3-Clause
// machine_command -- the command `gradus machine`: the machine card.
#include "bench/command.h"
#include "bench/machine.h"
#include "bench/progress.h"

static void show_part(void *context, int done, int total, const char *what)
{
    gr_progress_show(context, (double)done / total, -1, what);
}

static int machine_main(int argc, char **argv)
{
    bool json = false, quick = false, helped;
    char **operands;
    const gr_option options[] = {
        {"json", GR_FLAG, &json, NULL, "as one JSON document"},
        {"quick", GR_FLAG, &quick, NULL, "fewer repeats, smaller arrays: some seconds"},
        {0},
    };
    gr_status status =
        gr_options_read(&gr_command_machine, options, argc, argv, &operands, &helped);
    if (!status && !helped && operands[0])
        status = gr_fail(GR_EARG, "machine: unexpected '%s'", operands[0]);
    if (status || helped) return gr_exit_of(status);
    gr_progress progress = gr_progress_start("machine");
    json_t *card = NULL;
    status = gr_machine_measure(quick, show_part, &progress, &card);
    gr_progress_end(&progress);
    if (status) return gr_exit_of(status);
    if (json)
        json_dumpf(card, stdout, JSON_INDENT(1)), putchar('\n');
    else
        gr_machine_print(card, stdout);
    json_decref(card);
    return GR_EXIT_OK;
}

const gr_command gr_command_machine = {
    .name = "machine",
    .operands = "[--json]",
    .summary = "this machine's card: what it can do, measured",
    .run = machine_main,
};
