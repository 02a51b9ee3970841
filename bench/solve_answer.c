// SPDX-License-Identifier: BSD-3-Clause
// What is said of a result: words on the screen, a document in a file.
#include "bench/command.h"
#include "bench/solve.h"
#include "lib/replace.h"
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double HOLDS = 1e-6; // how far a constraint may be broken and is said to hold

static bool feasible(const gr_answer *a) { return a->broken <= HOLDS; }

// ---- made ----

static gr_status look(const gr_solving *v, gr_answer *a)
{
    gr_coupled_at at;
    a->held = v->coupled != NULL;
    if (!a->held || !a->evaluations) return GR_OK;
    GR_TRY(gr_coupled_look(v->coupled, a->x, &at));
    a->f = at.f, a->broken = at.broken;
    memcpy(a->worst, at.worst, sizeof a->worst);
    return GR_OK;
}

// 0 generations before generation 0, too: none was made.
gr_status gr_answer_of(const gr_solving *v, gr_stop stop, gr_answer *a)
{
    const gr_solver *s = v->solver;
    int64_t g = gr_solver_generation(s);
    *a = (gr_answer){.spec = gr_solver_spec(s),
                     .why = gr_solver_why(s),
                     .stop = stop,
                     .converged = stop == GR_STOP_CONVERGED || stop == GR_STOP_ENDED,
                     .x = malloc(v->problem.n * sizeof *a->x),
                     .seconds = gr_solver_seconds(s),
                     .evaluations = gr_solver_evaluations(s),
                     .generations = g > 0 ? g : 0,
                     .not_numbers = gr_solver_not_numbers(s),
                     .repeated = gr_solver_repeated(s),
                     .seed = gr_solver_seed(s),
                     .stationarity = NAN,
                     .slack = NAN};
    if (!a->x) return gr_fail(GR_ENOMEM, "solve: out of memory");
    a->f = gr_solver_best(s, a->x);
    return look(v, a);
}

void gr_answer_free(gr_answer *a)
{
    free(a->x);
    a->x = NULL;
}

// ---- a document ----

static json_t *number(double value) { return isfinite(value) ? json_real(value) : json_null(); }

static json_t *document(const gr_problem *p, const gr_answer *a)
{
    json_t *x = json_array();
    for (size_t i = 0; i < p->n; i++) json_array_append_new(x, number(a->x[i]));
    json_t *doc = json_pack(
        "{s:i, s:s, s:s, s:I, s:I, s:b, s:o, s:o, s:I, s:I, s:I, s:s, s:s, s:b, s:o}", "schema", 1,
        "problem", p->name, "solver", a->spec, "dim", (json_int_t)p->n, "seed", (json_int_t)a->seed,
        "maximise", p->maximise, "x", x, "f", number(a->f), "evaluations",
        (json_int_t)a->evaluations, "generations", (json_int_t)a->generations, "not_numbers",
        (json_int_t)a->not_numbers, "stop", a->why, "reason", gr_stop_name(a->stop), "converged",
        a->converged && feasible(a), "seconds", number(a->seconds));
    if (a->repeated >= 0) json_object_set_new(doc, "repeated", json_integer(a->repeated));
    if (!a->held) return doc;
    json_object_set_new(doc, "feasible", json_boolean(feasible(a)));
    json_object_set_new(doc, "broken", number(a->broken));
    if (isnan(a->stationarity) && isnan(a->slack)) return doc;
    json_object_set_new(doc, "stationarity", number(a->stationarity));
    json_object_set_new(doc, "slack", number(a->slack));
    return doc;
}

static gr_status write_document(const char *path, const gr_problem *p, const gr_answer *a)
{
    gr_replace file;
    bool out = !strcmp(path, "-");
    json_t *doc = document(p, a);
    if (!doc) return gr_fail(GR_ENOMEM, "solve: out of memory");
    gr_status status = out ? GR_OK : gr_replace_begin(&file, path);
    if (!status) {
        FILE *stream = out ? stdout : file.stream;
        json_dumpf(doc, stream, JSON_INDENT(1) | JSON_REAL_PRECISION(17));
        fputc('\n', stream);
    }
    json_decref(doc);
    return status || out ? status : gr_replace_end(&file, true);
}

// ---- words ----

static void print_held(const gr_answer *a)
{
    if (feasible(a))
        printf("  %-12s hold\n", "constraints");
    else
        printf("  %-12s broken by %g: %s\n", "constraints", a->broken, a->worst);
}

static void print(const gr_problem *p, const gr_answer *a)
{
    enum { MOST = 20 };
    printf("%s in %zu dimensions, by %s\n", p->name, p->n, a->spec);
    printf("  %-12s %.17g\n  at          ", p->maximise ? "most" : "least", a->f);
    for (size_t i = 0; i < p->n && i < MOST; i++) printf(" %.9g", a->x[i]);
    printf("%s\n", p->n > MOST ? " ..." : "");
    if (a->held) print_held(a);
    printf("  %-12s %" PRId64 "\n  %-12s %" PRId64 "\n", "evaluations", a->evaluations,
           "generations", a->generations);
    if (a->repeated >= 0)
        printf("  %-12s %" PRId64 " of these, found in the cache\n", "repeated", a->repeated);
    if (a->not_numbers) printf("  %-12s %" PRId64 "\n", "not numbers", a->not_numbers);
    printf("  %-12s %s\n", "stop", a->why);
}

gr_status gr_answer_say(const gr_solve_words *w, const gr_problem *p, const gr_answer *a)
{
    if (w->json) GR_TRY(write_document(w->json, p, a));
    if (!w->json || strcmp(w->json, "-") != 0) print(p, a);
    if (a->held && a->evaluations && !feasible(a))
        fprintf(stderr, "gradus: no point was found that fulfils '%s': it is broken by %g\n",
                a->worst, a->broken);
    return GR_OK;
}
