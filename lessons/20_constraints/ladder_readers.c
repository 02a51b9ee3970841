// SPDX-License-Identifier: BSD-3-Clause
// readers -- what x0 + 2*x1 is worth: arithmetic read from text, as constraints are. Some of the
// texts are wrong.
#include "lessons/20_constraints/constrained.h"
#include "solvers/expression.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void teardown(void *problem)
{
    readers *p = problem;
    if (!p) return;
    free((void *)p->text), free(p->value);
    free(p);
}

// ---- texts ----

static size_t put(char *text, size_t used, const char *more)
{
    size_t n = strlen(more);
    if (used + n >= READERS_TEXT) return used;
    memcpy(text + used, more, n + 1);
    return used + n;
}

static size_t put_operand(char *text, size_t used, gr_rng *rng)
{
    static const char *const operands[] = {"x0", "x1", "x2", "3", "0.5", "12"};
    return put(text, used, operands[gr_rng_below(rng, 6)]);
}

// Operands and signs in turn; now and then two of them in brackets.
static void write_text(char *text, gr_rng *rng)
{
    static const char *const signs[] = {" + ", " - ", "*", " / ", " - ", " * "};
    size_t used = 0, parts = 1 + gr_rng_below(rng, 5);
    for (size_t i = 0; i < parts; i++) {
        bool brackets = gr_rng_below(rng, 4) == 0;
        if (i) used = put(text, used, signs[gr_rng_below(rng, 6)]);
        if (brackets) used = put(text, used, "(");
        used = put_operand(text, used, rng);
        if (!brackets) continue;
        used = put(text, used, signs[gr_rng_below(rng, 6)]);
        used = put_operand(text, used, rng);
        used = put(text, used, ")");
    }
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    static const char *const wrong[] = {"x0 +", "(x0 + 1", "x0 1", "", "x0 + * 2", "x0 - 2)", "()"};
    static const double x[] = {1.5, -2, 7};
    *problem = NULL;
    if (size.n > 100000) return gr_fail(GR_EARG, "%zu texts: expected at most 100000", size.n);
    readers *p = calloc(1, sizeof *p);
    char *text = calloc(size.n + 1, READERS_TEXT);
    double *value = calloc(size.n + 1, sizeof *value);
    if (!p || !text || !value) {
        free(p), free(text), free(value);
        return gr_fail(GR_ENOMEM, "readers: out of memory");
    }
    gr_rng rng = gr_rng_of(seed, 0);
    for (size_t i = 0; i < size.n; i++) {
        if (i % 4 == 3)
            put(text + i * READERS_TEXT, 0, wrong[i / 4 % 7]);
        else
            write_text(text + i * READERS_TEXT, &rng);
    }
    *p = (readers){size.n, text, x, value};
    *problem = p;
    return GR_OK;
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    readers *p = problem;
    out[0] = (gr_output){"value", gr_array_of(p->value, GR_F64, 1, &p->n), true};
    return 1;
}

static double texts(const void *problem) { return (double)((const readers *)problem)->n; }

// ---- what the exercise is given ----

bool readers_take(reader *r, char sign)
{
    while (*r->at == ' ') r->at++;
    if (*r->at != sign) return false;
    r->at++;
    return true;
}

double readers_operand(reader *r)
{
    while (*r->at == ' ') r->at++;
    if (r->at[0] == 'x' && r->at[1] >= '0' && r->at[1] <= '2')
        return r->at += 2, r->x[r->at[-1] - '0'];
    char *end;
    double value = isdigit((unsigned char)*r->at) ? strtod(r->at, &end) : 0;
    if (isdigit((unsigned char)*r->at))
        r->at = end;
    else
        r->wrong = true;
    return value;
}

// ---- the rungs ----

static gr_status library(void *problem, int workers)
{
    readers *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) {
        gr_expression *e;
        gr_status status = gr_expression_read(&e, p->text + i * READERS_TEXT, 3);
        if (status == GR_ENOMEM) return status;
        p->value[i] = status ? NAN : gr_expression_value(e, p->x);
        if (!status) gr_expression_free(e);
    }
    return GR_OK;
}

static double sum(reader *r);

static double atom(reader *r)
{
    if (!readers_take(r, '(')) return readers_operand(r);
    double value = sum(r);
    if (!readers_take(r, ')')) r->wrong = true;
    return value;
}

static double product(reader *r)
{
    double value = atom(r);
    for (;;) {
        if (readers_take(r, '*'))
            value *= atom(r);
        else if (readers_take(r, '/'))
            value /= atom(r);
        else
            return value;
    }
}

static double sum(reader *r)
{
    double value = product(r);
    for (;;) {
        if (readers_take(r, '+'))
            value += product(r);
        else if (readers_take(r, '-'))
            value -= product(r);
        else
            return value;
    }
}

static gr_status descent(void *problem, int workers)
{
    readers *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) {
        reader r = {p->text + i * READERS_TEXT, p->x, false};
        double value = sum(&r);
        readers_take(&r, ' '); // blanks at the end
        p->value[i] = r.wrong || *r.at ? NAN : value;
    }
    return GR_OK;
}

static const gr_size no_sizes[] = {{0, 0}}; // judged, not timed

static const gr_rung rungs[] = {
    {.name = "library", .idea = "gr_expression: read once, run as often as needed", .run = library},
    {.name = "descent", .idea = "a function for each level: sum, product, operand", .run = descent},
    {0},
};

const gr_ladder gr_ladder_readers = {
    .name = "readers",
    .title = "What is this text worth?",
    .lesson = "20_constraints",
    .n_name = "texts",
    .sizes = no_sizes,
    .rungs = rungs,
    .setup = setup,
    .teardown = teardown,
    .outputs = outputs,
    .unit = "text",
    .work = texts,
};
