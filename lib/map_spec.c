// SPDX-License-Identifier: BSD-3-Clause
// map_spec -- "fork-carddealer:4:ppn=2,chunk=16" taken apart.
#include "lib/cpu.h"
#include "lib/map_type.h"
#include "lib/nearest.h"
#include "lib/ranks.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *const strategies[GR_STRATEGIES] = {
    [GR_POOL] = "pool",
    [GR_GUIDED] = "guided",
    [GR_EQUALPORTION] = "equalportion",
    [GR_CARDDEALER] = "carddealer",
    [GR_SEQUENTIAL] = "sequential",
};

static const char *const schedulers[] = {"slurm", "torque", "pbs", "lsf"};
enum { SCHEDULERS = sizeof schedulers / sizeof *schedulers, LAUNCHERS = 32 };

const char *gr_strategy_name(gr_strategy strategy)
{
    return (unsigned)strategy < GR_STRATEGIES ? strategies[strategy] : "unknown strategy";
}

const gr_map_type *gr_map_type_of(const char *launcher)
{
    const gr_map_type *const *t = gr_map_types;
    while (*t && strcmp((*t)->name, launcher)) t++;
    return *t;
}

// The launchers' names as they stand in gr_map_types.
static size_t launchers(const char *names[LAUNCHERS])
{
    size_t n = 0;
    for (const gr_map_type *const *t = gr_map_types; *t && n < LAUNCHERS; t++)
        names[n++] = (*t)->name;
    return n;
}

static int index_of(const char *word, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(word, words[i])) return (int)i;
    return -1;
}

static gr_status unknown(const char *spec, const char *what, const char *word,
                         const char *const *words, size_t n)
{
    char list[256] = "";
    for (size_t i = 0, used = 0; i < n && used < sizeof list; i++)
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i ? " " : "", words[i]);
    const char *near = gr_nearest(word, words, n);
    return gr_fail(GR_EARG, "map '%s': unknown %s '%s': expected one of %s%s%s%s", spec, what, word,
                   list, near ? " (did you mean " : "", near ? near : "", near ? "?)" : "");
}

// ---- numbers ----

static gr_status read_count(const char *spec, const char *what, const char *text, size_t most,
                            size_t *value)
{
    char *end = NULL;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    if (!*text || strspn(text, "0123456789") != strlen(text) || errno || number > most)
        return gr_fail(GR_EARG, "map '%s': %s '%s': expected a whole number up to %zu", spec, what,
                       text, most);
    *value = (size_t)number;
    return GR_OK;
}

static gr_status read_some(const char *spec, const char *what, const char *text, size_t most,
                           int *value)
{
    size_t number = 0;
    GR_TRY(read_count(spec, what, text, most, &number));
    if (number < 1)
        return gr_fail(GR_EARG, "map '%s': %s '%s': expected at least 1", spec, what, text);
    *value = (int)number;
    return GR_OK;
}

static gr_status read_seconds(const char *spec, const char *what, const char *text, double *value)
{
    char *end = NULL;
    double seconds = strtod(text, &end);
    if (!*text || *end || !(seconds > 0 && seconds < 1e9))
        return gr_fail(GR_EARG, "map '%s': %s '%s': expected seconds, more than 0", spec, what,
                       text);
    *value = seconds;
    return GR_OK;
}

// ---- the three parts ----

enum { MOST_WORKERS = 1000000, MOST_RETRIES = 100 };

// [scheduler-]launcher[-strategy]
static gr_status read_head(const char *text, char *head, gr_map_spec *spec)
{
    const char *names[LAUNCHERS];
    size_t n = launchers(names);
    char *rest = head, *word = strsep(&rest, "-");
    if (rest && index_of(word, schedulers, SCHEDULERS) >= 0) {
        snprintf(spec->scheduler, sizeof spec->scheduler, "%s", word);
        word = strsep(&rest, "-");
    }
    if (index_of(word, names, n) < 0) return unknown(text, "launcher", word, names, n);
    snprintf(spec->launcher, sizeof spec->launcher, "%s", word);
    if (!rest) return GR_OK;
    int strategy = index_of(rest, strategies, GR_STRATEGIES);
    if (strategy < 0) return unknown(text, "strategy", rest, strategies, GR_STRATEGIES);
    spec->strategy = (gr_strategy)strategy;
    return GR_OK;
}

// nodes[:ppn=K][:cpp=C]
static gr_status read_nodes(const char *text, char *nodes, gr_map_spec *spec)
{
    static const char *const keys[] = {"ppn", "cpp"};
    char *word = strsep(&nodes, ":");
    GR_TRY(read_some(text, "number of workers", word, MOST_WORKERS, &spec->nodes));
    while ((word = strsep(&nodes, ":"))) {
        char *value = word, *key = strsep(&value, "=");
        int k = index_of(key, keys, 2);
        if (k < 0) return unknown(text, "word", key, keys, 2);
        GR_TRY(read_some(text, key, value ? value : "", MOST_WORKERS, k ? &spec->cpp : &spec->ppn));
    }
    return GR_OK;
}

static gr_status read_option(const char *text, char *word, gr_map_spec *spec)
{
    static const char *const keys[] = {"chunk", "timeout", "retries", "tasks"};
    char *value = word, *key = strsep(&value, "=");
    size_t number = 0;
    if (!value) value = "";
    switch (index_of(key, keys, 4)) {
    case 0:
        return read_count(text, key, value, SIZE_MAX / 2, &spec->chunk);
    case 1:
        return read_seconds(text, key, value, &spec->timeout);
    case 2:
        GR_TRY(read_count(text, key, value, MOST_RETRIES, &number));
        spec->retries = number ? (int)number : -1;
        return GR_OK;
    case 3:
        return read_count(text, key, value, SIZE_MAX / 2, &spec->tasks);
    default:
        return unknown(text, "option", key, keys, 4);
    }
}

// ---- brackets ----

// Takes the words in brackets out of the copy: "mpi(fork:2,timeout=1):3" is "mpi:3", and a map.
static gr_status take_inner(const char *text, char *copy, gr_map_spec *spec)
{
    char *open = strchr(copy, '('), *close = open ? strchr(open, ')') : strchr(copy, ')');
    if (!open && !close) return GR_OK;
    if (!open || !close || close == open + 1 || strpbrk(open + 1, "(") || strchr(close + 1, ')'))
        return gr_fail(GR_EARG, "map '%s': expected one map in brackets, as in mpi(fork:2):4",
                       text);
    if ((size_t)(close - open) > sizeof spec->inner)
        return gr_fail(GR_EARG, "map '%s': %d letters in brackets: expected less than %zu", text,
                       (int)(close - open) - 1, sizeof spec->inner);
    memcpy(spec->inner, open + 1, (size_t)(close - open) - 1);
    memmove(open, close + 1, strlen(close + 1) + 1);
    return GR_OK;
}

static gr_status check_inner(const char *text, gr_map_spec *spec)
{
    gr_map_spec inner;
    spec->width = 1;
    if (!spec->inner[0]) return GR_OK;
    if (!gr_map_type_of(spec->launcher)->nests)
        return gr_fail(GR_EARG, "map '%s': '%s' takes no map in brackets, as mpi does", text,
                       spec->launcher);
    GR_TRY(gr_map_spec_read(spec->inner, &inner));
    if (inner.scheduler[0] || gr_map_type_of(inner.launcher)->nests)
        return gr_fail(GR_EARG, "map '%s': '%s' cannot stand in brackets: expected e.g. fork", text,
                       spec->inner);
    spec->width = inner.workers;
    return GR_OK;
}

static int usable_workers(const gr_map_spec *spec)
{
    const gr_map_type *type = gr_map_type_of(spec->launcher);
    int workers = gr_cpu_usable() / spec->cpp, most = type->most;
    if (type->ranks && gr_ranks_possible()) return gr_ranks();
    if (most && workers > most) workers = most;
    return workers > 1 ? workers : 1;
}

gr_status gr_map_spec_read(const char *text, gr_map_spec *spec)
{
    char copy[256];
    *spec = (gr_map_spec){.nodes = 0};
    if (strlen(text) >= sizeof copy)
        return gr_fail(GR_EARG, "a map of %zu letters: expected less than %zu", strlen(text),
                       sizeof copy);
    strcpy(copy, text);
    GR_TRY(take_inner(text, copy, spec));
    char *rest = copy, *place = strsep(&rest, ","), *nodes = place, *head = strsep(&nodes, ":");
    GR_TRY(read_head(text, head, spec));
    if (nodes) GR_TRY(read_nodes(text, nodes, spec));
    for (char *word; (word = strsep(&rest, ","));) GR_TRY(read_option(text, word, spec));
    spec->ppn = spec->ppn ? spec->ppn : 1;
    spec->cpp = spec->cpp ? spec->cpp : 1;
    if (!spec->nodes) spec->nodes = usable_workers(spec);
    if (spec->nodes > MOST_WORKERS / spec->ppn)
        return gr_fail(GR_EARG, "map '%s': expected at most %d workers", text, MOST_WORKERS);
    spec->workers = spec->nodes * spec->ppn;
    return check_inner(text, spec);
}
