// SPDX-License-Identifier: BSD-3-Clause
// Rules read from text, and combined by and, or, when.
//   rule = term { "or" term }    term = factor { "and" factor }
//   factor = "(" rule ")" | "when" "(" rule ")" | NAME [ "(" [NAME "="] NUMBER { "," ... } ")" ]
#include "lib/nearest.h"
#include "solvers/stop_part.h"
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 32 };

typedef enum rule_kind { ALONE, AND, OR } rule_kind;

struct gr_rule {
    rule_kind kind;
    const gr_rule_type *type; // ALONE
    double arg[GR_RULE_NUMBERS];
    struct gr_rule *a, *b; // AND, OR
};

typedef struct reader {
    const char *text, *at;
    int depth;
} reader;

static gr_status read_rule(reader *r, gr_rule **rule);

void gr_rule_free(gr_rule *rule)
{
    if (!rule) return;
    gr_rule_free(rule->a);
    gr_rule_free(rule->b);
    free(rule);
}

// ---- words ----

static void skip_blanks(reader *r) { r->at += strspn(r->at, " \t\n"); }

static size_t letters(const char *at)
{
    size_t n = 0;
    while (isalnum((unsigned char)at[n]) || at[n] == '_') n++;
    return n;
}

// Takes `word` if it is what comes next: a whole word, or one sign.
static bool take(reader *r, const char *word)
{
    size_t n = strlen(word);
    skip_blanks(r);
    if (strncmp(r->at, word, n) || (isalpha((unsigned char)word[0]) && letters(r->at) != n))
        return false;
    r->at += n;
    return true;
}

static gr_status expected(const reader *r, const char *what)
{
    int n = (int)letters(r->at);
    if (!*r->at) return gr_fail(GR_EARG, "rule '%.80s' ends where %s was expected", r->text, what);
    return gr_fail(GR_EARG, "rule '%.80s', column %d: '%.*s': expected %s", r->text,
                   (int)(r->at - r->text) + 1, n ? n : 1, r->at, what);
}

static gr_rule *rule_new(rule_kind kind, gr_rule *a, gr_rule *b)
{
    gr_rule *rule = calloc(1, sizeof *rule);
    if (rule) *rule = (gr_rule){.kind = kind, .a = a, .b = b};
    return rule;
}

// ---- one rule and its arguments ----

static gr_status find_type(reader *r, const gr_rule_type **type)
{
    const char *names[64];
    char word[40];
    size_t n = 0, length = letters(r->at);
    snprintf(word, sizeof word, "%.*s", (int)length, r->at);
    for (const gr_rule_type *t = gr_rule_types; t->name && n < 64; t++) {
        names[n++] = t->name;
        *type = t;
        if (!strcmp(t->name, word)) return r->at += length, GR_OK;
    }
    if (!length) return expected(r, "a rule such as cog(1e-6,30)");
    return gr_fail(GR_EARG,
                   "rule '%.80s', column %d: unknown rule '%s': `gradus list` names them%s",
                   r->text, (int)(r->at - r->text) + 1, word, gr_did_you_mean(word, names, n).s);
}

// "name=": which argument it is; *place stays if there is no name.
static gr_status read_name(reader *r, const gr_rule_type *type, size_t *place)
{
    const char *names[GR_RULE_ARGS] = {0};
    char word[40];
    skip_blanks(r);
    size_t length = letters(r->at);
    if (!isalpha((unsigned char)*r->at) || r->at[length + strspn(r->at + length, " ")] != '=')
        return GR_OK;
    snprintf(word, sizeof word, "%.*s", (int)length, r->at);
    for (size_t i = 0; i < GR_RULE_ARGS && type->arg[i].name; i++) {
        names[i] = type->arg[i].name;
        if (!strcmp(names[i], word)) return *place = i, r->at += length, take(r, "="), GR_OK;
    }
    const char *near = gr_nearest(word, names, GR_RULE_ARGS);
    return gr_fail(GR_EARG, "rule '%.80s', column %d: %s has no '%s'; it has %s%s%s%s%s", r->text,
                   (int)(r->at - r->text) + 1, type->name, word, names[0], names[1] ? ", " : "",
                   names[1] ? names[1] : "", near ? "; did you mean " : "", near ? near : "");
}

// How many numbers it may have, and whether that one is a number of points.
static size_t places(const gr_rule_type *type)
{
    size_t named = 0;
    while (named < GR_RULE_ARGS && type->arg[named].name) named++;
    return type->needs == GR_RULE_NEEDS_MEASURE ? GR_RULE_NUMBERS : named;
}

static bool is_points(const gr_rule_type *type, size_t place)
{
    return type->needs == GR_RULE_NEEDS_MEASURE && place >= GR_MEASURE_POINTS;
}

static gr_status read_argument(reader *r, gr_rule *rule, size_t place)
{
    char *end;
    const gr_rule_type *type = rule->type;
    if (place >= places(type)) return expected(r, "')'");
    skip_blanks(r);
    double value = strtod(r->at, &end);
    bool back = type->window == place + 1, points = is_points(type, place);
    if (end == r->at || isnan(value)) return expected(r, "a number");
    if (back && !(value >= 1 && value <= 1e6))
        return expected(r, type->needs == GR_RULE_NEEDS_POINTS
                               ? "a number of points from 1 to 1000000"
                               : "a number of generations from 1 to 1000000");
    if (points && !(value >= 1 && value <= 1e6 && value == floor(value)))
        return expected(r, "the points of a factor, a whole number from 1 to 1000000");
    if (value < 0 && strcmp(type->arg[place].name, "target"))
        return expected(r, "a number that is not below 0");
    rule->arg[place] = back ? floor(value) : value;
    r->at = end;
    return GR_OK;
}

static gr_status read_arguments(reader *r, gr_rule *rule)
{
    if (!take(r, "(")) return GR_OK;
    if (take(r, ")")) return GR_OK;
    for (size_t place = 0;; place++) {
        GR_TRY(read_name(r, rule->type, &place));
        GR_TRY(read_argument(r, rule, place));
        if (take(r, ")")) return GR_OK;
        if (!take(r, ",")) return expected(r, "',' or ')'");
    }
}

static gr_status read_alone(reader *r, gr_rule **rule)
{
    const gr_rule_type *type;
    skip_blanks(r);
    GR_TRY(find_type(r, &type));
    *rule = rule_new(ALONE, NULL, NULL);
    if (!*rule) return gr_fail(GR_ENOMEM, "rule: out of memory");
    (*rule)->type = type;
    for (size_t i = 0; i < GR_RULE_ARGS; i++) (*rule)->arg[i] = type->arg[i].usual;
    return read_arguments(r, *rule);
}

// ---- rules joined ----

static gr_status read_factor(reader *r, gr_rule **rule)
{
    bool when = take(r, "when");
    if (!take(r, "(")) return when ? expected(r, "'('") : read_alone(r, rule);
    if (++r->depth > DEEPEST) return gr_fail(GR_EARG, "rule '%.80s': too many brackets", r->text);
    GR_TRY(read_rule(r, rule));
    r->depth--;
    return take(r, ")") ? GR_OK : expected(r, "')'");
}

// *rule = *rule `kind` the next one.
static gr_status join(reader *r, rule_kind kind, gr_rule **rule,
                      gr_status (*read)(reader *r, gr_rule **rule))
{
    gr_rule *both = rule_new(kind, *rule, NULL);
    if (!both) return gr_fail(GR_ENOMEM, "rule: out of memory");
    *rule = both;
    return read(r, &both->b);
}

static gr_status read_term(reader *r, gr_rule **rule)
{
    GR_TRY(read_factor(r, rule));
    while (take(r, "and")) GR_TRY(join(r, AND, rule, read_factor));
    return GR_OK;
}

static gr_status read_rule(reader *r, gr_rule **rule)
{
    GR_TRY(read_term(r, rule));
    while (take(r, "or")) GR_TRY(join(r, OR, rule, read_term));
    return GR_OK;
}

gr_status gr_rule_read(gr_rule **rule, const char *text)
{
    reader r = {text, text, 0};
    *rule = NULL;
    gr_status status = strlen(text) > 1000 ? gr_fail(GR_EARG, "rule: longer than 1000 letters")
                                           : read_rule(&r, rule);
    skip_blanks(&r);
    if (!status && *r.at) status = expected(&r, "'and', 'or' or the end");
    if (status) gr_rule_free(*rule), *rule = NULL;
    return status;
}

// ---- what they say ----

static gr_stop both_met(const gr_rule *rule, const gr_solver *s, char why[GR_WHY])
{
    char first[GR_WHY], second[GR_WHY];
    gr_stop a = gr_rule_met(rule->a, s, first);
    gr_stop b = a ? gr_rule_met(rule->b, s, second) : GR_STOP_NOT;
    if (b) snprintf(why, GR_WHY, "%.95s; %.95s", first, second);
    return b && a == GR_STOP_CONVERGED ? a : b;
}

gr_stop gr_rule_met(const gr_rule *rule, const gr_solver *s, char why[GR_WHY])
{
    if (rule->kind == AND) return both_met(rule, s, why);
    if (rule->kind == ALONE)
        return rule->type->met(s, rule->arg, why) ? rule->type->stop : GR_STOP_NOT;
    gr_stop stop = gr_rule_met(rule->a, s, why);
    return stop ? stop : gr_rule_met(rule->b, s, why);
}

double gr_rule_limit(const gr_rule *rule, gr_stop stop)
{
    if (rule->kind == ALONE) return rule->type->stop == stop ? rule->arg[0] : INFINITY;
    double a = gr_rule_limit(rule->a, stop), b = gr_rule_limit(rule->b, stop);
    return rule->kind == OR ? fmin(a, b) : fmax(a, b);
}

static bool looks(const gr_rule_type *t, gr_window window)
{
    if (!t->window) return false;
    bool path = t->needs == GR_RULE_NEEDS_PATH || t->needs == GR_RULE_NEEDS_MEASURE;
    bool points = t->needs == GR_RULE_NEEDS_POINTS;
    return window == GR_WINDOW_POINTS ? points : window == GR_WINDOW_PATH ? path : !points;
}

size_t gr_rule_window(const gr_rule *rule, gr_window window)
{
    if (rule->kind == ALONE) {
        const gr_rule_type *t = rule->type;
        if (!looks(t, window)) return 1;
        return (size_t)rule->arg[t->window - 1] + (window != GR_WINDOW_POINTS);
    }
    size_t a = gr_rule_window(rule->a, window), b = gr_rule_window(rule->b, window);
    return a > b ? a : b;
}

gr_status gr_rule_fits(const gr_rule *rule, const gr_solver *s)
{
    const gr_solver_type *t = s->type;
    if (rule->kind != ALONE) {
        GR_TRY(gr_rule_fits(rule->a, s));
        return gr_rule_fits(rule->b, s);
    }
    bool missing[] = {[GR_RULE_NEEDS_CLOUD] = !t->cloud,
                      [GR_RULE_NEEDS_GAIN] = !t->gain,
                      [GR_RULE_NEEDS_GRADIENT] = !t->gradient};
    static const char *const what[] = {[GR_RULE_NEEDS_CLOUD] = "several points",
                                       [GR_RULE_NEEDS_GAIN] = "a gain in each step",
                                       [GR_RULE_NEEDS_GRADIENT] = "a gradient"};
    gr_rule_needs needs = rule->type->needs;
    if (needs == GR_RULE_NEEDS_MEASURE)
        return gr_collapse_shape(rule->type->name, rule->arg + GR_MEASURE_POINTS, s->n);
    if (needs == GR_RULE_NEEDS_POINTS) return gr_collapse_fits(rule->type->name, rule->arg);
    if (needs < GR_RULE_NEEDS_CLOUD || !missing[needs]) return GR_OK;
    return gr_fail(GR_EARG, "rule %s needs %s, which %s has not; vtr, cog, ncog and limits fit all",
                   rule->type->name, what[needs], t->name);
}
