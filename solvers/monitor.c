// SPDX-License-Identifier: BSD-3-Clause
#include "solvers/monitor.h"
#include "lib/pack_part.h"
#include "lib/replace.h"
#include "solvers/solver_type.h"
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void put_number(FILE *out, double value)
{
    char text[GR_NUMBER_TEXT];
    fputs(gr_text_of_double(value, text), out);
}

// ---- words ----

static gr_status verbose_see(gr_monitor *monitor, const gr_solver *s)
{
    gr_verbose *v = (gr_verbose *)monitor;
    int64_t g = gr_solver_generation(s);
    const double *x = s->at.x.data;
    if (v->interval > 0 && g % v->interval == 0) {
        fprintf(v->stream, "generation %" PRId64 ": cost ", g);
        put_number(v->stream, gr_solver_best(s, NULL));
        fputc('\n', v->stream);
    }
    if (v->x_interval > 0 && g % v->x_interval == 0) {
        fprintf(v->stream, "generation %" PRId64 ": at", g);
        for (size_t i = 0; i < s->n; i++) fputc(' ', v->stream), put_number(v->stream, x[i]);
        fputc('\n', v->stream);
    }
    return GR_OK;
}

static gr_status verbose_end(gr_monitor *monitor, const gr_solver *s)
{
    fprintf(((gr_verbose *)monitor)->stream, "stop: %s\n", gr_solver_why(s));
    return GR_OK;
}

gr_verbose gr_verbose_of(FILE *stream, int64_t interval, int64_t x_interval)
{
    return (gr_verbose){.monitor = {verbose_see, verbose_end},
                        .stream = stream,
                        .interval = interval,
                        .x_interval = x_interval};
}

// ---- a log ----

static gr_status flushed(gr_log *log)
{
    if (!ferror(log->stream) && !fflush(log->stream)) return GR_OK;
    return gr_fail_errno("cannot write %s", log->path);
}

static gr_status log_see(gr_monitor *monitor, const gr_solver *s)
{
    gr_log *log = (gr_log *)monitor;
    int64_t g = gr_solver_generation(s);
    const double *x = s->at.x.data;
    if (g % log->interval || g <= log->last) return GR_OK;
    fprintf(log->stream, "%" PRId64 " %" PRId64 " ", g, gr_solver_evaluations(s));
    put_number(log->stream, gr_solver_best(s, NULL));
    for (const gr_column *c = log->columns; c && c->name; c++)
        fputc(' ', log->stream), put_number(log->stream, c->value(s, c->user));
    for (size_t i = 0; i < s->n; i++) fputc(' ', log->stream), put_number(log->stream, x[i]);
    fputc('\n', log->stream);
    log->last = g;
    return flushed(log);
}

static gr_status log_end(gr_monitor *monitor, const gr_solver *s)
{
    gr_log *log = (gr_log *)monitor;
    fprintf(log->stream, "# stop %s\n", gr_solver_why(s));
    return flushed(log);
}

static void put_head(const gr_log *log, const gr_solver *s, FILE *out)
{
    fprintf(out, "# gradus log 1\n# problem %s dimensions %zu solver %s seed %" PRIu64 "\n",
            s->problem->name, s->n, s->spec, s->seed);
    fprintf(out, "# generation evaluations cost");
    for (const gr_column *c = log->columns; c && c->name; c++) fprintf(out, " %s", c->name);
    for (size_t i = 0; i < s->n; i++) fprintf(out, " x%zu", i);
    fputc('\n', out);
}

// Is it a row of a generation after `last`, a reason to stop, or torn?
static bool is_over(const char *line, int64_t last)
{
    char *end;
    if (line[0] == '#') return !strncmp(line, "# stop", 6);
    if (!strchr(line, '\n')) return true;
    long long generation = strtoll(line, &end, 10);
    return end == line || generation > last;
}

// Copies the rows that are still true.
static gr_status copy_rows(gr_log *log, const gr_solver *s, FILE *old, FILE *out)
{
    char *line = NULL;
    size_t room = 0, lines = 0;
    while (getline(&line, &room, old) >= 0) {
        if (!lines++ && strcmp(line, "# gradus log 1\n")) break;
        if (!is_over(line, gr_solver_generation(s))) fputs(line, out);
        if (line[0] != '#' && !is_over(line, gr_solver_generation(s)))
            log->last = strtoll(line, NULL, 10);
    }
    free(line);
    if (ferror(old)) return gr_fail_errno("cannot read %s", log->path);
    return lines == 1 || lines == 0 ? gr_fail(GR_EDATA, "%s is no log of gradus", log->path)
                                    : GR_OK;
}

static gr_status go_on(gr_log *log, const gr_solver *s)
{
    gr_replace file;
    FILE *old = fopen(log->path, "r");
    if (!old) return gr_fail_errno("cannot read %s", log->path);
    gr_status status = gr_replace_begin(&file, log->path);
    if (!status) {
        status = copy_rows(log, s, old, file.stream);
        gr_status ended = gr_replace_end(&file, !status);
        if (!status) status = ended;
    }
    fclose(old);
    return status;
}

static gr_status open_log(gr_log *log, const gr_solver *s, bool old)
{
    if (!log->path) return gr_fail(GR_ENOMEM, "log: out of memory");
    if (old) GR_TRY(go_on(log, s));
    log->stream = fopen(log->path, old ? "a" : "w");
    if (!log->stream) return gr_fail_errno("cannot write %s", log->path);
    if (!old) put_head(log, s, log->stream);
    return flushed(log);
}

gr_status gr_log_open(gr_log *log, const char *path, const gr_solver *s,
                      const gr_log_options *options)
{
    const gr_log_options none = {0}, *o = options ? options : &none;
    *log = (gr_log){.monitor = {log_see, log_end},
                    .path = strdup(path),
                    .interval = o->interval > 0 ? o->interval : 1,
                    .last = -1,
                    .columns = o->columns};
    gr_status status = open_log(log, s, o->go_on);
    if (status) gr_log_close(log);
    return status;
}

gr_status gr_log_close(gr_log *log)
{
    gr_status status = GR_OK;
    if (log->stream && (ferror(log->stream) || fclose(log->stream)))
        status = gr_fail_errno("cannot write %s", log->path);
    free(log->path);
    *log = (gr_log){0};
    return status;
}
