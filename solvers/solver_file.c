// SPDX-License-Identifier: BSD-3-Clause
// The state of a solver, in a file and back; and back to an earlier generation.
#include "lib/pack.h"
#include "solvers/solver_type.h"
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { VERSION = 4, RULE = 1001, RECIPE = GR_RECIPE_MOST + 1 };

struct gr_saved {
    int64_t version, n, seed, maximise, given;
    char problem[32], spec[160], rule[RULE]; // rule "": the solver's own
    char recipe[RECIPE];
    gr_array lo, hi, x0;
    gr_solver_state at;
    int64_t cache, repeated; // cache: its size as it was asked for; 0: none
    gr_array cached, slots;  // (k, n + 1), (k)
};

#define AT(field) offsetof(gr_saved, at.field)
static const gr_field fields[] = {
    {"version", GR_FIELD_I64, offsetof(gr_saved, version), 0},
    {"dimensions", GR_FIELD_I64, offsetof(gr_saved, n), 0},
    {"seed", GR_FIELD_I64, offsetof(gr_saved, seed), 0},
    {"maximise", GR_FIELD_I64, offsetof(gr_saved, maximise), 0},
    {"given", GR_FIELD_I64, offsetof(gr_saved, given), 0},
    {"problem", GR_FIELD_CHARS, offsetof(gr_saved, problem), 32},
    {"solver", GR_FIELD_CHARS, offsetof(gr_saved, spec), 160},
    {"rule", GR_FIELD_CHARS, offsetof(gr_saved, rule), RULE},
    {"recipe", GR_FIELD_CHARS, offsetof(gr_saved, recipe), RECIPE},
    {"lo", GR_FIELD_ARRAY, offsetof(gr_saved, lo), 0},
    {"hi", GR_FIELD_ARRAY, offsetof(gr_saved, hi), 0},
    {"x0", GR_FIELD_ARRAY, offsetof(gr_saved, x0), 0},
    {"generation", GR_FIELD_I64, AT(generation), 0},
    {"evaluations", GR_FIELD_I64, AT(evaluations), 0},
    {"not_numbers", GR_FIELD_I64, AT(not_numbers), 0},
    {"drawn", GR_FIELD_I64, AT(drawn), 0},
    {"traced", GR_FIELD_I64, AT(traced), 0},
    {"cost", GR_FIELD_F64, AT(f), 0},
    {"moved", GR_FIELD_F64, AT(moved), 0},
    {"seconds", GR_FIELD_F64, AT(seconds), 0},
    {"x", GR_FIELD_ARRAY, AT(x), 0},
    {"trace", GR_FIELD_ARRAY, AT(trace), 0},
    {"path", GR_FIELD_ARRAY, AT(path), 0},
    {"seen", GR_FIELD_I64, AT(seen), 0},
    {"points", GR_FIELD_ARRAY, AT(points), 0},
    {"cache", GR_FIELD_I64, offsetof(gr_saved, cache), 0},
    {"repeated", GR_FIELD_I64, offsetof(gr_saved, repeated), 0},
    {"cached", GR_FIELD_ARRAY, offsetof(gr_saved, cached), 0},
    {"slots", GR_FIELD_ARRAY, offsetof(gr_saved, slots), 0},
    {"numbers", GR_FIELD_ARRAY, AT(real), 0},
    {"indices", GR_FIELD_ARRAY, AT(integer), 0},
    {"known", GR_FIELD_ARRAY, AT(known), 0},
    {0},
};
#undef AT

// ---- out ----

// What the cache knows, or two arrays without rows.
static gr_status put_cache(const gr_solver *s, gr_saved *f)
{
    size_t none = 0;
    f->cache = (int64_t)s->cache_size;
    if (s->cache) f->repeated = gr_cache_repeated(s->cache);
    if (s->cache) return gr_cache_dump(s->cache, s->problem, &f->cached, &f->slots);
    f->cached = gr_array_of(s->known, GR_F64, 1, &none);
    f->slots = gr_array_of(s->integer, GR_I64, 1, &none);
    return GR_OK;
}

gr_status gr_solver_save(const gr_solver *s, const char *path)
{
    gr_saved saved = {.version = VERSION,
                      .n = (int64_t)s->n,
                      .seed = (int64_t)s->seed,
                      .maximise = s->problem->maximise,
                      .given = s->given,
                      .lo = gr_array_of(s->lo, GR_F64, 1, &s->n),
                      .hi = gr_array_of(s->hi, GR_F64, 1, &s->n),
                      .x0 = gr_array_of(s->x0, GR_F64, 1, &s->n),
                      .at = s->at};
    saved.at.known = gr_array_of(s->known, GR_F64, 1, &s->knows);
    saved.at.drawn = (int64_t)s->rng.position;
    saved.at.seconds = gr_solver_seconds(s);
    strncpy(saved.problem, s->problem->name, sizeof saved.problem - 1);
    memcpy(saved.spec, s->spec, sizeof saved.spec);
    if (s->problem->recipe) strncpy(saved.recipe, s->problem->recipe, sizeof saved.recipe - 1);
    if (s->rule_text) strncpy(saved.rule, s->rule_text, sizeof saved.rule - 1);
    GR_TRY(put_cache(s, &saved));
    gr_status status = gr_session_save(path, fields, &saved);
    gr_array_free(&saved.cached), gr_array_free(&saved.slots); // views are left alone
    return status;
}

// ---- in ----

static bool is_shape(const gr_array *a, gr_dtype dtype, int ndim, const size_t *shape)
{
    if (a->dtype != dtype || a->ndim != ndim || !gr_array_contiguous(a)) return false;
    for (int d = 0; d < ndim; d++)
        if (a->shape[d] != shape[d]) return false;
    return true;
}

static bool is_row(const gr_array *a, size_t n) { return is_shape(a, GR_F64, 1, &n); }

static bool is_sane(const gr_saved *f)
{
    const gr_solver_state *at = &f->at;
    size_t n = (size_t)f->n, known = at->known.ndim == 1 ? at->known.shape[0] : 0;
    return f->n >= 1 && f->n <= GR_PROBLEM_MOST && is_row(&f->lo, n) && is_row(&f->hi, n) &&
           is_row(&f->x0, n) && is_row(&at->x, n) && is_row(&at->known, known) &&
           at->generation >= -1 && at->evaluations >= 0 && at->not_numbers >= 0 && at->drawn >= 0 &&
           at->traced >= 0 && at->traced <= at->generation + 1 && at->generation < INT64_MAX / 2 &&
           at->evaluations < INT64_MAX / 2 && at->seconds >= 0 && at->seen >= 0 &&
           at->seen <= at->evaluations && at->points.ndim == 2 &&
           at->seen <= (int64_t)at->points.shape[0] && f->cache >= 0 && f->cache <= GR_CACHE_MOST;
}

gr_status gr_saved_open(gr_saved **saved, const char *path)
{
    gr_saved *f = *saved = calloc(1, sizeof *f);
    if (!f) return gr_fail(GR_ENOMEM, "%s: out of memory", path);
    gr_status status = gr_session_load(path, fields, f);
    if (status == GR_EARG) status = GR_EDATA; // a record, and not ours
    if (!status && f->version != VERSION)
        status = gr_fail(GR_EUNSUP, "%s: state of version %lld; this program reads %d", path,
                         (long long)f->version, VERSION);
    if (!status && !is_sane(f)) status = gr_fail(GR_EDATA, "%s: not the state of a solver", path);
    if (status) gr_saved_close(f), *saved = NULL;
    return status;
}

void gr_saved_close(gr_saved *f)
{
    if (!f) return;
    gr_array_free(&f->lo), gr_array_free(&f->hi), gr_array_free(&f->x0);
    gr_array_free(&f->cached), gr_array_free(&f->slots);
    gr_state_free(&f->at);
    free(f);
}

const char *gr_saved_problem(const gr_saved *f) { return f->problem; }
size_t gr_saved_dimensions(const gr_saved *f) { return (size_t)f->n; }
bool gr_saved_maximise(const gr_saved *f) { return f->maximise != 0; }
const double *gr_saved_lo(const gr_saved *f) { return f->lo.data; }
const double *gr_saved_hi(const gr_saved *f) { return f->hi.data; }
uint64_t gr_saved_seed(const gr_saved *f) { return (uint64_t)f->seed; }
const char *gr_saved_rule(const gr_saved *f) { return f->rule; }
const char *gr_saved_recipe(const gr_saved *f) { return f->recipe; }

// As many generations as the rule looks back at, or more, since an earlier rule may have.
static bool is_ring(const gr_array *a, const gr_array *least)
{
    return a->ndim == 2 && a->shape[0] >= least->shape[0] &&
           is_shape(a, GR_F64, 2, (size_t[]){a->shape[0], least->shape[1]});
}

// Does the state fit the solver that its names made?
static gr_status check_fit(const gr_solver *s, const gr_saved *f)
{
    const gr_solver_state *at = &f->at;
    bool fits = is_row(&at->real, s->at.real.shape[0]) &&
                is_shape(&at->integer, GR_I64, 1, s->at.integer.shape) &&
                is_ring(&at->trace, &s->at.trace) && is_ring(&at->path, &s->at.path) &&
                is_ring(&at->points, &s->at.points);
    for (size_t i = 0; fits && i < at->integer.shape[0]; i++) {
        int64_t index = ((const int64_t *)at->integer.data)[i];
        fits = index >= 0 && index <= s->index_most;
    }
    return fits ? GR_OK : gr_fail(GR_EDATA, "saved state: it does not fit solver %s", s->spec);
}

static void copy_in(const gr_array *to, const gr_array *from)
{
    memcpy(to->data, from->data, gr_array_count(to) * gr_dtype_size(to->dtype));
}

// Scalars and elements; the arrays stay the solver's own.
static void take_state(gr_solver *s, const gr_solver_state *from)
{
    gr_solver_state at = *from;
    at.x = s->at.x, at.trace = s->at.trace, at.path = s->at.path, at.points = s->at.points;
    at.real = s->at.real, at.integer = s->at.integer, at.known = (gr_array){0};
    s->at = at;
    copy_in(&s->at.x, &from->x), copy_in(&s->at.trace, &from->trace);
    copy_in(&s->at.path, &from->path), copy_in(&s->at.points, &from->points);
    copy_in(&s->at.real, &from->real), copy_in(&s->at.integer, &from->integer);
    s->rng.position = (uint64_t)from->drawn;
    s->knows = s->type->replays ? (size_t)from->evaluations : 0;
    s->used = 0;
}

// Rings as long as the saved ones; the old ones stay if there is no memory.
static gr_status take_rings(gr_solver *s, const gr_solver_state *from)
{
    gr_array trace, path, points;
    GR_TRY(gr_array_clone(&trace, &from->trace));
    gr_status status = gr_array_clone(&path, &from->path);
    if (status) return gr_array_free(&trace), status;
    status = gr_array_clone(&points, &from->points);
    if (status) return gr_array_free(&trace), gr_array_free(&path), status;
    gr_array_free(&s->at.trace), gr_array_free(&s->at.path), gr_array_free(&s->at.points);
    s->at.trace = trace, s->at.path = path, s->at.points = points;
    return GR_OK;
}

static gr_status take_known(gr_solver *s, const gr_array *known)
{
    size_t n = known->shape[0];
    double *costs = malloc((n + s->known_room + 1) * sizeof *costs);
    if (!costs) return gr_fail(GR_ENOMEM, "saved state: out of memory");
    memcpy(costs, known->data, n * sizeof *costs);
    free(s->known);
    s->known = costs, s->knows = n, s->known_room += n;
    return GR_OK;
}

static gr_status take_cache(gr_solver *s, const gr_saved *f)
{
    bool same_size = (int64_t)s->cache_size == f->cache;
    if (!s->cache || !f->cache) return GR_OK;
    return gr_cache_load(s->cache, s->problem, &f->cached, &f->slots, same_size, f->repeated);
}

static gr_status check_problem(const gr_problem *p, const gr_saved *f)
{
    if (strcmp(p->name, f->problem) || (int64_t)p->n != f->n || p->maximise != (f->maximise != 0))
        return gr_fail(GR_EARG, "saved state: of problem %s in %lld dimensions, not %s in %zu",
                       f->problem, (long long)f->n, p->name, p->n);
    if (strcmp(p->recipe ? p->recipe : "", f->recipe) != 0)
        return gr_fail(GR_EARG, "saved state: of problem %s with other parts", p->name);
    for (size_t i = 0; i < p->n; i++)
        if ((p->lo ? p->lo[i] : -INFINITY) != gr_saved_lo(f)[i] ||
            (p->hi ? p->hi[i] : INFINITY) != gr_saved_hi(f)[i])
            return gr_fail(GR_EARG, "saved state: other bounds of x%zu", i);
    return GR_OK;
}

// A cost that has changed, as with other data, would make a run of two halves.
static gr_status check_cost(const gr_problem *p, const gr_saved *f)
{
    double cost, sign = p->maximise ? -1 : 1;
    if (!f->recipe[0] || !isfinite(f->at.f)) return GR_OK;
    GR_TRY(p->cost(f->at.x.data, p->n, p->context, &cost));
    return cost == sign * f->at.f
               ? GR_OK
               : gr_fail(GR_EARG,
                         "saved state: the cost of its best point was %.17g, and now is "
                         "%.17g: did the data change?",
                         sign * f->at.f, cost);
}

gr_status gr_solver_restore(gr_solver **solver, const gr_problem *p, const gr_saved *f,
                            const gr_solver_options *options)
{
    gr_solver_options o = options ? *options : (gr_solver_options){0};
    const char *other = o.stop;
    o.spec = f->spec, o.seed = (uint64_t)f->seed, o.stop = f->rule[0] ? f->rule : NULL;
    o.x0 = f->x0.data;
    if (!o.cache) o.cache = (size_t)f->cache;
    *solver = NULL;
    GR_TRY(check_problem(p, f));
    GR_TRY(gr_problem_inside(p, f->at.x.data, "saved state"));
    GR_TRY(check_cost(p, f));
    GR_TRY(gr_solver_new(solver, p, &o));
    gr_status status = check_fit(*solver, f);
    if (!status) status = take_rings(*solver, &f->at);
    if (!status) take_state(*solver, &f->at);
    (*solver)->given = f->given != 0;
    if (!status) status = take_known(*solver, &f->at.known);
    if (!status) status = take_cache(*solver, f);
    if (!status && other) status = gr_solver_stop_at(*solver, other);
    if (status) gr_solver_free(*solver), *solver = NULL;
    return status;
}

// ---- back ----

gr_status gr_solver_reset(gr_solver *s, int64_t generation)
{
    size_t i = 0;
    while (i < s->kept_count && s->kept[i].generation != generation) i++;
    if (i == s->kept_count)
        return gr_fail(GR_EARG, "no state of generation %lld is kept%s", (long long)generation,
                       s->history ? "" : ": the solver was made without a history");
    GR_TRY(take_rings(s, &s->kept[i])); // a rule since then may have needed longer ones
    take_state(s, &s->kept[i]);
    GR_TRY(gr_solver_lengthen(s, s->rule));
    while (s->kept_count > i + 1) gr_state_free(&s->kept[--s->kept_count]);
    s->why[0] = '\0', s->stop = GR_STOP_NOT;
    return GR_OK;
}
