// SPDX-License-Identifier: BSD-3-Clause
// Logs, read back: ours and mystic's (solvers/monitor.h).
#include "lib/pack_part.h"
#include "solvers/monitor.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

typedef struct reading {
    const char *path;
    size_t line;
    bool mystic;
    size_t skip;    // columns between the cost and x0
    double *number; // the numbers of all rows: generation, cost, x0 ...
    size_t numbers, room, rows, n;
} reading;

static gr_status bad(const reading *r, const char *what)
{
    return gr_fail(GR_EDATA, "%s, line %zu: expected %s", r->path, r->line, what);
}

static gr_status add(reading *r, double value)
{
    if (r->numbers == r->room) {
        size_t room = 2 * r->room + 64;
        double *more = realloc(r->number, room * sizeof *more);
        if (!more) return gr_fail(GR_ENOMEM, "%s: out of memory", r->path);
        r->number = more, r->room = room;
    }
    r->number[r->numbers++] = value;
    return GR_OK;
}

static gr_status take_number(reading *r, char **at, double *value)
{
    char *end;
    *value = strtod(*at, &end);
    if (end == *at) return bad(r, "a number");
    *at = end;
    return GR_OK;
}

static void skip(char **at, const char *signs) { *at += strspn(*at, signs); }

// The rest of the row: coordinates, as many as in the rows before.
static gr_status take_point(reading *r, char *at, const char *between, const char *end)
{
    size_t n = 0;
    double value;
    for (skip(&at, between); *at && !strchr(end, *at); skip(&at, between), n++) {
        GR_TRY(take_number(r, &at, &value));
        GR_TRY(add(r, value));
    }
    if (n == 0 || (r->rows && n != r->n)) return bad(r, "as many coordinates as in other rows");
    r->n = n;
    r->rows++;
    return GR_OK;
}

//   (0,)     86.19999999999997   [0.8, 1.2, 0.7]
static gr_status take_mystic(reading *r, char *at)
{
    double generation, cost;
    skip(&at, " (");
    GR_TRY(take_number(r, &at, &generation));
    at += strcspn(at, ")");
    if (*at) at++;
    GR_TRY(take_number(r, &at, &cost));
    skip(&at, " ");
    if (*at != '[') return bad(r, "a point in square brackets");
    GR_TRY(add(r, generation));
    GR_TRY(add(r, cost));
    return take_point(r, at + 1, ", ", "]\n");
}

static gr_status take_ours(reading *r, char *at)
{
    double generation, value = 0;
    GR_TRY(take_number(r, &at, &generation));
    GR_TRY(take_number(r, &at, &value)); // evaluations
    GR_TRY(add(r, generation));
    GR_TRY(take_number(r, &at, &value));
    GR_TRY(add(r, value));
    for (size_t i = 0; i < r->skip; i++) GR_TRY(take_number(r, &at, &value));
    return take_point(r, at, " ", "\n");
}

// "# generation evaluations cost a b x0 x1": how many columns are between cost and x0?
static size_t columns_between(const char *line)
{
    const char *cost = strstr(line, " cost"), *x0 = strstr(line, " x0");
    size_t n = 0;
    if (!cost || !x0) return 0;
    for (const char *p = cost + 5; p < x0; p++) n += *p == ' ';
    return n;
}

static void take_comment(reading *r, gr_history *h, char *line)
{
    char *stop = strstr(line, "STOP(\"");
    if (!strncmp(line, "# generation", 12)) r->skip = columns_between(line);
    if (!strncmp(line, "# stop ", 7)) snprintf(h->stop, sizeof h->stop, "%s", line + 7);
    if (stop) snprintf(h->stop, sizeof h->stop, "%s", stop + 6);
    h->stop[strcspn(h->stop, stop ? "\"\n" : "\n")] = '\0';
}

static gr_status take_line(reading *r, gr_history *h, char *line)
{
    char *at = line + strspn(line, " \t");
    if (*at == '#') return take_comment(r, h, at), GR_OK;
    if (*at == '\n') return GR_OK;
    r->mystic = *at == '(';
    return r->mystic ? take_mystic(r, at) : take_ours(r, at);
}

static gr_status take_lines(reading *r, gr_history *h, FILE *in)
{
    char *line = NULL;
    size_t room = 0;
    gr_status status = GR_OK;
    while (!status && getline(&line, &room, in) >= 0 && strchr(line, '\n')) {
        r->line++;
        status = take_line(r, h, line);
    }
    free(line);
    if (!status && ferror(in)) status = gr_fail_errno("cannot read %s", r->path);
    if (!status && !r->rows) status = gr_fail(GR_EDATA, "%s: no row of a log in it", r->path);
    return status;
}

static gr_status to_arrays(const reading *r, gr_history *h)
{
    h->rows = r->rows, h->n = r->n;
    GR_TRY(gr_array_new(&h->generation, GR_I64, 1, &h->rows));
    GR_TRY(gr_array_new(&h->cost, GR_F64, 1, &h->rows));
    GR_TRY(gr_array_new(&h->x, GR_F64, 2, (size_t[]){h->rows, h->n}));
    for (size_t i = 0; i < r->rows; i++) {
        const double *row = r->number + i * (r->n + 2);
        if (!(row[0] >= 0 && row[0] < 9e15))
            return gr_fail(GR_EDATA, "%s: a row of generation %g", r->path, row[0]);
        ((int64_t *)h->generation.data)[i] = (int64_t)row[0];
        ((double *)h->cost.data)[i] = row[1];
        memcpy((double *)h->x.data + i * r->n, row + 2, r->n * sizeof *row);
    }
    return GR_OK;
}

gr_status gr_history_read(gr_history *h, const char *path)
{
    reading r = {.path = path};
    *h = (gr_history){0};
    FILE *in = fopen(path, "r");
    if (!in) return gr_fail_errno("cannot read %s", path);
    gr_status status = take_lines(&r, h, in);
    if (!status) status = to_arrays(&r, h);
    fclose(in);
    free(r.number);
    if (status) gr_history_free(h);
    return status;
}

void gr_history_free(gr_history *h)
{
    gr_array_free(&h->generation), gr_array_free(&h->cost), gr_array_free(&h->x);
    *h = (gr_history){0};
}
