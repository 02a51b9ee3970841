// SPDX-License-Identifier: BSD-3-Clause
#include "solvers/penalty.h"
#include "lib/nearest.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct gr_penalty {
    const gr_penalty_type *type;
    const gr_constraints *c;
    double k, h;
    double before;       // how far the worst was broken at the end of the last round
    double multiplier[]; // (count)
};

// ---- the rows ----

static const double EQUAL = 1e-8; // what a uniform penalty takes for equal

static double quadratic_equality(double h, double k, double l) { return (void)l, k * h * h; }
static double linear_equality(double h, double k, double l) { return (void)l, k * fabs(h); }

static double uniform_equality(double h, double k, double l)
{
    (void)l;
    return fabs(h) <= EQUAL ? 0 : k;
}

static double lagrange_equality(double h, double k, double l) { return l * h + k / 2 * h * h; }

static double quadratic_inequality(double g, double k, double l)
{
    (void)l;
    return g > 0 ? 2 * k * g * g : 0;
}

static double linear_inequality(double g, double k, double l)
{
    (void)l;
    return g > 0 ? 2 * k * g : 0;
}

static double uniform_inequality(double g, double k, double l) { return (void)l, g > 0 ? k : 0; }

static double barrier_inequality(double g, double k, double l)
{
    (void)l;
    return g < 0 ? -log(-g) / k : INFINITY;
}

static double lagrange_inequality(double g, double k, double l)
{
    double m = fmax(0, l + k * g);
    return (m * m - l * l) / (2 * k);
}

const gr_penalty_type gr_penalty_types[] = {
    {"quadratic", "k h^2 and 2 k max(0, g)^2: smooth; ends a little outside", 100,
     quadratic_equality, quadratic_inequality, false},
    {"linear", "k |h| and 2 k max(0, g): exact once k is large, not smooth", 100, linear_equality,
     linear_inequality, false},
    {"uniform", "k wherever something is broken: leads nowhere, but is never wrong", INFINITY,
     uniform_equality, uniform_inequality, false},
    {"barrier", "-log(-g) / k: never outside; must begin inside, and has no equalities", 100, NULL,
     barrier_inequality, false},
    {"lagrange", "multipliers that learn from round to round: exact and smooth", 20,
     lagrange_equality, lagrange_inequality, true},
    {0},
};
enum { TYPES = sizeof gr_penalty_types / sizeof *gr_penalty_types - 1 };

const gr_penalty_type *gr_penalty_type_of(const char *name)
{
    for (const gr_penalty_type *t = gr_penalty_types; t->name; t++)
        if (!strcmp(t->name, name)) return t;
    return NULL;
}

// ---- reading ----

static gr_status unknown(const char *word, const char *what, const char *const *names, size_t n)
{
    return gr_fail(GR_EARG, "unknown %s '%.60s'%s: `gradus list` names them", what, word,
                   gr_did_you_mean(word, names, n).s);
}

static gr_status unknown_type(const char *word)
{
    const char *names[TYPES];
    for (size_t i = 0; i < TYPES; i++) names[i] = gr_penalty_types[i].name;
    return unknown(word, "penalty", names, TYPES);
}

// "k=100" or "h=5", both above 0.
static gr_status read_option(gr_penalty *p, const char *word)
{
    static const char *const names[] = {"k", "h"};
    char name[16], *end;
    size_t length = strcspn(word, "=");
    snprintf(name, sizeof name, "%.*s", (int)(length < 15 ? length : 15), word);
    bool k = !strcmp(name, "k");
    if (!k && strcmp(name, "h") != 0) return unknown(name, "option of a penalty", names, 2);
    double value = word[length] ? strtod(word + length + 1, &end) : 0;
    if (!word[length] || end == word + length + 1 || *end || !(value > 0))
        return gr_fail(GR_EARG, "penalty: '%.40s': expected %s=NUMBER above 0", word, name);
    *(k ? &p->k : &p->h) = value;
    return GR_OK;
}

static gr_status read_words(gr_penalty *p, char *spec)
{
    char *rest, *word = strtok_r(spec, ",", &rest);
    p->type = gr_penalty_type_of(word ? word : "");
    if (!p->type) return unknown_type(word ? word : "");
    p->k = p->type->usual, p->h = 5, p->before = INFINITY;
    while ((word = strtok_r(NULL, ",", &rest)) != NULL) GR_TRY(read_option(p, word));
    return GR_OK;
}

// Every kind of constraint that stands in the text must have a form.
static gr_status check_forms(const gr_penalty *p)
{
    for (size_t i = 0; i < gr_constraints_count(p->c); i++) {
        size_t length;
        const char *text = gr_constraints_text(p->c, i, &length);
        if (gr_constraints_equality(p->c, i) && !p->type->equality)
            return gr_fail(GR_EARG, "penalty %s: '%.*s' is an equality, which it cannot keep",
                           p->type->name, (int)length, text);
    }
    return p->type->multipliers && !gr_constraints_plain(p->c)
               ? gr_fail(GR_EARG, "penalty %s: `or` and `not` have no multipliers", p->type->name)
               : GR_OK;
}

gr_status gr_penalty_read(gr_penalty **p, const char *spec, const gr_constraints *c)
{
    char *copy = strdup(spec);
    *p = calloc(1, sizeof **p + gr_constraints_count(c) * sizeof(double));
    gr_status status = *p && copy ? GR_OK : gr_fail(GR_ENOMEM, "penalty: out of memory");
    if (!status) (*p)->c = c;
    if (!status) status = read_words(*p, copy);
    if (!status) status = check_forms(*p);
    free(copy);
    if (status) free(*p), *p = NULL;
    return status;
}

void gr_penalty_free(gr_penalty *p) { free(p); }

// ---- looking ----

typedef struct view {
    const gr_penalty *p;
    const double *x;
} view;

// The opposite of g <= 0 is -g <= 0; that of h == 0 is broken, by 1, where h is 0.
static double value_of(size_t i, bool negated, const void *context)
{
    const view *v = context;
    const gr_penalty *p = v->p;
    double value = gr_constraints_value(p->c, i, v->x), l = p->multiplier[i];
    if (isnan(value)) return INFINITY;
    if (!gr_constraints_equality(p->c, i))
        return p->type->inequality(negated ? -value : value, p->k, l);
    if (negated) return p->type->inequality(value == 0, p->k, l);
    return p->type->equality(value, p->k, l);
}

static double sum(double a, double b) { return a + b; }

double gr_penalty_value(const gr_penalty *p, const double *x)
{
    double value = gr_logic_value(gr_constraints_logic(p->c), value_of, sum, &(view){p, x});
    return isnan(value) ? INFINITY : value;
}

double gr_penalty_weight(const gr_penalty *p) { return p->k; }

double gr_penalty_next(gr_penalty *p, const double *x)
{
    double broken = gr_constraints_broken(p->c, x);
    for (size_t i = 0; i < gr_constraints_count(p->c) && p->type->multipliers; i++) {
        double *l = &p->multiplier[i];
        *l += p->k * gr_constraints_value(p->c, i, x);
        if (!gr_constraints_equality(p->c, i)) *l = fmax(0, *l);
    }
    if (!p->type->multipliers || !(broken <= p->before / 4)) p->k *= p->h;
    p->before = broken;
    return broken;
}
