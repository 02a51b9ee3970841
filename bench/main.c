// SPDX-License-Identifier: BSD-3-Clause
// main -- the `gradus` program: one word chooses a command.
#include "bench/command.h"
#include "config.h"
#include "lib/ranks.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static const gr_command *const commands[] = {
    &gr_command_list,    &gr_command_machine, &gr_command_run,   &gr_command_bench,
    &gr_command_compare, &gr_command_report,  &gr_command_map,   &gr_command_solve,
    &gr_command_contest, &gr_command_learn,   &gr_command_ranks, &gr_command_measure,
    &gr_command_grade,   &gr_command_texts,
};
enum { COMMANDS = sizeof commands / sizeof *commands };

static void print_usage(FILE *out)
{
    fprintf(out, "Gradus: efficient parallel programming in C, one measured step at a time.\n\n");
    for (int i = 0; i < COMMANDS; i++)
        fprintf(out, "  gradus %-8s %-44s %s\n", commands[i]->name, commands[i]->operands,
                commands[i]->summary);
    fprintf(out, "\n`gradus COMMAND --help` says more. Begin with `make` for the lessons, or\n"
                 "`make bench` for this machine's numbers.\n");
}

static int unknown_command(const char *word)
{
    const char *names[COMMANDS];
    for (int i = 0; i < COMMANDS; i++) names[i] = commands[i]->name;
    return gr_exit_of(gr_unknown_word("command", word, names, COMMANDS));
}

// A standard stream that is closed would lend its number to the next file that is opened, and that
// would get what is meant for the stream. Opened the wrong way round, each use of it fails instead.
static void keep_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0) open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

// Output that went nowhere (a full disk, a closed stream) is no success.
static int end_output(int code)
{
    bool failed = ferror(stdout), lost = fflush(stdout) != 0;
    if (!failed && !lost) return code;
    fprintf(stderr, "gradus: cannot write standard output%s%s\n", lost ? ": " : "",
            lost ? strerror(errno) : "");
    return code ? code : GR_EXIT_USAGE;
}

static int run_word(int argc, char **argv)
{
    if (argc < 2) return print_usage(stderr), GR_EXIT_USAGE;
    if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help"))
        return print_usage(stdout), GR_EXIT_OK;
    if (!strcmp(argv[1], "--version")) return puts("gradus " GR_VERSION), GR_EXIT_OK;
    for (int i = 0; i < COMMANDS; i++)
        if (!strcmp(argv[1], commands[i]->name)) return commands[i]->run(argc - 1, argv + 1);
    return unknown_command(argv[1]);
}

int main(int argc, char **argv)
{
    keep_streams();
    gr_status status = gr_ranks_begin();
    if (status) return gr_exit_of(status);
    int code = end_output(run_word(argc, argv));
    gr_ranks_end();
    return code;
}
