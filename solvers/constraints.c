// SPDX-License-Identifier: BSD-3-Clause
#include "solvers/constraints.h"
#include "solvers/expression.h"
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 1000 };

typedef struct constraint {
    gr_expression *left, *right;
    bool equality;
    double sign; // -1: left >= right
} constraint;

struct gr_constraints {
    size_t count;
    constraint one[MOST];
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

static gr_status read_one(gr_constraints *c, const char *text, size_t from, size_t to, size_t n)
{
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
    one->equality = text[at] == '=';
    one->sign = text[at] == '>' ? -1 : 1;
    GR_TRY(gr_expression_read_part(&one->left, text, from, at, n));
    return gr_expression_read_part(&one->right, text, at + length, to, n);
}

static bool is_blank(const char *text, size_t from, size_t to)
{
    while (from < to && isspace((unsigned char)text[from])) from++;
    return from == to;
}

static gr_status read_all(gr_constraints *c, const char *text, size_t n)
{
    for (size_t from = 0, end = strlen(text); from <= end;) {
        size_t to = from + strcspn(text + from, ";");
        if (!is_blank(text, from, to)) {
            if (c->count == MOST) return gr_fail(GR_EARG, "more than %d constraints", MOST);
            GR_TRY(read_one(c, text, from, to, n));
        }
        from = to + 1;
    }
    return GR_OK;
}

gr_status gr_constraints_read(gr_constraints **c, const char *text, size_t n)
{
    *c = calloc(1, sizeof **c);
    if (!*c) return gr_fail(GR_ENOMEM, "constraints: out of memory");
    gr_status status = read_all(*c, text, n);
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

double gr_constraints_broken(const gr_constraints *c, const double *x)
{
    double worst = 0;
    for (size_t i = 0; i < c->count; i++) {
        double v = gr_constraints_value(c, i, x);
        if (isnan(v)) return NAN;
        worst = fmax(worst, c->one[i].equality ? fabs(v) : v);
    }
    return worst;
}
