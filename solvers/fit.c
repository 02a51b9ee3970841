// SPDX-License-Identifier: BSD-3-Clause
// Models held against data (solvers/model.h).
#include "lib/nearest.h"
#include "solvers/model.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORD = 32, NAMES = 32, ROWS_MOST = 1 << 24 };

struct gr_fit {
    const gr_model_type *model;
    const gr_metric_type *metric;
    size_t columns, rows, room; // columns of the file
    double *data;               // (rows, columns)
};

// ---- the cost ----

static double off_band(double f, double low, double high)
{
    return f < low ? low - f : f > high ? f - high : f - f; // f - f: 0, or NAN
}

static double cost_of(const gr_fit *fit, const double *x, size_t n)
{
    const gr_model_type *m = fit->model;
    size_t wide = fit->metric->band ? 2 : 1, given = m->inputs + wide * m->outputs;
    double cost = 0, out[GR_MODEL_COLUMNS];
    for (size_t i = 0; i < fit->rows; i++) {
        const double *row = fit->data + i * fit->columns, *want = row + m->inputs;
        double error = fit->columns > given ? row[given] : 1;
        m->value(x, n, row, out);
        for (size_t k = 0; k < m->outputs; k++, want += wide) {
            if (isnan(want[0])) continue;
            double off = wide == 2 ? off_band(out[k], want[0], want[1]) : out[k] - want[0];
            cost = fit->metric->join(cost, off / error);
        }
    }
    return cost;
}

static gr_status cost(const double *x, size_t n, void *context, double *f)
{
    *f = cost_of(context, x, n);
    return GR_OK;
}

// ---- names ----

static gr_status unknown(const char *what, const char *word, const char *const *names, size_t n)
{
    return gr_fail(GR_EARG, "unknown %s '%.40s': `gradus list` names them%s", what, word,
                   gr_did_you_mean(word, names, n).s);
}

static gr_status find_model(gr_fit *fit, const char *word)
{
    const char *names[NAMES];
    size_t n = 0;
    for (const gr_model_type *t = gr_model_types; t->name && n < NAMES; t++) {
        if (!strcmp(t->name, word)) return fit->model = t, GR_OK;
        names[n++] = t->name;
    }
    return unknown("model", word, names, n);
}

static gr_status find_metric(gr_fit *fit, const char *word)
{
    const char *names[NAMES];
    size_t n = 0;
    for (const gr_metric_type *t = gr_metric_types; t->name && n < NAMES; t++) {
        if (!strcmp(t->name, word)) return fit->metric = t, GR_OK;
        names[n++] = t->name;
    }
    return unknown("metric", word, names, n);
}

// ---- reading ----

typedef struct source {
    const char *path;
    FILE *stream;
    size_t line;
    char model[WORD], metric[WORD]; // as the file says; "": it does not
    size_t parameters;
} source;

static gr_status bad_line(const source *s, const char *what)
{
    return gr_fail(GR_EDATA, "%s, line %zu: expected %s", s->path, s->line, what);
}

static gr_status append(gr_fit *fit, const double *row)
{
    if (fit->rows == fit->room) {
        size_t room = 2 * fit->room + 64;
        double *more = realloc(fit->data, room * fit->columns * sizeof *more);
        if (!more) return gr_fail(GR_ENOMEM, "data: out of memory");
        fit->data = more, fit->room = room;
    }
    memcpy(fit->data + fit->rows++ * fit->columns, row, fit->columns * sizeof *row);
    return GR_OK;
}

// One point; all have as many columns as the first.
static gr_status read_row(gr_fit *fit, const source *s, const char *text)
{
    double row[2 * GR_MODEL_COLUMNS];
    size_t n = 0;
    for (char *end; n < 2 * GR_MODEL_COLUMNS; n++, text = end) {
        row[n] = strtod(text, &end);
        if (end == text) break;
    }
    text += strspn(text, " \t\r\n");
    if (*text) return bad_line(s, "numbers, at most 16");
    if (n == 0) return GR_OK;
    if (fit->rows == 0) fit->columns = n;
    if (fit->columns != n) return bad_line(s, "as many numbers as before");
    if (fit->rows == ROWS_MOST) return bad_line(s, "fewer lines");
    return append(fit, row);
}

static gr_status read_line(gr_fit *fit, source *s, char *text)
{
    s->line++;
    if (text[0] != '#') return read_row(fit, s, text);
    if (sscanf(text, "# model %31s %zu", s->model, &s->parameters) < 1)
        sscanf(text, "# metric %31s", s->metric);
    return GR_OK;
}

static gr_status read_file(gr_fit *fit, source *s)
{
    char *text = NULL;
    size_t room = 0;
    gr_status status = GR_OK;
    s->stream = fopen(s->path, "r");
    if (!s->stream) return gr_fail_errno("cannot read %s", s->path);
    while (!status && getline(&text, &room, s->stream) >= 0) status = read_line(fit, s, text);
    if (!status && ferror(s->stream)) status = gr_fail_errno("cannot read %s", s->path);
    free(text);
    fclose(s->stream);
    return status;
}

// The columns that the model and the metric need, or one more: the error, above 0.
static gr_status check_columns(const gr_fit *fit, const source *s)
{
    size_t need = fit->model->inputs + fit->model->outputs * (fit->metric->band ? 2 : 1);
    if (!fit->rows) return gr_fail(GR_EDATA, "%s: there is no point in it", s->path);
    if (fit->columns != need && fit->columns != need + 1)
        return gr_fail(GR_EDATA,
                       "%s: %zu columns: expected %zu for %s and %s, or one more for errors",
                       s->path, fit->columns, need, fit->model->name, fit->metric->name);
    for (size_t i = 0; i < fit->rows && fit->columns > need; i++)
        if (!(fit->data[i * fit->columns + need] > 0))
            return gr_fail(GR_EDATA, "%s, point %zu: expected an error above 0", s->path, i + 1);
    return GR_OK;
}

// ---- make ----

static gr_status make_problem(const gr_fit *fit, gr_problem *p, size_t n)
{
    const gr_model_type *m = fit->model;
    if (n < m->least || n > m->most)
        return gr_fail(GR_EARG, "model %s has %zu to %zu parameters, not %zu", m->name, m->least,
                       m->most, n);
    double *bounds = malloc(2 * n * sizeof *bounds);
    if (!bounds) return gr_fail(GR_ENOMEM, "model %s: out of memory", m->name);
    for (size_t i = 0; i < n; i++) {
        bounds[i] = m->los ? m->los[i] : m->lo;
        bounds[n + i] = m->his ? m->his[i] : m->hi;
    }
    *p = (gr_problem){.name = m->name,
                      .cost = cost,
                      .context = (void *)fit,
                      .n = n,
                      .lo = bounds,
                      .hi = bounds + n,
                      .owner = bounds};
    return GR_OK;
}

static gr_status build(gr_fit *fit, gr_problem *p, const gr_fit_options *o)
{
    source s = {.path = o->data};
    GR_TRY(read_file(fit, &s));
    const char *model = o->model ? o->model : s.model;
    if (!*model) return gr_fail(GR_EARG, "%s names no model: choose one", o->data);
    GR_TRY(find_model(fit, model));
    GR_TRY(find_metric(fit, o->metric ? o->metric : s.metric[0] ? s.metric : "squares"));
    GR_TRY(check_columns(fit, &s));
    size_t said = o->model && strcmp(o->model, s.model) != 0 ? 0 : s.parameters;
    size_t n = o->parameters ? o->parameters : said ? said : fit->model->usual;
    return make_problem(fit, p, n);
}

gr_status gr_fit_new(gr_fit **fit, gr_problem *p, const gr_fit_options *options)
{
    *p = (gr_problem){0};
    *fit = calloc(1, sizeof **fit);
    if (!*fit) return gr_fail(GR_ENOMEM, "fit: out of memory");
    gr_status status = build(*fit, p, options);
    if (status) gr_fit_free(*fit), *fit = NULL;
    return status;
}

void gr_fit_free(gr_fit *fit)
{
    if (!fit) return;
    free(fit->data);
    free(fit);
}

size_t gr_fit_points(const gr_fit *fit) { return fit->rows; }
