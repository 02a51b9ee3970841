// SPDX-License-Identifier: BSD-3-Clause
#include "bench/contest.h"
#include "bench/child.h"
#include "bench/command.h"
#include "solvers/solver.h"
#include <stdlib.h>
#include <string.h>

// Ours by their defaults (Nelder-Mead by the coefficients for many dimensions), and those of NLopt
// that use no gradient: one generation of theirs is a whole run, which is not told its costs again.
// A rule is given where a solver's own would end it above the last target.
typedef struct entrant {
    const char *spec, *stop; // stop NULL: its own
} entrant;

// Until it has no further step.
#define ON "evaluations(inf) or generations(inf)"

static const entrant table[] = {
    {"quadratic", "evaluations(3000)"}, // it is dear itself, and done by then or never
    {"lbfgs", ON},
    {"cma", ON},
    {"neldermead,adaptive", ON},
    {"powell", ON},
    {"de", ON},
    {"swarm", ON},
    {"nlopt,algorithm=bobyqa,share=1e9", ON},
    {"nlopt,algorithm=newuoa,share=1e9", ON},
    {"nlopt,algorithm=praxis,share=1e9", ON},
    {"nlopt,algorithm=neldermead,share=1e9", ON},
    {"nlopt,algorithm=sbplx,share=1e9", ON},
    {"nlopt,algorithm=cobyla,share=1e9", "evaluations(20000)"},
    {"nlopt,algorithm=crs2,share=1e9", ON},
    {0},
};
enum { MOST = 64 };

// ---- one run, as a task of a map ----

typedef struct heat {
    char spec[160], stop[200]; // stop "": the solver's own rule
    size_t function, dim, budget;
    uint64_t seed;
} heat;

typedef struct result {
    int64_t spent, hit[GR_CONTEST_TARGETS];
} result;

static gr_status solve(gr_instance *instance, const heat *h)
{
    double lo[GR_CONTEST_DIM], hi[GR_CONTEST_DIM];
    gr_solver *s;
    gr_stop stop;
    for (size_t i = 0; i < h->dim; i++) lo[i] = -5, hi[i] = 5;
    gr_problem p = {.name = instance->function->name,
                    .cost = gr_instance_cost,
                    .context = instance,
                    .n = h->dim,
                    .lo = lo,
                    .hi = hi};
    gr_solver_options o = {.spec = h->spec,
                           .x0 = instance->x0,
                           .seed = h->seed,
                           .stop = h->stop[0] ? h->stop : NULL,
                           .asked = &instance->done};
    GR_TRY(gr_solver_new(&s, &p, &o));
    gr_status status = gr_solver_solve(s, &stop);
    gr_solver_free(s);
    return status;
}

static gr_status call(gr_call *c)
{
    const heat *h = c->in;
    gr_instance instance;
    result r;
    gr_instance_make(&instance, &gr_contest_functions[h->function], h->dim, h->seed);
    instance.budget = (int64_t)h->budget;
    GR_TRY(solve(&instance, h));
    r.spent = instance.spent;
    memcpy(r.hit, instance.hit, sizeof r.hit);
    memcpy(c->out, &r, sizeof r);
    return GR_OK;
}

const gr_func gr_func_contest = {
    .name = "contest",
    .about = "one solver on one instance: what `gradus contest` has done",
    .call = call,
    .in_size = sizeof(heat),
    .out_size = sizeof(result),
};

// ---- all of them ----

typedef struct contest {
    const gr_contest_options *o;
    entrant entrant[MOST];
    size_t function[MOST]; // which, in the order of the table
    size_t solvers, functions, heats;
    heat *heat;
    result *result;
    json_t *skipped;
} contest;

static gr_status name_into(char *to, size_t room, const char *from)
{
    if (snprintf(to, room, "%s", from ? from : "") < (int)room) return GR_OK;
    return gr_fail(GR_EARG, "contest: '%.40s...': longer than %zu letters", from, room - 1);
}

// Can it be made? A solver that this build lacks is left out, with the reason.
static gr_status try_out(contest *c, entrant e)
{
    gr_instance instance;
    heat h = {.dim = c->o->dim};
    if (c->solvers == MOST) return gr_fail(GR_EARG, "contest: more than %d solvers", MOST);
    GR_TRY(name_into(h.spec, sizeof h.spec, e.spec));
    GR_TRY(name_into(h.stop, sizeof h.stop, e.stop));
    gr_instance_make(&instance, gr_contest_functions, c->o->dim, 0);
    instance.done = 1; // made, and not one step
    gr_status status = solve(&instance, &h);
    if (!status) c->entrant[c->solvers++] = e;
    if (status != GR_EUNSUP) return status;
    json_array_append_new(c->skipped,
                          json_pack("{s:s, s:s}", "solver", e.spec, "why", gr_errmsg()));
    return GR_OK;
}

static gr_status choose_solvers(contest *c)
{
    char **spec = c->o->specs;
    if (c->o->dim < 2 || c->o->dim > GR_CONTEST_DIM)
        return gr_fail(GR_EARG, "contest: %zu dimensions: expected 2 to %d", c->o->dim,
                       GR_CONTEST_DIM);
    for (; spec && *spec; spec++) GR_TRY(try_out(c, (entrant){*spec, c->o->stop}));
    if (spec && spec != c->o->specs) return GR_OK;
    for (const entrant *e = table; e->spec; e++)
        GR_TRY(try_out(c, (entrant){e->spec, c->o->stop ? c->o->stop : e->stop}));
    return GR_OK;
}

static gr_status choose_function(contest *c, const char *word)
{
    const char *names[MOST];
    size_t n = 0;
    for (const gr_contest_function *f = gr_contest_functions; f->name; f++) {
        if (!word || !strcmp(word, f->name)) c->function[c->functions++] = n;
        names[n++] = f->name;
    }
    return c->functions ? GR_OK : gr_unknown_word("function", word, names, n);
}

// Solvers, functions and instances in this order; the last ones run fastest.
static gr_status list(contest *c)
{
    size_t each = c->o->instances, n = c->heats = c->solvers * c->functions * each;
    c->heat = calloc(n + 1, sizeof *c->heat), c->result = calloc(n + 1, sizeof *c->result);
    if (!c->heat || !c->result) return gr_fail(GR_ENOMEM, "contest: out of memory");
    for (size_t i = 0; i < n; i++) {
        const entrant *e = &c->entrant[i / each / c->functions];
        heat *h = &c->heat[i];
        *h = (heat){.dim = c->o->dim, .budget = c->o->budget, .seed = c->o->seed + i % each};
        h->function = c->function[i / each % c->functions];
        GR_TRY(name_into(h->spec, sizeof h->spec, e->spec));
        GR_TRY(name_into(h->stop, sizeof h->stop, e->stop));
    }
    return GR_OK;
}

// ---- the document ----

static json_t *functions_json(const contest *c)
{
    json_t *all = json_array();
    for (size_t i = 0; i < c->functions; i++) {
        const gr_contest_function *f = &gr_contest_functions[c->function[i]];
        json_array_append_new(all, json_pack("{s:s, s:s}", "name", f->name, "formula", f->formula));
    }
    return all;
}

static json_t *targets_json(void)
{
    json_t *all = json_array();
    for (size_t i = 0; i < GR_CONTEST_TARGETS; i++)
        json_array_append_new(all, json_real(gr_contest_target(i)));
    return all;
}

// The instances of one solver on one function, from the first of their results on.
static json_t *run_json(const contest *c, size_t first)
{
    json_t *spent = json_array(), *hits = json_array();
    for (size_t i = first; i < first + c->o->instances; i++) {
        json_t *hit = json_array();
        json_array_append_new(spent, json_integer(c->result[i].spent));
        for (size_t k = 0; k < GR_CONTEST_TARGETS; k++)
            json_array_append_new(hit, json_integer(c->result[i].hit[k]));
        json_array_append_new(hits, hit);
    }
    const heat *h = &c->heat[first];
    return json_pack("{s:s, s:s, s:o, s:o}", "solver", h->spec, "function",
                     gr_contest_functions[h->function].name, "spent", spent, "hits", hits);
}

static json_t *document_of(const contest *c)
{
    json_t *runs = json_array();
    for (size_t i = 0; i < c->heats; i += c->o->instances)
        json_array_append_new(runs, run_json(c, i));
    return json_pack("{s:i, s:I, s:I, s:I, s:I, s:o, s:o, s:O, s:o}", "schema", 1, "dim",
                     (json_int_t)c->o->dim, "instances", (json_int_t)c->o->instances, "budget",
                     (json_int_t)c->o->budget, "seed", (json_int_t)c->o->seed, "targets",
                     targets_json(), "functions", functions_json(c), "skipped", c->skipped, "runs",
                     runs);
}

// To its end, or until somebody asks it to stop.
static gr_status follow(gr_map *map, const gr_job *job)
{
    gr_run *run;
    GR_TRY(gr_map_start(map, job, &run));
    while (!gr_run_wait(run, 0.05))
        if (gr_interrupted()) gr_run_cancel(run);
    gr_status status = gr_run_get(run);
    gr_run_free(run);
    return gr_interrupted() ? gr_fail(GR_ECANCEL, "contest: interrupted; nothing is kept of it")
                            : status;
}

static gr_status run(contest *c, json_t **document)
{
    GR_TRY(choose_solvers(c));
    GR_TRY(choose_function(c, c->o->function));
    GR_TRY(list(c));
    gr_job job = {.func = &gr_func_contest,
                  .n = c->heats,
                  .in = c->heat,
                  .out = c->result,
                  .chunk = 1,
                  .listener = c->o->listener};
    GR_TRY(follow(c->o->map, &job));
    *document = document_of(c);
    return *document ? GR_OK : gr_fail(GR_ENOMEM, "contest: out of memory");
}

gr_status gr_contest_run(const gr_contest_options *options, json_t **document)
{
    contest c = {.o = options, .skipped = json_array()};
    *document = NULL;
    gr_status status = c.skipped ? run(&c, document) : gr_fail(GR_ENOMEM, "contest: out of memory");
    json_decref(c.skipped);
    free(c.heat), free(c.result);
    return status;
}
