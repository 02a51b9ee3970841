// SPDX-License-Identifier: BSD-3-Clause
#include "solvers/constraints.h"
#include "solvers/expression.h"
#include "solvers/logic.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 1000 };

typedef struct constraint {
    gr_expression *left, *right;
    bool equality;
    double sign;     // -1: left >= right
    size_t from, to; // where it stands in the text
} constraint;

struct gr_constraints {
    gr_logic logic;
    size_t count, n;
    constraint one[MOST];
    char text[];
};

// ---- reading ----

// Where the relation between two sides stands in [from, to), and how long it is; `to` if there is
// none.
static size_t find_relation(const char *text, size_t from, size_t to, size_t *length)
{
    for (size_t i = from; i < to; i++) {
        if (!strchr("<>=", text[i])) continue;
        *length = i + 1 < to && text[i + 1] == '=' ? 2 : 1;
        return i;
    }
    return to;
}

static gr_status read_one(const char *text, size_t from, size_t to, void *context)
{
    gr_constraints *c = context;
    if (c->count == MOST) return gr_fail(GR_EARG, "more than %d constraints", MOST);
    constraint *one = &c->one[c->count];
    size_t length = 0, at = find_relation(text, from, to, &length), again;
    if (at == to)
        return gr_fail(GR_EARG, "'%.100s', column %zu: expected <=, >= or == in this constraint",
                       text, from + 1);
    size_t second = find_relation(text, at + length, to, &again);
    if (second != to)
        return gr_fail(GR_EARG, "'%.100s', column %zu: '%c': one relation is enough", text,
                       second + 1, text[second]);
    c->count++; // from here on it is freed with the others
    one->from = from, one->to = to;
    one->equality = text[at] == '=';
    one->sign = text[at] == '>' ? -1 : 1;
    GR_TRY(gr_expression_read_part(&one->left, text, from, at, c->n));
    return gr_expression_read_part(&one->right, text, at + length, to, c->n);
}

gr_status gr_constraints_read(gr_constraints **c, const char *text, size_t n)
{
    size_t length = strlen(text) + 1;
    *c = calloc(1, sizeof **c + length);
    if (!*c) return gr_fail(GR_ENOMEM, "constraints: out of memory");
    (*c)->n = n;
    memcpy((*c)->text, text, length);
    gr_status status = gr_logic_read(&(*c)->logic, text, "<>=", read_one, *c);
    if (status) gr_constraints_free(*c), *c = NULL;
    return status;
}

void gr_constraints_free(gr_constraints *c)
{
    for (size_t i = 0; c && i < c->count; i++) {
        gr_expression_free(c->one[i].left);
        gr_expression_free(c->one[i].right);
    }
    free(c);
}

// ---- looking ----

size_t gr_constraints_count(const gr_constraints *c) { return c->count; }
bool gr_constraints_equality(const gr_constraints *c, size_t i) { return c->one[i].equality; }

double gr_constraints_value(const gr_constraints *c, size_t i, const double *x)
{
    const constraint *one = &c->one[i];
    return one->sign * (gr_expression_value(one->left, x) - gr_expression_value(one->right, x));
}

bool gr_constraints_plain(const gr_constraints *c) { return c->logic.plain; }
const gr_logic *gr_constraints_logic(const gr_constraints *c) { return &c->logic; }

const char *gr_constraints_text(const gr_constraints *c, size_t i, size_t *length)
{
    size_t to = c->one[i].to;
    while (to > c->one[i].from && c->text[to - 1] == ' ') to--;
    *length = to - c->one[i].from;
    return c->text + c->one[i].from;
}

// ---- broken ----

typedef struct view {
    const gr_constraints *c;
    const double *x;
} view;

static double broken_one(size_t i, bool negated, const void *context)
{
    const view *v = context;
    bool equality = v->c->one[i].equality;
    double value = gr_constraints_value(v->c, i, v->x);
    if (isnan(value)) return NAN;
    if (equality) return negated ? value == 0 : fabs(value);
    return fmax(0, negated ? -value : value);
}

static double worse(double a, double b) { return isnan(a) || isnan(b) ? NAN : fmax(a, b); }

double gr_constraints_broken(const gr_constraints *c, const double *x)
{
    return gr_logic_value(&c->logic, broken_one, worse, &(view){c, x});
}

size_t gr_constraints_worst(const gr_constraints *c, const double *x)
{
    size_t worst = 0;
    double most = -1;
    for (size_t i = 0; i < c->count; i++) {
        double v = broken_one(i, false, &(view){c, x});
        if (isnan(v)) return i;
        if (v > most) most = v, worst = i;
    }
    return worst;
}
