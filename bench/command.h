// SPDX-License-Identifier: BSD-3-Clause
// command -- the words after `gradus`, their options, and what they exit with.
//
// A command registers by being a row of the table in main.c. Its options are a table, too, from
// which parsing, the error about an unknown word, and --help are all made.
#pragma once
#include "lib/status.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { GR_EXIT_OK = 0, GR_EXIT_WRONG = 1, GR_EXIT_USAGE = 2, GR_EXIT_NOT_JUDGED = 3 };

typedef enum gr_option_kind {
    GR_FLAG,    // bool: set by its presence
    GR_TEXT,    // const char *: any word but an empty one
    GR_NUMBER,  // size_t: 0 or more
    GR_COUNT,   // size_t: 1 or more
    GR_SECONDS, // double: 90, 45s, 10m, 1h
    GR_NUMBERS  // gr_numbers: 1,2,4
} gr_option_kind;

typedef struct gr_numbers {
    size_t n;
    size_t value[32];
} gr_numbers;

typedef struct gr_option {
    const char *name; // without the dashes; NULL ends a table
    gr_option_kind kind;
    void *value;      // where it goes; untouched if the option is not given
    const char *word; // what stands for its value in --help
    const char *help;
} gr_option;

typedef struct gr_command {
    const char *name, *operands, *summary;
    const char *help;                  // what --help teaches, after the summary; may be NULL
    int (*run)(int argc, char **argv); // argv[0] is the command's name; returns the exit code
} gr_command;

// Reads the options out of argv and leaves *operands pointing at the NULL-ended rest. On --help
// prints the command's page and sets *helped. On a bad word: GR_EARG, with a message that names it,
// what was expected, and the nearest valid word.
gr_status gr_options_read(const gr_command *command, const gr_option *options, int argc,
                          char **argv, char ***operands, bool *helped);

// Prints "gradus: MESSAGE" (the thread's last failure) on stderr and returns the exit code that
// belongs to the status: GR_EXIT_USAGE for bad words and missing tools, else GR_EXIT_WRONG.
int gr_exit_of(gr_status status);

// Reads a whole number; the failure names `what`. Nothing but digits is a number.
gr_status gr_read_number(const char *text, const char *what, size_t *value);

// "fail: unknown WHAT 'word': expected one of a b c (did you mean b?)" as a GR_EARG failure.
gr_status gr_unknown_word(const char *what, const char *word, const char *const *words, size_t n);

// May colour and cursor movement be used on this stream? (a terminal, not TERM=dumb, no NO_COLOR)
bool gr_colour_wanted(FILE *stream);

// The width of the terminal behind `stream`; COLUMNS, or 100, where there is none.
int gr_columns(FILE *stream);

extern const gr_command gr_command_list, gr_command_machine, gr_command_run, gr_command_bench,
    gr_command_compare, gr_command_report, gr_command_map, gr_command_solve, gr_command_learn,
    gr_command_ranks, gr_command_measure, gr_command_grade, gr_command_texts, gr_command_contest;
