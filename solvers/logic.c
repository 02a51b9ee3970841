// SPDX-License-Identifier: BSD-3-Clause
#include "solvers/logic.h"
#include <ctype.h>
#include <math.h>
#include <string.h>

enum { DEEPEST = 50 };

typedef struct reader {
    const char *text, *signs;
    size_t at, end;
    size_t depth;
    gr_logic *l;
    gr_logic_leaf *leaf;
    void *context;
} reader;

// ---- words ----

static void skip_blanks(reader *r)
{
    while (r->at < r->end && isspace((unsigned char)r->text[r->at])) r->at++;
}

static bool in_word(char c) { return isalnum((unsigned char)c) || c == '_'; }

static bool is_word(const char *text, size_t at, size_t end, const char *word)
{
    size_t n = strlen(word);
    return at + n <= end && !strncmp(text + at, word, n) && (at == 0 || !in_word(text[at - 1])) &&
           (at + n == end || !in_word(text[at + n]));
}

static bool take(reader *r, const char *word)
{
    skip_blanks(r);
    if (!is_word(r->text, r->at, r->end, word)) return false;
    r->at += strlen(word);
    return true;
}

static gr_status expected(const reader *r, const char *what)
{
    return gr_fail(GR_EARG, "'%.100s', column %zu: expected %s", r->text, r->at + 1, what);
}

// Where the bracket at r->at is closed; r->end if it is not.
static size_t closing(const reader *r)
{
    size_t depth = 0;
    for (size_t i = r->at; i < r->end; i++) {
        depth += r->text[i] == '(';
        if (r->text[i] == ')' && --depth == 0) return i;
    }
    return r->end;
}

static bool is_group(const reader *r)
{
    size_t end = closing(r);
    if (r->at == r->end || r->text[r->at] != '(' || end == r->end) return false;
    for (size_t i = r->at; i < end && r->signs; i++)
        if (strchr(r->signs, r->text[i])) return true;
    return !r->signs;
}

// ---- nodes ----

static gr_status put(reader *r, gr_logic_kind kind, size_t a, size_t b, size_t *node)
{
    gr_logic *l = r->l;
    if (l->nodes == GR_LOGIC_NODES) return expected(r, "fewer conditions");
    *node = l->nodes++;
    l->node[*node] = (gr_logic_node){kind, a, b};
    l->plain &= kind == GR_LOGIC_LEAF || kind == GR_LOGIC_AND;
    return GR_OK;
}

// Up to the next `and`, `or`, semicolon or closing bracket that is not its own.
static gr_status read_leaf(reader *r, size_t *node)
{
    size_t from = r->at, depth = 0;
    for (; r->at < r->end; r->at++) {
        char c = r->text[r->at];
        bool ends = c == ')' || c == ';' || is_word(r->text, r->at, r->end, "and") ||
                    is_word(r->text, r->at, r->end, "or");
        if (depth == 0 && ends) break;
        depth += c == '(';
        depth -= c == ')';
    }
    size_t to = r->at;
    while (to > from && isspace((unsigned char)r->text[to - 1])) to--;
    if (to == from) return expected(r, "a condition");
    GR_TRY(r->leaf(r->text, from, r->at, r->context));
    return put(r, GR_LOGIC_LEAF, r->l->leaves++, 0, node);
}

static gr_status read_or(reader *r, size_t *node);

static gr_status read_group(reader *r, size_t *node)
{
    r->at++;
    GR_TRY(read_or(r, node));
    skip_blanks(r);
    if (r->at == r->end || r->text[r->at] != ')') return expected(r, "')'");
    r->at++;
    return GR_OK;
}

static gr_status read_not(reader *r, size_t *node)
{
    if (++r->depth > DEEPEST) return expected(r, "fewer brackets and `not`s");
    if (r->depth > r->l->depth) r->l->depth = r->depth;
    bool negated = take(r, "not");
    if (negated)
        GR_TRY(read_not(r, node));
    else if (is_group(r))
        GR_TRY(read_group(r, node));
    else
        GR_TRY(read_leaf(r, node));
    r->depth--;
    return negated ? put(r, GR_LOGIC_NOT, *node, 0, node) : GR_OK;
}

static gr_status read_and(reader *r, size_t *node)
{
    size_t other;
    GR_TRY(read_not(r, node));
    while (take(r, "and")) {
        GR_TRY(read_not(r, &other));
        GR_TRY(put(r, GR_LOGIC_AND, *node, other, node));
    }
    return GR_OK;
}

static gr_status read_or(reader *r, size_t *node)
{
    size_t other;
    GR_TRY(read_and(r, node));
    while (take(r, "or")) {
        GR_TRY(read_and(r, &other));
        GR_TRY(put(r, GR_LOGIC_OR, *node, other, node));
    }
    return GR_OK;
}

// One statement after the other; empty ones are left out.
static gr_status read_all(reader *r)
{
    size_t node;
    for (;;) {
        skip_blanks(r);
        if (r->at < r->end && r->text[r->at] == ';') {
            r->at++;
            continue;
        }
        if (r->at == r->end) return GR_OK;
        bool first = r->l->nodes == 0;
        GR_TRY(read_or(r, &node));
        skip_blanks(r);
        if (r->at < r->end && r->text[r->at] != ';') return expected(r, "and, or, a semicolon");
        if (!first) GR_TRY(put(r, GR_LOGIC_AND, r->l->root, node, &node));
        r->l->root = node;
    }
}

gr_status gr_logic_read(gr_logic *l, const char *text, const char *signs, gr_logic_leaf *leaf,
                        void *context)
{
    reader r = {.text = text,
                .signs = signs,
                .end = strlen(text),
                .l = l,
                .leaf = leaf,
                .context = context};
    l->nodes = l->leaves = l->root = l->depth = 0;
    l->plain = true;
    return read_all(&r);
}

// ---- looking ----

typedef struct walk {
    const gr_logic *l;
    double (*leaf)(size_t i, bool negated, const void *context);
    double (*both)(double a, double b);
    const void *context;
} walk;

static double value_of(const walk *w, size_t index, bool negated)
{
    const gr_logic_node *node = &w->l->node[index];
    if (node->kind == GR_LOGIC_LEAF) return w->leaf(node->a, negated, w->context);
    if (node->kind == GR_LOGIC_NOT) return value_of(w, node->a, !negated);
    double a = value_of(w, node->a, negated), b = value_of(w, node->b, negated);
    bool both = (node->kind == GR_LOGIC_AND) != negated;
    return both ? w->both(a, b) : fmin(a, b);
}

double gr_logic_value(const gr_logic *l,
                      double (*leaf)(size_t i, bool negated, const void *context),
                      double (*both)(double a, double b), const void *context)
{
    const walk w = {l, leaf, both, context};
    return l->nodes ? value_of(&w, l->root, false) : 0;
}
