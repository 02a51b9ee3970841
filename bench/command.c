// SPDX-License-Identifier: BSD-3-Clause
#include "bench/command.h"
#include "lib/nearest.h"
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { MAX_OPTIONS = 32 };

gr_status gr_unknown_word(const char *what, const char *word, const char *const *words, size_t n)
{
    char list[320];
    size_t used = 0;
    list[0] = '\0';
    for (size_t i = 0; i < n && used < sizeof list; i++)
        used += (size_t)snprintf(list + used, sizeof list - used, " %s", words[i]);
    if (used >= sizeof list) memcpy(list + sizeof list - 5, " ...", 5);
    return gr_fail(GR_EARG, "unknown %s '%.60s': expected one of%s%s", what, word, list,
                   gr_did_you_mean(word, words, n).s);
}

gr_status gr_read_number(const char *text, const char *what, size_t *value)
{
    char *end = NULL;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    if (!isdigit((unsigned char)text[0]) || *end)
        return gr_fail(GR_EARG, "%s '%.60s': expected a whole number that is not below 0", what,
                       text);
    if (errno == ERANGE || number > SIZE_MAX / 2)
        return gr_fail(GR_EARG, "%s '%.60s': too large", what, text);
    *value = (size_t)number;
    return GR_OK;
}

static gr_status read_seconds(const char *text, const char *what, double *value)
{
    char *end = NULL;
    double number = strtod(text, &end);
    double unit = !strcmp(end, "") || !strcmp(end, "s") ? 1
                  : !strcmp(end, "m")                   ? 60
                  : !strcmp(end, "h")                   ? 3600
                                                        : NAN;
    if (end == text || !(number * unit > 0) || isinf(number))
        return gr_fail(GR_EARG, "%s '%.60s': expected a time such as 45s, 10m or 1h", what, text);
    *value = number * unit;
    return GR_OK;
}

static gr_status read_numbers(const char *text, const char *what, gr_numbers *list)
{
    char word[32];
    list->n = 0;
    for (const char *p = text; *p;) {
        size_t length = strcspn(p, ",");
        if (list->n == sizeof list->value / sizeof *list->value)
            return gr_fail(GR_EARG, "%s: more than %zu numbers", what, list->n);
        snprintf(word, sizeof word, "%.*s", (int)length, p);
        GR_TRY(gr_read_number(word, what, &list->value[list->n++]));
        p += length;
        if (*p == ',' && !p[1]) return gr_fail(GR_EARG, "%s '%.60s': ends in a comma", what, text);
        p += *p == ',';
    }
    return list->n ? GR_OK : gr_fail(GR_EARG, "%s: expected numbers such as 1,2,4", what);
}

static gr_status read_value(const gr_option *o, const char *text)
{
    char what[48];
    snprintf(what, sizeof what, "--%s", o->name);
    switch (o->kind) {
    case GR_FLAG:
        *(bool *)o->value = true;
        return GR_OK;
    case GR_TEXT:
        if (!*text) return gr_fail(GR_EARG, "option '%s' needs a value that is not empty", what);
        *(const char **)o->value = text;
        return GR_OK;
    case GR_NUMBER:
        return gr_read_number(text, what, o->value);
    case GR_COUNT:
        GR_TRY(gr_read_number(text, what, o->value));
        return *(size_t *)o->value ? GR_OK : gr_fail(GR_EARG, "%s 0: expected 1 or more", what);
    case GR_SECONDS:
        return read_seconds(text, what, o->value);
    case GR_NUMBERS:
        return read_numbers(text, what, o->value);
    }
    return GR_OK;
}

static gr_status bad_option(const gr_option *options, const char *word)
{
    const char *names[MAX_OPTIONS];
    char dashed[MAX_OPTIONS][40], bad[64];
    size_t n = 0;
    for (; options[n].name; n++) {
        snprintf(dashed[n], sizeof dashed[n], "--%s", options[n].name);
        names[n] = dashed[n];
    }
    names[n++] = "--help";
    snprintf(bad, sizeof bad, "%.*s", (int)strcspn(word, "="), word);
    for (size_t i = 0; i < n; i++) // only a value that a flag cannot have makes a known name bad
        if (!strcmp(bad, names[i])) return gr_fail(GR_EARG, "option '%s' takes no value", bad);
    return gr_unknown_word("option", bad, names, n);
}

static void print_help(const gr_command *command, const gr_option *options)
{
    printf("gradus %s %s\n\n%s\n", command->name, command->operands, command->summary);
    if (command->help) printf("\n%s\n", command->help);
    if (options[0].name) printf("\nOptions:\n");
    for (const gr_option *o = options; o->name; o++) {
        char left[48];
        snprintf(left, sizeof left, "--%s %s", o->name, o->word ? o->word : "");
        printf("  %-20s %s\n", left, o->help);
    }
    printf("\nExit codes: 0 fine, 1 wrong or slower, 2 usage or missing tool, 3 not judged.\n");
}

gr_status gr_options_read(const gr_command *command, const gr_option *options, int argc,
                          char **argv, char ***operands, bool *helped)
{
    struct option table[MAX_OPTIONS + 2] = {{0}};
    int n = 0;
    for (; options[n].name; n++)
        table[n] = (struct option){
            options[n].name, options[n].kind == GR_FLAG ? no_argument : required_argument, NULL, n};
    table[n] = (struct option){"help", no_argument, NULL, n};
    *helped = false;
    opterr = 0;
    optind = 0;
    for (;;) {
        int place = optind ? optind : 1;
        int found = getopt_long(argc, argv, ":h", table, NULL);
        if (found == -1) break;
        if (found == n || found == 'h') return print_help(command, options), *helped = true, GR_OK;
        if (found == ':') return gr_fail(GR_EARG, "option '%s' needs a value", argv[optind - 1]);
        if (found == '?') {
            const char *word =
                argv[place] && argv[place][0] == '-' ? argv[place] : argv[optind - 1];
            return bad_option(options, word);
        }
        GR_TRY(read_value(&options[found], optarg));
    }
    *operands = argv + optind;
    return GR_OK;
}

int gr_exit_of(gr_status status)
{
    if (status == GR_OK) return GR_EXIT_OK;
    fprintf(stderr, "gradus: %s\n", gr_errmsg());
    return status == GR_EDATA ? GR_EXIT_WRONG : GR_EXIT_USAGE;
}

bool gr_colour_wanted(FILE *stream)
{
    const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
    return isatty(fileno(stream)) && !(no && *no) && term && strcmp(term, "dumb");
}

int gr_columns(FILE *stream)
{
    struct winsize size;
    if (!ioctl(fileno(stream), TIOCGWINSZ, &size) && size.ws_col > 0) return size.ws_col;
    const char *text = getenv("COLUMNS");
    int columns = text ? atoi(text) : 0;
    return columns > 20 ? columns : 100;
}
