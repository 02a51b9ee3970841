// SPDX-License-Identifier: BSD-3-Clause
// An expression is kept as a program for a stack: operands first, then what joins them.
#include "solvers/expression.h"
#include "lib/nearest.h"
#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 100, MOST = 4000 };

typedef struct code {
    double (*one)(double);                 // of the topmost value
    double (*two)(double, double);         // of the two topmost
    double (*all)(const double *, size_t); // of x
    double number;
    size_t coordinate; // + 1; 0: none
} code;

struct gr_expression {
    size_t n, codes;
    code program[];
};

typedef struct reader {
    const char *text, *at, *end;
    gr_expression *e;
    int depth;
    size_t stack; // values that lie on the stack here
} reader;

// ---- words ----

static double add(double a, double b) { return a + b; }
static double subtract(double a, double b) { return a - b; }
static double multiply(double a, double b) { return a * b; }
static double divide(double a, double b) { return a / b; }
static double negate(double a) { return -a; }
static double least(double a, double b) { return isnan(a) || isnan(b) ? NAN : fmin(a, b); }
static double largest(double a, double b) { return isnan(a) || isnan(b) ? NAN : fmax(a, b); }

static double sum_of(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += x[i];
    return sum;
}

static double mean_of(const double *x, size_t n) { return sum_of(x, n) / (double)n; }

static double variance_of(const double *x, size_t n)
{
    double mean = mean_of(x, n), sum = 0;
    for (size_t i = 0; i < n; i++) sum += (x[i] - mean) * (x[i] - mean);
    return sum / (double)n;
}

static double least_of(const double *x, size_t n)
{
    double f = x[0];
    for (size_t i = 1; i < n; i++) f = least(f, x[i]);
    return f;
}

static double largest_of(const double *x, size_t n)
{
    double f = x[0];
    for (size_t i = 1; i < n; i++) f = largest(f, x[i]);
    return f;
}

typedef struct word {
    const char *name;
    code code;
} word;

static const word words[] = {
    {"sin", {.one = sin}},
    {"cos", {.one = cos}},
    {"tan", {.one = tan}},
    {"exp", {.one = exp}},
    {"log", {.one = log}},
    {"sqrt", {.one = sqrt}},
    {"abs", {.one = fabs}},
    {"floor", {.one = floor}},
    {"sum", {.all = sum_of}},
    {"mean", {.all = mean_of}},
    {"variance", {.all = variance_of}},
    {"min", {.two = least, .all = least_of}},
    {"max", {.two = largest, .all = largest_of}},
    {"pi", {.number = M_PI}},
    {"e", {.number = M_E}},
};
enum { WORDS = sizeof words / sizeof *words };

// ---- reading ----

static void skip_blanks(reader *r)
{
    while (r->at < r->end && isspace((unsigned char)*r->at)) r->at++;
}

static bool take(reader *r, const char *sign)
{
    size_t n = strlen(sign);
    skip_blanks(r);
    if ((size_t)(r->end - r->at) < n || strncmp(r->at, sign, n)) return false;
    r->at += n;
    return true;
}

static size_t letters(const reader *r)
{
    size_t n = 0;
    while (r->at + n < r->end && (isalnum((unsigned char)r->at[n]) || r->at[n] == '_')) n++;
    return n;
}

static gr_status expected(reader *r, const char *what)
{
    skip_blanks(r);
    int column = (int)(r->at - r->text) + 1, n = (int)letters(r);
    if (r->at >= r->end)
        return gr_fail(GR_EARG, "'%.100s', column %d: expected %s", r->text, column, what);
    return gr_fail(GR_EARG, "'%.100s', column %d: '%.*s': expected %s", r->text, column, n ? n : 1,
                   r->at, what);
}

static gr_status put(reader *r, code c)
{
    if (r->e->codes == MOST) return expected(r, "a shorter expression");
    r->e->program[r->e->codes++] = c;
    r->stack += !c.one && !c.two;
    r->stack -= c.two != NULL;
    return r->stack > DEEPEST ? expected(r, "fewer values that wait for one another") : GR_OK;
}

static gr_status read_sum(reader *r);

static gr_status read_number(reader *r)
{
    char *end, copy[64] = "";
    size_t room = (size_t)(r->end - r->at);
    memcpy(copy, r->at, room < sizeof copy - 1 ? room : sizeof copy - 1);
    code c = {.number = strtod(copy, &end)};
    if (end == copy) return expected(r, "a number");
    r->at += end - copy;
    return put(r, c);
}

static gr_status read_coordinate(reader *r, size_t length)
{
    unsigned long k = strtoul(r->at + 1, NULL, 10);
    if (length > 8 || k >= r->e->n)
        return gr_fail(GR_EARG, "'%.100s', column %d: '%.*s': there are x0 to x%zu", r->text,
                       (int)(r->at - r->text) + 1, (int)length, r->at, r->e->n - 1);
    r->at += length;
    return put(r, (code){.coordinate = k + 1});
}

// "(x)", "(a)" or "(a, b)" behind the name of a function.
static gr_status read_arguments(reader *r, const code *c)
{
    if (!take(r, "(")) return expected(r, "'('");
    const char *before = r->at;
    if (c->all && take(r, "x") && take(r, ")")) return put(r, (code){.all = c->all});
    r->at = before;
    if (!c->one && !c->two) return expected(r, "x, which is all coordinates");
    GR_TRY(read_sum(r));
    if (c->two && !take(r, ",")) return expected(r, "','");
    if (c->two) GR_TRY(read_sum(r));
    if (!take(r, ")")) return expected(r, "')'");
    return put(r, (code){.one = c->one, .two = c->two});
}

static bool is_coordinate(const char *at, size_t length)
{
    if (at[0] != 'x' || length < 2) return false;
    for (size_t i = 1; i < length; i++)
        if (!isdigit((unsigned char)at[i])) return false;
    return true;
}

static gr_status unknown(const reader *r, size_t length)
{
    const char *names[WORDS];
    char bad[32];
    for (size_t i = 0; i < WORDS; i++) names[i] = words[i].name;
    snprintf(bad, sizeof bad, "%.*s", (int)length, r->at);
    return gr_fail(GR_EARG, "'%.100s', column %d: unknown word '%s'%s", r->text,
                   (int)(r->at - r->text) + 1, bad, gr_did_you_mean(bad, names, WORDS).s);
}

static gr_status read_word(reader *r)
{
    size_t length = letters(r);
    if (is_coordinate(r->at, length)) return read_coordinate(r, length);
    for (size_t i = 0; i < WORDS; i++) {
        const code *c = &words[i].code;
        if (strlen(words[i].name) != length || strncmp(words[i].name, r->at, length)) continue;
        r->at += length;
        return c->one || c->two || c->all ? read_arguments(r, c) : put(r, *c);
    }
    return unknown(r, length);
}

static gr_status read_atom(reader *r)
{
    skip_blanks(r);
    if (r->at >= r->end) return expected(r, "a number, x0 or a function");
    if (isdigit((unsigned char)*r->at) || *r->at == '.') return read_number(r);
    if (isalpha((unsigned char)*r->at)) return read_word(r);
    if (!take(r, "(")) return expected(r, "a number, x0 or a function");
    GR_TRY(read_sum(r));
    return take(r, ")") ? GR_OK : expected(r, "')'");
}

// -a^b is -(a^b), and a^-b is a^(-b).
static gr_status read_power(reader *r)
{
    if (++r->depth > DEEPEST) return expected(r, "fewer brackets and signs");
    bool minus = take(r, "-");
    if (minus || take(r, "+")) {
        GR_TRY(read_power(r));
        if (minus) GR_TRY(put(r, (code){.one = negate}));
    } else {
        GR_TRY(read_atom(r));
        if (take(r, "^") || take(r, "**")) {
            GR_TRY(read_power(r));
            GR_TRY(put(r, (code){.two = pow}));
        }
    }
    r->depth--;
    return GR_OK;
}

static gr_status read_product(reader *r)
{
    GR_TRY(read_power(r));
    for (;;) {
        bool times = take(r, "*");
        if (!times && !take(r, "/")) return GR_OK;
        GR_TRY(read_power(r));
        GR_TRY(put(r, (code){.two = times ? multiply : divide}));
    }
}

static gr_status read_sum(reader *r)
{
    GR_TRY(read_product(r));
    for (;;) {
        bool plus = take(r, "+");
        if (!plus && !take(r, "-")) return GR_OK;
        GR_TRY(read_product(r));
        GR_TRY(put(r, (code){.two = plus ? add : subtract}));
    }
}

gr_status gr_expression_read_part(gr_expression **e, const char *text, size_t from, size_t to,
                                  size_t n)
{
    *e = calloc(1, sizeof **e + MOST * sizeof(code));
    if (!*e) return gr_fail(GR_ENOMEM, "expression: out of memory");
    (*e)->n = n;
    reader r = {.text = text, .at = text + from, .end = text + to, .e = *e};
    gr_status status = read_sum(&r);
    skip_blanks(&r);
    if (!status && r.at < r.end) status = expected(&r, "an operator or the end");
    if (status) gr_expression_free(*e), *e = NULL;
    return status;
}

gr_status gr_expression_read(gr_expression **e, const char *text, size_t n)
{
    return gr_expression_read_part(e, text, 0, strlen(text), n);
}

void gr_expression_free(gr_expression *e) { free(e); }

// ---- running ----

double gr_expression_value(const gr_expression *e, const double *x)
{
    double stack[DEEPEST + 1];
    size_t top = 0; // values on it
    for (size_t i = 0; i < e->codes; i++) {
        const code *c = &e->program[i];
        if (c->one)
            stack[top - 1] = c->one(stack[top - 1]);
        else if (c->two)
            top--, stack[top - 1] = c->two(stack[top - 1], stack[top]);
        else if (c->all)
            stack[top++] = c->all(x, e->n);
        else
            stack[top++] = c->coordinate ? x[c->coordinate - 1] : c->number;
    }
    return stack[0];
}
