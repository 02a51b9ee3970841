// SPDX-License-Identifier: BSD-3-Clause
// Transforms: read from text, joined, applied. Those that have names: transforms.c.
#include "solvers/transform.h"
#include "lib/nearest.h"
#include "solvers/expression.h"
#include "solvers/logic.h"
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SMALL = 256, MOST = 200, ROUNDS = 1000, NUDGES = 20, TYPES_MOST = 64 };

// Either a named transform, or a coordinate and what it is set to or kept by.
typedef struct part {
    const gr_transform_type *type;
    double arg[GR_TRANSFORM_ARGS];
    size_t args;
    size_t *group, grouped; // the coordinates it is of; NULL: all
    size_t coordinate;
    char relation; // '=', '<' or '>'
    gr_expression *side;
} part;

struct gr_transform {
    gr_logic logic;
    size_t n, height; // height: of the tree
    size_t parts;
    part part[MOST];
};

// ---- reading ----

static gr_status bad(const char *text, size_t at, const char *what)
{
    return gr_fail(GR_EARG, "'%.100s', column %zu: expected %s", text, at + 1, what);
}

static gr_status unknown(const char *text, size_t from, size_t length)
{
    const char *names[TYPES_MOST];
    char word[32];
    size_t n = 0;
    for (const gr_transform_type *t = gr_transform_types; t->name && n < TYPES_MOST; t++)
        names[n++] = t->name;
    snprintf(word, sizeof word, "%.*s", (int)(length < 31 ? length : 31), text + from);
    return gr_fail(GR_EARG, "'%.100s', column %zu: unknown transform '%s'%s", text, from + 1, word,
                   gr_did_you_mean(word, names, n).s);
}

static size_t skip(const char *text, size_t at, size_t to)
{
    while (at < to && isspace((unsigned char)text[at])) at++;
    return at;
}

static size_t word_end(const char *text, size_t at, size_t to)
{
    while (at < to && (isalnum((unsigned char)text[at]) || text[at] == '_')) at++;
    return at;
}

// One number, and what stands behind it.
static gr_status read_argument(part *p, const char *text, size_t *at, size_t to, size_t n)
{
    char copy[64] = "", *end;
    size_t room = to - *at < sizeof copy - 1 ? to - *at : sizeof copy - 1;
    memcpy(copy, text + *at, room);
    double value = strtod(copy, &end);
    bool index = p->args < p->type->indices;
    if (end == copy || !isfinite(value)) return bad(text, *at, "a number");
    if (index && !(value >= 0 && value < (double)n && value == floor(value)))
        return gr_fail(GR_EARG, "'%.100s', column %zu: expected a coordinate, 0 to %zu", text,
                       *at + 1, n - 1);
    if (p->args == p->type->most) return bad(text, *at, "no further number");
    p->arg[p->args++] = value;
    *at = skip(text, *at + (size_t)(end - copy), to);
    return GR_OK;
}

static gr_status read_arguments(part *p, const char *text, size_t *at, size_t to, size_t n)
{
    if (*at == to || text[*at] != '(') return GR_OK;
    do {
        *at = skip(text, *at + 1, to);
        if (p->args == 0 && *at < to && text[*at] == ')') break;
        GR_TRY(read_argument(p, text, at, to, n));
    } while (*at < to && text[*at] == ',');
    if (*at == to || text[*at] != ')') return bad(text, *at, "',' or ')'");
    *at = skip(text, *at + 1, to);
    return GR_OK;
}

static gr_status read_index(const char *text, size_t *at, size_t to, size_t most, size_t *index)
{
    size_t from = *at;
    *index = 0;
    for (; *at < to && isdigit((unsigned char)text[*at]) && *index <= most; ++*at)
        *index = 10 * *index + (size_t)(text[*at] - '0');
    if (*at == from || *index > most)
        return gr_fail(GR_EARG, "'%.100s', column %zu: expected a coordinate, 0 to %zu", text,
                       from + 1, most);
    *at = skip(text, *at, to);
    return GR_OK;
}

// "2", or "2:5", which is 2, 3, 4.
static gr_status read_range(part *p, const char *text, size_t *at, size_t to, size_t n)
{
    size_t column = *at, from, end;
    GR_TRY(read_index(text, at, to, n - 1, &from));
    end = from + 1;
    if (*at < to && text[*at] == ':') {
        *at = skip(text, *at + 1, to);
        GR_TRY(read_index(text, at, to, n, &end));
    }
    if (end <= from) return bad(text, column, "first:end with first < end");
    for (size_t i = from; i < end; i++) {
        for (size_t k = 0; k < p->grouped; k++)
            if (p->group[k] == i) return bad(text, column, "each coordinate once");
        p->group[p->grouped++] = i;
    }
    return GR_OK;
}

// "[0,2:5]"
static gr_status read_group(part *p, const char *text, size_t *at, size_t to, size_t n)
{
    if (*at == to || text[*at] != '[') return GR_OK;
    if (p->type->indices)
        return gr_fail(GR_EARG, "'%.100s', column %zu: %s names its coordinates itself", text,
                       *at + 1, p->type->name);
    p->group = malloc(n * sizeof *p->group);
    if (!p->group) return gr_fail(GR_ENOMEM, "transform: out of memory");
    do {
        *at = skip(text, *at + 1, to);
        GR_TRY(read_range(p, text, at, to, n));
    } while (*at < to && text[*at] == ',');
    if (*at == to || text[*at] != ']') return bad(text, *at, "',' or ']'");
    *at = skip(text, *at + 1, to);
    return GR_OK;
}

static gr_status read_rest(part *p, const char *text, size_t at, size_t to, size_t n)
{
    GR_TRY(read_arguments(p, text, &at, to, n));
    if (p->args < p->type->least)
        return gr_fail(GR_EARG, "'%.100s', column %zu: expected %s%s", text, at + 1, p->type->name,
                       p->type->usage);
    GR_TRY(read_group(p, text, &at, to, n));
    return at < to ? bad(text, at, "and, or, a semicolon") : GR_OK;
}

static gr_status read_name(part *p, const char *text, size_t from, size_t to, size_t n)
{
    size_t end = word_end(text, from, to);
    for (const gr_transform_type *t = gr_transform_types; t->name; t++)
        if (strlen(t->name) == end - from && !strncmp(t->name, text + from, end - from))
            p->type = t;
    return p->type ? read_rest(p, text, skip(text, end, to), to, n)
                   : unknown(text, from, end - from);
}

// "x2 = 10 - x0", "x0 <= x1": relation stands at `at`.
static gr_status read_side(part *p, const char *text, size_t from, size_t at, size_t to, size_t n)
{
    char *end = NULL;
    bool named = text[from] == 'x' && isdigit((unsigned char)text[from + 1]);
    unsigned long k = named ? strtoul(text + from + 1, &end, 10) : 0;
    if (!named || skip(text, (size_t)(end - text), at) != at || k >= n)
        return gr_fail(GR_EARG, "'%.100s', column %zu: expected a coordinate, x0 to x%zu", text,
                       from + 1, n - 1);
    p->coordinate = k, p->relation = text[at];
    bool two = at + 1 < to && text[at + 1] == '=';
    return gr_expression_read_part(&p->side, text, at + 1 + two, to, n);
}

static gr_status read_part(const char *text, size_t from, size_t to, void *context)
{
    gr_transform *t = context;
    if (t->parts == MOST) return gr_fail(GR_EARG, "more than %d transforms", MOST);
    part *p = &t->part[t->parts++];
    size_t at = from;
    while (at < to && !strchr("<>=", text[at])) at++;
    return at < to ? read_side(p, text, from, at, to, t->n) : read_name(p, text, from, to, t->n);
}

static size_t height_of(const gr_logic *l, size_t index)
{
    const gr_logic_node *node = &l->node[index];
    if (node->kind == GR_LOGIC_LEAF) return 1;
    size_t a = height_of(l, node->a), b = node->kind == GR_LOGIC_NOT ? 0 : height_of(l, node->b);
    return 1 + (a > b ? a : b);
}

gr_status gr_transform_read(gr_transform **t, const char *text, size_t n)
{
    *t = calloc(1, sizeof **t);
    if (!*t) return gr_fail(GR_ENOMEM, "transform: out of memory");
    (*t)->n = n;
    gr_status status = gr_logic_read(&(*t)->logic, text, NULL, read_part, *t);
    if (status) return gr_transform_free(*t), *t = NULL, status;
    if ((*t)->logic.nodes) (*t)->height = height_of(&(*t)->logic, (*t)->logic.root);
    return GR_OK;
}

void gr_transform_free(gr_transform *t)
{
    for (size_t i = 0; t && i < t->parts; i++)
        gr_expression_free(t->part[i].side), free(t->part[i].group);
    free(t);
}

// ---- applying: each level of the tree has room for two points ----

static bool near(const double *a, const double *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!(fabs(a[i] - b[i]) <= 1e-10 * (1 + fabs(b[i])))) return false;
    return true;
}

// A group is moved as if there were no other coordinates.
static bool move_named(const gr_transform *t, const part *p, double *x, double *room)
{
    if (!p->group) return p->type->apply(x, t->n, p->arg, p->args);
    for (size_t i = 0; i < p->grouped; i++) room[i] = x[p->group[i]];
    bool done = p->type->apply(room, p->grouped, p->arg, p->args);
    for (size_t i = 0; i < p->grouped; i++) x[p->group[i]] = room[i];
    return done;
}

static bool move_part(const gr_transform *t, const part *p, double *x, double *room)
{
    if (p->type) return move_named(t, p, x, room);
    double side = gr_expression_value(p->side, x), *at = &x[p->coordinate];
    if (isnan(side)) return false;
    bool moves = p->relation == '<' ? *at > side : p->relation == '>' ? *at < side : true;
    if (moves) *at = side;
    return isfinite(*at);
}

static bool move(const gr_transform *t, size_t index, double *x, double *room);

static bool holds(const gr_transform *t, size_t index, const double *x, double *room)
{
    memcpy(room, x, t->n * sizeof *x);
    return move(t, index, room, room + t->n) && near(room, x, t->n);
}

// All that `and` joins, one after the other. *moved: did one of them move the point?
static bool pass(const gr_transform *t, size_t index, double *x, double *room, bool *moved)
{
    const gr_logic_node *node = &t->logic.node[index];
    if (node->kind == GR_LOGIC_AND)
        return pass(t, node->a, x, room, moved) && pass(t, node->b, x, room, moved);
    memcpy(room, x, t->n * sizeof *x);
    bool done = move(t, index, x, room + t->n);
    *moved |= !near(room, x, t->n);
    return done;
}

static bool move_to_all(const gr_transform *t, size_t index, double *x, double *room)
{
    bool moved = true;
    for (int round = 0; round < ROUNDS && moved; round++) {
        moved = false;
        if (!pass(t, index, x, room, &moved)) return false;
    }
    return !moved;
}

static double distance(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sum;
}

static bool move_to_nearer(const gr_transform *t, const gr_logic_node *node, double *x,
                           double *room)
{
    size_t n = t->n;
    double *a = room, *b = room + n, *rest = room + 2 * n;
    memcpy(a, x, n * sizeof *x), memcpy(b, x, n * sizeof *x);
    bool first = move(t, node->a, a, rest), second = move(t, node->b, b, rest);
    if (!first && !second) return false;
    bool nearer = !second || (first && distance(a, x, n) <= distance(b, x, n));
    memcpy(x, nearer ? a : b, n * sizeof *x);
    return true;
}

// Neighbours go to different sides, so that what is sorted or alike does not stay so.
static bool move_away(const gr_transform *t, size_t index, double *x, double *room)
{
    double step = 1e-3;
    for (int nudge = 0; nudge < NUDGES && holds(t, index, x, room); nudge++, step *= 2)
        for (size_t i = 0; i < t->n; i++) x[i] += (i % 2 ? -step : step) * (1 + fabs(x[i]));
    return !holds(t, index, x, room);
}

static bool move(const gr_transform *t, size_t index, double *x, double *room)
{
    const gr_logic_node *node = &t->logic.node[index];
    switch (node->kind) {
    case GR_LOGIC_AND:
        return move_to_all(t, index, x, room);
    case GR_LOGIC_OR:
        return move_to_nearer(t, node, x, room);
    case GR_LOGIC_NOT:
        return move_away(t, node->a, x, room);
    default:
        return move_part(t, &t->part[node->a], x, room);
    }
}

gr_status gr_transform_apply(const gr_transform *t, double *x, bool *held)
{
    *held = true;
    if (!t->logic.nodes) return GR_OK;
    size_t need = (2 * t->height + 1) * t->n;
    double small[SMALL], *room = need <= SMALL ? small : malloc(need * sizeof *room);
    if (!room) return gr_fail(GR_ENOMEM, "transform: out of memory");
    // A single part that does not rest where it moved to (x0 = x0 + 1) holds nowhere.
    *held = move(t, t->logic.root, x, room) && holds(t, t->logic.root, x, room);
    if (room != small) free(room);
    return GR_OK;
}
