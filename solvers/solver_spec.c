// SPDX-License-Identifier: BSD-3-Clause
// A solver's spec, NAME[,option=value]..., taken apart.
#include "lib/nearest.h"
#include "solvers/solver_type.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static gr_status unknown_solver(const char *word)
{
    const char *names[64];
    size_t n = 0;
    for (const gr_solver_type *const *t = gr_solver_types; *t && n < 64; t++)
        names[n++] = (*t)->name;
    return gr_fail(GR_EARG, "unknown solver '%.60s': `gradus list` names them%s", word,
                   gr_did_you_mean(word, names, n).s);
}

static gr_status unknown_option(const gr_solver_type *type, const char *word)
{
    const char *names[GR_SOLVER_OPTIONS];
    char list[240] = "";
    size_t n = 0, used = 0;
    for (const gr_solver_option *o = type->options; o && o->name; o++) {
        names[n++] = o->name;
        used += (size_t)snprintf(list + used, sizeof list - used, " %s", o->name);
    }
    if (!n) return gr_fail(GR_EARG, "solver %s has no options, so no '%.40s'", type->name, word);
    return gr_fail(GR_EARG, "solver %s: unknown option '%.40s': expected one of%s%s", type->name,
                   word, list, gr_did_you_mean(word, names, n).s);
}

static gr_status read_word(const gr_solver_type *type, const gr_solver_option *o, const char *word,
                           double *value)
{
    char list[200] = "";
    size_t n = 0, used = 0;
    for (; o->words[n]; n++) {
        if (!strcmp(word, o->words[n])) return *value = (double)n, GR_OK;
        if (used < sizeof list)
            used += (size_t)snprintf(list + used, sizeof list - used, " %s", o->words[n]);
    }
    return gr_fail(GR_EARG, "solver %s: %s '%.40s': expected one of%s%s", type->name, o->name, word,
                   list, gr_did_you_mean(word, o->words, n).s);
}

static gr_status read_number(const gr_solver_type *type, const gr_solver_option *o,
                             const char *word, double *value)
{
    char *end;
    *value = strtod(word, &end);
    bool fits = *value >= o->least && *value <= o->most && (!o->whole || floor(*value) == *value);
    if (end != word && !*end && fits) return GR_OK;
    return gr_fail(GR_EARG, "solver %s: %s '%.40s': expected a %snumber from %g to %g", type->name,
                   o->name, word, o->whole ? "whole " : "", o->least, o->most);
}

// "name=value"; "name" alone means 1.
static gr_status read_option(gr_solver *s, char *part)
{
    char *value = strchr(part, '=');
    if (value) *value++ = '\0';
    for (size_t i = 0; s->type->options && s->type->options[i].name; i++) {
        const gr_solver_option *o = &s->type->options[i];
        if (strcmp(o->name, part)) continue;
        return (o->words ? read_word : read_number)(s->type, o, value ? value : "1", &s->option[i]);
    }
    return unknown_option(s->type, part);
}

gr_status gr_solver_read_spec(gr_solver *s, const char *spec)
{
    char copy[sizeof s->spec], *rest = copy, *part;
    if (snprintf(s->spec, sizeof s->spec, "%s", spec) >= (int)sizeof s->spec)
        return gr_fail(GR_EARG, "solver '%.40s...': longer than %zu letters", spec,
                       sizeof s->spec - 1);
    memcpy(copy, s->spec, sizeof copy);
    part = strsep(&rest, ",");
    s->type = gr_solver_type_of(part);
    if (!s->type) return unknown_solver(part);
    for (size_t i = 0; s->type->options && s->type->options[i].name; i++)
        s->option[i] = s->type->options[i].usual;
    while ((part = strsep(&rest, ","))) GR_TRY(read_option(s, part));
    return GR_OK;
}
